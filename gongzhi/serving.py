"""Serving: one port, and an orderly end. SIGTERM closes the door first, then the process behind it."""

import asyncio
import gc
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from chassis.service import Process
from chassis.settings import Misconfigured
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
        raise Misconfigured(
            f"--host {host} --port {port} 不能使用：{getattr(error, 'strerror', None) or error}；请换一个"
        ) from None
    opened.set_inheritable(True)
    return opened


async def serve(door: Server, process: Process, opened: socket.socket, *, log_level: str) -> None:
    """Until SIGTERM or SIGINT; Misconfigured where it can never start."""
    log_as_json(log_level)

    def leave() -> None:
        door.should_exit = True
        process.leave()

    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, leave)
    # What stands for the life of the process (modules, routes, schemas) is not gone through again at each full
    # collection: that held every request up for a fifth of a second now and then.
    gc.collect()
    gc.freeze()
    gc.enable()
    starting = process.start()
    starting.add_done_callback(lambda _: leave() if process.broken else None)
    try:
        await door.serve(sockets=[opened])
    finally:
        await process.stop()
    if process.broken:
        raise Misconfigured(process.broken)
