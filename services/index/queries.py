"""Scorecards are tallies of their quarter's entries; every figure opens to its events."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chassis.aggregates import Aggregates
from chassis.identity import Subject
from chassis.kernel.errors import NotFound
from chassis.kind import Held
from chassis.store import Page

from .access import ACCESS
from .domain.entry import Entry, Standing, TurnHeard
from .domain.scorecard import FIGURES, SUMS, Scorecard, scorecard
from .domain.system import IndicatorSystem, system

REFERENCE = Path(__file__).parent / "reference"
PRINTED = REFERENCE / "governance_indicators_2019.csv"
LONGER = REFERENCE / "longer_goals.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexQueries:
    entries: Aggregates[Entry, TurnHeard]
    systems: Mapping[str, IndicatorSystem]

    async def scorecard(self, street: str, quarter: str, subject: Subject) -> Scorecard:
        _visible(street, subject)
        rows = await self.entries.tally(
            {"street": street, "quarter": quarter}, by="standing", sums=SUMS
        )
        return scorecard(street, quarter, {Standing(row["standing"]): row for row in rows})

    async def behind(
        self,
        street: str,
        figure: str,
        quarter: str,
        subject: Subject,
        after: Page | None,
        limit: int,
    ) -> list[Held[Entry]]:
        """The entries a figure is made of, each with its events."""
        _visible(street, subject)
        if figure not in FIGURES:
            raise NotFound(f"没有这个数字：{figure}")
        where: dict[str, Any] = {"street": street, "quarter": quarter, "standing": FIGURES[figure]}
        return await self.entries.find(where, after=after, limit=limit)

    def system(self, version: str) -> IndicatorSystem:
        if version not in self.systems:
            raise NotFound(f"没有这个版本的指标体系：{version}")
        return self.systems[version]


def printed_systems() -> dict[str, IndicatorSystem]:
    return {"2019": system("2019", "官发〔2019〕3号 附件2", rows(PRINTED), rows(LONGER))}


def rows(path: Path) -> list[dict[str, str]]:
    """A shipped table, its header in the first line."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _visible(street: str, subject: Subject) -> None:
    if not ACCESS.may_see(subject, {"street": street}):
        raise NotFound(f"没有这张记分卡：{street}")
