"""What a summoned unit does, and its clocks."""

from datetime import datetime

from chassis.aggregates import Changed
from chassis.asking import Asking
from chassis.cause import Cause
from chassis.renewal import outdated, renew
from services.whistle.commands import Arrive, AskExtension, FileResult
from services.whistle.domain import competence, judging
from services.whistle.domain.events import WhistleEvent
from services.whistle.domain.task import Which
from services.whistle.domain.whistle import Whistle

from .proofs import ProofDesk
from .registers import of_unit


class WorkDesk(ProofDesk):
    __slots__ = ()

    async def arrive(
        self, id: str, unit: str, command: Arrive, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        (_, policy), rungs = await self.policy(), await self.rungs()
        await self.filed(id, unit, command.proofs, asking)
        return await self.whistles.decide(
            id,
            "arrive",
            asking,
            lambda w: w.arrive(
                unit=unit,
                now=asking.cause.now,
                rungs=rungs,
                place=command.place,
                proofs=command.proofs,
                proven=policy.proof.arrival,
            ),
            whose=of_unit(unit),
        )

    async def file_result(
        self, id: str, unit: str, command: FileResult, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        (_, policy), rungs = await self.policy(), await self.rungs()
        await self.filed(id, unit, command.result.proofs, asking)
        return await self.whistles.decide(
            id,
            "result",
            asking,
            lambda w: w.file_result(
                unit=unit,
                result=command.result,
                now=asking.cause.now,
                rungs=rungs,
                proven=policy.proof.result,
            ),
            whose=of_unit(unit),
        )

    async def decline(
        self, id: str, unit: str, whose: str, ground: str, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        policy, rungs = await self.policy(), await self.rungs()
        units = await self.units_by_code((whose,))
        return await self.whistles.decide(
            id,
            "decline",
            asking,
            lambda w: competence.decline(
                w,
                unit=unit,
                whose=whose,
                ground=ground,
                units=units,
                policy=policy,
                now=asking.cause.now,
                rungs=rungs,
            ),
            whose=of_unit(unit),
        )

    async def decide_competence(
        self, id: str, unit: str, reason: str, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        policy, rungs = await self.policy(), await self.rungs()
        units = await self.units_by_code((unit,))
        return await self.whistles.decide(
            id,
            "competence",
            asking,
            lambda w: competence.decide(
                w,
                by=asking.by,
                unit=unit,
                reason=reason,
                units=units,
                policy=policy,
                now=asking.cause.now,
                rungs=rungs,
            ),
        )

    async def ask_extension(
        self, id: str, unit: str, command: AskExtension, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        return await self.whistles.decide(
            id,
            "ask_extension",
            asking,
            lambda w: [
                w.ask_extension(
                    unit=unit,
                    which=command.which,
                    days=command.days,
                    reason=command.reason,
                    now=asking.cause.now,
                )
            ],
            whose=of_unit(unit),
        )

    async def grant_extension(
        self, id: str, unit: str, which: Which, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        rungs = await self.rungs()
        return await self.whistles.decide(
            id,
            "grant_extension",
            asking,
            lambda w: w.grant_extension(
                unit=unit, which=which, by=asking.by, now=asking.cause.now, rungs=rungs
            ),
        )

    async def pause(
        self, id: str, unit: str, reason: str, asking: Asking
    ) -> Changed[Whistle, WhistleEvent]:
        return await self.whistles.decide(
            id,
            "pause",
            asking,
            lambda w: w.pause(unit=unit, reason=reason, by=asking.by, now=asking.cause.now),
        )

    async def resume(self, id: str, unit: str, asking: Asking) -> Changed[Whistle, WhistleEvent]:
        return await self.whistles.decide(
            id,
            "resume",
            asking,
            lambda w: w.resume(unit=unit, by=asking.by, now=asking.cause.now, work=self.work),
        )

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
            lambda w: judging.renew_calendar(w, rungs=rungs),
            now,
        )
