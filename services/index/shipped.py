"""What this service ships: the printed indicator system, its data sources, longer goals, default policy."""

import csv
from pathlib import Path

from .domain.system import IndicatorSystem, system

HERE = Path(__file__).parent
POLICY = HERE / "policy.toml"
REFERENCE = HERE / "reference"
PRINTED = REFERENCE / "governance_indicators_2019.csv"
LONGER = REFERENCE / "longer_goals.csv"
SOURCES = REFERENCE / "data_sources.csv"


def printed_systems() -> dict[str, IndicatorSystem]:
    codes = data_sources()
    return {"2019": system("2019", "官发〔2019〕3号 附件2", rows(PRINTED), rows(LONGER), codes)}


def data_sources() -> dict[str, str]:
    """The departments as the table prints them, and the code each acts under."""
    return {row["name"]: row["code"] for row in rows(SOURCES)}


def rows(path: Path) -> list[dict[str, str]]:
    """A shipped table, its header in the first line."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
