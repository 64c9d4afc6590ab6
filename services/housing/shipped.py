"""What the service ships of the documents: streets, named communities, printed totals."""

import csv
from calendar import monthrange
from datetime import date, datetime
from pathlib import Path

from .desk.register import Named
from .domain.area import measured
from .domain.declaration import Totals, TotalsDeclared
from .domain.street import Street

REFERENCE = Path(__file__).parent / "reference"
POLICY = Path(__file__).parent / "policy.toml"
COUNTED = REFERENCE / "communities_by_year.csv"


def streets() -> dict[str, Street]:
    return {
        row["code"]: Street(code=row["code"], name=row["name"], communities=int(row["communities"]))
        for row in _rows("streets.csv")
    }


def named_communities() -> list[Named]:
    """Four have no street in the documents; the remark that says so is not part of the number."""
    return [
        (row["code"], row["name"], row["street"] or None, row["source"].partition(" (")[0])
        for row in _rows("communities_named.csv")
    ]


def printed_totals(now: datetime) -> list[TotalsDeclared]:
    """The two letters print totals only; each is of the end of its month."""
    return [_printed(row, now) for row in _rows("premises_handover.csv")]


def _printed(row: dict[str, str], now: datetime) -> TotalsDeclared:
    year, month = (int(part) for part in row["as_of"].split("-"))
    return TotalsDeclared(
        as_of=date(year, month, monthrange(year, month)[1]),
        source=row["source_doc"].partition(" ")[2],
        totals=Totals(
            agreements=int(row["agreements"]),
            area_owed=measured(row["agreed_area_m2"]),
            area_handed_over=measured(row["handed_over_m2"]),
            communities=int(row["communities_total"]),
            urban=int(row["urban"]),
            village_converted=int(row["village_converted"]),
            at_standard=int(row["communities_at_or_above_400_m2"]),
        ),
        at=now,
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
