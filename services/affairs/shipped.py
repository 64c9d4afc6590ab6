"""What this service ships with."""

import csv
from datetime import date, datetime
from pathlib import Path

from .domain.listing import Entry, ListKind, Role, VersionAdopted
from .domain.scale import Scale, scale

HERE = Path(__file__).parent
POLICY = HERE / "policy.toml"


def _lines(name: str) -> list[dict[str, str]]:
    with (HERE / "reference" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shipped_certificates(now: datetime) -> VersionAdopted:
    """The one certificate that the province left to residents' committees."""
    lines = _lines("certificates_2018")
    return VersionAdopted(
        list=ListKind.CERTIFICATES,
        entries=tuple(
            Entry(
                name=line["name"],
                basis=line["basis"],
                department=line["department"],
                role=Role.DOES,
            )
            for line in lines
        ),
        document=lines[0]["basis"],
        since=date.fromisoformat(lines[0]["since"]),
        at=now,
    )


def shipped_scale() -> Scale:
    return scale(_lines("worker_base_allowance_2018"), _lines("worker_allowance_2018"))
