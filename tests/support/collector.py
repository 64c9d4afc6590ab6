"""A small OpenTelemetry collector: takes spans as protobuf over HTTP, as any collector does, and keeps them."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span

PATH = "/v1/traces"


@dataclass
class Collector:
    endpoint: str = ""
    requests: list[ExportTraceServiceRequest] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def spans(self) -> list[tuple[str, Span]]:
        """Each with the process it is of."""
        found = []
        for request in self.requests:
            for one in request.resource_spans:
                named = {a.key: a.value.string_value for a in one.resource.attributes}
                for scope in one.scope_spans:
                    found += [(named["service.name"], span) for span in scope.spans]
        return found

    def text(self) -> str:
        """Everything that was sent, as people would read it."""
        return "".join(
            request.SerializeToString().decode("utf-8", "replace") for request in self.requests
        )


@contextmanager
def collecting() -> Iterator[Collector]:
    collector = Collector()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            kind = self.headers.get("content-type", "")
            if self.path != PATH or kind != "application/x-protobuf":
                collector.refused.append(f"{self.path} {kind}")
                self.send_error(404)
                return
            collector.requests.append(ExportTraceServiceRequest.FromString(body))
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    collector.endpoint = f"http://127.0.0.1:{server.server_address[1]}{PATH}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
