"""`python -m ...` without waiting for it to load: a process forked from one that has loaded the platform, the nursery.

For tests of what a process does. Where the point is the start itself (what it loads, how long that takes, how much it
keeps, which letters it reads and writes), the test starts it really.

As a command, `python -m tests.support.warm ADDRESS MODULE ...` is the same for a shell.
"""

import atexit
import functools
import json
import os
import select
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

from .nursery import SIZE
from .ports import Workspace

ROOT = Path(__file__).resolve().parents[2]
AT_THE_START = ("PYTHON", "LC_", "LANG")
"""What Python reads once, when it starts, begins with one of these."""
WHERE_TO_LOAD_FROM = "PYTHONPATH"
"""Of them the one that makes no difference, as all is loaded."""


class Started:
    """A process, as subprocess.Popen shows it."""

    def __init__(self, asking: socket.socket) -> None:
        self._asking = asking
        self.pid = int.from_bytes(asking.recv(SIZE), "big")
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self._asking], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
            said = self._asking.recv(SIZE)
            self._asking.close()
            # A nursery that says nothing is gone, and all of its are.
            self.returncode = int.from_bytes(said, "big", signed=True) if said else -signal.SIGKILL
        return self.returncode

    def poll(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            return self.wait(0)
        return None

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):  # It has just ended.
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def start(
    module: Sequence[str],
    *,
    stdout: IO[bytes],
    stderr: IO[bytes],
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
) -> Started:
    """`module`: what follows `python -m`. It ends, at the latest, when we do."""
    environment = dict(os.environ if env is None else env)
    for name in {*environment, *os.environ} - {WHERE_TO_LOAD_FROM}:
        if name.startswith(AT_THE_START) and environment.get(name) != os.environ.get(name):
            raise ValueError(f"{name} is read when Python starts: start it really")
    with open(os.devnull, "rb") as nothing:
        files = (nothing.fileno(), stdout.fileno(), stderr.fileno())
        return _asked(_address(), module, environment, cwd, files)


def run(
    module: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    timeout: float = 300,
) -> subprocess.CompletedProcess[str]:
    """To its end, and what it said."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = start(module, stdout=out, stderr=err, env=env, cwd=cwd)
        try:
            code = process.wait(timeout)
        finally:
            process.kill()
            process.wait()
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode())
    return subprocess.CompletedProcess(module, code, *said)


def command(module: str) -> str:
    """What a shell calls in place of `python -m MODULE`; it finds `tests` where PYTHONPATH says, or here."""
    return shlex.join([sys.executable, "-m", "tests.support.warm", _address(), module])


def _asked(
    address: str,
    module: Sequence[str],
    environment: Mapping[str, str],
    folder: Path,
    files: Iterable[int],
) -> Started:
    asking = socket.socket(socket.AF_UNIX)
    asking.connect(address)
    name, *arguments = module
    umask = os.umask(0)
    os.umask(umask)
    whole = {"module": name, "arguments": arguments, "folder": str(folder), "umask": umask}
    order = json.dumps({**whole, "environment": dict(environment)}).encode()
    socket.send_fds(asking, [len(order).to_bytes(SIZE, "big")], [*files])
    asking.sendall(order)
    return Started(asking)


@functools.cache
def _address() -> str:
    """Of our nursery, which there is from now on."""
    workspace = Workspace("gongzhi-nursery-")
    address = str(workspace.path / "door")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("GONGZHI_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.nursery", address],
        cwd=ROOT,
        env=clean,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is pytest's to handle.
    )
    assert process.stdin and process.stdout

    def close() -> None:
        with process:
            pass
        workspace.remove()

    atexit.register(close)
    assert process.stdout.readline() == b"ready\n"
    return address


def _call(address: str, module: Sequence[str]) -> int:
    process = _asked(address, module, os.environ, Path.cwd(), (0, 1, 2))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda told, _: os.kill(process.pid, told))
    code = process.wait()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    if code < 0:
        os.kill(os.getpid(), -code)
    return code


if __name__ == "__main__":
    sys.exit(_call(sys.argv[1], sys.argv[2:]))
