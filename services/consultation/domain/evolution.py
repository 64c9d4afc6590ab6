"""How a matter changes: the only place where its state does, so nothing can change unannounced."""

from dataclasses import asdict, replace
from typing import assert_never

from .events import (
    Consequence,
    MatterAccepted,
    MatterDeclined,
    MatterEvent,
    MatterExplained,
    MatterFedBack,
    MatterHanded,
    MatterImplemented,
    MatterInformed,
    MatterProposed,
    MatterReferred,
    MatterRefused,
    MatterResearched,
    MatterSupervised,
    MeetingDecided,
    MembersInvited,
    OutcomeRecorded,
    OutcomeSetAside,
    SessionReserved,
)
from .following_events import (
    ClockRenewed,
    ClockStarted,
    DateMissed,
    DecidedElsewhere,
    FollowingEvent,
    MatterClosed,
    MatterReopened,
    MembersToldBack,
    NeedFound,
    OutcomeDecided,
    OutcomeFiled,
    OutcomePublished,
    OutcomeSentUp,
    ProgressReported,
    ReferralAnswered,
)
from .matter import Awaiting, Matter, Status, Was
from .resettling import Resettled
from .watching import BACK_TO
from .watching_events import (
    AnswerRenewed,
    InspectionAnswered,
    MatterCorrected,
    MatterInspected,
    RiskAssessed,
    StageKept,
    WatchingEvent,
)


def evolve(matter: Matter | None, event: MatterEvent) -> Matter:
    if isinstance(event, MatterProposed):
        return _proposed(event)
    if matter is None:
        raise ValueError("a matter begins by being proposed")
    match event:
        case MatterAccepted():
            return replace(matter, status=Status.ACCEPTED, settled=event.settled)
        case MatterRefused():
            return replace(
                matter,
                status=Status.REFUSED,
                ground=event.ground,
                to_mediation=event.to_mediation,
                instead=event.instead,
            )
        case MatterResearched():
            return replace(
                matter,
                status=Status.RESEARCHED,
                findings=event.findings,
                researchers=event.seats,
            )
        case (
            MatterInformed()
            | MeetingDecided()
            | MatterImplemented()
            | MatterSupervised()
            | MatterFedBack()
        ):
            return _of_2016(matter, event)
        case MembersInvited():
            return replace(matter, invited=(*matter.invited, *event.invited))
        case SessionReserved() | OutcomeRecorded() | OutcomeSetAside():
            return _came(matter, event)
        case MatterReferred() | MatterHanded() | MatterExplained() | MatterDeclined():
            return replace(matter, status=_went(event))
        case (
            StageKept()
            | RiskAssessed()
            | MatterInspected()
            | AnswerRenewed()
            | InspectionAnswered()
            | MatterCorrected()
        ):
            return _watched(matter, event)
        case Resettled():
            return _resettled(matter, event)
        case _:
            return _followed(matter, event)


def _resettled(matter: Matter, event: Resettled) -> Matter:
    """What was deliberated before counts for the community that it was."""
    here = replace(matter, street=event.street, community=event.community or matter.community)
    if event.community is None:
        return here
    was = Was(community=matter.community, until=event.at)
    return replace(here, was=(*matter.was, was))


def _came(matter: Matter, event: SessionReserved | OutcomeRecorded | OutcomeSetAside) -> Matter:
    if isinstance(event, SessionReserved):
        return replace(matter, reserved=event)
    if isinstance(event, OutcomeSetAside):
        return replace(matter, set_aside=(*matter.set_aside, event))
    return replace(
        matter,
        status=Status.DELIBERATED,
        conclusion=event.conclusion,
        members=event.members,
        concluded_at=event.at,
    )


def _watched(matter: Matter, event: WatchingEvent) -> Matter:
    match event:
        case MatterCorrected():
            back = _again(matter, BACK_TO[matter.procedure][event.back_to])
            return replace(back, corrected=(*matter.corrected, event))
        case StageKept():
            return replace(matter, kept=(*matter.kept, event))
        case RiskAssessed():
            return replace(matter, risk=event)
        case MatterInspected():
            return replace(matter, inspected=(*matter.inspected, event))
        case AnswerRenewed():
            inspected = list(matter.inspected)
            before = inspected[event.inspection]
            inspected[event.inspection] = replace(
                before, due=event.due, provisional=event.provisional
            )
            return replace(matter, inspected=tuple(inspected))
        case InspectionAnswered():
            return replace(matter, answered=(*matter.answered, event))
        case _:
            assert_never(event)


