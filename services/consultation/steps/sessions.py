"""Sessions: called, noticed, opened with a quorum; the roll, the floor, and what was agreed."""

from dataclasses import replace
from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kernel.clock import local_date
from chassis.kind import Changed
from chassis.lists import DUE, NEWEST, Filter, by, due, moment
from chassis.steps import Collection
from chassis.words import Day, Flag, Long, Moment, Passage, Several, Short, Whole
from contracts.event import Code, Id
from services.consultation import announce
from services.consultation.access import ACCESS, CONVENERS
from services.consultation.desk import (
    ConsultationDesk,
    committee_resource,
    names,
    session_resource,
)
from services.consultation.domain import agenda, calling, waiting
from services.consultation.domain import session as sessions
from services.consultation.domain.events import Conclusion, Disagreement, Outcome, Target
from services.consultation.domain.matter import ALLOWED
from services.consultation.domain.session import Session
from services.consultation.domain.session_course import BEFORE, Setting, Status
from services.consultation.domain.session_events import (
    AgendaItem,
    Calling,
    Chair,
    Ratings,
    SessionCalled,
    SessionEvent,
    SessionKind,
    Side,
    Signatory,
    Source,
    Votes,
)

from .matters import DisagreementIn


async def setting(desk: ConsultationDesk, session: Session | None, _: At[None]) -> Setting:
    if session is None:
        return await desk.setting(None, None)
    return await desk.setting(session.called.committee, session.called.matter)


def opens(session: Session, at: At[Setting], step: str) -> None:
    match step:
        case "open":
            session.openable(at.known, at.now)
        case "close":
            session.closable()
        case "speak" | "item":
            session.deliberating(step, at.known)
        case "record":
            session.recordable(at.known)
        case _:
            session.may(step)


SESSIONS: Collection[Session, SessionEvent, ConsultationDesk, Setting] = Collection(
    service="consultation",
    name="sessions",
    title="会议",
    path="/sessions",
    state=Session,
    events=get_args(SessionEvent),
    evolve=sessions.evolve,
    announce=announce.of_sessions,
    resource=session_resource,
    access=ACCESS,
    keys=lambda session: {
        **session_resource(session),
        "committee": session.called.committee,
        "matter": session.called.matter,
        "kind": session.called.kind,
        "status": session.status,
        "opened_at": moment(session.called.at),
        "due": due(session.called.held_at if session.status in BEFORE else None),
        "held_on": local_date(session.called.held_at),
    },
    awaits=waiting.of_session,
    indexes=(
        "street+opened_at",
        "street+due",
        "community+opened_at",
        "community+due",
        "committee",
        "matter",
        "opened_at",
        "due",
    ),
    words=lambda session: session.called.place,
    names=names,
    sorts={"newest": NEWEST, "due": DUE},
    filters={
        **by("street", "community"),
        "committee": Filter(key="committee", type=str),
        "matter": Filter(key="matter", type=str),
        "kind": Filter(key="kind", type=SessionKind),
        "state": Filter(key="status", type=Status),
        "from": Filter(key="held_on", type=Day, how="from"),
        "to": Filter(key="held_on", type=Day, how="to"),
    },
    of=lambda desk: desk.sessions,
    knows=setting,
    opens=opens,
)


Ready = Annotated[
    Id,
    Field(
        json_schema_extra={
            "x-among": {"state": sorted({one for at in ALLOWED.values() for one in at["outcome"]})}
        }
    ),
]
"""A matter that may have its session now: those a screen offers."""


class SessionIn(Asked):
    """A regular meeting has no matter, a topical one has one; `joined`: who called for it together."""

    committee: Id
    kind: SessionKind
    called_by: Calling
    joined: Annotated[tuple[Code, ...], Several] = ()
    matter: Ready | None = None
    hearing: Flag = False
    place: Short
    held_at: Moment


