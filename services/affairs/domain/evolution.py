"""How an admission comes to be and what each of its events makes of it."""

from dataclasses import replace
from typing import Any, assert_never

from chassis.kernel.clock import begin_of

from .admission import (
    Admission,
    AdmissionEvent,
    Admitted,
    Applied,
    Arranged,
    Assessed,
    AssessmentSetAside,
    ClaimAccepted,
    ClockRenewed,
    Ended,
    Entered,
    Exempted,
    Free,
    FundsCorrected,
    FundsMissing,
    FundsReceived,
    Refused,
    Registered,
    RegistrationCorrected,
    Reviewed,
    ReviewMissed,
    ShortConfirmed,
    Status,
    TermShortened,
    Withdrawn,
)
from .registering import put_right


def evolve(known: Admission | None, event: AdmissionEvent) -> Admission:
    if known is None:
        return _begun(event)
    match event:
        case Reviewed():
            return replace(known, status=Status.REVIEWED, review=event)
        case ReviewMissed():
            return replace(known, review_missed=True)
        case Admitted():
            return replace(
                known,
                status=Status.ADMITTED,
                mode=event.mode,
                scope=event.scope,
                until=event.until,
                document=event.document,
                admitted_at=event.at if event.on is None else begin_of(event.on),
            )
        case Refused():
            return replace(known, status=Status.REFUSED, refusal=event, claimed=False)
        case Withdrawn():
            return replace(known, status=Status.WITHDRAWN, withdrawal=event, claimed=False)
        case ClaimAccepted():
            return _accepted(known, event)
        case RegistrationCorrected():
            return put_right(known, event)
        case ClockRenewed():
            return replace(known, due=event.due, provisional=event.provisional)
        case Applied() | Exempted() | Registered():
            raise ValueError("it was asked for already")
        case _:
            return _at_work(known, event)


def _at_work(
    known: Admission,
    event: Arranged
    | Entered
    | FundsReceived
    | FundsCorrected
    | FundsMissing
    | Assessed
    | ShortConfirmed
    | AssessmentSetAside
    | TermShortened
    | Ended,
) -> Admission:
    match event:
        case Arranged():
            return replace(known, status=Status.ARRANGED, arranged=event)
        case Entered():
            return replace(known, status=Status.ENTERED, entered=event)
        case FundsReceived():
            return replace(known, received=(*known.received, event))
        case FundsCorrected():
            return replace(known, funds_corrected=(*known.funds_corrected, event))
        case FundsMissing():
            return replace(known, funds_missed=True)
        case Assessed():
            status = Status.ENTERED if event.enough else Status.FALLING_SHORT
            return replace(known, status=status, assessments=(*known.assessments, event))
        case ShortConfirmed():
            return replace(known, status=Status.CONFIRMED_SHORT, confirmed=event)
        case AssessmentSetAside():
            stand = known.assessments[:-1]
            return replace(known, status=Status.ENTERED, assessments=stand, confirmed=None)
        case TermShortened():
            return replace(known, until=event.until)
        case Ended():
            return replace(known, status=Status.ENDED, ended=event, claimed=False)
        case _:
            assert_never(event)


def _accepted(known: Admission, event: ClaimAccepted) -> Admission:
    """An emergency stands admitted already."""
    if known.status is not Status.CLAIMED:
        return replace(known, claimed=False)
    return replace(known, claimed=False, status=Status.ADMITTED, admitted_at=event.at)


def _begun(event: AdmissionEvent) -> Admission:
    match event:
        case Applied():
            form = event.form
            return Admission(
                **_asked(event),
                item=form.item,
                form=form,
                basis=form.basis,
                funds=form.funds,
                urgent=event.urgent,
                out_of_season=event.out_of_season,
                status=Status.APPLIED,
                due=event.due,
                provisional=event.provisional,
            )
        case Exempted():
            admitted = Admission(**_asked(event), **_registered(event), claimed=event.claimed)
            free = replace(admitted, free=event.free, basis=event.basis)
            if not event.claimed or event.free is Free.EMERGENCY:
                return free
            return replace(free, status=Status.CLAIMED, admitted_at=None)
        case Registered():
            return replace(
                Admission(**_asked(event), **_registered(event)),
                group=event.group,
                document=event.document,
                mode=event.mode,
                scope=event.scope,
                funds=event.funds,
            )
        case _:
            raise ValueError("an admission begins by being asked for, or registered")


def _asked(event: Applied | Exempted | Registered) -> dict[str, Any]:
    place = {"street": event.street, "community": event.community}
    return {"unit": event.unit, **place, "asked_at": event.at}


def _registered(event: Exempted | Registered) -> dict[str, Any]:
    """Admitted at once."""
    about = {"item": event.item, "until": event.until}
    return {**about, "status": Status.ADMITTED, "admitted_at": event.at}
