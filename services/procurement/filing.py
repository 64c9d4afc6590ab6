"""Applications as they are filed, on screen as from a file, lie sealed, and are opened when their call has closed."""

from dataclasses import replace
from functools import partial

from chassis.cause import Cause
from chassis.kind import Changed, derived_id

from .desk import ProcurementDesk
from .domain import applying, offer
from .domain.application import Application
from .domain.call import Call
from .domain.offer import Offer, OfferEvent, OfferFiled


def offer_id(call: Call, supplier: str) -> str:
    """One a supplier and time that it is called for: what was cancelled and opened anew is applied for anew."""
    opened = call.opened_at.isoformat() if call.opened_at else ""
    return derived_id("application", call.id, opened, supplier)


async def filed(desk: ProcurementDesk, call: Call, said: Application) -> OfferFiled:
    """What it comes to as of now: with the hearing that it rests on, and what of its applicant decides between equals;
    or why it may not be."""
    await desk.may_carry_out(said.community, call)
    applicant = await desk.applicant(
        said.supplier, call.project, said.at, call.plan, call.year, call.item
    )
    hearing = await desk.hearing(call.project, said.community)
    prepared = said.prepared
    if prepared is not None and hearing is not None:
        prepared = replace(prepared, matter=hearing.matter)
    precedence = applicant.precedence(said.workers, said.staff)
    application = replace(said, prepared=prepared, precedence=precedence)
    applying.check(
        call,
        application,
        applicant,
        won=await desk.won_by(said.supplier, call.year),
        work=desk.work,
        guide=desk.guide,
        hearing=hearing,
    )
    return offer.file(call, application)


async def file(
    desk: ProcurementDesk, call: str, said: Application, cause: Cause
) -> Changed[Offer, OfferEvent]:
    """Again, it takes the place of the one before."""
    known = (await desk.calls.get(call)).aggregate
    id = offer_id(known, said.supplier)
    repeated = await desk.applications.recalls(id, cause)
    found = () if repeated else (await filed(desk, known, said),)
    made = await desk.applications.record(id, lambda _: found, cause)
    await open_if_closed(desk, call, cause)
    return made


async def lying(desk: ProcurementDesk, call: Call, supplier: str) -> Application | None:
    """What it filed, as it lies sealed."""
    held = await desk.applications.look(offer_id(call, supplier))
    return held.aggregate.application if held else None


async def withdraw(desk: ProcurementDesk, id: str, cause: Cause) -> Changed[Offer, OfferEvent]:
    made = await desk.applications.change(id, lambda one: (one.withdraw(cause.now),), cause)
    await open_if_closed(desk, made.aggregate.call, cause)
    return made


async def open_if_closed(desk: ProcurementDesk, call: str, cause: Cause) -> None:
    """P-10: what was filed or withdrawn while its call was being closed is in what is opened of it, too: it is closed
    before it is looked for what there is."""
    known = (await desk.calls.get(call)).aggregate
    if known.closed_at is None:
        return
    lying = [one.aggregate async for one in desk.applications.every({"call": call})]
    opened = partial(Call.open_applications, offered=offer.offered(known, lying), now=cause.now)
    await desk.calls.change(call, opened, cause.unkeyed())


async def call_due(desk: ProcurementDesk, id: str, cause: Cause) -> None:
    """Its closing day is over, a result or a signature is late, or it was signed."""
    call = (await desk.calls.get(id)).aggregate
    signed = call.in_time(one.signed_at for one in await desk.signed_under(call))
    await desk.calls.change(id, lambda known: known.come_due(signed=signed, now=cause.now), cause)
    await open_if_closed(desk, id, cause)