def _of_2016(
    matter: Matter,
    event: MatterInformed | MeetingDecided | MatterImplemented | MatterSupervised | MatterFedBack,
) -> Matter:
    match event:
        case MeetingDecided():
            return replace(matter, met=event)
        case MatterInformed():
            return replace(matter, status=Status.INFORMED, told=event.told)
        case MatterImplemented():
            return replace(matter, status=Status.IMPLEMENTED, done=event.done)
        case MatterSupervised():
            return replace(
                matter,
                status=Status.SUPERVISED,
                supervised_by=event.by,
                supervision=event.finding,
            )
        case MatterFedBack():
            return replace(matter, status=Status.FED_BACK, feedback=event.feedback)
        case _:
            assert_never(event)


def _went(event: Consequence) -> Status:
    match event:
        case MatterReferred():
            return Status.REFERRED
        case MatterHanded():
            return Status.HANDED
        case MatterExplained():
            return Status.EXPLAINED
        case MatterDeclined():
            return Status.DECLINED
        case _:
            assert_never(event)


def _proposed(event: MatterProposed) -> Matter:
    return Matter(
        id=event.id,
        status=Status.PROPOSED,
        procedure=event.procedure,
        committee=event.committee,
        level=event.level,
        street=event.street,
        community=event.community,
        communities=event.communities,
        category=event.category,
        head=event.head,
        title=event.title,
        subject=event.subject,
        proposed_at=event.at,
        serves=event.serves,
        purpose=event.purpose,
        by_seat=event.by_seat,
        before=event.before,
        referred_from=event.referred_from,
        entrusted=event.entrusted,
    )


def _followed(matter: Matter, event: FollowingEvent) -> Matter:
    match event:
        case ClockStarted() | ClockRenewed():
            return _clocked(matter, event)
        case DateMissed():
            return _missed(matter, event)
        case OutcomeSentUp():
            return replace(matter, sent_up_at=event.at)
        case OutcomeDecided():
            return replace(matter, decision=event.decision, reasons=event.reasons)
        case MembersToldBack():
            return replace(
                matter, feedback=event.feedback, informed=event.informed, written=event.written
            )
        case OutcomePublished():
            return replace(matter, notice=event.notice, published_at=event.at)
        case NeedFound():
            return replace(matter, needs=(*matter.needs, event))
        case OutcomeFiled() | DecidedElsewhere() | ReferralAnswered():
            return _beside(matter, event)
        case ProgressReported():
            return replace(matter, progress=(*matter.progress, event))
        case MatterClosed():
            return replace(
                matter,
                status=Status.CLOSED,
                awaits=None,
                result=event.result,
                closed_at=event.at,
            )
        case MatterReopened():
            return _reopened(matter, event)
        case _:
            assert_never(event)


def _reopened(matter: Matter, event: MatterReopened) -> Matter:
    """What it came to is gone, and the day it was deliberated on isn't: unlike one that is put right."""
    days = matter.earlier_on if matter.held_on is None else (*matter.earlier_on, matter.held_on)
    again = _again(matter, Status.RESEARCHED)
    return replace(again, reopened=(*matter.reopened, event.reason), earlier_on=days)


def _beside(matter: Matter, event: OutcomeFiled | DecidedElsewhere | ReferralAnswered) -> Matter:
    """What is noted by others than who leads it."""
    match event:
        case OutcomeFiled():
            return replace(matter, filed_at=event.at)
        case DecidedElsewhere():
            return replace(matter, elsewhere=event)
        case ReferralAnswered():
            return replace(matter, answers=(*matter.answers, event))
        case _:
            assert_never(event)


def _clocked(matter: Matter, event: ClockStarted | ClockRenewed) -> Matter:
    if isinstance(event, ClockStarted):
        return replace(matter, awaits=Awaiting(**asdict(event)))
    if matter.awaits is None:
        return matter
    awaits = replace(matter.awaits, due=event.due, provisional=event.provisional)
    return replace(matter, awaits=awaits)


def _missed(matter: Matter, event: DateMissed) -> Matter:
    awaits = matter.awaits
    if awaits is not None and event.inspection is None:
        awaits = replace(awaits, missed=True)
    return replace(matter, awaits=awaits, missed=(*matter.missed, event))


def _again(matter: Matter, status: Status) -> Matter:
    """Before its session, with nothing of the last outcome but what was missed and why it is back."""
    held = matter.conclusion.session if matter.conclusion else None
    return replace(
        matter,
        status=status,
        earlier=(*matter.earlier, held) if held else matter.earlier,
        conclusion=None,
        members=None,
        concluded_at=None,
        awaits=None,
        sent_up_at=None,
        filed_at=None,
        elsewhere=None,
        decision=None,
        reasons=None,
        feedback=None,
        informed=None,
        written=None,
        notice=None,
        published_at=None,
        progress=(),
        result=None,
        closed_at=None,
        met=None,
        done=None,
        supervised_by=None,
        supervision=None,
    )
