"""A year computed again from nothing but the trails in a store file, the policy's editions and the rules.

Every score ever recorded is compared with the one that its trail gives, and every published result with the
mean of the scores as the trails stood when it was published.
"""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from math import floor
from typing import Any

from chassis.kernel.clock import local_date
from chassis.store import Document, Page
from services.whistle.desk import WhistleDesk
from services.whistle.domain import judging
from services.whistle.domain.course import Status
from services.whistle.domain.events import ResidentRated, WhistleEvaluated
from services.whistle.domain.policy import WhistlePolicy
from services.whistle.domain.whistle import Whistle
from services.whistle.domain.yearly import Year, YearAssessed
from services.whistle.queries import Rankings

from .whistle_world import YEAR
from .whistle_year import asking

Wrong = Callable[[int], int]
"""Which edition to count under instead of the recorded one: what a comparison must notice."""


def as_recorded(number: int) -> int:
    return number


@dataclass
class Recount:
    """What was compared and what differed; `elsewise` scores would have in today's calendar."""

    whistles: int = 0
    scores: int = 0
    elsewise: int = 0
    years: int = 0
    departments: int = 0
    exclusions: int = 0
    events: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)

    def compare(self, what: str, recorded: object, again: object) -> None:
        if recorded != again:
            self.differences.append(f"{what}: recorded {recorded}, computed {again}")


@dataclass(frozen=True)
class Published:
    """One result as it was said, and what was excluded by then."""

    unit: str
    said: YearAssessed
    excluded: frozenset[str]


NOW = datetime.max.replace(tzinfo=UTC)
ADMIN = asking("district_admin", NOW).subject
Counted = dict[str, dict[str, int]]
"""Unit → whistle → score, of what counts."""


