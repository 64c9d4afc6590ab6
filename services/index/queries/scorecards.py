"""Scorecards are tallies of their quarter's entries; every figure opens to its events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chassis.identity import Subject
from chassis.kernel.errors import NotFound
from chassis.kind import Held
from chassis.store import Page
from contracts.housing import StandardAssessed
from services.index.access import ACCESS
from services.index.desk import IndexDesk
from services.index.desk.scorecards import had_by
from services.index.domain.annex9 import total
from services.index.domain.annex9_events import Marker
from services.index.domain.counted import CountHeard
from services.index.domain.entry import Entry, TurnHeard
from services.index.domain.fact import Fact, FactHeard, PremisesHeard
from services.index.domain.feed import DisputeHeard, OrganisationHeard
from services.index.domain.scorecard import (
    AREA,
    CONSULTATION,
    FACTS,
    FIGURES,
    PREMISES,
    Scorecard,
    scorecard,
)
from services.index.domain.weakness import last_day
from services.index.kinds import entry_keys, fact_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardQueries:
    desk: IndexDesk
    streets: Mapping[str, str]

    async def scorecard(self, street: str, quarter: str, subject: Subject) -> Scorecard:
        self._visible(street, subject)
        return await self.desk.scorecard(street, quarter)

    async def behind(
        self,
        street: str,
        figure: str,
        quarter: str,
        subject: Subject,
        after: Page | None,
        limit: int,
    ) -> tuple[list[dict[str, Any]], list[Held[Any]]]:
        """What a figure is made of, each with its events; and the records it was read from."""
        self._visible(street, subject)
        where: dict[str, Any] = {"street": street, "quarter": quarter}
        page: dict[str, Any] = {"after": after, "limit": limit}
        if figure in FIGURES:
            entries = await self.desk.entries.find({**where, "standing": FIGURES[figure]}, **page)
            items = [
                {
                    "whistle": one.id,
                    **_alone(figure, whistle=one.aggregate),
                    "events": events_of(one.aggregate.heard),
                }
                for one in entries
            ]
            return items, [*entries]
        if figure in FACTS:
            facts = await self.desk.facts.find({**where, "theme": FACTS[figure]}, **page)
            items = [
                {
                    "fact": one.id,
                    **_alone(figure, fact=one.aggregate),
                    "events": events_of(one.aggregate.heard),
                }
                for one in facts
            ]
            return items, [*facts]
        if figure == CONSULTATION:
            return await self._sheet(street, last_day(quarter), after)
        if figure in (PREMISES, AREA):
            rooms = await self.desk.premises.find(had_by(street), **page)
            stood = await self.desk.stood(street, last_day(quarter), rooms)
            return [await self._room(figure, *one) for one in stood.items()], [*rooms]
        raise NotFound(f"没有这个数字：{figure}")

    def _visible(self, street: str, subject: Subject) -> None:
        """NotFound for no street of ours, or not one's own."""
        if street not in self.streets or not ACCESS.may_see(subject, {"street": street}):
            raise NotFound(f"没有这张记分卡：{street}")

    async def _room(self, figure: str, community: str, said: PremisesHeard) -> dict[str, Any]:
        area = await self.desk.area({community: said})
        return {
            "community": community,
            **_alone(figure, premises=[] if said.met is None else [said.met], area=area),
            "events": [
                {
                    "id": said.event,
                    "type": StandardAssessed.type,
                    "day": said.day,
                    "met": said.met,
                    "area": said.area,
                }
            ],
        }

    async def _sheet(
        self, street: str, last: date, after: Page | None
    ) -> tuple[list[dict[str, Any]], list[Held[Any]]]:
        """Annex 9's lines, and the bonus where there is one, each with the events it was told by; one page."""
        held = await self.desk.sheets.look(f"{street}.{last.year}")
        if held is None or after is not None:
            return [], []
        stood = held.aggregate.by(last)
        whole = total(stood, Marker.ASSESSED)
        told = [one.event for one in stood.standing if one.piece]
        items: list[dict[str, Any]] = [
            {
                "item": line.item,
                "points": line.points,
                "full": line.full,
                "events": [{"id": event} for event in line.events],
            }
            for line in whole.lines
        ]
        bonus = {"bonus": whole.bonus, "events": [{"id": event} for event in told]}
        return [*items, *([bonus] if whole.bonus else [])], []


def _alone(
    figure: str,
    *,
    whistle: Entry | None = None,
    fact: Fact | None = None,
    premises: Sequence[bool] = (),
    area: tuple[int, int] = (0, 0),
) -> dict[str, int | None]:
    """What the figure would be of this one alone, which is what it adds to it."""
    entries = {whistle.standing: {"count": 1, **entry_keys(whistle)}} if whistle else {}
    card = scorecard("", "", entries, fact_keys(fact) if fact else {}, premises, area)
    [found] = [one for one in card.figures if one.name == figure]
    return {"value": found.value, "part": found.part, "of": found.of}


def events_of(
    heard: Sequence[TurnHeard | FactHeard | OrganisationHeard | DisputeHeard | CountHeard],
) -> list[dict[str, Any]]:
    return [
        {
            "id": one.event,
            "type": one.type,
            **({} if isinstance(one, FactHeard) else {"sequence": one.sequence}),
            "at": one.at,
        }
        for one in heard
    ]
