"""C-02: from a nomination to a seat, and how a seat ends when a disqualifier arises."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from chassis.kernel.clock import WorkTime, announced, local_date, working_days_after
from chassis.kernel.errors import Malformed, NotFound, RuleBroken
from chassis.kernel.required import required
from chassis.vocabulary import word_of
from services.consultation.vocabulary import WORDS

from .committee import Committee, Level, Member, SeatKind, room_for
from .members import (
    AbsencesCounted,
    AbsenceWarned,
    AssessmentCorrected,
    Ended,
    Found,
    MemberAppointed,
    MemberAssessed,
    MemberEvent,
    MemberNominated,
    Nomination,
    NominationAgreed,
    NominationDeliberated,
    NominationDropped,
    NominationEvent,
    NominationPublicised,
    Objection,
    ObjectionRaised,
    ObjectionsAnswered,
    SeatEnded,
    Stage,
)
from .policy import ConsultationPolicy
from .rules import NOMINATING, QUALIFIED, RULES
from .seating import within_allocation

WARNED_AT = 2
"""C-03: absences."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualities:
    """Of whom is nominated, as the nominators checked it."""

    adult: bool
    capacity: bool
    voter: bool
    found: tuple[Found, ...] = ()


WANTING = {
    "adult": "委员须年满 18 周岁。",
    "capacity": "委员须具有完全民事行为能力。",
    "voter": "委员须享有选举权。",
}


def nominate(
    committee: Committee, nominated: MemberNominated, qualities: Qualities, now: datetime
) -> MemberNominated:
    """C-02: only who qualifies, for a seat that nobody has or is nominated for."""
    committee.in_office(now)
    taken = {member.seat for member in committee.members}
    taken |= {nomination.seat for nomination in committee.nominations}
    if nominated.seat in taken | {seat.seat for seat in committee.ended}:
        raise Malformed("席位代码已被使用。", field="seat")
    for field, wanting in WANTING.items():
        if not getattr(qualities, field):
            raise RuleBroken(RULES["C-02"], wanting, clause=QUALIFIED, field=field)
    if qualities.found:
        detail = f"有不得担任委员的情形：{word_of(qualities.found[0].ground, WORDS)}。"
        raise RuleBroken(RULES["C-02"], detail, clause=QUALIFIED, field="found")
    within_allocation(committee, nominated.member_class)
    return nominated


def at_stage(committee: Committee, seat: str, *stages: Stage) -> Nomination:
    """The nomination, where its turn has come."""
    nomination = nomination_of(committee, seat)
    if nomination.stage not in stages:
        detail = f"该提名当前为“{word_of(nomination.stage, WORDS)}”，不能办理此步骤。"
        raise RuleBroken(RULES["C-02"], detail, clause=NOMINATING)
    return nomination


def nomination_of(committee: Committee, seat: str) -> Nomination:
    found = [one for one in committee.nominations if one.seat == seat]
    if not found:
        raise NotFound
    return found[0]


def deliberate(committee: Committee, seat: str) -> NominationDeliberated:
    at_stage(committee, seat, Stage.NOMINATED)
    return NominationDeliberated(seat=seat)


def publicise(
    committee: Committee, seat: str, now: datetime, policy: ConsultationPolicy, work: WorkTime
) -> NominationPublicised:
    at_stage(committee, seat, Stage.DELIBERATED)
    days = policy.publicity_days
    until = working_days_after(now, days, work)
    return NominationPublicised(seat=seat, until=until, days=days, at=now)


def object_to(committee: Committee, seat: str, text: str) -> ObjectionRaised:
    at_stage(committee, seat, Stage.PUBLICISED)
    required(text, "text", "请写明异议。")
    return ObjectionRaised(seat=seat, text=text)


def answer(committee: Committee, seat: str, text: str) -> ObjectionsAnswered:
    answerable(committee, seat)
    required(text, "answer", "请写明答复。")
    return ObjectionsAnswered(seat=seat, answer=text)


def answerable(committee: Committee, seat: str) -> None:
    nomination = at_stage(committee, seat, Stage.PUBLICISED)
    if not _open(nomination):
        raise RuleBroken(RULES["C-02"], "没有待答复的异议。", clause=NOMINATING)


def publicity_over(nomination: Nomination, now: datetime, work: WorkTime) -> None:
    """By the working days as they are known today."""
    until = nomination.until
    if until is not None:
        until = announced(until, nomination.publicised_at, nomination.days, work)
    if until is None or now <= until:
        ends = local_date(until) if until else "未开始"
        detail = f"公示期未满（至 {ends}）。"
        raise RuleBroken(RULES["C-02"], detail, clause=NOMINATING, field="seat")
    if _open(nomination):
        raise RuleBroken(RULES["C-02"], "公示期的异议尚未答复。", clause=NOMINATING, field="seat")


def _open(nomination: Nomination) -> bool:
    return any(objection.answer is None for objection in nomination.objections)


def agree(committee: Committee, seat: str, now: datetime, work: WorkTime) -> NominationAgreed:
    """The street's, to what a community will appoint."""
    agreeable(committee, seat, now, work)
    return NominationAgreed(seat=seat)


