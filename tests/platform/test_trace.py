"""One trace from the gateway to the index's consumer, and nothing of a resident in any span or log."""

import io
from pathlib import Path

import structlog
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from gongzhi import demo, demo_cast
from tests.support.inside import inside

WHISTLES = "/api/v1/whistle/whistles"
SECRETS = ("演示居民", "当面反映", "请清理占用")


async def test_one_trace_goes_from_the_gateway_to_the_indexs_consumer(
    tmp_path: Path, sqlite_url: str
) -> None:
    exporter = InMemorySpanExporter()
    async with inside(tmp_path / "data", exporter=exporter) as running:
        whistle = await demo.need_to_scorecard(
            demo_cast.Cast(running.session, running.url, running.data)
        )
        running.runtime.telemetry.flush()
        spans = exporter.get_finished_spans()
        consumed = [
            span
            for span in spans
            if span.name == "process whistle.closed.v1"
            and (span.attributes or {}).get("gongzhi.service") == "index"
        ]
        assert len(consumed) == 1
        trace = consumed[0].context.trace_id
        own = {
            (span.kind.name, (span.attributes or {})["gongzhi.service"])
            for span in spans
            if span.context.trace_id == trace
        }
        assert {("SERVER", "gateway"), ("SERVER", "whistle"), ("CONSUMER", "index")} <= own
        by_id = {span.context.span_id: span for span in spans}
        parent = by_id[consumed[0].parent.span_id]  # type: ignore[union-attr]
        assert (parent.attributes or {})["gongzhi.service"] == "whistle"
        assert (parent.attributes or {})["http.route"] == "/whistles/{id}/answer"
        assert whistle


async def test_W_16_logs_spans_metrics_and_events_carry_nothing_of_the_reporter(
    tmp_path: Path, sqlite_url: str
) -> None:
    exporter, written = InMemorySpanExporter(), io.StringIO()
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(written))
    try:
        async with inside(tmp_path / "data", exporter=exporter) as running:
            await demo.need_to_scorecard(demo_cast.Cast(running.session, running.url, running.data))
            centre = running("command_centre")
            await running.idle()
            feed = await centre.get("/api/v1/events", limit=500)
            async with running.session.get(running.url + "/metrics") as answer:
                metrics = await answer.text()
            running.runtime.telemetry.flush()
            spans = "".join(span.to_json() for span in exporter.get_finished_spans())
            whistle_db = (running.data / "whistle.db").read_bytes()
            for suffix in ("", "-wal"):
                path = running.data / f"reporters.db{suffix}"
                if path.exists():
                    for secret in SECRETS[:2]:
                        assert secret.encode() not in path.read_bytes()
    finally:
        structlog.reset_defaults()
    for secret in SECRETS:
        for place in (str(feed), metrics, spans, written.getvalue()):
            assert secret not in place
    for secret in SECRETS[:2]:
        assert secret.encode() not in whistle_db
