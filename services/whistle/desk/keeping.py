"""How long who reported is kept (W-16), and what is held about one."""

from datetime import datetime, timedelta
from typing import Any

from chassis.cause import Cause
from chassis.documents import plain
from chassis.kind import Held
from services.whistle.domain import problem as problems
from services.whistle.domain.problem import Problem
from services.whistle.domain.unplaced import Unplaced, UnplacedStatus

from .registers import Registers, is_over

LOOK_AGAIN = timedelta(days=30)
"""A record is looked at as often, so that a shorter term, too, is kept to."""
LINE = "retention.reporter_days"


class KeepingDesk(Registers):
    __slots__ = ()

    async def look_after_reporter(self, problem: str, cause: Cause) -> None:
        """A record whose problem, or report, never came is removed; one that has it is kept for its term."""
        held, waits = await self.problems.look(problem), await self.unplaced.look(problem)
        if held is not None:
            until = await self.kept_until(held)
        elif waits is not None:
            until = await self.kept_until_away(waits.aggregate)
        else:
            await self.reporters.remove(problem)
            return
        if until is not None and until <= cause.now:
            await self.removals.remove(self.reporters.aggregates, problem, LINE, cause)
            return
        next = cause.now + LOOK_AGAIN
        await self.reporters.claim(problem, min(until or next, next), cause)

    async def kept_until(self, held: Held[Problem]) -> datetime | None:
        """None while something is still to be done."""
        whistle = await self.latest_whistle(held.id, held.aggregate)
        if not is_over(held.aggregate, whistle.aggregate if whistle else None):
            return None
        trails = [await self.problems.trail(held.id)]
        if whistle is not None:
            trails.append(await self.whistles.trail(whistle.id))
        last = max(datetime.fromisoformat(trail[-1]["at"]) for trail in trails)
        _, policy = await self.policy()
        return problems.reporter_kept_until(last, policy.retention.reporter_days)

    async def kept_until_away(self, report: Unplaced) -> datetime | None:
        """Of a report that no place is known of, or that is another district's."""
        if report.status is not UnplacedStatus.ELSEWHERE:
            return None
        _, policy = await self.policy()
        return problems.reporter_kept_until(report.moved_at, policy.retention.reporter_days)

    async def held_about(self, problem: str) -> dict[str, Any]:
        """All that is held about one reporter, who read it and what he was told."""
        who = await self.reporters.read(problem)
        held = await self.problems.get(problem)
        read = [
            {"at": entry["at"], "by": entry["actor"], "reason": entry["data"]["reason"]}
            for entry in await self.problems.trail(problem)
            if entry["type"] == "ReporterRead"
        ]
        told = [
            self.notices.codec.dump_state(one.aggregate)
            async for one in self.notices.every({"problem": problem})
        ]
        until = await self.kept_until(held)
        return {
            "problem": problem,
            "number": held.number,
            "reporter": who,
            "asked": await self.reporters.asked(problem),
            "point": await self.reporters.point(problem),
            "case": self.problems.codec.dump_state(held.aggregate),
            "read": read,
            "told": told,
            "kept_until": plain(until),
        }
