"""Contracts: signed, evaluated in stages by who has no interest in them, terminated."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kernel.clock import WorkTime, local_date, soonest
from chassis.kernel.draw import Commitment
from chassis.kind import Changed
from chassis.lists import DUE, NEWEST, Filter, by, due, moment
from chassis.places import numbered, standing
from chassis.steps import Collection
from chassis.words import Day, Flag, Long, Moment, Short, Whole
from contracts.event import Code, Id
from services.procurement import announce
from services.procurement.access import (
    ACCESS,
    ENTRUSTED,
    PAYERS,
    PURCHASERS,
    SUPPLIERS,
    own,
)
from services.procurement.desk import ProcurementDesk, contract_id, contract_resource, names
from services.procurement.domain import awarding, signing, waiting
from services.procurement.domain.appraisal import taken_part_in, to_evaluate
from services.procurement.domain.call import Call
from services.procurement.domain.contract import Contract
from services.procurement.domain.course import Status
from services.procurement.domain.events import (
    ContractEvent,
    ContractSigned,
    Money,
    Terms,
)
from services.procurement.domain.evolution import evolve
from services.procurement.domain.expert import Expert
from services.procurement.domain.item import Item
from services.procurement.domain.lots import apart
from services.procurement.domain.payment import Instalment
from services.procurement.domain.pilot import carried_out
from services.procurement.domain.policy import ProcurementPolicy
from services.procurement.domain.sellers import may_sell
from services.procurement.steps.panels import SEATED, SEATS, panel_steps, seated_on
from services.procurement.steps.words import Fen, Year

Edition = tuple[int, ProcurementPolicy]


@dataclass(frozen=True, slots=True)
class Known:
    """What a step knows: the policy and its version, the working time, and the appointed experts where it
    draws among them, with what a list is committed to and the secret it was; how much of what was found wasn't put
    right in time, whether it is supervised, up to what month, and how much may be signed for its item."""

    policy: Edition
    work: WorkTime
    experts: tuple[Expert, ...] = ()
    missed: int = 0
    supervised: bool = False
    supervised_to: date | None = None
    interested: tuple[str, ...] = ()
    commitment: Commitment | None = None
    secret: str | None = None
    most: int = 0


async def known(desk: ProcurementDesk, _: Contract | None, __: At[None]) -> Known:
    return Known(await desk.policies.current(), desk.work)


CONTRACTS: Collection[Contract, ContractEvent, ProcurementDesk, Known] = Collection(
    service="procurement",
    name="contracts",
    title="合同",
    path="/contracts",
    state=Contract,
    events=get_args(ContractEvent),
    evolve=evolve,
    announce=announce.of_contracts,
    resource=contract_resource,
    access=ACCESS,
    keys=lambda contract: {
        **contract_resource(contract),
        "project": contract.project,
        "year": contract.year,
        "money": contract.money,
        "plan": contract.plan,
        "status": contract.status,
        "overdue": contract.overdue,
        "due": due(soonest(waiting.of_contract(contract), contract.next_due)),
        "opened_at": moment(contract.signed_at),
        **seated_on(contract.panel, to_evaluate(contract)),
    },
    awaits=waiting.of_contract,
    own=lambda contract, reader: taken_part_in(contract, reader.acts_as),
    runs=lambda contract, _: waiting.coming(contract.next_due),
    indexes=(
        "street+opened_at",
        "community",
        "units[]",
        "supplier+opened_at",
        "project",
        "plan",
        "opened_at",
        "street+due",
        "due",
        "overdue",
        *SEATS,
    ),
    always=SEATED,
    words=lambda contract: contract.title,
    names=names,
    sorts={"newest": NEWEST, "due": DUE},
    filters={
        **by("supplier", "project", "street", "community"),
        "year": Filter(key="year", type=Year),
        "money": Filter(key="money", type=Money),
        "overdue": Filter(key="overdue", type=bool),
        "due_before": Filter(key="due", type=Moment, how="before"),
        "state": Filter(key="status", type=Status),
    },
    next_due=lambda contract: contract.next_due,
    of=lambda desk: desk.contracts,
    knows=known,
)


class ContractIn(Asked):
    """For an item of a published plan, which says its year and way; `amount` is in fen, `replaces` a contract of
    the same item that ended early, `workers` a pilot's social workers, `outside` what a residents' committee does
    beyond its lists, `trade` the number at the trading centre; what was called for has the community of its award."""

    plan: Id
    item: Code
    replaces: Id | None = None
    supplier: Code
    project: Code
    title: Short
    street: Code
    community: Code | None = None
    amount: Fen
    money: Money = Money.PURCHASE
    outside: Long = ""
    workers: Annotated[Whole, Field(ge=0, le=1000)] = 0
    trade: Short = ""


async def awarded(desk: ProcurementDesk, call: Call, body: ContractIn) -> ContractIn:
    """P-33: as it was awarded; the community that applied needn't be said."""
    awarding.won(call, body.supplier, body.project, body.amount)
    apart(call, await desk.won_by(body.supplier, call.year))
    together = await desk.as_now(awarding.winner(call).community)
    return body.model_copy(update={"community": awarding.carried_out_by(together, body.community)})


