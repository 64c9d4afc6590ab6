"""A process that is forked from a nursery is as one that is started, and ends as one does."""

import atexit
import gc
import json
import logging
import os
import random
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from tests.support import warm
from tests.support.ports import wait_until

STREAMS = ("encoding", "errors", "line_buffering", "write_through", "newlines")
ITSELF = "tests.platform.test_warm"


def of_itself() -> dict[str, Any]:
    """What a program can see of how it was started."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    return {
        "arguments": sys.argv,
        "name": __name__,
        "flags": repr(sys.flags),
        "environment": dict(os.environ),
        "folder": str(Path.cwd()),
        "path": sys.path[0],
        "zone": time.tzname,
        "umask": os.umask(0o077),
        "streams": [[repr(getattr(one, name)) for name in STREAMS] for one in streams],
        "files": sorted(os.listdir("/proc/self/fd"))[:4],
        "threads": [threading.active_count(), len(os.listdir("/proc/self/task"))],
        "collects": [gc.isenabled(), gc.get_threshold()],
        "logs": [structlog.is_configured(), repr(logging.root.handlers), logging.root.level],
        "warns": repr(sys.warnoptions),
        "signals": {
            one.name: repr(signal.getsignal(one)).partition(" at 0x")[0]
            for one in signal.valid_signals()
            if isinstance(one, signal.Signals)
        },
        "wakes": signal.set_wakeup_fd(-1),
        "recurses": sys.getrecursionlimit(),
    }


def told(*arguments: str) -> list[str]:
    return [ITSELF, *arguments]


@pytest.fixture
def umask() -> Iterator[None]:
    """Another than the nursery has."""
    before = os.umask(0o027)
    yield
    os.umask(before)


def test_it_sees_of_itself_what_one_sees_that_is_started(tmp_path: Path, umask: None) -> None:
    """Of two that run at a time, the second too: nothing of the first is left in it."""
    environment = {**os.environ, "PYTHONPATH": str(warm.ROOT), "TZ": "Asia/Urumqi", "ONLY": "市"}
    environment.pop("HOME", None)
    with tempfile.TemporaryFile() as nowhere:
        other = warm.start(told("wait"), stdout=nowhere, stderr=nowhere)
        forked = warm.run(told("see", "一"), env=environment, cwd=tmp_path)
        other.kill()
        assert other.wait(60) == -signal.SIGKILL
    started = subprocess.run(
        [sys.executable, "-m", *told("see", "一")],
        env=environment,
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    assert forked.stderr == started.stderr
    assert json.loads(forked.stdout) == json.loads(started.stdout)


def test_what_they_are_forked_from_has_one_thread_and_nothing_open_but_its_own() -> None:
    with tempfile.TemporaryFile() as nowhere:
        process = warm.start(told("wait"), stdout=nowhere, stderr=nowhere)
        nursery = Path(f"/proc/{process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()[1]
        threads = os.listdir(f"/proc/{nursery}/task")
        files = [
            file.readlink() for file in Path(f"/proc/{nursery}/fd").iterdir() if file.name > "2"
        ]
        process.kill()
        process.wait(60)
    assert len(threads) == 1
    assert {str(file).partition(":")[0] for file in files} == {"socket"}
    assert len(files) == 4, "its door, its own pair, and whom it has begun this for"


def test_one_that_is_gone_before_it_has_said_what_it_wants_is_no_trouble() -> None:
    with socket.socket(socket.AF_UNIX) as asking:
        asking.connect(warm._address())
    assert warm.run(told("draw")).returncode == 0


def test_two_of_them_draw_differently() -> None:
    first, second = (warm.run(told("draw")).stdout for _ in range(2))
    assert first and first != second


@pytest.mark.parametrize(
    ("how", "code", "text", "trouble"),
    [
        ("leave", 3, "left\nat the exit\n", ""),
        ("fall", 1, "at the exit\n", "RuntimeError: 倒了\n"),
        ("be killed", -signal.SIGKILL, "", ""),
        ("in a thread", 0, "at the exit\n", "in a thread\n"),
    ],
)
def test_it_ends_as_one_does_that_is_started(how: str, code: int, text: str, trouble: str) -> None:
    done = warm.run(told(how))
    assert (done.returncode, done.stdout) == (code, text)
    assert done.stderr.endswith(trouble) and bool(done.stderr) == bool(trouble)


def test_it_is_waited_for_asked_after_and_told_to_end() -> None:
    with tempfile.TemporaryFile() as nowhere:
        process = warm.start(told("wait"), stdout=nowhere, stderr=nowhere)
        assert process.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.01)
        process.terminate()
        assert process.wait(60) == process.poll() == -signal.SIGTERM
        process.kill()  # That it is gone is no trouble.


def test_what_python_reads_at_its_start_is_no_forked_one_s() -> None:
    with pytest.raises(ValueError, match="LC_ALL"):
        warm.run(told("see"), env={**os.environ, "LC_ALL": "zh_CN.GBK"})


def test_a_shell_has_it_too(tmp_path: Path) -> None:
    """With the shell's files, its end for its own, and what it is told passed on."""
    file = tmp_path / "said"
    walk = f"""
    {warm.command(ITSELF)} leave > {file} || echo $?
    {warm.command(ITSELF)} "be killed" || echo $?
    {warm.command(ITSELF)} wait >> {file} & WAITS=$!
    until grep -q waits {file}; do sleep 0.05; done
    kill $WAITS; wait $WAITS || echo $?
    """
    done = subprocess.run(
        ["bash", "-c", walk], cwd=warm.ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.split() == ["3", "137", "143"], done.stderr
    assert file.read_text("utf-8").startswith("left\nat the exit\nwaits ")


def test_none_of_them_outlives_who_asked_for_it(tmp_path: Path) -> None:
    file = tmp_path / "said"
    with file.open("wb") as said:
        asking = subprocess.Popen(
            shlex.split(warm.command(ITSELF)) + ["wait"], cwd=warm.ROOT, stdout=said
        )
    with asking:
        assert wait_until(lambda: "waits" in file.read_text("utf-8"), 60, 0.05)
        pid = int(file.read_text("utf-8").split()[1])
        assert _lives(pid)
        asking.kill()
    assert wait_until(lambda: not _lives(pid), 60, 0.05)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def main(how: str) -> None:
    if how == "see":
        print(json.dumps(of_itself(), ensure_ascii=False))
        return
    if how == "draw":
        print(random.random(), uuid.uuid4())
        return
    if how == "wait":
        print("waits", os.getpid(), flush=True)
        time.sleep(600)
    atexit.register(print, "at the exit")
    if how == "leave":
        print("left")
        sys.exit(3)
    if how == "fall":
        raise RuntimeError("倒了")
    if how == "be killed":
        os.kill(os.getpid(), signal.SIGKILL)
    threading.Timer(0.1, lambda: print(how, file=sys.stderr)).start()


if __name__ == "__main__":
    main(sys.argv[1])
