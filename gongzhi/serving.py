"""Serving: one port, and a graceful shutdown. SIGTERM closes the port first, then the process behind it."""

import asyncio
import gc
import resource
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chassis.service import Process
from chassis.settings import Misconfigured
from chassis.system import why
from chassis.telemetry import log_as_json

KEEP_ALIVE = 75
"""Seconds that an idle connection is kept: longer than any client before us (the gateway, an ingress'
60) keeps it, or now and then a request meets the closing of its connection."""


BETWEEN_COLLECTIONS = 10_000
"""Objects more than there were, until the young ones are looked through: a request makes hundreds, all of which go
with it, so that the default of 700 has nearly every request pay for a look.
"""
HEAD_AT_MOST = 64 * 1024
"""Bytes of a request before its body; what is over the edge's own, smaller limit and ends before is answered there."""
AT_MOST = 64 * 1024
"""Bytes that wait for what follows them; what a stream says without a pause isn't held back without end."""


class Gathered(asyncio.Transport):
    """A connection on which what is said in one breath goes out in one piece.

    The framework writes an answer's head and body one after the other: that would be a call of the system's for
    each, and the reader woken twice.
    """

    def __init__(self, wire: asyncio.Transport) -> None:
        super().__init__()
        self._wire = wire
        self._parts: list[bytes] = []
        self._size = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self._parts:
            asyncio.get_running_loop().call_soon(self._out)
        self._parts.append(bytes(data))
        self._size += len(data)
        if self._size > AT_MOST:
            self._out()

    def _out(self) -> None:
        if self._parts:
            gathered = b"".join(self._parts)
            self._parts, self._size = [], 0
            self._wire.write(gathered)

    def close(self) -> None:
        self._out()
        self._wire.close()

    def is_closing(self) -> bool:
        return self._wire.is_closing()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._wire.get_extra_info(name, default)

    def pause_reading(self) -> None:
        self._wire.pause_reading()

    def resume_reading(self) -> None:
        self._wire.resume_reading()


class Protocol(HttpToolsProtocol):
    """Answers go out gathered, and a head that doesn't end is cut off: the parser keeps all of it until it does."""

    _head: int | None = None
    """Bytes of a head that has begun and isn't whole."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(Gathered(transport))

    def on_message_begin(self) -> None:
        self._head = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head = None
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._head is not None:
            self._head += len(data)
            if self._head > HEAD_AT_MOST:
                self.send_400_response("Request head too large.")


class Server(uvicorn.Server):
    """Leaves signals to `serve`: uvicorn raises them again when it is done, before we are."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def server(app: ASGIApp, host: str, port: int, forwarded_by: str = "127.0.0.1") -> Server:
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=Protocol,
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=20,
        forwarded_allow_ips=forwarded_by,
    )
    return Server(config)


def listening(host: str, port: int) -> socket.socket:
    """The port, taken before anything else is; 0 is any that is free. Misconfigured where it can't be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
        opened.listen()
    except (OSError, UnicodeError) as error:
        opened.close()
        said = why(error) if isinstance(error, OSError) else "不是主机名"
        raise Misconfigured(f"--host {host} --port {port} 不能使用：{said}；请换一个") from None
    opened.set_inheritable(True)
    return opened


def collect_seldom() -> None:
    """What stands for the life of the process (modules, routes, schemas) is not gone through again at each full
    collection: that held every request up for a fifth of a second now and then.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(BETWEEN_COLLECTIONS)
    gc.enable()


def open_as_many_as_allowed() -> None:
    """Files and connections up to what the machine allows: shells and units begin with a soft limit that is far lower
    (1,024 is usual), and where it is reached a store "can't be opened" and nobody is let in.
    """
    _, allowed = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # macOS: "unlimited" can't be asked for
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, allowed))


async def serve(door: Server, process: Process, opened: socket.socket, *, log_level: str) -> None:
    """Until SIGTERM or SIGINT; Misconfigured where it can never start."""
    log_as_json(log_level)
    open_as_many_as_allowed()

    def leave() -> None:
        door.should_exit = True
        process.leave()

    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, leave)
    collect_seldom()
    starting = process.start()
    starting.add_done_callback(lambda _: leave() if process.broken else None)
    try:
        await door.serve(sockets=[opened])
    finally:
        await process.stop()
    if process.broken:
        raise Misconfigured(process.broken)
