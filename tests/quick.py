"""The rules of what was changed since the last commit: `python -m tests.quick`, pytest's own exit code.

What all services stand on was changed, or nothing was: all rules.
"""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

RULES = Path("tests/rules")
OWN = ("services", "tests/rules")
"""Where a change is of one service alone."""


def changed() -> list[str]:
    """Paths that differ from the last commit, new ones too."""
    asked = ["git", "status", "--porcelain", "--untracked-files=all"]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    return [line[3:].rpartition(" -> ")[2].strip('"') for line in said.splitlines()]


def rules_of(paths: Iterable[str]) -> list[str]:
    """The folders of the rules to run."""
    found = set()
    for path in paths:
        if path.endswith(".md"):
            continue
        within = next((one for one in OWN if path.startswith(f"{one}/")), None)
        name = path.removeprefix(f"{within}/").partition("/")[0]
        if within is None or not (RULES / name).is_dir():
            return [str(RULES)]
        found.add(str(RULES / name))
    return sorted(found) or [str(RULES)]


def main() -> None:
    said = rules_of(changed())
    sys.exit(subprocess.run([sys.executable, "-m", "pytest", "-q", "-n", "2", *said]).returncode)


if __name__ == "__main__":
    main()
