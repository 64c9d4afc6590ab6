"""Whose move it is: the offices that a purchase waits for from its need to its report, and by when.

For what one may do and need not, nobody waits. Nor is anybody in it who is shown no such record: experts have
lists of their own (`to_score`, `to_evaluate`); who won a call, and who supervises a contract, see neither.
"""

from collections.abc import Iterable
from datetime import datetime

from chassis.kernel.clock import Awaits, Ends, ends
from chassis.kernel.offices import one_office

from .allowance import Allowance, ProjectStatus
from .call import Call, CallStatus
from .catalogue import Catalogue, CatalogueStatus
from .contract import Contract
from .course import Status
from .evaluation import Stage
from .events import Assessor, Way
from .expert import Expert, ExpertStatus
from .fund import Fund, account_due
from .inspection import Inspection
from .item import WITHOUT_COMPETITION
from .paid import Paid, PaidStatus
from .panel import Panel
from .payment import Instalment
from .plan import Plan, PlanStatus
from .remark import Remark, RemarkStatus
from .report import Report
from .resettling import carried_by
from .supervision import Supervision
from .supplier import Supplier
from .survey import Survey
from .tip import Tip

FINANCE, DISTRICT = "finance", "district_admin"
KEEPERS = (FINANCE, DISTRICT)
"""For the competent unit and the leading group (ours): whichever of the two comes first."""
DRAWING = (*KEEPERS, "discipline")
BOUND = ("street:", "community:", "department:", "supplier:")


def of_supplier(supplier: Supplier) -> Awaits:
    """P-07: an appeal against a bar that still stands."""
    bars = (one for one in supplier.bars if one.stands and one.answer is None)
    return {DISTRICT: None} if any(one.appeal is not None for one in bars) else {}


def of_catalogue(edition: Catalogue) -> Awaits:
    match edition.status:
        case CatalogueStatus.DRAFTED:
            return {DISTRICT: None}
        case CatalogueStatus.APPROVED:
            return {FINANCE: None}
        case CatalogueStatus.PUBLISHED:
            return {}


def of_expert(expert: Expert) -> Awaits:
    return {DISTRICT: None} if expert.status is ExpertStatus.NOMINATED else {}


def of_survey(survey: Survey) -> Awaits:
    """P-02, P-37: until it is public, and each need that a session found has its class: who surveys. Nobody, where all
    of them were struck."""
    public = survey.published_at is not None or not survey.standing
    if public and all(one.kind is not None for one in survey.standing):
        return {}
    place = None if survey.orphaned else carried_by(survey)
    return {f"community:{place}" if place is not None else f"street:{survey.street}": None}


def of_plan(plan: Plan) -> Awaits:
    """P-02; P-03, P-29: the district, for a way without competition and for what the year brought."""
    found: dict[str, Ends | None] = {}
    match plan.status:
        case PlanStatus.DRAFTED | PlanStatus.EXAMINED:
            found = {acting(plan.purchaser): None}
        case PlanStatus.SUBMITTED | PlanStatus.REVIEWED:
            found = _but(plan.purchaser)
        case PlanStatus.PUBLISHED:
            pass
    left = {*plan.approved} - {*plan.methods}
    unapproved = any(one.method in WITHOUT_COMPETITION and one.code in left for one in plan.items)
    return {**found, DISTRICT: None} if plan.reported or unapproved else found


def of_call(call: Call) -> Awaits:
    """P-10 to P-12; P-36: who bought owes the public its result; P-33: a winner's plan that its community confirmed."""
    buyer = acting(call.purchaser)
    match call.status:
        case CallStatus.OPEN if call.closed:
            staged = call.next_stage is None and call.going_on
            return _reviewed(call) if call.panel or staged else {buyer: None}
        case CallStatus.RANKED:
            return {buyer: _published(call)}
        case CallStatus.AWARDED:
            plan = call.programme
            waits = plan is not None and plan.confirmed_at is not None and plan.approved_at is None
            return dict.fromkeys(KEEPERS if waits else ())
        case _:
            return {}


def _published(call: Call) -> Ends | None:
    """By when its result is owed; of one that was ranked before its clock was kept, that day alone."""
    if call.publish_by is None:
        return None
    return ends(call.clock) if call.clock else Ends(due=call.publish_by)


def _reviewed(call: Call) -> Awaits:
    """P-12: its scores are opened once every member has given its own."""
    scored = {one.expert for one in call.sealed}
    all_in = call.panel is not None and scored.issuperset(call.panel.members)
    return _seating(call.panel) or dict.fromkeys(KEEPERS if all_in else ())