def agreeable(committee: Committee, seat: str, now: datetime, work: WorkTime) -> None:
    if committee.level is Level.STREET:
        raise RuleBroken(RULES["C-02"], "街道委员由街道聘任，无须另行同意。", clause=NOMINATING)
    publicity_over(at_stage(committee, seat, Stage.PUBLICISED), now, work)


def appoint(
    committee: Committee,
    seat: str,
    letter: str,
    now: datetime,
    policy: ConsultationPolicy,
    work: WorkTime,
) -> MemberAppointed:
    """After its publicity, and below the street with the street's agreement; C-01 holds with it, too."""
    nomination = appointable(committee, seat, now, work)
    required(letter, "letter", "请写明聘书编号。")
    room_for(committee, _seated(nomination), policy)
    return MemberAppointed(seat=seat, letter=letter, at=now)


def appointable(committee: Committee, seat: str, now: datetime, work: WorkTime) -> Nomination:
    committee.in_office(now)
    ready = Stage.PUBLICISED if committee.level is Level.STREET else Stage.AGREED
    nomination = at_stage(committee, seat, ready)
    publicity_over(nomination, now, work)
    return nomination


def drop(committee: Committee, seat: str, reason: str) -> NominationDropped:
    """Whoever isn't appointed is dropped, with the reason."""
    nomination_of(committee, seat)
    required(reason, "reason", "请写明理由。")
    return NominationDropped(seat=seat, reason=reason)


def disqualify(committee: Committee, seat: str, found: Found, now: datetime) -> SeatEnded:
    """C-02: a disqualifier that arises ends the seat, by the street's review."""
    member_of(committee, seat)
    if not found.evidence.strip():
        raise RuleBroken(RULES["C-02"], "须写明认定的依据。", clause=QUALIFIED, field="evidence")
    return SeatEnded(seat=seat, why=Ended.DISQUALIFIED, found=found, at=now)


def member_of(committee: Committee, seat: str) -> Member:
    found = [member for member in committee.members if member.seat == seat]
    if not found:
        raise NotFound
    return found[0]


# Change


def evolve(committee: Committee, event: MemberEvent) -> Committee:
    match event:
        case MemberNominated():
            opened = Nomination(
                seat=event.seat,
                non_party=event.non_party,
                member_class=event.member_class,
                route=event.route,
            )
            return replace(committee, nominations=(*committee.nominations, opened))
        case MemberAppointed():
            member = _seated(nomination_of(committee, event.seat))
            return replace(
                committee,
                members=(*committee.members, member),
                nominations=_without(committee.nominations, event.seat),
            )
        case NominationDropped():
            left = _without(committee.nominations, event.seat)
            return replace(committee, nominations=left)
        case SeatEnded():
            members = tuple(m for m in committee.members if m.seat != event.seat)
            return replace(committee, members=members, ended=(*committee.ended, event))
        case AbsencesCounted():
            return _counted(committee, event)
        case AbsenceWarned():
            return replace(committee, warned=(*committee.warned, event.seat))
        case MemberAssessed():
            return replace(committee, assessed=(*committee.assessed, event))
        case AssessmentCorrected(assessed=right):
            rest = (one for one in committee.assessed if one.of != right.of)
            return replace(committee, assessed=(*rest, right))
        case _:
            moved = tuple(
                _moved(one, event) if one.seat == event.seat else one
                for one in committee.nominations
            )
            return replace(committee, nominations=moved)


def _counted(committee: Committee, event: AbsencesCounted) -> Committee:
    """Who is left with fewer than are warned of, since one was excused, is warned no longer."""
    others = (one for one in committee.absences if one.session != event.session)
    counted = replace(committee, absences=(*others, event))
    warned = tuple(seat for seat in committee.warned if counted.missed(seat) >= WARNED_AT)
    return replace(counted, warned=warned)


def _moved(nomination: Nomination, event: NominationEvent) -> Nomination:
    match event:
        case NominationDeliberated():
            return replace(nomination, stage=Stage.DELIBERATED)
        case NominationPublicised():
            return replace(
                nomination,
                stage=Stage.PUBLICISED,
                until=event.until,
                publicised_at=event.at,
                days=event.days,
            )
        case NominationAgreed():
            return replace(nomination, stage=Stage.AGREED)
        case ObjectionRaised():
            raised = Objection(text=event.text)
            return replace(nomination, objections=(*nomination.objections, raised))
        case ObjectionsAnswered():
            answered = tuple(
                one if one.answer else replace(one, answer=event.answer)
                for one in nomination.objections
            )
            return replace(nomination, objections=answered)
        case MemberNominated() | NominationDropped():
            raise ValueError("it begins or ends a nomination")
        case _:
            assert_never(event)


def _seated(nomination: Nomination) -> Member:
    return Member(
        seat=nomination.seat,
        kind=SeatKind.FIXED,
        non_party=nomination.non_party,
        member_class=nomination.member_class,
    )


def _without(nominations: Sequence[Nomination], seat: str) -> tuple[Nomination, ...]:
    return tuple(one for one in nominations if one.seat != seat)
