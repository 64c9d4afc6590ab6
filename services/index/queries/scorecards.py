"""Scorecards are tallies of their quarter's entries; every figure opens to its events."""

from dataclasses import dataclass
from typing import Any

from chassis.identity import Subject
from chassis.kernel.errors import NotFound
from chassis.kind import Held
from chassis.store import Page
from services.index.access import ACCESS
from services.index.desk import IndexDesk
from services.index.domain.entry import Entry
from services.index.domain.scorecard import FIGURES, Scorecard


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardQueries:
    desk: IndexDesk

    async def scorecard(self, street: str, quarter: str, subject: Subject) -> Scorecard:
        _visible(street, subject)
        return await self.desk.scorecard(street, quarter)

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
        return await self.desk.entries.find(where, after=after, limit=limit)


def _visible(street: str, subject: Subject) -> None:
    if not ACCESS.may_see(subject, {"street": street}):
        raise NotFound(f"没有这张记分卡：{street}")
