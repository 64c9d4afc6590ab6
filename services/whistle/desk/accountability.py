"""Repeated reports, and the accountability case against who held them (W-12)."""

from datetime import datetime, timedelta

from chassis.cause import Cause
from chassis.kernel.clock import start
from chassis.kind import derived_id
from chassis.renewal import renew
from services.whistle.domain import accountability, spot
from services.whistle.domain.accountability import Case, CaseOpened, CaseStatus
from services.whistle.domain.policy import Accountability
from services.whistle.domain.problem import Problem
from services.whistle.domain.spot import Spot
from services.whistle.domain.whistle import Whistle

from .registers import Registers


def case_resource(case: Case) -> dict[str, object]:
    kind, _, code = case.holder.partition(":")
    units = (code,) if kind == "department" else ()
    return {"street": case.street, "community": case.community, "units": units}


class AccountabilityDesk(Registers):
    __slots__ = ()

    async def count_report(self, place: str, report: spot.ReportCounted, cause: Cause) -> None:
        _, policy = await self.policy()
        await self.spots.record(
            await self._going_on(place, report, policy.accountability),
            lambda known: spot.count(known, report, policy.accountability, self.work),
            cause,
        )

    async def _going_on(
        self, place: str, report: spot.ReportCounted, policy: Accountability
    ) -> str:
        """The place, or the one without a key while there is none with it and the days since its last report aren't
        over: a run is not cut, and no report is counted under both.
        """
        problem = await self.problems.look(report.problem)
        before = self.spot_ids.before(problem.aggregate) if problem else None
        held = await self.spots.look(before) if before else None
        if held is None:
            return place
        if await self.spots.look(place) is None:
            there = spot.goes_on(held.aggregate, report.at, policy)
        else:
            there = any(one.problem == report.problem for one in held.aggregate.reports)
        return held.id if there else place

    async def hold_to_account(self, place: str, cause: Cause) -> None:
        """Where as many as the policy says were not acted on; the last one says who held them.

        Of whichever runs they were told with: only what stands in a case already counts for no second one.
        """
        known = (await self.spots.get(place)).aggregate
        if known.told is None:
            return
        _, policy = await self.policy()
        ignored = await self._ignored(known, policy.accountability, cause.now)
        run = spot.run_of(
            [one for one in known.reports if one.problem in ignored],
            policy.accountability,
            self.work,
        )
        if not run:
            return
        matters = [ignored[one.problem] for one in run]
        called = [one for one in matters if one[1] is not None and one[1].tasks]
        opened = CaseOpened(
            holder=accountability.holder(*(called or matters)[-1]),
            street=known.street,
            community=known.community,
            category=known.category,
            problems=tuple(one.problem for one in run),
            first=run[0].at,
            last=run[-1].at,
            answer_by=start(policy.accountability.answer, cause.now, self.work),
            at=cause.now,
        )
        id = derived_id("cases", place, opened.last.isoformat())
        numbered = await self.numbered(opened.street, cause.now)
        await self.cases.once(id, [opened], cause, numbered=numbered)

    async def look_again(self, place: str, cause: Cause) -> None:
        """A case is opened before its place goes on, so that after a crash in between it is found again."""
        await self.hold_to_account(place, cause)
        _, policy = await self.policy()
        await self.spots.change(
            place, lambda known: spot.looked_at(known, policy.accountability, cause.now), cause
        )

    async def _ignored(
        self, known: Spot, policy: Accountability, now: datetime
    ) -> dict[str, tuple[Problem, Whistle | None]]:
        """Of the latest reports, by problem; what is older than two runs can be is in none that is asked about."""
        here = {"street": known.street, "community": known.community, "category": known.category}
        held = [one.aggregate.problems async for one in self.cases.every(here)]
        answered_for = {problem for problems in held for problem in problems}
        since = now - timedelta(days=2 * policy.days)
        asked = [one.problem for one in known.reports if one.at >= since]
        matters = {id: await self._matter(id) for id in asked if id not in answered_for}
        return {id: one for id, one in matters.items() if accountability.ignored(*one)}

    async def renew_cases(self, now: datetime) -> None:
        """At start: whatever is open; a case doesn't keep which calendar its time was counted in."""
        await renew(
            self.cases,
            [{"status": CaseStatus.OPEN}],
            lambda case: case.renew_calendar(self.work, now),
            now,
        )

    async def _matter(self, problem: str) -> tuple[Problem, Whistle | None]:
        held = await self.problems.get(problem)
        whistle = await self.latest_whistle(problem, held.aggregate)
        return held.aggregate, whistle.aggregate if whistle else None
