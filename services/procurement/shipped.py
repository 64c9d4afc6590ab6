"""What this service ships with."""

import csv
import re
from pathlib import Path

from .domain.catalogue import Entry
from .domain.printed import Category, PrintedCall

POLICY = Path(__file__).parent / "policy.toml"
CATALOGUE = Path(__file__).parent / "reference" / "procurement_catalogue_2016.csv"


CALLS = Path(__file__).parent / "reference" / "building_calls.csv"
TOTAL = "合计"
NUMBERING = re.compile(r"\b[0-9]{3} ")
"""Of our own list of the letters, which means nothing to a reader."""


def printed_calls() -> dict[int, PrintedCall]:
    """The calls of 2019 to 2021, by year; a year's first row is its total."""
    with CALLS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = {}
    for total in (row for row in rows if row["category"] == TOTAL):
        own = [row for row in rows if row["year"] == total["year"] and row is not total]
        found[int(total["year"])] = PrintedCall(
            year=int(total["year"]),
            applicants=_number(total["applicants"]),
            applications=_number(total["applications"]),
            selected=int(total["selected"]),
            funds=_fen(total["funds_yuan"]),
            note=total["note"],
            source=NUMBERING.sub("", total["source_doc"]),
            categories=tuple(
                Category(
                    name=row["category"],
                    count=_number(row["count"]),
                    funds=_fen(row["funds_yuan"]),
                    note=row["note"],
                )
                for row in own
            ),
        )
    return found


def _number(text: str) -> int | None:
    return int(text) if text else None


def _fen(yuan: str) -> int | None:
    return int(yuan) * 100 if yuan else None


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
