"""Applications as they are filed, on screen as from a file, lie sealed, and are opened when their call has closed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from chassis.cause import Cause
from chassis.kind import Changed
from services.procurement.domain import applying, offer
from services.procurement.domain.application import Application
from services.procurement.domain.call import Call, CallStatus
from services.procurement.domain.offer import Offer, OfferEvent, OfferFiled

from .applicants import Applicants


class Filing(Applicants):
    __slots__ = ()

    async def would_file(self, call: Call, said: Application) -> OfferFiled:
        """What it comes to as of now, with the hearing that it rests on and what of its applicant decides between
        equals; or why it may not be."""
        await self.may_carry_out(said.community, call, said.at)
        applicant = await self.applicant(
            said.supplier, call.project, said.at, call.plan, call.year, call.item
        )
        hearing = await self.hearing(call.project, said.community)
        prepared = said.prepared
        if prepared is not None and hearing is not None:
            prepared = replace(prepared, matter=hearing.matter)
        precedence = applicant.precedence(said.workers, said.staff)
        application = replace(said, prepared=prepared, precedence=precedence)
        applying.check(
            call,
            application,
            applicant,
            won=await self.won_by(said.supplier, call.year),
            work=self.work,
            guide=self.guide,
            hearing=hearing,
        )
        offer.fits(await self._offered(call), said.supplier)
        return offer.file(call, application)

    async def file(self, call: str, said: Application, cause: Cause) -> Changed[Offer, OfferEvent]:
        """Again, it takes the place of the one before."""
        known = (await self.calls.get(call)).aggregate
        id = self.seal.offer_id(known, said.supplier)
        repeated = await self.applications.recalls(id, cause)
        found = () if repeated else (await self.would_file(known, said),)
        return await self.applications.record(id, lambda _: found, cause)

    async def lying(self, call: Call, supplier: str) -> Application | None:
        """What it filed, as it lies sealed."""
        held = await self.applications.look(self.seal.offer_id(call, supplier))
        return held.aggregate.application if held else None

    async def withdraw(self, id: str, cause: Cause) -> Changed[Offer, OfferEvent]:
        return await self.applications.change(id, lambda one: (one.withdraw(cause.now),), cause)

    async def open_applications(self, id: str, cause: Cause) -> None:
        """P-10: by the clock alone, so long after its call was closed that all is written that came in time."""
        offered = await self._offered((await self.calls.get(id)).aggregate)
        await self.calls.change(id, lambda call: call.open_applications(offered, cause.now), cause)

    async def find_left_sealed(self, now: datetime) -> None:
        """P-10: at start, what an earlier build (before 1 December 2026) closed while applications lay there."""
        cause = Cause(actor="platform", now=now)
        async for held in self.calls.every({"status": CallStatus.OPEN}):
            if held.aggregate.closed and (offered := await self._offered(held.aggregate)):
                left = partial(Call.left_sealed, offered=offered, now=now)
                await self.calls.change(held.id, left, cause)

    async def _offered(self, call: Call) -> Mapping[str, Application | None]:
        lying = [one.aggregate async for one in self.applications.every({"call": call.id})]
        return offer.offered(call, lying)
