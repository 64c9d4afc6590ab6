"""Our private events in the words we have promised others. Silence is a decision too."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, assert_never

from contracts import consultation as published
from contracts.event import Event

from .domain.appointing import member_of
from .domain.committee import Committee, fixed_of
from .domain.events import (
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
    Served,
    SessionReserved,
)
from .domain.fact import NUMBERS, Fact, FactEvent, FactRecorded
from .domain.following_events import (
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
from .domain.matter import Matter
from .domain.members import MemberAppointed, SeatEnded
from .domain.plans import PlanFiled, PlanMissed
from .domain.resettling import Resettled
from .domain.roll import CommitteeEvent
from .domain.session import Session
from .domain.session_events import DecisionTaken, SessionClosed, SessionEvent
from .domain.topic import Proposal, ProposalEvent, TurnedDown
from .domain.watching_events import (
    AnswerRenewed,
    InspectionAnswered,
    MatterCorrected,
    MatterInspected,
    RiskAssessed,
    StageKept,
)

DISPUTE = "不予受理的两方纠纷"
"""Its own title was never publicised, and may name the parties."""
DISPUTES = "dispute"
"""The category of a proposal that is one; residents aren't asked for theirs."""


def of_committees(event: CommitteeEvent, after: Committee) -> Event | None:
    """Members by class and number; a committee's first seats are read here."""
    about = {"street": after.street, "community": after.community}
    match event:
        case MemberAppointed():
            return _seated(event, after, about)
        case SeatEnded():
            return published.SeatEnded(
                **about,
                level=after.level.value,
                seat=event.seat,
                **_roll(after),
                at=event.at,
            )
        case PlanFiled():
            return published.PlanFiled(
                **about,
                level=after.level.value,
                year=event.plan.year,
                topics=len(event.plan.topics),
                regular=event.plan.regular,
                late=event.late,
                **_roll(after),
                at=event.at,
            )
        case PlanMissed():
            level = after.level.value
            return published.DateMissed(**about, awaited="plan", due=event.due, level=level)
        case _:
            return None


def _seated(event: MemberAppointed, after: Committee, about: Mapping[str, Any]) -> Event:
    member = member_of(after, event.seat)
    if member.member_class is None:
        raise ValueError("who is appointed has a class")
    return published.MemberSeated(
        **about,
        level=after.level.value,
        seat=member.seat,
        member_class=member.member_class.value,
        non_party=member.non_party,
        **_roll(after),
        at=event.at,
    )


def _roll(committee: Committee) -> dict[str, int]:
    fixed = fixed_of(committee.members)
    return {"seats": len(fixed), "outside": sum(member.non_party for member in fixed)}


def of_facts(event: FactEvent, after: Fact) -> Event:
    """Figures only: what shows them, and why they were put right, is read here."""
    said = after.figures
    return published.FactRecorded(
        street=after.street,
        year=after.year,
        item=NUMBERS.get(after.item),
        fixed=said.fixed,
        walls=said.walls,
        made=said.made,
        published=said.published,
        mark=said.mark,
        piece=said.piece,
        taken=said.taken.value if said.taken else None,
        commented=bool(said.commented),
        corrected=not isinstance(event, FactRecorded),
        at=event.at,
    )


def of_sessions(event: SessionEvent, after: Session) -> Event | None:
    """What it came to, to its matter; and that it was held."""
    about = {"street": after.called.street, "community": after.called.community}
    match event:
        case DecisionTaken() if after.called.matter is not None:
            return published.MatterDeliberated(**about, matter=after.called.matter)
        case SessionClosed():
            return published.SessionHeld(
                **about,
                committee=after.called.committee,
                level=after.called.level.value,
                kind=after.called.kind.value,
                matter=after.called.matter,
                present=len(set(after.there) & set(after.fixed)),
                fixed=len(after.fixed),
                seal=event.minutes.seal if event.minutes else None,
                at=event.at,
            )
        case _:
            return None