@SESSIONS.step(
    "召集会议",
    "/sessions",
    who=CONVENERS,
    rules="C-01 C-06 C-09 C-16",
    record=None,
    versioned=False,
    claims=True,
    status=201,
)
async def call(
    desk: ConsultationDesk, at: At[Setting], body: SessionIn
) -> Changed[Session, SessionEvent]:
    """What is in work when the term ends goes on: its matter may have no other way to an outcome (C-26)."""
    held = await desk.committees.named(body.committee, at.subject, "committee")
    committee = held.aggregate
    at.demand(committee_resource(committee))
    cause, id = at.cause, at.asking.new_id("sessions")
    if body.matter is not None:
        matter = await desk.matters.named(body.matter, at.subject, "matter")
        cause = replace(cause, correlation=matter.correlation)
        id = await desk.session_for(matter.aggregate, cause)
    setting = await desk.setting(body.committee, body.matter)
    called = SessionCalled(
        **body.model_dump(),
        level=committee.level,
        street=committee.street,
        community=committee.community,
        at=at.now,
    )

    def first(known: Session | None) -> list[SessionEvent]:
        if body.matter is None:
            committee.in_office(at.now)
        happened = calling.call(called, setting)
        calling.alone(known)
        return [happened]

    if body.matter is not None:
        await desk.reserve(body.matter, id, first, cause)
    return await desk.sessions.record(id, first, cause)


class NoticeIn(Asked):
    papers: Annotated[tuple[Short, ...], Several]


@SESSIONS.step("发出通知和材料", who=CONVENERS, rules="C-07 C-09")
def notice(s: Session, at: At[Setting], body: NoticeIn) -> SessionEvent:
    return s.notice(body.papers, at.known, at.now)


class OpinionIn(Asked):
    title: Short
    source: Source


@SESSIONS.step("提交专家或第三方意见", who=CONVENERS, rules="C-09 C-26")
def opinion(s: Session, at: At[Setting], body: OpinionIn) -> SessionEvent:
    return s.opinion(body.title, body.source)


@SESSIONS.step("紧急开会", who=CONVENERS, rules="C-07 C-09")
def urgent(s: Session, at: At[Setting], body: ReasonIn) -> SessionEvent:
    return s.urgent(body.reason)


class SeatsIn(Asked):
    seats: Annotated[tuple[Code, ...], Several]


@SESSIONS.step("签到", who=CONVENERS, rules="C-08 C-09", versioned=None)
def arrive(s: Session, at: At[Setting], body: SeatsIn) -> tuple[SessionEvent, ...]:
    """By any number of clerks at once; who is on the roll already stays on it."""
    return s.arrive(body.seats, at.known, at.now)


@SESSIONS.step("离席", who=CONVENERS, rules="C-08 C-09", versioned=None)
def leave(s: Session, at: At[Setting], body: SeatsIn) -> tuple[SessionEvent, ...]:
    return s.leave(body.seats, at.now)


class ExcuseIn(Asked):
    seat: Code
    reason: Long


@SESSIONS.step("请假", who=CONVENERS, rules="C-03 C-09", versioned=None)
async def excuse(
    desk: ConsultationDesk, at: At[Setting], body: ExcuseIn
) -> Changed[Session, SessionEvent]:
    """After its end, too: the committee then counts one absence fewer."""
    changed = await desk.sessions.change(
        at.id, lambda s: [s.excuse(body.seat, body.reason, at.known)], at.cause
    )
    if changed.aggregate.ended_at is not None:
        await desk.count_absences(changed.aggregate.called.committee, at.id, at.cause.unkeyed())
    return changed


class InterestIn(Asked):
    seat: Annotated[
        Code, Field(json_schema_extra={"x-own": "there", "x-nobody": "还没有委员签到。"})
    ]


@SESSIONS.step("说明利害关系", who=CONVENERS, rules="C-09 C-19", versioned=None)
def interest(s: Session, at: At[Setting], body: InterestIn) -> SessionEvent:
    return s.interest(body.seat)


class OpenIn(Asked):
    """`why_chair`: where somebody else chairs than does in principle."""

    chair: Chair
    why_chair: Long | None = None


@SESSIONS.step("开会", name="open", who=CONVENERS, rules="C-01 C-07 C-08 C-09 C-14")
def open_it(s: Session, at: At[Setting], body: OpenIn) -> SessionEvent:
    return s.open(body.chair, body.why_chair, at.known, at.now)


class AskIn(Asked):
    seat: Code
    side: Side


