"""What happens by the clock, and at a start; and what follows from a record for another."""

from datetime import datetime

from chassis.cause import Cause
from chassis.kind import Held, derived_id
from chassis.renewal import renew
from services.procurement.domain.call import CallStatus
from services.procurement.domain.course import Status
from services.procurement.domain.remark import Remark, RemarkStatus, Source, counted
from services.procurement.domain.tip import Tip

from .news import News


class Due(News):
    __slots__ = ()

    async def call_due(self, id: str, cause: Cause) -> None:
        """Its closing day is over, applications are opened, a result or a signature is late, or it was signed."""
        call = (await self.calls.get(id)).aggregate
        if call.unopened:
            await self.open_applications(id, cause)
            return
        signed = call.in_time(one.signed_at for one in await self.signed_under(call))
        await self.calls.change(
            id, lambda known: known.come_due(signed=signed, now=cause.now), cause
        )

    async def come_due(self, id: str, cause: Cause) -> None:
        """An instalment's time has run out, or a term is over."""
        await self.contracts.change(id, lambda c: c.come_due(now=cause.now), cause)

    async def missed_in(self, contract: str, now: datetime) -> int:
        """P-26: how much of what was found in it wasn't put right in time, whether or not the timer came by; with what
        was withdrawn after an evaluation had counted it, or it would let another off."""
        evaluated = (await self.contracts.get(contract)).aggregate.evaluations
        return sum(
            [
                held.aggregate.counts(now) or any(counted(past, one.at) for one in evaluated)
                async for held, past in self.remarks.every_past({"contract": contract})
            ]
        )

    async def remark_due(self, id: str, cause: Cause) -> None:
        await self.remarks.change(id, lambda one: one.miss(cause.now), cause)

    async def give_back(self, held: Held[Remark], cause: Cause) -> None:
        """P-26: what a resident reported, once what was made of it is withdrawn."""
        remark = held.aggregate
        if (remark.source, remark.status) != (Source.RESIDENT, RemarkStatus.WITHDRAWN):
            return
        async for tip in self.tips.every({"contract": remark.contract}):
            await self.tips.change(
                tip.id, lambda one: one.give_back(held.id, cause.now), cause.unkeyed()
            )

    async def made_of(self, id: str, tip: Tip) -> str:
        """P-26: the id of the remark that is made of it now; not one that was withdrawn, were it while the tip didn't
        know of it, as who made it was stopped in between."""
        before = list(tip.withdrawn)
        while True:
            made = derived_id("remark", "tip", id, *before)
            held = await self.remarks.look(made)
            if held is None or held.aggregate.status is not RemarkStatus.WITHDRAWN:
                return made
            before.append(made)

    async def give_back_all(self, now: datetime) -> None:
        """At start: builds before 1 December 2026 left it as taken up, and so does who is stopped in between."""
        async for held in self.remarks.every({"status": RemarkStatus.WITHDRAWN}):
            await self.give_back(held, Cause(actor="platform", now=now))

    async def fund_due(self, id: str, cause: Cause) -> None:
        ended = await self.ended_on(id, cause.now)
        await self.funds.change(id, lambda fund: fund.come_due(ended, cause.now), cause)

    async def report_due(self, id: str, cause: Cause) -> None:
        await self.reports.change(id, lambda report: report.miss(cause.now), cause)

    async def find_missed(self, contract: str, cause: Cause) -> None:
        """A month, or a report's day, has gone by."""
        await self.supervisions.change(
            contract, lambda one: one.find_missed(cause.now, self.work), cause
        )

    async def end_bars(self, code: str, cause: Cause) -> None:
        """A bar's term is over."""
        await self.suppliers.change(code, lambda supplier: supplier.end_bars(now=cause.now), cause)

    async def renew_calendar(self, now: datetime) -> None:
        """At start: what has time that runs."""
        await renew(
            self.reports,
            [{"public": False, "missed": False}],
            lambda report: report.renew_calendar(self.work, now),
            now,
        )
        await renew(
            self.calls,
            [{"status": CallStatus.RANKED}],
            lambda call: call.renew_calendar(self.work, now),
            now,
        )
        await renew(
            self.remarks,
            [{"status": one, "missed": False} for one in (RemarkStatus.OPEN, RemarkStatus.DONE)],
            lambda remark: remark.renew_calendar(self.work, now),
            now,
        )
        await renew(
            self.contracts,
            [{"status": Status.SIGNED}],
            lambda c: c.renew_calendar(self.work, now),
            now,
        )
