"""Where what tests write lies: in memory where there is plenty, so that nobody waits for a disk.

Processes that are killed leave there what they would leave on a disk. Benchmarks write to the disk.
"""

import os
import tempfile
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")
ENOUGH = 4 << 30
"""Bytes that must be free: two brokers, the stores of a few platforms at a time, a browser."""


def choose() -> str:
    """Settles it for this process and those it starts, unless TMPDIR says where; what was settled."""
    if "TMPDIR" not in os.environ and _fits(SHARED_MEMORY):
        os.environ["TMPDIR"] = str(SHARED_MEMORY)
        tempfile.tempdir = None  # Somebody may have asked before us.
    return "memory" if os.environ.get("TMPDIR") == str(SHARED_MEMORY) else "disk"


def _fits(folder: Path) -> bool:
    """Writable, programs may run from it, and there is room."""
    if not os.access(folder, os.W_OK):
        return False
    found = os.statvfs(folder)
    return not found.f_flag & os.ST_NOEXEC and found.f_bavail * found.f_frsize >= ENOUGH