def of_contract(contract: Contract) -> Awaits:
    """A step that the next stage or instalment can't do without; and what was found of its being passed on."""
    if contract.status is Status.ENDED:
        return {}
    found: dict[str, Ends | None] = dict.fromkeys(_parties(contract))
    drawing = contract.panel is not None and contract.panel.seed is None
    if contract.next_stage is not None or drawing:
        found |= _seating(contract.panel)
    if contract.passing is not None and contract.passing.open:
        return found | _but(contract.passing.by)
    payable = [
        one.clock
        for one in contract.claims
        if one.instalment is not Instalment.FINAL or contract.accepted_at is not None
    ]
    if payable and contract.filed_at is not None:
        first = ends(min(payable, key=lambda clock: clock.due))
        found |= dict.fromkeys(_but(contract.purchaser), first)
    return found


def _parties(contract: Contract) -> Iterable[str]:
    """P-30, P-31: who bought; P-20, P-13, P-30: who delivers; P-27: and the community, before they are evaluated."""
    if contract.filed_at is None or (contract.next_stage is None and contract.accepted_at is None):
        yield acting(contract.purchaser)
    supplier, passing = f"supplier:{contract.supplier}", contract.passing
    if contract.scheme is not None and contract.scheme.comment is None:
        yield supplier
    if passing is not None and passing.open and passing.answer is None:
        yield supplier
    if contract.correction is not None:
        yield supplier
    if contract.way is Way.LINKAGE and contract.next_stage in (Stage.MID, Stage.FINAL):
        own = {Assessor.SUPPLIER: supplier, Assessor.COMMUNITY: f"community:{carried_by(contract)}"}
        yield from (own[one] for one in contract.unassessed)


def _seating(panel: Panel | None) -> dict[str, Ends | None]:
    """P-11: it is listed by one office and drawn by another, and again once it has too few."""
    if panel is not None and panel.seed is None:
        return _but(panel.listed_by, DRAWING)
    return {} if panel is not None and panel.complete else dict.fromkeys(KEEPERS)


def of_paid(paid: Paid) -> Awaits:
    return dict.fromkeys(KEEPERS if paid.status is PaidStatus.FILED else ())


def of_remark(remark: Remark) -> Awaits:
    """P-26: who delivers, to the day it was given, missed or not; then who found it."""
    match remark.status:
        case RemarkStatus.OPEN:
            return {f"supplier:{remark.supplier}": ends(remark.clock)}
        case RemarkStatus.DONE:
            return dict.fromkeys(KEEPERS if remark.orphaned else (acting(remark.judge_of_it),))
        case RemarkStatus.CLOSED | RemarkStatus.WITHDRAWN:
            return {}


def of_inspection(one: Inspection) -> Awaits:
    return _but(one.listed_by, DRAWING) if one.seed is None else {}


def of_tip(tip: Tip) -> Awaits:
    return dict.fromkeys(KEEPERS if tip.remark is None and tip.dismissed is None else ())


def of_allowance(allowance: Allowance) -> Awaits:
    """P-39: each project; what a street sees of it afterwards is looked at as it goes."""
    stand = {one.status for one in allowance.projects}
    street = (f"street:{allowance.street}",) if ProjectStatus.APPLIED in stand else ()
    return dict.fromkeys((*street, *(KEEPERS if ProjectStatus.REVIEWED in stand else ())))


def of_fund(fund: Fund) -> Awaits:
    """P-41: there is always a next account, unless its community has ended; one that was missed comes first."""
    quarter = fund.next_account
    offices = KEEPERS if fund.orphaned else (f"community:{carried_by(fund)}",)
    return dict.fromkeys(offices, Ends(due=account_due(quarter))) if quarter else {}


def of_report(report: Report) -> Awaits:
    """P-36: until it is public, missed or not."""
    if report.published_at is not None:
        return {}
    return {acting(report.purchaser): ends(report.clock)}


def of_supervision(one: Supervision) -> Awaits:
    """P-15: what the supplier writes of each month; P-22: who bought, by each stage report."""
    if one.ended_at is not None:
        return {}
    found: dict[str, Ends | None] = {acting(one.purchaser): None} if one.undecided else {}
    owed = one.owed_by_supplier
    if owed or one.next_report is not None:
        found[f"supplier:{one.supplier}"] = Ends(due=min(owed)) if owed else None
    return found


def coming(next_due: datetime | None) -> Ends | None:
    """What others see of it: what nobody is late with."""
    return Ends(due=next_due) if next_due else None


def acting(by: str) -> str:
    """As an office is awaited: one that is bound to no place of its own by its kind alone."""
    return by if by.startswith(BOUND) else by.partition(":")[0]


def _but(own: str, offices: Iterable[str] = KEEPERS) -> dict[str, Ends | None]:
    """P-02, P-11, P-13, P-31: nobody decides about what is its own, under either of its names."""
    return {one: None for one in offices if not one_office(one, own)}
