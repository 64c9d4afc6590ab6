"""What this service ships with: its default policy, and the member units of the plan's annex."""

import csv
from pathlib import Path

HERE = Path(__file__).parent
POLICY = HERE / "policy.toml"


def member_units() -> list[tuple[str, str]]:
    """Code and name."""
    with (HERE / "reference" / "member_units_2019.csv").open(encoding="utf-8") as rows:
        return [(row["code"], row["name"]) for row in csv.DictReader(rows)]
