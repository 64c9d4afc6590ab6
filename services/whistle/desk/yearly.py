"""The departments' yearly assessment (W-10, W-11)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from chassis.cause import Cause
from chassis.identity import Subject
from chassis.kernel.clock import local_date
from chassis.kernel.errors import NotFound, UnknownReference
from chassis.kernel.measure import half_up
from chassis.kind import Held
from chassis.renewal import outdated, renew
from chassis.store import Has, In, Range
from services.whistle.access import ACCESS
from services.whistle.domain import judging, yearly
from services.whistle.domain.course import OVER, Status
from services.whistle.domain.policy import WhistlePolicy
from services.whistle.domain.whistle import Whistle
from services.whistle.domain.yearly import Year, YearBegun

from .registers import Registers

HANDLED_AGAIN = tuple(status for status in Status if status not in OVER)
"""Where a whistle may stand that has been answered once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One whistle in a unit's year. `left_out` says why it does not count, `by` who approved that."""

    whistle: str
    number: str | None = None
    title: str = ""
    score: int
    recomputed: int
    policy: int
    left_out: str | None = None
    by: str | None = None


class YearlyDesk(Registers):
    __slots__ = ()

    async def year(self, unit: str, year: int, reader: Subject) -> dict[str, Any]:
        """The whole account: every whistle, computed again from its trail, and what was left out."""
        if not ACCESS.may_see(reader, {"units": (unit,)}):
            raise NotFound
        held = await self.years.look(_id(unit, year))
        if held is None and await self.units.look(unit) is None:
            raise NotFound(f"没有这个单位：{unit}")
        known = held.aggregate if held else Year(unit=unit, year=year)
        every = self.whistles.every(_answered(known))
        numbers = {one.id: one.number async for one in every}
        rows = [replace(row, number=numbers.get(row.whistle)) for row in await self._rows(known)]
        counted = [row for row in rows if row.left_out is None]
        _, policy = await self.policy()
        return {
            "unit": unit,
            "year": year,
            "version": held.version if held else 0,
            "result": _mean([row.score for row in counted]),
            "weight_percent": policy.assessment.weight_percent,
            "counted": counted,
            "left_out": [row for row in rows if row.left_out is not None],
            "agrees": all(row.score == row.recomputed for row in rows),
            "exclusions": known.exclusions,
            "published": known.results,
            "appeals": known.appeals,
        }

    async def year_of(self, id: str) -> Held[Year]:
        """As it stands; one of which nothing was said yet is as it will begin."""
        unit, year = parsed(id)
        begun = Held(id=id, aggregate=Year(unit=unit, year=year), version=0, correlation="")
        return await self.years.look(id) or begun

    async def begun(self, id: str) -> tuple[YearBegun]:
        """How a unit's year begins; UnknownReference for no unit of ours."""
        unit, year = parsed(id)
        if not await self.units.look(unit):
            raise UnknownReference(f"没有这个单位：{unit}", field="id")
        return (YearBegun(unit=unit, year=year),)

    async def scores(self, id: str) -> tuple[int, ...]:
        """Of the whistles that count."""
        unit, year = parsed(id)
        held = await self.years.look(id)
        rows = await self._rows(held.aggregate if held else Year(unit=unit, year=year))
        return tuple(row.score for row in rows if row.left_out is None)

    async def counts(self, year: Year) -> bool:
        """Whether any whistle counts: the first that does is enough."""
        async for held in self.whistles.every(_answered(year)):
            scored = {score.unit for score in held.aggregate.scores}
            if year.unit in scored and yearly.left_out(held.aggregate, held.id, year)[0] is None:
                return True
        return False

    async def reopened(self, year: Year) -> bool:
        """Whether any whistle that was answered in it is handled again: its score is still to come."""
        where = {**closed_in(year.year), "status": In(HANDLED_AGAIN), "units": Has([year.unit])}
        async for held in self.whistles.every(where):
            theirs = {task.unit for task in held.aggregate.tasks if not task.anothers}
            if year.unit in theirs and held.id not in year.excluded:
                return True
        return False

    async def answered(self, whistle: str, unit: str, year: int) -> None:
        """That it was answered in that year and has a score for the unit; UnknownReference otherwise."""
        held = await self.whistles.look(whistle)
        known = held.aggregate if held else None
        if (
            known is None
            or known.status is not Status.ANSWERED
            or known.closed_at is None
            or local_date(known.closed_at).year != year
            or unit not in {score.unit for score in known.scores}
        ):
            raise UnknownReference("该单位本年没有这个已答复的哨。", field="whistle")

    async def fire_appeal(self, id: str, cause: Cause) -> None:
        """The decision of an appeal that is due."""
        await self.years.change(id, lambda y: y.overdue(cause.now), cause)

    async def renew_appeals(self, now: datetime) -> None:
        """At start: appeals whose deadline was computed under another calendar."""
        await renew(
            self.years,
            outdated(self.work.days),
            lambda y: y.renew_calendar(self.work, now),
            now,
        )

    async def _rows(self, year: Year) -> list[Scored]:
        rows = []
        editions: dict[int, WhistlePolicy] = {}
        async for held in self.whistles.every_folded(_answered(year)):
            under = held.aggregate.scored_under
            if under is None or year.unit not in {one.unit for one in held.aggregate.scores}:
                continue
            if under not in editions:
                editions[under] = await self.policies.edition(under)
            rows.append(self._row(held, year, under, editions[under]))
        return rows

    def _row(self, held: Held[Whistle], year: Year, under: int, numbers: WhistlePolicy) -> Scored:
        """`held` is folded from its trail; the score is computed as it was in its time."""
        whistle = held.aggregate
        said = {score.unit: score.score for score in whistle.scores}
        again = {
            score.unit: score.score for score in judging.scored_again(whistle, numbers, self.work)
        }
        left_out, by = yearly.left_out(whistle, held.id, year)
        return Scored(
            whistle=held.id,
            title=whistle.title,
            score=said[year.unit],
            recomputed=again[year.unit],
            policy=under,
            left_out=left_out,
            by=by,
        )


def answered_in(year: int) -> dict[str, Any]:
    """The whistles that a year is made of: answered within it, as Shanghai counts days."""
    return {"status": Status.ANSWERED.value, **closed_in(year)}


def answered_within(first: date, last: date) -> dict[str, Any]:
    """The whistles answered, for the first time, from one Shanghai day to another."""
    return {"status": Status.ANSWERED.value, **_closed_within(first, last)}


def closed_in(year: int) -> dict[str, Any]:
    """Answered within it for the first time, whatever has become of it since."""
    return _closed_within(date(year, 1, 1), date(year, 12, 31))


def _closed_within(first: date, last: date) -> dict[str, Any]:
    return {"closed_on": Range(at_least=first.isoformat(), at_most=last.isoformat())}


def _answered(year: Year) -> dict[str, Any]:
    return {**answered_in(year.year), "units": Has([year.unit])}


def _mean(scores: list[int]) -> int | None:
    return half_up(sum(scores), len(scores)) if scores else None


def _id(unit: str, year: int) -> str:
    return f"{unit}.{year}"


def parsed(id: str) -> tuple[str, int]:
    unit, _, year = id.rpartition(".")
    if not unit or not (year.isdecimal() and len(year) == 4):
        raise NotFound("考核编号为“单位代码.年份”。")
    return unit, int(year)
