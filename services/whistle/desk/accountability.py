"""Repeated reports, and the accountability case against who held them (W-12)."""

from datetime import datetime

from chassis.cause import Cause
from chassis.kernel.clock import start
from chassis.kind import derived_id
from chassis.renewal import renew
from services.whistle.domain import accountability, spot
from services.whistle.domain.accountability import Case, CaseOpened, CaseStatus
from services.whistle.domain.problem import Problem
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
            place,
            lambda known: spot.count(known, report, policy.accountability, self.work),
            cause,
        )

    async def hold_to_account(self, place: str, cause: Cause) -> None:
        """Where as many as the policy says were not acted on; the last one says who held them."""
        held = await self.spots.get(place)
        told = held.aggregate.told
        if told is None:
            return
        _, policy = await self.policy()
        matters = {id: await self._matter(id) for id in told.problems}
        ignored = {id: one for id, one in matters.items() if accountability.ignored(*one)}
        reports = [one for one in held.aggregate.reports if one.problem in ignored]
        if spot.times(reports, policy.accountability, self.work) < policy.accountability.reports:
            return
        called = [one for one in ignored.values() if one[1] is not None and one[1].tasks]
        opened = CaseOpened(
            holder=accountability.holder(*(called or [*ignored.values()])[-1]),
            street=held.aggregate.street,
            community=held.aggregate.community,
            category=held.aggregate.category,
            problems=told.problems,
            first=told.first,
            last=told.last,
            answer_by=start(policy.accountability.answer, cause.now, self.work),
            at=cause.now,
        )
        id = derived_id("cases", place, told.last.isoformat())
        numbered = await self.numbered(opened.street, cause.now)
        await self.cases.once(id, [opened], cause, numbered=numbered)

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
