"""What this machine lends a private backend: a port, a directory, a process, perhaps Docker.

Each of them must be gone when the run is, even when pytest itself is killed and no fixture gets
to clean up: otherwise the next run meets a stranger's broker, and the machine fills with them.
"""

import contextlib
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

LOOPBACK = "127.0.0.1"
FIRST_PORT = 15000
PORT_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
# Its input is a pipe only we hold. End of file means that we are gone, however that happened.
SWEEPER = 'cat >/dev/null; sleep 1; rm -rf -- "$1"'

_lent: set[int] = set()


def free_port() -> int:
    """A loopback port nobody listens on, and which no outgoing connection will be given.

    The kernel's own choice would come from the range it also gives to clients. A client that
    reconnects to a stopped node there can take the node's port, or even reach itself.
    """
    for _ in range(1000):
        port = random.randrange(FIRST_PORT, _first_client_port())
        if port not in _lent and _is_free(port):
            _lent.add(port)
            return port
    raise RuntimeError(f"no free port on {LOOPBACK} from {FIRST_PORT} up")


def _first_client_port() -> int:
    first = int(PORT_RANGE.read_text(encoding="utf-8").split()[0]) if PORT_RANGE.exists() else 32768
    return first if first > FIRST_PORT + 1000 else 65536


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As servers do: a port whose last connections are still winding down counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def listens(port: int) -> bool:
    try:
        socket.create_connection((LOOPBACK, port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


class Workspace:
    """A temporary directory that does not outlive us."""

    def __init__(self, prefix: str) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=prefix))
        self._sweeper = subprocess.Popen(
            ["/bin/sh", "-c", SWEEPER, "sweeper", str(self.path)],
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C must not end the sweeper before us
        )

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        end(self._sweeper)


def spawn(
    command: Sequence[str],
    *,
    cwd: Path,
    log: Path,
    env: Mapping[str, str] | None = None,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Starts a process that the kernel kills when the calling thread ends, so call it from the
    main thread. Without setpriv (not Linux) only an orderly end of the run ends the process.
    """
    setpriv = shutil.which("setpriv")
    tied = [setpriv, "--pdeathsig", "KILL"] if setpriv else []
    with log.open("ab") as output:
        return subprocess.Popen(
            [*tied, *command],
            cwd=cwd,
            env=env,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is pytest's to handle, not the backend's
        )


def end(process: subprocess.Popen[bytes]) -> None:
    """Kills one process by its id: what it wrote is thrown away, so it needs no time to say bye."""
    process.kill()
    process.wait()
    if process.stdin:
        _close(process.stdin)


def _close(pipe: IO[bytes]) -> None:
    # What was still buffered for a dead reader is lost, which is what we want.
    with contextlib.suppress(BrokenPipeError):
        pipe.close()


def tail(log: Path, characters: int = 2000) -> str:
    return (
        log.read_text(encoding="utf-8", errors="replace")[-characters:]
        if log.exists()
        else "(no output)"
    )


def docker_answers() -> bool:
    """Whether a daemon is there. The client alone, as on many build machines, says nothing.

    Asked in a process of its own: the library leaves its socket open where nobody answers, and
    that would fail whichever test runs next.
    """
    question = "import docker; docker.from_env(timeout=2).ping()"
    try:
        asked = subprocess.run(
            [sys.executable, "-c", question], capture_output=True, timeout=10, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return asked.returncode == 0
