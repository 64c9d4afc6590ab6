"""What happens here besides the steps: news of whistles, what comes due, and what a decision has to know."""

from asyncio import to_thread
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.aggregates import Aggregates
from chassis.cause import Cause
from chassis.copies import Copies
from chassis.guarded import Guarded
from chassis.kernel.clock import local_date
from chassis.kernel.errors import NotFound, UnknownReference
from chassis.kind import Changed
from chassis.policy import PLATFORM, Policies
from contracts.housing import CommunityProfiled

from .domain.annex9_events import Sheet, SheetBegun, SheetEvent, Told
from .domain.checklist import Task, TaskEntered, TaskEvent
from .domain.collecting import Units, Year, YearEvent, YearOpened
from .domain.computing import Input, compute, fingerprint
from .domain.duty import Duty, DutyEvent, Printed, following, opened
from .domain.edition import Edition, EditionDrafted, EditionEvent, Stage
from .domain.entry import Entry, Standing, TurnHeard, hear
from .domain.fact import Fact, FactHeard, Premises, PremisesHeard, hear_premises
from .domain.fact import hear as hear_fact
from .domain.finding import Finding, FindingEvent
from .domain.innovation import (
    AssessmentBegun,
    Innovation,
    InnovationEvent,
    Phase,
    Quota,
    Standard,
    begin,
)
from .domain.method import METHOD
from .domain.observation import Observation, ObservationAwaited, ObservationEvent
from .domain.policy import IndexPolicy
from .domain.scorecard import FACT_SUMS, SUMS, Scorecard, scorecard
from .domain.sensitivity import uncertainty
from .domain.system import MeasuringPoint
from .domain.weakness import (
    Quarter,
    QuarterEvent,
    QuarterOpened,
    Weakness,
    WeaknessFound,
    last_day,
    levels_of,
    open_quarter,
)
from .domain.weakness import following as following_quarter
from .systems import Systems

LEAD = "civil_affairs"
"""Leads the evaluation, and so sees every observation."""
UNITED_FRONT = "united_front"
"""Assesses the streets' consultation."""
SUPERVISION = "supervision_office"
"""The district's goal supervision (目督办), which takes tasks off the list."""
STATISTICS = "statistics_survey"
"""The district's statistics, which may file any figure."""


def observation_resource(observation: Observation) -> dict[str, object]:
    return {"units": tuple(dict.fromkeys((*observation.units, LEAD, STATISTICS)))}


def edition_resource(edition: Edition) -> dict[str, object]:
    return {"units": (LEAD,), "supplier": edition.reviewer}


def task_resource(task: Task) -> dict[str, object]:
    return {"units": (task.entered.code,) if task.entered.code else ()}


def duty_resource(duty: Duty) -> dict[str, object]:
    return {
        "street": duty.opened.street,
        "units": (duty.opened.unit,) if duty.opened.unit else (),
    }


def innovation_resource(one: Innovation) -> dict[str, object]:
    return {"street": one.begun.street, "community": one.begun.community}


def sheet_resource(sheet: Sheet) -> dict[str, object]:
    return {"street": sheet.street, "units": (UNITED_FRONT,)}


def finding_resource(finding: Finding) -> dict[str, object]:
    return {"street": finding.made.street, "units": (SUPERVISION,)}


