"""What the tests install where it is missing: Debian, as root, and said aloud before it is done."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path


def may_install() -> bool:
    debian = Path("/etc/debian_version").exists() and shutil.which("apt-get") is not None
    return debian and os.geteuid() == 0


def install(package: str, otherwise: str, there: Callable[[], object]) -> None:
    """`package`: one, or several with spaces. `otherwise`: what to do where this fails.

    One process at a time, and only where it isn't `there` yet.
    """
    with (Path(tempfile.gettempdir()) / "gongzhi-tests-apt").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not there():
            _install(package, otherwise)


def _install(package: str, otherwise: str) -> None:
    line = f"tests: no {package} here: apt-get update, then apt-get install {package}"
    print(line, file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "-y", "--no-install-recommends", *package.split()]
    for step in (["apt-get", "update"], command):
        done = subprocess.run(step, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{otherwise}\n{' '.join(step)} failed:\n{done.stderr[-2000:]}")