class Recounting:
    def __init__(self, desk: WhistleDesk, wrong: Wrong) -> None:
        self._desk, self._wrong = desk, wrong
        self._work = desk.work
        self._editions: list[WhistlePolicy] = []
        self._published: list[Published] = []
        self._years: dict[str, Year] = {}
        self._counted: dict[datetime, Counted] = {}
        self._released: dict[str, dict[str, tuple[str, str | None]]] = defaultdict(dict)
        self._found = Recount()

    async def whole(self) -> Recount:
        await self._read()
        async for document in self._documents("whistles"):
            self._found.whistles += 1
            self._whistle(document)
        for one in self._published:
            self._year(one)
        for unit in self._years:
            await self._account(unit)
        await self._listed()
        return self._found

    async def _documents(self, collection: str) -> AsyncIterator[Document]:
        after: Page | None = None
        while page := await self._desk.whistles.store.find(collection, {}, after=after):
            for document in page:
                yield document
            after = Page(page[-1]["id"], page[-1]["id"])

    async def _read(self) -> None:
        editions = (await self._desk.policies.book()).aggregate.editions
        self._editions = [await self._desk.policies.edition(one.number) for one in editions]
        async for document in self._documents("assessments"):
            for event, year in folded(self._desk.years, document):
                if isinstance(event, YearAssessed):
                    self._published.append(Published(year.unit, event, year.excluded))
                self._years[year.unit] = year
        moments = {one.said.at for one in self._published} | {NOW}
        self._counted = {at: defaultdict(dict) for at in sorted(moments)}

    def _numbers(self, number: int) -> WhistlePolicy:
        return self._editions[self._wrong(number) - 1]

    # Every whistle

    def _whistle(self, document: Document) -> None:
        moments, whistle = list(self._counted), None
        for entry, (event, after) in zip(
            document["trail"], folded(self._desk.whistles, document), strict=True
        ):
            while moments[0] < datetime.fromisoformat(entry["at"]):
                self._stood(moments.pop(0), document["id"], whistle)
            whistle = after
            self._found.events[type(event).__name__] += 1
            if isinstance(event, (WhistleEvaluated, ResidentRated)) and event.scores:
                self._scored(document["id"], event, after)
        for moment in moments:
            self._stood(moment, document["id"], whistle)
        state = self._desk.whistles.codec.load_state(document["state"])
        self._found.compare(f"{document['id']} state", state, whistle)

    def _scored(self, id: str, event: WhistleEvaluated | ResidentRated, after: Whistle) -> None:
        numbers = self._numbers(after.scored_under or 0)
        self._found.scores += len(event.scores)
        for said, again, today in zip(
            event.scores,
            judging.scored_again(after, numbers, self._work),
            judging.scores(after, numbers.scoring, self._work),
            strict=True,
        ):
            self._found.compare(f"{id} {said.unit}", said, again)
            self._found.elsewise += said != today

    def _stood(self, at: datetime, id: str, whistle: Whistle | None) -> None:
        """What it gave each unit's year at that moment."""
        if whistle is None or whistle.status is not Status.ANSWERED or not whistle.closed_at:
            return
        if local_date(whistle.closed_at).year != YEAR:
            return
        numbers = self._numbers(whistle.scored_under or 0)
        for score in judging.scored_again(whistle, numbers, self._work):
            mine = whistle.task(score.unit)
            if not mine.released:
                self._counted[at][score.unit][id] = score.score
            elif at == NOW:
                why = "不属该单位，由其他单位办理"
                self._released[score.unit][id] = why, whistle.authority

    # Every year

    def _year(self, one: Published) -> None:
        self._found.years += 1
        self._found.exclusions += len(one.excluded)
        scores = _left(self._counted[one.said.at][one.unit], one.excluded)
        numbers = self._numbers(one.said.policy)
        said = (one.said.result, one.said.whistles, one.said.excluded, one.said.weight)
        again = (_mean(scores), len(scores), len(one.excluded), numbers.assessment.weight_percent)
        self._found.compare(f"{one.unit} {one.said.at}", said, again)

    async def _account(self, unit: str) -> None:
        """What the service shows of the year now, exclusions with their reasons and approvers."""
        shown, known = await self._desk.year(unit, YEAR, ADMIN), self._years[unit]
        scores = _left(self._counted[NOW][unit], known.excluded)
        mean = _mean(scores) if scores else None
        self._found.compare(f"{unit} now", shown["result"], mean)
        counted = {row.whistle: row.score for row in shown["counted"]}
        self._found.compare(f"{unit} counted", counted, scores)
        self._found.compare(f"{unit} left out", _left_out(shown), self._expected(known))
        self._found.compare(f"{unit} agrees", shown["agrees"], True)

    async def _listed(self) -> None:
        """All departments side by side, also those of which nobody has said anything yet."""
        desk = self._desk
        rankings = Rankings(
            whistles=desk.whistles, years=desk.years, units=desk.units, policies=desk.policies
        )
        for row in await rankings.departments(YEAR, ADMIN):
            self._found.departments += 1
            known = self._years.get(row.unit) or Year(unit=row.unit, year=YEAR)
            scores = _left(self._counted[NOW][row.unit], known.excluded)
            again = (_mean(scores) if scores else None, len(scores), self._expected(known))
            left_out = {one.whistle: (one.reason, one.by) for one in row.left_out}
            self._found.compare(f"{row.unit} listed", (row.result, row.whistles, left_out), again)

    def _expected(self, year: Year) -> dict[str, tuple[str, str | None]]:
        """Whistle → why it is left out and who approved that."""
        released = self._released[year.unit]
        there = self._counted[NOW][year.unit].keys() | released.keys()
        approved = {
            one.whistle: (one.reason, one.approved_by)
            for one in year.exclusions
            if one.approved_by and one.whistle in there
        }
        return {**released, **approved}


def _left_out(shown: dict[str, Any]) -> dict[str, tuple[str, str | None]]:
    return {row.whistle: (row.left_out, row.by) for row in shown["left_out"]}


def folded(aggregates: Any, document: Document) -> Iterator[tuple[Any, Any]]:
    """Every event of the trail, and the state after it."""
    state = None
    for entry in document["trail"]:
        event = aggregates.codec.load_event(entry["type"], entry["data"])
        state = aggregates.kind.evolve(state, event)
        yield event, state


def _left(scores: dict[str, int], excluded: frozenset[str]) -> dict[str, int]:
    return {whistle: score for whistle, score in scores.items() if whistle not in excluded}


def _mean(scores: dict[str, int]) -> int:
    """In exact fractions, half up: another way than the service's own."""
    return floor(Fraction(sum(scores.values()), len(scores)) + Fraction(1, 2))


async def recount(desk: WhistleDesk, *, wrong: Wrong = as_recorded) -> Recount:
    """All of it, in the working days as the desk knows them."""
    return await Recounting(desk, wrong).whole()
