"""Our private events in the words we have promised others. Silence is a decision too."""

from typing import Any, assert_never

from contracts import affairs as published
from contracts.event import Event

from .domain import admission as a
from .domain.admission import CIVIL_AFFAIRS, Admission, AdmissionEvent
from .domain.check import Check, CheckEvent, DateMissed
from .domain.disclosure import Disclosure, DisclosureEvent, DisclosureMissed
from .domain.exercise import CaseDone, CaseEvent, PowerCase
from .domain.intrusion import Intrusion, IntrusionEvent, IntrusionVerified
from .domain.sheet import MonthMissed, PayEvent, PaySheet, SheetApproved
from .domain.year import LevelsReviewed, ReviewCorrected, StreetYear, YearClosed, YearEvent


def of_admissions(event: AdmissionEvent, after: Admission) -> Event | None:
    match event:
        case a.Exempted() if not after.in_force:
            return None
        case a.ClaimAccepted() if after.free is a.Free.EMERGENCY:
            return None
        case (
            a.Admitted()
            | a.Exempted()
            | a.ClaimAccepted()
            | a.Registered()
            | a.RegistrationCorrected()
            | a.TermShortened()
        ):
            return published.WorkAdmitted(
                **_about(after),
                group=after.group.value,
                mode=after.mode.value if after.mode else None,
                free=after.free.value if after.free else None,
                until=after.until.isoformat() if after.until else None,
                at=event.at,
            )
        case a.Refused():
            return published.WorkRefused(**_about(after), at=event.at)
        case a.Ended():
            return published.WorkEnded(**_about(after), how=event.how.value, at=event.at)
        case a.FundsMissing():
            return published.FundsMissing(**_about(after), fen=after.still_owed, due=event.due)
        case a.ReviewMissed():
            return published.ReviewMissed(**_about(after), due=event.due)
        case (
            a.Applied()
            | a.Withdrawn()
            | a.Reviewed()
            | a.Arranged()
            | a.Entered()
            | a.FundsReceived()
            | a.FundsCorrected()
            | a.Assessed()
            | a.ShortConfirmed()
            | a.AssessmentSetAside()
            | a.ClockRenewed()
        ):
            return None
        case _:
            assert_never(event)


def of_intrusions(event: IntrusionEvent, after: Intrusion) -> Event | None:
    """What was found, once."""
    if isinstance(event, IntrusionVerified) and event.found:
        return published.IntrusionFound(**_about(after), at=event.at)
    return None


def of_pay(event: PayEvent, after: PaySheet) -> Event | None:
    """Sums, and what wasn't paid."""
    if isinstance(event, SheetApproved):
        return published.PayApproved(
            street=after.street, quarter=after.quarter, sum=event.sum, at=event.at
        )
    if isinstance(event, MonthMissed):
        return published.PayMissed(
            street=after.street, quarter=after.quarter, month=event.month, due=event.due
        )
    return None


def of_years(event: YearEvent, after: StreetYear) -> Event | None:
    """Counts."""
    if isinstance(event, LevelsReviewed | ReviewCorrected):
        return published.LevelsReviewed(
            street=after.street,
            year=after.year,
            levels=tuple(
                published.LevelCount(level=int(level), workers=count)
                for level, count in event.by_level.items()
            ),
            sum=event.sum,
            at=event.at,
        )
    if isinstance(event, YearClosed) and (event.untrained or not event.held):
        return published.TrainingMissed(
            street=after.street,
            year=after.year,
            workers=len(event.untrained),
            held=event.held,
            at=event.at,
        )
    return None


def of_cases(event: CaseEvent, after: PowerCase) -> Event | None:
    if isinstance(event, CaseDone):
        return published.PowerExercised(
            street=after.street,
            community=after.community,
            kind=after.kind.value,
            steps=len(after.steps),
            matter=after.matter,
            at=event.at,
        )
    return None


def of_disclosures(event: DisclosureEvent, after: Disclosure) -> Event | None:
    """Only what was missed."""
    if isinstance(event, DisclosureMissed):
        return published.DisclosureMissed(
            street=after.street,
            community=after.community,
            affairs=after.template.affairs.value,
            period=event.period,
            due=event.due,
        )
    return None


def of_checks(event: CheckEvent, after: Check) -> Event | None:
    """Only what was missed."""
    if isinstance(event, DateMissed):
        return published.FindingMissed(
            street=after.street,
            community=after.community,
            units=after.units,
            checked=after.checked.value,
            due=event.due,
        )
    return None


def _about(one: Admission | Intrusion) -> dict[str, Any]:
    units = (CIVIL_AFFAIRS, one.unit) if one.unit != CIVIL_AFFAIRS else (CIVIL_AFFAIRS,)
    return {"street": one.street, "community": one.community, "units": units}