async def placed(
    desk: ProcurementDesk, call: Call | None, item: Item, body: ContractIn, at: At[Known]
) -> None:
    """P-10: by a community of its street, or (ours) one that moved since it was awarded what that street bought, or
    since it was signed what goes on (P-13)."""
    theirs = item.renews is not None or (
        call is not None and awarding.winner(call).community is not None
    )
    if body.community is not None and theirs and at.subject.kind == "street":
        await standing(desk.communities, body.community, local_date(at.now))
    elif body.community is not None:
        await desk.in_street(body.community, body.street, at.now)


@CONTRACTS.step(
    "签订合同",
    "/contracts",
    who=PURCHASERS | ENTRUSTED,
    rules="P-02 P-03 P-06 P-07 P-13 P-28 P-29 P-32 P-33 P-38 P-40",
    record=None,
    versioned=False,
    status=201,
)
async def sign(
    desk: ProcurementDesk, at: At[Known], said: ContractIn
) -> Changed[Contract, ContractEvent]:
    at.demand({"street": said.street, "community": said.community, "units": own(at.subject)})
    plan, item = await desk.bought(said.plan, said.item, said.amount, at.by, at.now)
    if (call := await desk.call_for(plan, item)) is not None:
        said = await awarded(desk, call, said)
    await placed(desk, call, item, said, at)
    carried_out(item, said.community, said.workers)
    signing.traded(item, at.known.policy[1].of(plan.year), said.trade)
    applicant = await desk.applicant(said.supplier, said.project, at.now, plan.id, plan.year, item)
    may_sell(applicant.supplier.kind, at.by, said.outside)
    previous = await desk.renewable(item.renews, at.by) if item.renews else None
    id = contract_id(plan.id, item.code, said.replaces)
    signed = ContractSigned(
        contract=id,
        **said.model_dump(),
        year=plan.year,
        way=item.way,
        purchaser=at.by,
        renews=item.renews,
        turn=previous.turn + 1 if previous else 1,
        standing=applicant.standing,
        needs=await desk.told_as(item.needs),
        at=at.now,
    )
    if previous is not None:
        signing.renew(previous, signed)
    if said.replaces is not None:
        ended = await desk.ended_early(said.replaces, at.by)
        signed = signing.replace_ended(ended, signed, item.amount)

    def decided(known: Contract | None) -> list[ContractEvent]:
        signing.once(known)
        return [signing.sign(signed, applicant.standing)]

    number = await numbered(desk.communities, said.street, at.now)
    return await desk.contracts.record(id, decided, at.cause, numbered=number)


class TermsIn(Asked):
    """Every part that a contract has to state; `until` is its last day."""

    scope: Long
    object: Long
    quantity: Long
    quality: Long
    until: Day
    payment: Long
    duties: Long
    liability: Long


