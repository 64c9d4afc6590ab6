"""What this service ships with."""

import csv
from pathlib import Path

from .domain.scale import Scale, scale

HERE = Path(__file__).parent
POLICY = HERE / "policy.toml"


def _lines(name: str) -> list[dict[str, str]]:
    with (HERE / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shipped_scale() -> Scale:
    return scale(_lines("worker_base_allowance_2018"), _lines("worker_allowance_2018"))