def of_proposals(event: ProposalEvent, after: Proposal) -> Event | None:
    """What isn't taken up goes to mediation where it is a dispute of two parties, as a refused matter does."""
    if not isinstance(event, TurnedDown) or event.dispute is None:
        return None
    return published.MatterReferred(
        street=after.street,
        community=after.community,
        matter=event.dispute,
        target="mediation",
        category=DISPUTES,
        title=DISPUTE,
    )


def of_matters(event: MatterEvent, after: Matter) -> Event | None:
    match event:
        case OutcomeRecorded():
            outcome = event.conclusion.outcome.value
            return published.OutcomeReported(
                **_about(after),
                outcome=outcome,
                at=event.at,
                level=after.level.value,
                fixed=event.members,
                serves=_served(after.serves),
            )
        case MatterReferred():
            return published.MatterReferred(
                **_about(after),
                target=event.target.value,
                category=after.category,
                title=after.title,
                again=after.again or None,
            )
        case MatterRefused(to_mediation=True):
            return published.MatterReferred(
                **_about(after), target="mediation", category=after.category, title=DISPUTE
            )
        case MatterProposed() | MatterAccepted() | MatterRefused() | MatterResearched():
            return None
        case MembersInvited() | MatterInformed() | MeetingDecided():
            return None
        case MatterFedBack(at=datetime() as at):
            return _ended(after, after.done is not None, at)
        case MatterImplemented() | MatterSupervised() | MatterFedBack():
            return None
        case MatterHanded() | MatterExplained() | MatterDeclined():
            return None
        case (
            StageKept()
            | RiskAssessed()
            | MatterInspected()
            | AnswerRenewed()
            | InspectionAnswered()
        ):
            return None
        case MatterCorrected() | OutcomeSetAside() | SessionReserved() | Resettled():
            return None
        case _:
            return _of_following(event, after)


def _of_following(event: FollowingEvent, after: Matter) -> Event | None:
    match event:
        case DateMissed():
            return published.DateMissed(
                **_about(after),
                awaited=event.awaited.value,
                due=event.due,
                level=after.level.value,
            )
        case MatterClosed():
            return _ended(after, event.result is not None, event.at)
        case MembersToldBack() | ProgressReported() if after.goes_on:
            return published.OutcomeFollowed(
                **_about(after),
                fixed=after.members or 0,
                informed=after.informed,
                written=after.written,
                progress=len(after.progress),
                level=after.level.value,
                decided=after.concluded_at,
                at=event.at,
            )
        case NeedFound():
            return published.NeedIdentified(
                **_about(after),
                need=event.need,
                level=after.level.value,
                category=after.category,
                title=event.title,
                at=event.at,
            )
        case ClockRenewed() | OutcomeFiled() | DecidedElsewhere() | ReferralAnswered():
            return None
        case ClockStarted() | OutcomeSentUp() | OutcomeDecided() | MembersToldBack():
            return None
        case OutcomePublished() | ProgressReported() | MatterReopened():
            return None
        case _:
            assert_never(event)


def _ended(after: Matter, completed: bool, at: datetime) -> Event:
    """By completion, publication or feedback; by that of 2016, where nobody counts who was told."""
    return published.MatterClosed(
        **_about(after),
        completed=completed,
        decision=after.decision.value if after.decision else None,
        fixed=after.members or 0,
        informed=after.informed,
        written=after.written,
        progress=len(after.progress),
        missed=len(after.missed),
        level=after.level.value,
        decided=after.concluded_at,
        at=at,
    )


def _served(served: Served | None) -> published.Serves | None:
    return published.Serves(kind=served.kind.value, id=served.id) if served else None


def _about(matter: Matter) -> dict[str, object]:
    return {
        "street": matter.street,
        "community": matter.community,
        "units": matter.units,
        "matter": matter.id,
    }
