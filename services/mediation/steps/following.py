"""What follows an agreement, and what is watched meanwhile."""

from dataclasses import replace

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kind import Changed
from chassis.steps import Part
from chassis.words import Day, Flag, Long, Passage, Whole
from services.mediation.access import HOLDERS, WATCHING
from services.mediation.desk import MediationDesk, place_of
from services.mediation.domain import following, risk
from services.mediation.domain.case import Case
from services.mediation.domain.dispute import STABILITY, Effect, Risk, Word
from services.mediation.domain.events import CaseEvent

from .cases import CASES, HELD, Known, Office


class AgreementCorrectedIn(ReasonIn):
    """All three as the paper has them that was signed; `amount` in fen."""

    signed_on: Day
    perform_by: Day
    amount: Whole | None = None


@CASES.step(
    "更正协议登记",
    "/cases/{id}/agreement/correct",
    name="correct",
    who=HOLDERS,
    rules="M-04",
    part=HELD,
    opens=lambda c, _: following.may_correct(c),
)
def correct(c: Case, at: At[Known], body: AgreementCorrectedIn) -> tuple[CaseEvent, ...]:
    """Until it was performed, or had the force of the law asked for it; the sealed terms stay."""
    return following.correct(c, **body.model_dump(), now=at.now)


class PerformIn(Asked):
    on: Day


@CASES.step("登记履行", who=HOLDERS, rules="M-04", part=HELD)
def perform(c: Case, at: At[Known], body: PerformIn) -> tuple[CaseEvent, ...]:
    return following.perform(c, body.on, at.known.clocks, at.now)


@CASES.step(
    "撤销履行登记",
    "/cases/{id}/performance/strike",
    name="strike_performance",
    who=HOLDERS,
    rules="M-04",
    part=HELD,
)
def strike(c: Case, at: At[Known], body: ReasonIn) -> tuple[CaseEvent, ...]:
    """Until the visit: it was entered with the wrong day, or is still to come."""
    return following.strike(c, body.reason, at.now)


class VisitIn(Asked):
    """`settled`: whether it is still; what was heard is sealed."""

    on: Day
    settled: Flag
    heard: Passage


@CASES.step("回访", who=HOLDERS, rules="M-02 M-04 M-08", part=HELD)
async def visit(desk: MediationDesk, at: At[Known], body: VisitIn) -> Changed[Case, CaseEvent]:
    box = at.cause.fresh
    heard = desk.sealed.keeping(at.id, box, {"heard": body.heard}, at.cause)

    def visited(c: Case) -> tuple[CaseEvent, ...]:
        asked = body.model_dump()
        return following.visit(c, **asked, box=box, clocks=at.known.clocks, now=at.now)

    return await desk.cases.change(at.id, visited, at.cause, beside=heard)


class EffectIn(Asked):
    effect: Effect
    word: Word
    on: Day


@CASES.step(
    "协议效力",
    who=HOLDERS,
    rules="M-04 M-07",
    part=HELD,
    opens=lambda c, _: following.may_effect(c),
)
def effect(c: Case, at: At[Known], body: EffectIn) -> CaseEvent:
    return following.effect(c, body.effect, body.word, body.on, at.now)


class RaiseIn(Asked):
    risk: Risk
    reason: Long


SEEN: Part[Case] = Part(whose=lambda c, at: place_of(at.by) if at.by in c.offices else {})


@CASES.step(
    "提高风险等级",
    name="raise",
    who=HOLDERS,
    rules="M-04 M-08",
    part=SEEN,
    opens=lambda c, _: risk.may_raise(c),
)
def raise_risk(c: Case, at: At[Known], body: RaiseIn) -> tuple[CaseEvent, ...]:
    """By whoever sees it."""
    return risk.raise_risk(c, body.risk, body.reason, at.known.clocks, at.now)


OVERSEEN: Part[Case] = Part(whose=lambda c, _: {"street": c.street_now, "units": (STABILITY,)})


class ChargeIn(Asked):
    """The office that takes charge."""

    office: Office


async def naming_who(desk: MediationDesk, at: At[Known], body: ChargeIn) -> Known:
    office = await desk.known_office(body.office, at.now, "office")
    return replace(at.known, its_street=await desk.street_of(office))


@CASES.step(
    "包案",
    who=WATCHING,
    rules="M-04 M-08",
    part=OVERSEEN,
    opens=lambda c, _: risk.may_charge(c),
    learns=(naming_who,),
)
def charge(c: Case, at: At[Known], body: ChargeIn) -> tuple[CaseEvent, ...]:
    return risk.take_charge(c, body.office, at.by, at.now, its_street=at.known.its_street)


class ListIn(Asked):
    """`until`: the date by which it is to be settled."""

    until: Day
    reason: Long


@CASES.step(
    "挂牌督办",
    "/cases/{id}/list",
    name="supervise",
    who=WATCHING,
    rules="M-04 M-08",
    part=OVERSEEN,
    opens=lambda c, _: risk.may_list(c),
)
def put_on_list(c: Case, at: At[Known], body: ListIn) -> tuple[CaseEvent, ...]:
    return risk.put_on_list(c, body.until, body.reason, at.by, at.now)


STEPS = (correct, perform, strike, visit, effect, raise_risk, charge, put_on_list)
