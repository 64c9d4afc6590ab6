"""Node and npm, found or installed: the guide to a work screen is followed with them. npm fetches from its registry."""

import shutil
import subprocess

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
