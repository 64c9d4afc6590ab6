"""Node and npm, found or installed: the guide to a work screen is followed with them. npm fetches from its registry."""

import shutil

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
