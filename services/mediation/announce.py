"""Our private events in the words we have promised others: kinds, places and dates, never parties."""

from typing import Any, assert_never

from contracts import mediation as published
from contracts.event import Event

from .domain.case import Case
from .domain.dispute import STABILITY, Awaited, Risk
from .domain.events import (
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
from .domain.notice import Notice, NoticeEvent, NoticeMissed
from .domain.resettling import Resettled
from .domain.screening import MeetingMissed, Screening, ScreeningEvent


def of_screenings(event: ScreeningEvent, after: Screening) -> Event | None:
    """Only what was missed is published."""
    if not isinstance(event, MeetingMissed):
        return None
    return published.MeetingMissed(
        street=after.street,
        units=(STABILITY,),
        level=after.level.value,
        period=event.period,
        due=event.due,
    )


def of_notices(event: NoticeEvent, after: Notice) -> Event | None:
    if not isinstance(event, NoticeMissed):
        return None
    kind, _, code = after.office.partition(":")
    return published.SupervisionMissed(
        street=after.street,
        community=code if kind == "community" else None,
        units=(STABILITY, code) if kind == "department" else (STABILITY,),
        due=event.due,
    )


def _about(case: Case) -> dict[str, Any]:
    """Whom it concerns: also who leads the work."""
    kind, _, code = case.office.partition(":")
    units = (STABILITY, code) if kind == "department" and code != STABILITY else (STABILITY,)
    return {
        "street": case.street,
        "community": case.community,
        "units": units,
        "dispute": case.dispute.value,
    }


def of_cases(event: CaseEvent, after: Case) -> Event | None:
    match event:
        case CaseRegistered():
            return published.CaseRegistered(
                **_about(after),
                risk=event.risk.value,
                source=event.source.value,
                matter=event.matter,
                at=event.at,
            )
        case RiskRaised(risk=Risk.MASS):
            return published.RiskRaised(**_about(after), risk=event.risk.value, at=event.at)
        case CaseEnded():
            return published.CaseEnded(
                **_about(after),
                how=event.how.value,
                way=after.way.value,
                days=(event.at - after.registered_at).days,
                missed=len(after.missed),
                matter=after.matter,
                at=event.at,
            )
        case DateMissed(awaited=Awaited.SUPERVISION):
            return published.SupervisionMissed(**_about(after), due=event.due)
        case DateMissed():
            return published.DateMissed(**_about(after), awaited=event.awaited.value, due=event.due)
        case (
            ClockStarted()
            | ClockRenewed()
            | CaseAccepted()
            | CaseReturned()
            | CaseAssigned()
            | CaseHanded()
            | CommissionReturned()
            | WillSaid()
            | SessionHeld()
            | SessionStruck()
            | MediatorRecused()
            | MediationExtended()
            | AgreementSigned()
            | AgreementCorrected()
            | AgreementPerformed()
            | PerformanceStruck()
            | CaseVisited()
            | CaseVoided()
            | EffectNoted()
            | ChargeTaken()
            | CaseListed()
            | CaseScreened()
            | RiskRaised()
            | PartyNamed()
            | PartyForgotten()
            | PartyJoined()
            | ProblemSettled()
            | SealedRemoved()
            | SealedRead()
            | Resettled()
        ):
            return None
        case _:
            assert_never(event)
