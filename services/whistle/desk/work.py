"""What comes due on a whistle, and its deadlines under a new calendar."""

from datetime import datetime

from chassis.cause import Cause
from chassis.renewal import outdated, renew
from services.whistle.domain import judging

from .proofs import ProofDesk


class WorkDesk(ProofDesk):
    __slots__ = ()

    async def fire(self, id: str, cause: Cause) -> None:
        """Whatever rungs of this whistle are due."""
        rungs = await self.rungs()
        await self.whistles.change(id, lambda w: w.fire(now=cause.now, rungs=rungs), cause)

    async def renew_calendar(self, now: datetime) -> None:
        """At start: open whistles whose deadlines were computed under another calendar."""
        rungs = await self.rungs()
        await renew(
            self.whistles,
            outdated(self.work.days),
            lambda w: judging.renew_calendar(w, rungs=rungs, now=now),
            now,
        )
