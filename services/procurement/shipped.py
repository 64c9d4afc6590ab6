"""What this service ships with."""

import csv
from pathlib import Path

from .domain.catalogue import Entry

POLICY = Path(__file__).parent / "policy.toml"
CATALOGUE = Path(__file__).parent / "reference" / "procurement_catalogue_2016.csv"


def catalogue() -> tuple[Entry, ...]:
    """The 346 entries of 官财字〔2016〕64号, under the codes it counts them by."""
    with CATALOGUE.open(encoding="utf-8") as file:
        return tuple(
            Entry(
                code=row["code"],
                name=row["level3_name"],
                kind=row["level1_name"],
                group=row["level2_name"],
            )
            for row in csv.DictReader(file)
        )
