"""How a case changes: the only place where its state does, so nothing can change unannounced."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from chassis.kernel.clock import local_date

from .case import BESIDE, Case, Clock, Counted, Ended, Had, Status
from .dispute import Awaited
from .events import (
    AgreementCorrected,
    AgreementPerformed,
    AgreementSigned,
    CaseAccepted,
    CaseAssigned,
    CaseEnded,
    CaseEvent,
    CaseHanded,
    CaseListed,
    CaseRegistered,
    CaseReturned,
    CaseScreened,
    CaseVisited,
    CaseVoided,
    ChargeTaken,
    ClockRenewed,
    ClockStarted,
    CommissionReturned,
    DateMissed,
    EffectNoted,
    MediationExtended,
    MediatorRecused,
    PartyForgotten,
    PartyJoined,
    PartyNamed,
    PerformanceStruck,
    ProblemSettled,
    RiskRaised,
    SealedRead,
    SealedRemoved,
    SessionHeld,
    SessionStruck,
    WillSaid,
)
from .resettling import Resettled

SECOND, THIRD = 2, 3
ABOVE = {SECOND: "street", THIRD: "district"}
"""M-03: who decides whose it is, by how often it was returned."""


def evolve(case: Case | None, event: CaseEvent) -> Case:
    if isinstance(event, CaseRegistered):
        return _registered(event)
    if case is None:
        raise ValueError("a case begins by being registered")
    case = _placed(case, event)
    match event:
        case ClockStarted() | ClockRenewed() | DateMissed():
            return _clocked(case, event)
        case CaseAccepted() | CaseReturned() | CaseAssigned() | CaseHanded() | CommissionReturned():
            return _given(case, event)
        case Resettled():
            return _resettled(case, event)
        case WillSaid() | SessionHeld() | SessionStruck() | MediatorRecused() | MediationExtended():
            return _mediated(case, event)
        case AgreementSigned() | AgreementCorrected():
            return _agreed(case, event)
        case AgreementPerformed() | PerformanceStruck() | CaseVisited() | EffectNoted():
            return _followed(case, event)
        case CaseEnded() | CaseVoided():
            return _over(case, event)
        case RiskRaised() | ChargeTaken() | CaseListed() | CaseScreened() | ProblemSettled():
            return _watched(case, event)
        case PartyNamed() | PartyJoined() | PartyForgotten() | SealedRemoved() | SealedRead():
            return _parties(case, event)
        case _:
            assert_never(event)


def _over(case: Case, event: CaseEnded | CaseVoided) -> Case:
    if isinstance(event, CaseVoided):
        return replace(case, status=Status.VOIDED, voided=event, clocks=())
    ended = Ended(how=event.how, told=event.told, at=event.at)
    return replace(case, status=Status.ENDED, ended=ended, clocks=())


def _resettled(case: Case, event: Resettled) -> Case:
    streets = {one: street for one, street in case.streets.items() if one != event.office}
    merged = {event.before: event.office} if event.office != event.before else {}
    charge = case.charge
    return replace(
        case,
        office=event.follows(case.office),
        commissions=tuple((event.follows(office), way) for office, way in case.commissions),
        charge=replace(charge, office=event.follows(charge.office)) if charge else None,
        streets={**streets, **_elsewhere(case.street, event.office, event.street)},
        had={event.follows(office): had for office, had in case.had.items()},
        became={**case.became, **merged},
    )


def _registered(event: CaseRegistered) -> Case:
    return Case(
        status=Status.RECEIVED,
        dispute=event.dispute,
        risk=event.risk,
        source=event.source,
        street=event.street,
        community=event.community,
        office=event.office,
        way=event.way,
        came_by=event.way,
        by=event.by,
        parties=event.parties,
        matter=event.matter,
        problem=event.problem,
        reference=event.reference,
        repeats=event.repeats,
        registered_at=event.at,
        willing={},
        streets=_elsewhere(event.street, event.office, event.its_street),
    )


def _elsewhere(street: str, office: str, its_street: str | None) -> Mapping[str, str]:
    return {office: its_street} if its_street not in (None, street) else {}


def _placed(case: Case, event: CaseEvent) -> Case:
    """Where the office is that it goes to."""
    match event:
        case CaseReturned():
            found = _elsewhere(case.street, event.to, event.its_street)
        case CaseAssigned() | CaseHanded() | ChargeTaken() | CaseScreened(office=str()):
            found = _elsewhere(case.street, str(event.office), event.its_street)
        case _:
            return case
    return replace(case, streets={**case.streets, **found})


def _clocked(case: Case, event: ClockStarted | ClockRenewed | DateMissed) -> Case:
    others = tuple(one for one in case.clocks if one.awaited is not event.awaited)
    match event:
        case ClockStarted():
            found = event.awaited, event.due  # an office that has it back is late once
            started = Clock(
                awaited=event.awaited,
                due=event.due,
                provisional=event.provisional,
                since=event.since,
                days=event.days,
                missed=any((one.awaited, one.due) == found for one in case.missed),
            )
            if event.awaited not in BESIDE:
                others = tuple(one for one in others if one.awaited in BESIDE)
            return replace(case, clocks=(*others, started))
        case ClockRenewed():
            changed = (
                replace(one, due=event.due, provisional=event.provisional)
                for one in case.clocks
                if one.awaited is event.awaited
            )
            return replace(case, clocks=(*others, *changed))
        case DateMissed():
            late = (replace(one, missed=True) for one in case.clocks if one not in others)
            return replace(case, clocks=(*others, *late), missed=(*case.missed, event))
        case _:
            assert_never(event)


def _given(
    case: Case,
    event: CaseAccepted | CaseReturned | CaseAssigned | CaseHanded | CommissionReturned,
) -> Case:
    match event:
        case CaseAccepted():
            return replace(
                case,
                status=Status.ACCEPTED,
                way=event.way,
                accepted_at=event.at,
                first_accepted=case.taken_up or Counted(on=local_date(event.at), way=event.way),
                extended=_extended(case, case.office),
            )
        case CaseReturned():
            returns = (*case.returns, event)
            above = ABOVE.get(len(returns))
            if above is not None:
                return replace(case, status=Status.RETURNED, returns=returns, deciding=above)
            return replace(case, office=event.to, way=event.way, returns=returns)
        case CaseAssigned():
            dated = (event,) if event.on is not None else ()
            return replace(
                case,
                status=Status.RECEIVED,
                office=event.office,
                way=event.way,
                deciding=None,
                assigned=(*case.assigned, *dated),
            )
        case CaseHanded():
            back = ((case.office, case.way),) if event.commission else ()
            return replace(
                case,
                sessions=(),
                extended=False,
                had=_kept(case, event.at),
                status=Status.RECEIVED,
                office=event.office,
                way=event.way,
                handed=(*case.handed, event),
                handed_by=tuple(dict.fromkeys((*case.handed_by, case.office))),
                commissions=(*case.commissions, *back),
            )
        case CommissionReturned():
            (office, way), earlier = case.commissions[-1], case.commissions[:-1]
            return replace(
                _without_agreement(case),
                extended=_extended(case, office),
                status=Status.ACCEPTED,
                office=office,
                way=way,
                commissions=earlier,
            )
        case _:
            assert_never(event)


def _kept(case: Case, at: datetime) -> Mapping[str, Had]:
    """Of the mediation that ends here, until when it was and whether it was extended; whose will is whose stays."""
    due = max((one.due for one in case.clocks if one.awaited is Awaited.MEDIATION), default=at)
    return {**case.had, case.office: Had(due=due, extended=case.extended, at=at)}


def _extended(case: Case, office: str) -> bool:
    had = case.had.get(office)
    return had is not None and had.extended


def _mediated(
    case: Case,
    event: WillSaid | SessionHeld | SessionStruck | MediatorRecused | MediationExtended,
) -> Case:
    match event:
        case WillSaid():
            return replace(case, willing={**case.willing, event.party: event.willing})
        case SessionHeld():
            return replace(case, sessions=(*case.sessions, event))
        case SessionStruck():
            return replace(case, sessions=case.sessions[:-1])
        case MediatorRecused():
            return replace(case, recused=(*case.recused, event))
        case MediationExtended():
            return replace(case, extended=True)
        case _:
            assert_never(event)


def _agreed(case: Case, event: AgreementSigned | AgreementCorrected) -> Case:
    if isinstance(event, AgreementSigned):
        return replace(case, status=Status.AGREED, agreement=event.agreement)
    before = (case.agreement,) if case.agreement else ()
    return replace(case, agreement=event.agreement, miswritten=(*case.miswritten, *before))


def _followed(
    case: Case, event: AgreementPerformed | PerformanceStruck | CaseVisited | EffectNoted
) -> Case:
    match event:
        case AgreementPerformed():
            done = (*case.performances, Counted(on=event.on, way=case.way))
            return replace(case, status=Status.PERFORMED, performed=event, performances=done)
        case PerformanceStruck():
            rest = case.carried_out[:-1]
            return replace(case, status=Status.AGREED, performed=None, performances=rest)
        case CaseVisited(settled=True):
            return replace(case, visits=(*case.visits, event))
        case CaseVisited():
            return replace(
                _without_agreement(case),
                extended=False,
                had={},
                status=Status.ACCEPTED,
                visits=(*case.visits, event),
            )
        case EffectNoted():
            return replace(case, effects=(*case.effects, event))
        case _:
            assert_never(event)


def _without_agreement(case: Case) -> Case:
    """It is mediated again: an agreement that there was didn't hold, and stands among those of before."""
    broken = (case.agreement,) if case.agreement else ()
    return replace(
        case,
        sessions=(),
        earlier=(*case.earlier, *broken),
        agreement=None,
        performed=None,
        performances=case.carried_out,
        effects=(),
    )


def _parties(
    case: Case, event: PartyNamed | PartyJoined | PartyForgotten | SealedRemoved | SealedRead
) -> Case:
    match event:
        case SealedRead():
            return case
        case SealedRemoved():
            return replace(case, named=(), removed_at=event.at)
        case PartyNamed():
            return replace(case, named=tuple(sorted({*case.named, event.party})))
        case PartyJoined():
            return replace(case, parties=(*case.parties, event.party), sessions=())
        case PartyForgotten():
            return replace(case, named=tuple(one for one in case.named if one != event.party))
        case _:
            assert_never(event)


def _watched(
    case: Case, event: RiskRaised | ChargeTaken | CaseListed | CaseScreened | ProblemSettled
) -> Case:
    match event:
        case RiskRaised():
            return replace(case, risk=event.risk, raised=(*case.raised, event))
        case ChargeTaken():
            clocks = tuple(one for one in case.clocks if one.awaited is not Awaited.CHARGE)
            return replace(case, charge=event, clocks=clocks)
        case CaseListed():
            return replace(case, listed=event)
        case CaseScreened():
            return replace(case, screened=(*case.screened, event))
        case ProblemSettled():
            return replace(case, problem_settled_at=event.at)
        case _:
            assert_never(event)
