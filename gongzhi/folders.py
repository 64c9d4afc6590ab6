"""The folders that a process is to keep things in: usable, and its own, said before anything begins."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chassis.settings import Misconfigured, Settings, path_of
from chassis.system import why

KEPT = ("store_url", "reporters_url")


@contextmanager
def alone_in(data: Path) -> Iterator[None]:
    """For as long as it lasts nobody else runs on the folder; Misconfigured where another does."""
    folder = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Misconfigured(
                f"--data-dir {data} 正由另一个 gongzhi run 使用：请换一个目录，或先停止它"
            ) from None
        yield
    finally:
        os.close(folder)


def usable(settings: Settings) -> None:
    """Misconfigured where a store in files has no folder that can be written to."""
    for name in KEPT:
        url = getattr(settings, name)
        if url is not None and url.startswith("sqlite:"):
            _writable(path_of(url), f"GONGZHI_{name.upper()}")


def _writable(folder: Path, setting: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(f"{setting} 不能使用：{why(error)}（{error.filename}）") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Misconfigured(f"{setting} 不能使用：没有写入权限（{folder}）")