def filing_resource(observation: Observation) -> dict[str, object]:
    """Who may file: narrower than who may see."""
    return {"units": (*observation.units, STATISTICS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDesk:
    entries: Aggregates[Entry, TurnHeard]
    facts: Aggregates[Fact, FactHeard]
    premises: Aggregates[Premises, PremisesHeard]
    observations: Guarded[Observation, ObservationEvent]
    years: Guarded[Year, YearEvent]
    editions: Guarded[Edition, EditionEvent]
    tasks: Guarded[Task, TaskEvent]
    duties: Guarded[Duty, DutyEvent]
    innovation: Guarded[Innovation, InnovationEvent]
    sheets: Guarded[Sheet, SheetEvent]
    findings: Guarded[Finding, FindingEvent]
    weaknesses: Guarded[Weakness, WeaknessFound]
    quarters: Aggregates[Quarter, QuarterEvent]
    communities: Copies[CommunityProfiled]
    standards: Mapping[str, Standard]
    quotas: Mapping[str, Quota]
    policies: Policies[IndexPolicy]
    systems: Systems

    async def enter(self, whistle: str, heard: TurnHeard, cause: Cause) -> None:
        await self.entries.record(whistle, lambda entry: hear(entry, heard), cause)

    async def hear_fact(self, id: str, heard: FactHeard, cause: Cause) -> None:
        await self.facts.record(id, lambda fact: hear_fact(fact, heard), cause)

    async def hear_premises(self, community: str, heard: PremisesHeard, cause: Cause) -> None:
        await self.premises.record(community, lambda known: hear_premises(known, heard), cause)

    async def scorecard(self, street: str, quarter: str) -> Scorecard:
        where = {"street": street, "quarter": quarter}
        rows = await self.entries.tally(where, by="standing", sums=SUMS)
        facts = await self.facts.tally(where, sums=FACT_SUMS)
        last = last_day(quarter)
        stood = [held.aggregate.by(last) async for held in self.premises.every({"street": street})]
        return scorecard(
            street,
            quarter,
            {Standing(row["standing"]): row for row in rows},
            facts[0] if facts else {},
            [one.met for one in stood if one is not None and one.met is not None],
        )

    # Weaknesses

    async def seed_quarters(self, now: datetime) -> None:
        """The quarter of today, where none is open yet: one opens the next."""
        if await self.quarters.count({}):
            return
        _, policy = await self.policies.current()
        await self._open_quarter(open_quarter(now, policy.close_days), now)

    async def close_quarter(self, id: str, cause: Cause) -> None:
        """Told before it is closed, so that after a crash in between what was told is found again."""
        quarter = (await self.quarters.get(id)).aggregate
        _, policy = await self.policies.current()
        cards = [await self.scorecard(street, quarter.quarter) for street in self.quotas]
        levels = [level for card in cards for level in levels_of(card)]
        if quarter.close(levels, cause.now):
            for weak in quarter.weak(levels, policy.bounds, cause.now):
                name = f"{weak.street}.{weak.theme}.{weak.quarter}"
                await self.weaknesses.once(name, [weak], cause.unkeyed())
        closed = await self.quarters.change(id, lambda q: q.close(levels, cause.now), cause)
        if closed.aggregate.closed_at is not None:
            next_one = following_quarter(closed.aggregate, policy.close_days)
            await self._open_quarter(next_one, cause.now)

    async def _open_quarter(self, opened: QuarterOpened, now: datetime) -> None:
        cause = Cause(actor=PLATFORM, now=now)
        await self.quarters.once(opened.quarter, [opened], cause)

    # Observations

    async def point(self, number: int) -> MeasuringPoint:
        """Of the system that holds; NotFound for one that it doesn't have."""
        for point in (await self.systems.current()).points:
            if point.number == number:
                return point
        raise NotFound(f"没有这个测量点：{number}", field="point")

    async def awaited(self, id: str) -> tuple[ObservationAwaited]:
        """How an observation begins; NotFound for no point of ours and no year that was opened."""
        year, number = parsed(id)
        if await self.years.look(str(year)) is None:
            raise NotFound(f"{year} 年没有开始报送。", field="year")
        units = (await self.point(number)).units
        return (ObservationAwaited(year=year, point=number, units=units),)

    async def of_year(self, year: int) -> dict[int, Observation]:
        """Point → what is filed."""
        return {
            held.aggregate.point: held.aggregate
            async for held in self.observations.every({"year": year})
        }

    # Editions

    async def drafted(
        self, id: str, year: int, reason: str | None, by: str, now: datetime
    ) -> EditionDrafted:
        """From the figures filed and the system that holds now."""
        if await self.years.look(str(year)) is None:
            raise NotFound(f"{year} 年没有开始报送。", field="year")
        system = await self.systems.current()
        _, policy = await self.policies.current()
        inputs = await self._inputs(year)
        least = policy.coverage_percent
        hash = fingerprint(system, METHOD, inputs, least)
        return EditionDrafted(
            edition=id,
            year=year,
            number=await self.editions.count({"year": year}) + 1,
            system=system.version,
            method=METHOD.version,
            least_covered=least,
            inputs=inputs,
            result=compute(system, inputs, least),
            hash=hash,
            uncertainty=await to_thread(
                uncertainty, system, inputs, least, hash[:16], policy.draws
            ),
            reason=reason,
            by=by,
            at=now,
        )

    async def latest(self, year: int) -> str | None:
        """The id of the year's last edition."""
        made = [
            (held.aggregate.drafted, held.id) async for held in self.editions.every({"year": year})
        ]
        last = max(made, key=lambda one: (one[0].number, one[0].at, one[1]), default=None)
        return last[1] if last else None

    async def _inputs(self, year: int) -> tuple[Input, ...]:
        """The last filing of each point."""
        filed = await self.of_year(year)
        return tuple(
            Input(
                point=point,
                observation=f"{year}.{point}",
                filing=len(observation.filings),
                values=latest.values,
                grades=tuple(one.grade for one in latest.grades),
            )
            for point, observation in sorted(filed.items())
            if (latest := observation.latest) is not None
        )

    # Tasks

    async def enter_tasks(self, tasks: Sequence[TaskEntered], cause: Cause) -> int:
        """How many weren't known; one that is stays as it is."""
        known = 0
        for task in tasks:
            made = await self.tasks.once(f"{task.table}.{task.number}", [task], cause.unkeyed())
            known += not made.events
        return len(tasks) - known

    async def lapse_task(self, id: str, cause: Cause) -> None:
        await self.tasks.change(id, lambda task: task.lapse(cause.now), cause)

    # Duties

    async def seed_duties(
        self, printed: Sequence[Printed], streets: tuple[str, ...], now: datetime
    ) -> None:
        """This year's, as far as they aren't there; one year opens the next."""
        for duty in printed:
            for id, begun in opened(duty, local_date(now).year, streets, now).items():
                await self.duties.once(id, [begun], Cause(actor=PLATFORM, now=now))

    async def close_period(self, id: str, cause: Cause) -> None:
        """A period is over; after the year's last one the next year's duty begins."""
        year = (await self.duties.get(id)).aggregate.opened.year
        published = await self.editions.count({"year": year, "stage": Stage.PUBLISHED.value})
        closed = await self.duties.change(id, lambda duty: duty.close(cause.now, published), cause)
        if closed.aggregate.wakes_at is None:
            next_id, begun = following(closed.aggregate, cause.now)
            await self.duties.once(next_id, [begun], Cause(actor=PLATFORM, now=cause.now))

    # Findings

    def known_street(self, street: str) -> None:
        if street not in self.quotas:
            raise UnknownReference(f"没有这个街道：{street}", field="street")

    async def lapse_finding(self, id: str, cause: Cause) -> None:
        await self.findings.change(id, lambda finding: finding.lapse(cause.now), cause)

    # Annex 9

    async def sheet_begun(self, id: str) -> tuple[SheetBegun]:
        """How a sheet begins; NotFound for no street of ours."""
        street, _, year = id.partition(".")
        if street not in self.quotas or not (year.isdecimal() and len(year) == 4):
            raise NotFound("评价表编号为“街道代码.年份”。")
        return (SheetBegun(street=street, year=int(year)),)

    async def hear_told(self, street: str, year: int, told: Told, cause: Cause) -> None:
        """A fact of the street's own committee, entered once."""

        def heard(sheet: Sheet | None) -> Iterable[SheetEvent]:
            if sheet is None:
                return [SheetBegun(street=street, year=year), told]
            return sheet.hear(told)

        await self.sheets.record(f"{street}.{year}", heard, cause)

    # The innovation assessment

    async def begin_innovation(
        self, begun: AssessmentBegun, cause: Cause
    ) -> Changed[Innovation, InnovationEvent]:
        own = {"street": begun.street}
        first = await self.innovation.count({**own, "phase": Phase.FIRST.value})
        whole = await self.innovation.count(own)
        quota = self.quotas.get(begun.street)
        return await self.innovation.create(
            begun.community, lambda: [begin(begun, quota, first, whole)], cause
        )

    # Years

    async def open_year(self, year: int, now: datetime) -> None:
        """Unless it is open already."""
        _, policy = await self.policies.current()
        due = policy.due(year)
        remind_on = due - timedelta(days=policy.remind_days)
        begun = YearOpened(year=year, due=due, remind_on=remind_on, at=now)
        await self.years.once(str(year), [begun], Cause(actor=PLATFORM, now=now))

    async def seed_years(self, now: datetime) -> None:
        """The year whose last day to file is the next to come, where no year is open yet."""
        if await self.years.count({}):
            return
        _, policy = await self.policies.current()
        year = local_date(now).year
        await self.open_year(year + (policy.due(year) < local_date(now)), now)

    async def come_due(self, id: str, cause: Cause) -> None:
        """A reminder or the end of the last day; after that the next year is open."""
        held = await self.years.get(id)
        outstanding = await self._outstanding(held.aggregate)
        changed = await self.years.change(
            id, lambda year: year.come_due(outstanding, cause.now), cause
        )
        if changed.aggregate.lapsed_at is not None:
            await self.open_year(changed.aggregate.year + 1, cause.now)

    async def _outstanding(self, year: Year) -> Units:
        filed = {
            point: observation.filings[0].at
            for point, observation in (await self.of_year(year.year)).items()
            if observation.filings
        }
        points = (await self.systems.current()).points
        return year.outstanding({one.number: one.units for one in points}, filed)


def parsed(id: str) -> tuple[int, int]:
    year, _, point = id.partition(".")
    if not (year.isdecimal() and len(year) == 4 and point.isdecimal() and len(point) <= 3):
        raise NotFound("观测值编号为“年份.测量点序号”。")
    return int(year), int(point)
