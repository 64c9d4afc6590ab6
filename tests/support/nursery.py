"""Forks the processes that tests start: it has loaded the platform once, and each of them goes on as `python -m` would.

It has one thread, no event loop, and nothing open that isn't its own. When whoever started it is gone it ends, and so
does each process of its when whoever asked for that one is gone.
"""

import ctypes
import gc
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import sys
import time
from importlib import import_module
from io import RawIOBase, TextIOWrapper
from typing import NamedTuple, TextIO

PACKAGES = ("chassis", "contracts", "services", "gateway", "console", "gongzhi")
LATER = ("uvicorn.loops.uvloop", "uvicorn.lifespan.off", "uvicorn.protocols.http.httptools_impl")
"""What is loaded by its name only when a process serves."""
SIZE = 4
"""Bytes of a number on the wire: of how long an order is, and of how a process ended."""
END_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class Order(NamedTuple):
    """What a process is to be."""

    module: str
    arguments: list[str]
    environment: dict[str, str]
    folder: str
    umask: int
    files: list[int]
    """What it reads, what it says, what troubles it."""


def load() -> None:
    for package in PACKAGES:
        for found in pkgutil.walk_packages(import_module(package).__path__, f"{package}."):
            if not found.name.endswith("__main__"):
                import_module(found.name)
    for module in LATER:
        import_module(module)


class Nursery:
    def __init__(self, address: str) -> None:
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(address)
        self._door.listen(64)
        self._woken, self._wakes = socket.socketpair()
        self._wakes.setblocking(False)
        self._asked: dict[socket.socket, int] = {}
        """Who waits for the end of which process."""

    def run(self) -> Order | None:
        """In each process that is forked, what it is to be; here None, in the end."""
        signal.set_wakeup_fd(self._wakes.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        print("ready", flush=True)
        while True:
            ready, _, _ = select.select([sys.stdin, self._woken, *self._asked, self._door], [], [])
            for one in ready:
                if one in self._asked:
                    self._gone(one)
                elif one is self._woken:
                    self._bury()
                elif one is sys.stdin:
                    self._close(kill=True)
                    return None
                elif one is self._door and (order := self._fork()):
                    return order

    def _fork(self) -> Order | None:
        asking, _ = self._door.accept()
        try:
            order = _received(asking)
        except (OSError, ValueError):
            asking.close()  # It was gone before it had said what it wants.
            return None
        parent = os.getpid()
        pid = os.fork()
        if not pid:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.set_wakeup_fd(-1)
            self._asked[asking] = 0
            self._close()
            _end_with(parent)
            return order
        for file in order.files:
            os.close(file)
        self._asked[asking] = pid
        _tell(asking, pid)
        return None

    def _bury(self) -> None:
        self._woken.recv(4096)
        for asking, pid in [*self._asked.items()]:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self._asked.pop(asking)
                with asking:
                    _tell(asking, os.waitstatus_to_exitcode(status))

    def _gone(self, asking: socket.socket) -> None:
        """It has nothing to say, so that it has hung up."""
        pid = self._asked.pop(asking)
        asking.close()
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)

    def _close(self, *, kill: bool = False) -> None:
        for asking, pid in self._asked.items():
            asking.close()
            if kill:
                os.kill(pid, signal.SIGKILL)
        for own in (self._door, self._woken, self._wakes):
            own.close()


def _received(asking: socket.socket) -> Order:
    size, files, _, _ = socket.recv_fds(asking, SIZE, 3)
    with asking.makefile("rb") as wire:
        said = json.loads(wire.read(int.from_bytes(size, "big")))
    return Order(**said, files=files)


def _tell(asking: socket.socket, number: int) -> None:
    try:
        asking.sendall(number.to_bytes(SIZE, "big", signed=True))
    except BrokenPipeError:
        pass  # It doesn't want to know any more.


def _end_with(parent: int) -> None:
    """When the nursery is killed, its processes are."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def become(order: Order) -> None:
    """From here on as it would be, had it been started by itself."""
    for number, file in enumerate(order.files):
        os.dup2(file, number)
        os.close(file)
    sys.stdin, sys.stdout, sys.stderr = _over(sys.stdin), _over(sys.stdout), _over(sys.stderr)
    os.environ.clear()
    os.environ.update(order.environment)
    time.tzset()
    os.chdir(order.folder)
    os.umask(order.umask)
    sys.path[0] = order.folder
    sys.argv = ["-m", *order.arguments]
    gc.enable()
    runpy.run_module(order.module, run_name="__main__", alter_sys=True)


def _over(old: TextIO) -> TextIOWrapper:
    """A stream of Python's own, over what is there now: it remembers whether that can be wound back."""
    assert isinstance(old, TextIOWrapper)
    number = old.fileno()
    buffering = 0 if isinstance(old.buffer, RawIOBase) else -1
    return TextIOWrapper(
        open(number, f"{old.mode}b", buffering, closefd=False),
        old.encoding,
        old.errors,
        newline=None if number == 0 else "\n",
        line_buffering=old.line_buffering,
        write_through=old.write_through,
    )


def main(address: str) -> None:
    gc.disable()
    load()
    gc.freeze()
    order = Nursery(address).run()
    if order:
        become(order)


if __name__ == "__main__":
    main(sys.argv[1])