@SESSIONS.step("申请发言", who=CONVENERS, rules="C-09", versioned=None)
def ask(s: Session, at: At[Setting], body: AskIn) -> SessionEvent:
    return s.ask(body.seat, body.side)


class SeatIn(Asked):
    seat: Code


@SESSIONS.step("发言", who=CONVENERS, rules="C-08 C-09", versioned=None)
def speak(s: Session, at: At[Setting], body: SeatIn) -> SessionEvent:
    return s.speak(body.seat, at.known, at.now)


class RatingsIn(Asked):
    """Counts only: who rated how is asked of nobody."""

    good: Whole
    fair: Whole
    poor: Whole


class AgendaItemIn(Asked):
    item: AgendaItem
    record: Passage
    ratings: RatingsIn | None = None


@SESSIONS.step("听取议程事项", who=CONVENERS, rules="C-08 C-09 C-23", versioned=None)
def item(s: Session, at: At[Setting], body: AgendaItemIn) -> SessionEvent:
    ratings = Ratings(**body.ratings.model_dump()) if body.ratings else None
    return agenda.hear(s, body.item, body.record, ratings, at.known, at.now)


class VotesIn(Asked):
    in_favour: Whole
    against: Whole
    abstained: Whole


class RecordIn(Asked):
    """The outcome; who is there now is on the roll."""

    outcome: Outcome
    target: Target | None = None
    unit: Code | None = None
    explanation: Passage | None = None
    guidance: Passage | None = None
    need: Short | None = None
    disagreement: Annotated[tuple[DisagreementIn, ...], Several] = ()
    votes: VotesIn | None = None


async def responsible(desk: ConsultationDesk, at: At[Setting], body: RecordIn) -> Setting:
    """The unit that is named is one of the register."""
    await desk.responsible(body.unit, at.now)
    return at.known


@SESSIONS.step(
    "记录议事结果",
    who=CONVENERS,
    rules="C-08 C-09 C-10 C-16 C-19 C-21 C-26 C-32",
    learns=(responsible,),
)
def record(s: Session, at: At[Setting], body: RecordIn) -> SessionEvent:
    held = tuple(Disagreement(**one.model_dump()) for one in body.disagreement)
    conclusion = Conclusion(**body.model_dump(exclude={"disagreement", "votes"}), disagreement=held)
    votes = Votes(**body.votes.model_dump()) if body.votes else None
    return s.record(conclusion, votes, at.known, at.now)


@SESSIONS.step("休会", who=CONVENERS, rules="C-03 C-08 C-09")
async def adjourn(
    desk: ConsultationDesk, at: At[Setting], body: ReasonIn
) -> Changed[Session, SessionEvent]:
    """The committee counts who stayed away, as it does when it hears that one was held; at the next start, if the
    process ends in between.
    """
    changed = await desk.sessions.change(
        at.id, lambda s: [s.adjourn(body.reason, at.known, at.now)], at.cause
    )
    committee = changed.aggregate.called.committee
    if changed.aggregate.absent:
        await desk.count_absences(committee, at.id, at.cause.unkeyed())
    return changed


class CloseIn(Asked):
    summary: Passage


@SESSIONS.step("散会", who=CONVENERS, rules="C-09 C-14 C-23")
def close(s: Session, at: At[Setting], body: CloseIn) -> SessionEvent:
    return s.close(body.summary, at.now)


class SignIn(Asked):
    signatory: Signatory


@SESSIONS.step("签署纪要", who=CONVENERS, rules="C-09 C-14")
def sign(s: Session, at: At[Setting], body: SignIn) -> SessionEvent:
    return s.sign(body.signatory, at.by, at.now)


class AnnexIn(Asked):
    text: Passage


@SESSIONS.step("追加附件", who=CONVENERS, rules="C-09 C-14")
def annex(s: Session, at: At[Setting], body: AnnexIn) -> SessionEvent:
    """The sealed minutes stay as they were."""
    return s.annex(body.text, at.by, at.now)


STEPS = (
    call,
    notice,
    opinion,
    urgent,
    arrive,
    leave,
    excuse,
    interest,
    open_it,
    ask,
    speak,
    item,
    record,
    adjourn,
    close,
    sign,
    annex,
)
