"""`make fuzz`: every operation as every role, twenty times; exits with 1 where one was a fault or nowhere declared."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.anything import ANONYMOUS, ROLES, tried
from tests.support.platform import all_in_one


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=20)
    parser.add_argument("--only", default="", help="operations whose path has this in it")
    parser.add_argument("--roles", nargs="*", default=[*ROLES, ANONYMOUS])
    asked = parser.parse_args()
    wrong: dict[str, str] = {}
    with tempfile.TemporaryDirectory(prefix="gongzhi-fuzz-") as folder:
        with all_in_one(Path(folder) / "data", "--sandbox") as platform:
            for role in asked.roles:
                began = time.monotonic()
                found = tried(platform, role, asked.examples, only=asked.only)
                took = time.monotonic() - began
                statuses = ", ".join(
                    f"{n} × {status}" for status, n in sorted(found.answered.items())
                )
                print(
                    f"{role}: {found.answered.total()} requests in {took:.0f} s: {statuses}",
                    flush=True,
                )
                for what in sorted(found.wrong.keys() - wrong.keys()):
                    print(f"  {what}: {found.wrong[what]}", flush=True)
                wrong |= found.wrong
    print(f"{len(wrong)} WRONG" if wrong else "no fault, and no answer that isn't declared")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
