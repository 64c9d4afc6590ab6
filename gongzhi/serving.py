"""Serving: one port, and an orderly end. SIGTERM closes the door first, then the process behind it."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from chassis.service import Process
from chassis.telemetry import log_as_json

KEEP_ALIVE = 75
"""Seconds that an idle connection is kept: longer than any client before us (the gateway, an ingress'
60) keeps it, or now and then a request meets the closing of its connection."""


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
        lifespan="off",
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=20,
        forwarded_allow_ips=forwarded_by,
    )
    return Server(config)


async def serve(door: Server, process: Process, *, log_level: str) -> None:
    """Until SIGTERM or SIGINT."""
    log_as_json(log_level)

    def leave() -> None:
        door.should_exit = True

    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, leave)
    process.start()
    try:
        await door.serve()
    finally:
        await process.stop()
