"""The releases of one contracting process: an item of a plan, its call, its contracts and what was paid.

Each thing that happened is a release of its own, in the order of their dates, with the stages it is
about as they were then. Scores, applications' texts, experts and drafts are never in them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from chassis.kernel.clock import end_of
from services.procurement.domain.call import Call
from services.procurement.domain.call_evolution import called
from services.procurement.domain.called import Called
from services.procurement.domain.contract import Contract
from services.procurement.domain.evaluation import Band
from services.procurement.domain.events import Why
from services.procurement.domain.item import Item, Method
from services.procurement.domain.payment import Payment
from services.procurement.domain.plan import Plan

from . import model

SCHEME = "官财字〔2016〕64号"
"""Names the catalogue; the standard's list of schemes is open."""
How = Literal["open", "selective", "limited", "direct"]
METHODS: dict[Method, tuple[How, str]] = {
    Method.OPEN_TENDER: ("open", "公开招标"),
    Method.INVITED_TENDER: ("selective", "邀请招标"),
    Method.NEGOTIATION: ("limited", "竞争性谈判"),
    Method.INQUIRY: ("limited", "询价"),
    Method.SINGLE_SOURCE: ("direct", "单一来源"),
    Method.CONCESSION: ("direct", "特许经营"),
    Method.ENTRUSTMENT: ("direct", "委托"),
    Method.CO_OPERATION: ("direct", "战略合作"),
    Method.IN_PARTS: ("direct", "大额项目拆分"),
    Method.ADDITION: ("direct", "新增或改扩建"),
    Method.FIXED_SUBSIDY: ("direct", "定额补助"),
    Method.AWARD_SUBSIDY: ("direct", "以奖代补"),
}
NAMES = {"before": "前期评估", "mid": "中期评估", "final": "末期评估"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """`contracts` are all that were signed for `item` of `plan`; `named` gives what a supplier is called."""

    plan: Plan
    item: Item
    call: Call | None
    contracts: Sequence[Contract]
    buyer: str
    named: Callable[[str], str]
    renews: str | None = None
    """The ocid of the process it goes on from."""

    @property
    def ocid(self) -> str:
        return ocid_of(self.plan.id, self.item.code)


def ocid_of(plan: str, item: str) -> str:
    """Stable, and the same whoever asks; the prefix isn't registered with the standard's helpdesk."""
    return f"gongzhi-{plan}-{item}"


def releases(of: Process) -> tuple[model.Release, ...]:
    """Oldest first; none of a process that isn't public."""
    found = [*_planned(of), *_tendered(of)]
    for contract in of.contracts:
        found += _contracted(of, contract)
    found.sort(key=lambda one: one[0])
    return tuple(
        _release(of, number, at, tags, stages) for number, (at, tags, stages) in enumerate(found, 1)
    )


Stages = dict[str, Any]
Happened = tuple[datetime, tuple[model.Tag, ...], Stages]


def _planned(of: Process) -> Iterable[Happened]:
    settled = next((one for one in of.plan.settled if one.item == of.item.code), None)
    at = settled.at if settled else of.plan.published_at
    if at is not None and of.item.code in of.plan.approved:
        budget = model.PlanBudget(
            id=settled.source if settled else of.item.line,
            description=of.item.title,
            amount=_yuan(of.item.amount),
            project=of.item.code,
        )
        planning = model.Planning(rationale=of.item.ground or None, budget=budget)
        yield at, ("planning",), {"planning": planning}


def _tendered(of: Process) -> Iterable[Happened]:
    """Each time that the item was called for."""
    for tender, award, one in _times(of):
        yield from _called(of, tender, one, award)


def _times(of: Process) -> Iterable[tuple[str, str, Called]]:
    """With the ids of its tender and of its award."""
    if of.call is not None:
        for number, one in enumerate(of.call.earlier, start=1):
            yield of.call.id, f"{of.call.id}-{number}", one
        for one in called(of.call):
            yield of.call.id, of.call.id, one


def _called(of: Process, id: str, one: Called, award: str) -> Iterable[Happened]:
    """Opened, awarded, cancelled: as far as it came."""
    yield one.opened_at, ("tender",), {"tender": _tender(of, id, one, "active")}
    won = None
    if one.winner is not None and one.awarded_at is not None:
        won = _award(of, award, one.winner, one.amount, one.awarded_at)
        tender = _tender(of, id, one, "complete", decided=True)
        yield one.awarded_at, ("award", "tenderUpdate"), {"awards": (won,), "tender": tender}
    if one.cancelled_at is not None:
        stages: Stages = {"tender": _tender(of, id, one, "cancelled")}
        tags: tuple[model.Tag, ...] = ("tenderCancellation",)
        if won is not None:
            stages["awards"] = (won.model_copy(update={"status": "cancelled"}),)
            tags = ("tenderCancellation", "awardCancellation")
        yield one.cancelled_at, tags, stages


def _contracted(of: Process, contract: Contract) -> Iterable[Happened]:
    won = _won(of, contract)
    award_id = won or f"{contract.id}-award"
    first = _written(contract, contract.signed_at)
    signed = _contract(of, replace(first, terms=None), award_id)
    stages: Stages = {"contracts": (signed,)}
    if won is None:
        award = _award(of, award_id, first.supplier, first.amount, first.signed_at)
        yield contract.signed_at, ("award", "contract"), {"awards": (award,), **stages}
    else:
        yield contract.signed_at, ("contract",), stages
    if contract.filed_at is not None:
        filed = _contract(of, _written(contract, contract.filed_at), award_id)
        yield contract.filed_at, ("contractUpdate",), {"contracts": (filed,)}
    for at in (one.at for one in contract.corrected):
        so_far = tuple(one for one in contract.payments if one.at <= at)
        right = _contract(of, _written(contract, at), award_id, paid=so_far, until=at)
        yield at, ("contractUpdate",), {"contracts": (right,)}
    for number, paid in enumerate(contract.payments, start=1):
        so_far = contract.payments[:number]
        shown = _contract(of, _written(contract, paid.at), award_id, paid=so_far, until=paid.at)
        yield paid.at, ("implementation",), {"contracts": (shown,)}
    if contract.ended_at is not None:
        early = contract.ended_why is not Why.EXPIRED
        tags: tuple[model.Tag, ...] = ("contractTermination",) if early else ("implementation",)
        ended = _contract(of, contract, award_id, paid=contract.payments, until=contract.ended_at)
        over = ended.model_copy(update={"status": "terminated"})
        yield contract.ended_at, tags, {"contracts": (over,)}


def _written(contract: Contract, at: datetime) -> Contract:
    """P-30: as it stood then: what was corrected since is as it was before, and nothing is filed early."""
    before = contract
    for one in reversed(contract.corrected):
        if one.at > at:
            before = replace(
                before,
                terms=one.terms_before or before.terms,
                amount=one.amount_before or before.amount,
            )
    filed = contract.filed_at is not None and contract.filed_at <= at
    return before if filed else replace(before, terms=None)


def _won(of: Process, contract: Contract) -> str | None:
    """The award that it was signed under: the last one to its supplier till then that wasn't cancelled by then."""
    signed = contract.signed_at
    under = [
        award
        for _, award, one in _times(of)
        if one.winner == contract.supplier
        and (one.awarded_at is not None and one.awarded_at <= signed)
        and (one.cancelled_at is None or signed < one.cancelled_at)
    ]
    return under[-1] if under else None


def _tender(
    of: Process,
    id: str,
    call: Called,
    status: Literal["active", "cancelled", "complete"],
    *,
    decided: bool = False,
) -> model.Tender:
    how, called = METHODS[of.item.method]
    entry = model.Classification(scheme=SCHEME, id=of.item.entry, description=of.item.title)
    applied = tuple(_supplier(of, one) for one in call.applicants) if decided else None
    return model.Tender(
        id=id,
        title=call.title,
        status=status,
        procuring_entity=_buyer(of),
        items=(model.Item(id=of.item.code, description=of.item.title, classification=entry),),
        value=_yuan(of.item.amount if call.offered is None else call.offered),
        procurement_method=how,
        procurement_method_details=called,
        procurement_method_rationale=of.item.ground or None,
        award_criteria="ratedCriteria",
        tender_period=model.Period(start_date=call.opened_at, end_date=end_of(call.closes)),
        number_of_tenderers=len(applied) if applied is not None else None,
        tenderers=applied,
    )


def _award(of: Process, id: str, supplier: str, amount: int, at: datetime) -> model.Award:
    return model.Award(
        id=id,
        title=of.item.title,
        status="active",
        date=at,
        value=_yuan(amount),
        suppliers=(_supplier(of, supplier),),
    )


def _contract(
    of: Process,
    contract: Contract,
    award: str,
    *,
    paid: Sequence[Payment] = (),
    until: datetime | None = None,
) -> model.Contract:
    period = None
    if contract.terms is not None:
        period = model.Period(start_date=contract.signed_at, end_date=end_of(contract.terms.until))
    milestones = tuple(
        model.Milestone(
            id=one.stage,
            title=NAMES[one.stage],
            type="assessment",
            date_met=one.at,
            status="notMet" if one.band is Band.UNQUALIFIED else "met",
        )
        for one in contract.evaluations
        if until is not None and one.at <= until
    )
    transactions = tuple(
        model.Transaction(
            id=f"{contract.id}-{one.instalment}",
            date=one.at,
            value=_yuan(one.amount),
            payer=_buyer(of),
            payee=_supplier(of, contract.supplier),
        )
        for one in paid
    )
    done = model.Implementation(transactions=transactions or None, milestones=milestones or None)
    return model.Contract(
        id=contract.id,
        award_id=award,
        title=contract.title,
        status="active",
        period=period,
        value=_yuan(contract.amount),
        date_signed=contract.signed_at,
        implementation=done if transactions or milestones else None,
    )


def _release(
    of: Process, number: int, at: datetime, tags: tuple[model.Tag, ...], stages: Stages
) -> model.Release:
    related = None
    if of.renews is not None:
        previous = model.RelatedProcess(
            id="1", relationship=("renewalProcess",), identifier=of.renews
        )
        related = (previous,)
    return model.Release(
        ocid=of.ocid,
        id=f"{of.ocid}-{number}",
        date=at,
        tag=tags,
        buyer=_buyer(of),
        parties=_parties(of, stages),
        related_processes=related,
        **stages,
    )


def _parties(of: Process, stages: Stages) -> tuple[model.Party, ...]:
    """Whoever the release names, each once with all it is in it."""
    roles: dict[tuple[str, str], list[model.Role]] = {}

    def add(one: model.Reference, role: model.Role) -> None:
        known = roles.setdefault((one.id, one.name), [])
        if role not in known:
            known.append(role)

    add(_buyer(of), "buyer")
    tender: model.Tender | None = stages.get("tender")
    if tender is not None:
        add(tender.procuring_entity, "procuringEntity")
        for one in tender.tenderers or ():
            add(one, "tenderer")
    for award in stages.get("awards", ()):
        for one in award.suppliers:
            add(one, "supplier")
    for contract in stages.get("contracts", ()):
        for paid in (contract.implementation.transactions or ()) if contract.implementation else ():
            add(paid.payer, "payer")
            add(paid.payee, "payee")
    return tuple(
        model.Party(id=id, name=name, roles=tuple(all)) for (id, name), all in roles.items()
    )


def _buyer(of: Process) -> model.Reference:
    return model.Reference(id=of.plan.purchaser, name=of.buyer)


def _supplier(of: Process, code: str) -> model.Reference:
    return model.Reference(id=f"supplier:{code}", name=of.named(code))


def _yuan(fen: int) -> model.Value:
    return model.Value(amount=fen / 100)