async def supervised(desk: ProcurementDesk, at: At[Known], _: Asked) -> Known:
    held = await desk.supervisions.look(at.id)
    return replace(at.known, supervised_to=held.aggregate.until if held else None)


@CONTRACTS.step(
    "合同备案",
    who=PURCHASERS,
    rules="P-15 P-30",
    opens=lambda c, at: c.may_file(at.by),
    learns=(supervised,),
)
def file(c: Contract, at: At[Known], body: TermsIn) -> tuple[ContractEvent, ...]:
    return c.file(
        by=at.by,
        terms=Terms(**body.model_dump()),
        years=at.known.policy[1].term_years,
        now=at.now,
        work=at.known.work,
        supervised_to=at.known.supervised_to,
    )


class CorrectionIn(ReasonIn):
    """All the `terms` as they are right, the `amount` in fen, or both."""

    terms: TermsIn | None = None
    amount: Fen | None = None


async def most(desk: ProcurementDesk, at: At[Known], _: CorrectionIn) -> Known:
    return replace(at.known, most=await desk.most_for((await desk.contracts.get(at.id)).aggregate))


@CONTRACTS.step(
    "更正合同",
    "/contracts/{id}/corrections",
    who=PURCHASERS,
    rules="P-02 P-15 P-30",
    opens=lambda c, at: c.may_correct(at.by),
    learns=(supervised, most),
)
def correct(c: Contract, at: At[Known], body: CorrectionIn) -> ContractEvent:
    """What was written wrong; it holds once who delivers has confirmed it."""
    return c.correct(
        by=at.by,
        terms=Terms(**body.terms.model_dump()) if body.terms else None,
        amount=body.amount,
        reason=body.reason,
        most=at.known.most,
        years=at.known.policy[1].term_years,
        now=at.now,
        supervised_to=at.known.supervised_to,
    )


class CorrectionAnswerIn(Asked):
    """Why it isn't agreed to, where it isn't."""

    agreed: Flag
    comment: Long = ""


@CONTRACTS.step(
    "确认更正",
    "/contracts/{id}/corrections/answer",
    name="answer_correction",
    who=SUPPLIERS,
    rules="P-30",
    opens=lambda c, _: c.may_answer_correction(),
)
def answer_correction(c: Contract, at: At[Known], body: CorrectionAnswerIn) -> ContractEvent:
    return c.answer_correction(**body.model_dump(), now=at.now)


def independent(contract: Contract, at: At[Any]) -> Mapping[str, object]:
    """Before the grant: who has an interest is told that, not just that he may not (P-11)."""
    contract.independent(at.by)
    return contract_resource(contract)


async def supervises(desk: ProcurementDesk, at: At[Known]) -> tuple[str, ...]:
    """P-11: who supervises it, where somebody does."""
    held = await desk.supervisions.look(at.id)
    return (held.aggregate.supervisor,) if held else ()


class AcceptIn(Asked):
    passed: Flag
    findings: Long


@CONTRACTS.step("履约验收", who=PURCHASERS, rules="P-31", opens=lambda c, at: c.may_accept(at.by))
def accept(c: Contract, at: At[Known], body: AcceptIn) -> ContractEvent:
    return c.accept(by=at.by, passed=body.passed, findings=body.findings, now=at.now)


class PaymentIn(Asked):
    """Which instalment; its amount follows from the contract's."""

    instalment: Instalment


@CONTRACTS.step(
    "拨付款项",
    "/contracts/{id}/payments",
    who=PAYERS,
    rules="P-14 P-30 P-31",
    opens=lambda c, at: c.may_pay(at.by),
)
def pay(c: Contract, at: At[Known], body: PaymentIn) -> tuple[ContractEvent, ...]:
    return c.pay(by=at.by, instalment=body.instalment, now=at.now)


STEPS = (
    sign,
    file,
    accept,
    pay,
    correct,
    answer_correction,
    *panel_steps(CONTRACTS, independent, lambda c, _: c.may_list_panel(), supervises),
)
