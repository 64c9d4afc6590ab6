"""Task tables, duties by the calendar and findings: each with its clock."""

from collections.abc import Sequence
from datetime import datetime

from chassis.cause import Cause
from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import UnknownReference
from chassis.policy import PLATFORM
from services.index.domain.checklist import TaskEntered
from services.index.domain.duty import PUBLISHED, Printed, following, opened
from services.index.domain.edition import Stage

from .registers import Registers


class DutyDesk(Registers):
    __slots__ = ()

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
        self, printed: Sequence[Printed], streets: tuple[str, ...], first: int, now: datetime
    ) -> None:
        """This year's, as far as they aren't there; one year opens the next.

        The index is published of the `first` year whose figures are collected here, and not before.
        """
        this = local_date(now).year
        for duty in printed:
            year = max(this, first) if duty.code == PUBLISHED else this
            for id, begun in opened(duty, year, streets, now).items():
                await self.duties.once(id, [begun], Cause(actor=PLATFORM, now=now))

    async def close_period(self, id: str, cause: Cause) -> None:
        """A period is over; with the year's last one the next year's duty begins."""
        duty = (await self.duties.get(id)).aggregate
        if cause.now >= end_of(duty.periods[-1].last):
            next_id, begun = following(duty, cause.now)
            await self.duties.once(next_id, [begun], Cause(actor=PLATFORM, now=cause.now))
        editions = self.editions.every({"year": duty.opened.year, "stage": Stage.PUBLISHED.value})
        made = [held.aggregate.published async for held in editions]
        published = [one.at for one in made if one is not None]
        await self.duties.change(id, lambda known: known.close(cause.now, published), cause)

    # Findings

    def known_street(self, street: str) -> None:
        if street not in self.quotas:
            raise UnknownReference(f"没有这个街道：{street}", field="street")

    async def lapse_finding(self, id: str, cause: Cause) -> None:
        await self.findings.change(id, lambda finding: finding.lapse(cause.now), cause)
