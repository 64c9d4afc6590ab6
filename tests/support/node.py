"""Node and npm, found or installed: the guide to a work screen is followed with them. npm fetches from its registry."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.support import debian

MISSING = "No Node for the guide to a work screen. Install it (Debian: apt-get install nodejs npm)."


def find() -> None:
    """Only the last resort changes the machine."""
    for package, program in (("nodejs", "node"), ("npm", "npm")):
        if shutil.which(program):
            continue
        if not debian.may_install():
            raise RuntimeError(MISSING)
        debian.install(package, MISSING, lambda program=program: shutil.which(program))  # type: ignore[misc]


def reached() -> bool:
    """Whether npm's registry answers from here."""
    asked = [
        "npm",
        "view",
        "openapi-fetch",
        "version",
        "--fetch-retries=0",
        "--fetch-timeout=20000",
    ]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


PACKAGES = Path(__file__).parent / "npm"
"""What is fetched, locked with its hashes."""


def packages() -> Path | None:
    """The folder where they are, outside of the tree; None where they can't be had."""
    find()
    lock = (PACKAGES / "package-lock.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    folder = cache / "gongzhi-tests" / hashlib.sha256(lock).hexdigest()[:12]
    if (folder / "node_modules").is_dir():
        return folder / "node_modules"
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent))
    try:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(PACKAGES / name, draft)
        asked = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
        done = subprocess.run(asked, cwd=draft, capture_output=True, check=False, timeout=300)
        if done.returncode:
            return None
        with contextlib.suppress(OSError):  # another process was first
            draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder / "node_modules"
