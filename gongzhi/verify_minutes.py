"""Verifies a file of minutes without the platform."""

from pathlib import Path

from chassis.system import why
from services.consultation.domain import minutes


def run(file: Path, seal: str | None) -> int:
    """0 where every byte is as it was sealed, 1 where one isn't, 2 where there is no such file."""
    try:
        content = file.read_bytes()
    except OSError as error:
        print(f"{file}：{why(error)}")
        return 2
    found = minutes.faults(content, seal)
    for fault in found:
        print(f"{file}：{fault}")
    print(f"{file}：{'有改动' if found else '与封存时一致'}")
    return 1 if found else 0
