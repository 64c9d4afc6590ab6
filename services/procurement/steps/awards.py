"""From the ranking to the contract: awarded, its plan revised, confirmed and approved."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from chassis.at import At
from chassis.http import Asked
from chassis.steps import Part
from chassis.words import Flag, Long, Passage
from contracts.event import Code
from services.procurement.access import ENTRUSTED, KEEPERS, PURCHASERS, SUPPLIERS
from services.procurement.desk import ProcurementDesk
from services.procurement.domain import awarding
from services.procurement.domain.application import Form
from services.procurement.domain.call import Call
from services.procurement.domain.call_events import CallEvent
from services.procurement.domain.guide import Service

from .applications import FormIn, ServiceIn
from .calls import CALLS, Known, learned, resource


class AwardIn(Asked):
    """`suggestions` of the panel are published with it."""

    supplier: Code
    suggestions: Passage = ""


async def learn_winner(desk: ProcurementDesk, at: At[Known], body: AwardIn) -> Known:
    """And who of those ranked before may not have it any more."""
    call, out = at.known.there, []
    for one in awarding.ranked_before(call, body.supplier):
        first = await learned(desk, at, one)
        if awarding.is_out(call, first.applying.standing, first.won):
            out.append(one)
    return replace(await learned(desk, at, body.supplier), out=tuple(out))


@CALLS.step(
    "定标",
    who=PURCHASERS,
    rules="P-07 P-30 P-33 P-38",
    opens=lambda call, _: awarding.may_award(call),
    learns=(learn_winner,),
)
def award(call: Call, at: At[Known], body: AwardIn) -> tuple[CallEvent, ...]:
    return awarding.award(
        call,
        supplier=body.supplier,
        standing=at.known.applying.standing,
        won=at.known.won,
        out=at.known.out,
        suggestions=body.suggestions,
        now=at.now,
        days=at.known.policy.sign_days,
    )


def parties(call: Call, at: At[Any]) -> dict[str, object]:
    """Who won, and a community, of which the guard says whether it is theirs, as the record doesn't know what became of
    that: of a call nobody has won, nobody's."""
    if call.awarded is None:
        return resource(call)
    return {
        **resource(call),
        "supplier": call.awarded.supplier,
        "community": at.subject.code,
    }


def may_confirm(call: Call, at: At[Known]) -> None:
    awarding.carries_out(at.known.together, at.subject.code)
    awarding.may_confirm(call)


class ProgrammeIn(Asked):
    """The plan anew, as the application had it."""

    form: FormIn
    services: Annotated[tuple[ServiceIn, ...], Field(max_length=60)]


@CALLS.step(
    "修改方案",
    name="revise_programme",
    who=SUPPLIERS,
    rules="P-05 P-33 P-34",
    part=Part(whose=parties),
    opens=lambda call, _: awarding.may_revise(call),
    versioned=None,
)
def revise(call: Call, at: At[Known], body: ProgrammeIn) -> CallEvent:
    """Who won sees no others, so it needn't know the version."""
    return awarding.revise(
        call,
        form=Form(**body.form.model_dump()),
        services=tuple(Service(**one.model_dump()) for one in body.services),
        known=at.known.guide,
        now=at.now,
    )


@CALLS.step(
    "确认方案",
    name="confirm_programme",
    who=ENTRUSTED,
    rules="P-33",
    part=Part(whose=parties),
    opens=may_confirm,
    versioned=None,
)
def confirm(call: Call, at: At[Known]) -> CallEvent:
    may_confirm(call, at)
    return awarding.confirm(call, at.now)


class ProgrammeApprovalIn(Asked):
    approved: Flag
    opinion: Long


@CALLS.step(
    "审定方案",
    name="approve_programme",
    who=KEEPERS,
    rules="P-33",
    opens=lambda call, _: awarding.may_approve(call),
)
def approve(call: Call, at: At[Known], body: ProgrammeApprovalIn) -> CallEvent:
    return awarding.approve(call, approved=body.approved, opinion=body.opinion, now=at.now)


STEPS = (award, revise, confirm, approve)
