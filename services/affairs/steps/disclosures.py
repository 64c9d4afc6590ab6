"""What is disclosed by its date, and contracts that are reviewed before they are signed."""

from typing import Annotated, get_args

from chassis.at import At
from chassis.http import Asked
from chassis.kind import Changed
from chassis.lists import DUE, NEWEST, Filter, by, due, moment
from chassis.steps import Collection, nothing
from chassis.words import Day, Flag, Long, Several, Short
from contracts.event import Code
from services.affairs import announce
from services.affairs.access import ACCESS, COMMUNITY, LOCAL, STREETS
from services.affairs.desk import AffairsDesk, names, place_resource
from services.affairs.domain import contract, disclosure, waiting
from services.affairs.domain.contract import (
    Contract,
    ContractEvent,
    ContractReviewed,
    ContractStatus,
    ContractSubmitted,
)
from services.affairs.domain.disclosure import Affairs, Disclosed, Disclosure, DisclosureEvent

from .words import MUST, Fen

DISCLOSURES: Collection[Disclosure, DisclosureEvent, AffairsDesk, None] = Collection(
    service="affairs",
    name="disclosures",
    title="三务公开",
    path="/disclosures",
    state=Disclosure,
    events=get_args(DisclosureEvent),
    evolve=disclosure.evolve,
    announce=announce.of_disclosures,
    next_due=lambda one: one.wakes_at,
    resource=place_resource,
    access=ACCESS,
    keys=lambda one: {
        **place_resource(one),
        "affairs": one.template.affairs,
        "due": due(one.due_at),
        "opened_at": moment(one.begun_at),
    },
    awaits=waiting.of_disclosure,
    indexes=("street+opened_at", "community+opened_at", "opened_at", "due"),
    names=names,
    sorts={"due": DUE, "newest": NEWEST},
    filters={**by("street", "community"), "affairs": Filter(key="affairs", type=Affairs)},
    of=lambda desk: desk.disclosures,
    knows=nothing,
)


class DisclosedIn(Asked):
    """`period`: `2026-03` or `2026-Q1`; `tendered`: whether there was a tender, whose result is told too."""

    period: Short
    decided: Annotated[Long, MUST] = ""
    vouchers: Long = ""
    tendered: Flag = False
    tender: Long = ""


@DISCLOSURES.step(
    "公开",
    name="publish",
    who=LOCAL,
    rules="A-22",
    opens=lambda one, at: disclosure.may_disclose(one, at.now),
)
def publish(one: Disclosure, at: At[None], body: DisclosedIn) -> list[DisclosureEvent]:
    given = body.model_dump(exclude={"tendered"})
    return disclosure.disclose(one, Disclosed(**given, at=at.now), body.tendered)


class CorrectedIn(DisclosedIn):
    reason: Annotated[Long, MUST] = ""


@DISCLOSURES.step(
    "更正公开",
    name="correct",
    who=LOCAL,
    rules="A-22",
    opens=lambda one, _: disclosure.may_correct(one),
)
def correct(one: Disclosure, at: At[None], body: CorrectedIn) -> DisclosureEvent:
    """Of a period that was disclosed, all of it anew; what was said before stays on record."""
    given = body.model_dump(exclude={"tendered", "reason"})
    return disclosure.correct(one, Disclosed(**given, at=at.now), body.tendered, body.reason)


STEPS = (publish, correct)

CONTRACTS: Collection[Contract, ContractEvent, AffairsDesk, None] = Collection(
    service="affairs",
    name="contracts",
    title="集体经济合同",
    path="/contracts",
    state=Contract,
    events=get_args(ContractEvent),
    evolve=contract.evolve,
    resource=place_resource,
    access=ACCESS,
    keys=lambda one: {
        **place_resource(one),
        "status": one.status,
        "opened_at": moment(one.submitted_at),
    },
    awaits=waiting.of_contract,
    indexes=("street+opened_at", "community+opened_at", "opened_at"),
    words=lambda one: one.subject,
    names=names,
    sorts={"newest": NEWEST},
    filters={
        **by("street", "community"),
        "state": Filter(key="status", type=ContractStatus),
    },
    of=lambda desk: desk.contracts,
    knows=nothing,
)


class ContractIn(Asked):
    """Names no person."""

    community: Code
    subject: Annotated[Short, MUST] = ""
    fen: Fen


@CONTRACTS.step(
    "报送合同预审",
    "/contracts",
    who=COMMUNITY,
    rules="A-22",
    record=None,
    versioned=False,
    status=201,
)
async def submit(
    desk: AffairsDesk, at: At[None], body: ContractIn
) -> Changed[Contract, ContractEvent]:
    street, community = await desk.community(body.community)
    at.demand({"street": street, "community": community})
    submitted = ContractSubmitted(
        street=street, community=community, subject=body.subject, fen=body.fen, at=at.now
    )
    id = at.asking.new_id("contracts")
    return await desk.contracts.create(id, lambda: [contract.submit(submitted)], at.cause)


class JointIn(Asked):
    passed: Flag
    offices: Annotated[tuple[Short, ...], Several] = ()
    opinion: Annotated[Long, MUST] = ""


@CONTRACTS.step(
    "街道联合预审", who=STREETS, rules="A-22", opens=lambda one, _: contract.may_review(one)
)
def review(one: Contract, at: At[None], body: JointIn) -> ContractEvent:
    return contract.review(one, ContractReviewed(**body.model_dump(), at=at.now))


class SignedIn(Asked):
    number: Annotated[Short, MUST] = ""
    on: Day


@CONTRACTS.step(
    "登记签订", who=COMMUNITY, rules="A-22", opens=lambda one, _: contract.may_sign(one)
)
def sign(one: Contract, at: At[None], body: SignedIn) -> ContractEvent:
    return contract.sign(one, body.number, body.on, at.now)


CONTRACT_STEPS = (submit, review, sign)
