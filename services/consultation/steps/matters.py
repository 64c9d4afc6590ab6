"""Matters: from a topic to where the outcome goes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked
from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, RuleBroken
from chassis.kind import Changed
from chassis.lists import DUE, NEWEST, Filter, by, due, moment
from chassis.places import numbered
from chassis.steps import Collection, Part
from chassis.words import Day, Flag, Passage, Several, Short, Whole
from contracts.event import Code, Id
from services.consultation import announce
from services.consultation.access import ACCESS, CONVENERS
from services.consultation.desk import (
    ConsultationDesk,
    committee_resource,
    matter_resource,
    names,
)
from services.consultation.domain import following, waiting, watching
from services.consultation.domain.committee import Member, enough, fixed_of, led_below
from services.consultation.domain.events import (
    Conclusion,
    Decider,
    Disagreement,
    Form,
    Ground,
    Invitation,
    Invited,
    MatterEvent,
    MatterProposed,
    Meeting,
    Outcome,
    Procedure,
    Purpose,
    Served,
    ServedKind,
    Settled,
    Settler,
    Supervisor,
    Target,
)
from services.consultation.domain.evolution import evolve
from services.consultation.domain.following import Clocks
from services.consultation.domain.matter import CURRENT, Matter, Status
from services.consultation.domain.membership import members_only
from services.consultation.domain.proposing import propose as propose_topic
from services.consultation.domain.rules import PUBLIC, RULES, TECHNICAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The members of its committee, whether a session here was called for it, and the clocks."""

    clocks: Clocks
    members: tuple[Member, ...] = ()
    in_session: bool = False


async def known(desk: ConsultationDesk, matter: Matter | None, at: At[None]) -> Known:
    clocks = await desk.clocks()
    if matter is None:
        return Known(clocks=clocks)
    return Known(
        clocks=clocks,
        members=(await desk.committees.get(matter.committee)).aggregate.members,
        in_session=await desk.in_session(matter, at.now),
    )


def opens(matter: Matter, at: At[Known], step: str) -> None:
    following.may_close(matter, step)
    if step == "outcome":
        enough(matter.level, fixed_of(at.known.members), at.known.clocks.policy)
        watching.risk_assessed(matter)
    marks = matter.settled
    if step == "outcome" and marks is not None and (marks.public or marks.technical):
        detail = "标明涉及面广、关注度高或专业性强的事项须召开会议，结果在会议中记录。"
        raise RuleBroken(RULES["C-26"], detail, clause=PUBLIC if marks.public else TECHNICAL)
    if step == "outcome" and at.known.in_session:
        detail = "该事项已召集会议，结果在会议中记录。"
        raise RuleBroken(RULES["C-09"], detail, clause=OURS)


MATTERS: Collection[Matter, MatterEvent, ConsultationDesk, Known] = Collection(
    service="consultation",
    name="matters",
    title="事项",
    path="/matters",
    state=Matter,
    events=get_args(MatterEvent),
    evolve=evolve,
    next_due=watching.next_due,
    announce=announce.of_matters,
    resource=matter_resource,
    access=ACCESS,
    keys=lambda matter: {
        **matter_resource(matter),
        "committee": matter.committee,
        "status": matter.status,
        "category": matter.category,
        "head": matter.head,
        "opened_at": moment(matter.proposed_at),
        "due": due(watching.awaited_by(matter)),
        "published": matter.published_at is not None,
        "published_at": moment(matter.published_at) if matter.published_at else 0,
        "opened_on": local_date(matter.proposed_at),
    },
    awaits=waiting.of_matter,
    indexes=(
        "street+opened_at",
        "street+due",
        "community+opened_at",
        "community+due",
        "committee",
        "status",
        "units[]",
        "units[]+due",
        "opened_at",
        "due",
        "published+published_at",
    ),
    words=lambda matter: matter.title,
    names=names,
    sorts={"newest": NEWEST, "due": DUE},
    filters={
        **by("street", "community", "category", "head"),
        "committee": Filter(key="committee", type=str),
        "unit": Filter(key="units"),
        "state": Filter(key="status", type=Status),
        "from": Filter(key="opened_on", type=Day, how="from"),
        "to": Filter(key="opened_on", type=Day, how="to"),
    },
    of=lambda desk: desk.matters,
    knows=known,
    opens=opens,
)


def convener(matter: Matter, _: At[Any]) -> Mapping[str, object]:
    return {"street": matter.street, "community": led_below(matter.level, matter.community)}


LED = Part(whose=convener)


class ServesIn(Asked):
    """What waits for this matter's outcome, by the id under which it is waited for."""

    kind: ServedKind
    id: Id


class MatterIn(Asked):
    """The title travels with a referral: like everything publicised, it names no person."""

    committee: str
    title: Short
    category: Code
    head: Code
    subject: Passage
    entrusted: Flag = False
    community: Code | None = None
    communities: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    serves: ServesIn | None = None
    purpose: Purpose | None = None
    by_seat: Code | None = None
    before: Decider | None = None


@MATTERS.step(
    "提出事项",
    "/matters",
    who=CONVENERS,
    rules="C-01 C-13 C-16 C-25 C-27",
    record=None,
    versioned=False,
    status=201,
)
async def propose(
    desk: ConsultationDesk, at: At[Known], body: MatterIn
) -> Changed[Matter, MatterEvent]:
    held = await desk.committees.named(body.committee, at.subject, "committee")
    committee = held.aggregate
    at.demand(committee_resource(committee))
    id = at.asking.new_id("matters")
    proposed = MatterProposed(
        id=id,
        committee=body.committee,
        level=committee.level,
        street=committee.street,
        community=await desk.concerned(body.community, committee, at.now),
        communities=await desk.several(body.communities, committee, at.now),
        category=body.category,
        head=body.head,
        title=body.title,
        subject=body.subject,
        procedure=CURRENT,
        entrusted=body.entrusted,
        purpose=body.purpose,
        by_seat=body.by_seat,
        before=body.before,
        serves=Served(**body.serves.model_dump()) if body.serves else None,
        at=at.now,
    )
    _, policy = await desk.policies.current()

    def first() -> Iterable[MatterEvent]:
        committee.in_office(at.now)
        if body.by_seat is not None:
            members_only((body.by_seat,), committee.members, "by_seat")
        return [propose_topic(proposed, policy)]

    number = await numbered(desk.communities, committee.street, at.now)
    return await desk.matters.create(id, first, at.cause, numbered=number)


class AcceptIn(Asked):
    """By whom the topic is settled, and what goes with it.

    `public`: it touches many or draws attention; `technical`: it needs an expert's or third party's opinion;
    `important`: decided, resolved and carried out only after its session; `major`: a major decision.
    """

    by: Settler
    form: Form
    participants: Passage
    plan: Passage
    public: Flag = False
    technical: Flag = False
    important: Flag = False
    major: Flag = False


@MATTERS.step("确定议题", who=CONVENERS, rules="C-16 C-22 C-24 C-26 C-32", part=LED)
def accept(m: Matter, at: At[Known], body: AcceptIn) -> MatterEvent:
    return m.accept(Settled(**body.model_dump()))


class RefuseIn(Asked):
    ground: Ground | None = None


@MATTERS.step("不予受理", who=CONVENERS, rules="C-04 C-13 C-16", part=LED)
async def refuse(
    desk: ConsultationDesk, at: At[Known], body: RefuseIn
) -> Changed[Matter, MatterEvent]:
    """The matter that it was raised from is told."""
    changed = await desk.matters.change(at.id, lambda m: [m.refuse(ground=body.ground)], at.cause)
    await desk.answer_refused(at.id, changed.aggregate, at.cause.unkeyed())
    return changed


class ResearchIn(Asked):
    """`seats`: the members who joined in."""

    findings: Passage
    seats: Annotated[tuple[Code, ...], Several] = ()


@MATTERS.step("调研", who=CONVENERS, rules="C-16 C-25", part=LED)
def research(m: Matter, at: At[Known], body: ResearchIn) -> MatterEvent:
    m.may("research")
    seats = members_only(body.seats, at.known.members, "seats")
    return m.research(findings=body.findings, seats=seats)


class InformIn(Asked):
    told: Passage


@MATTERS.step("事先告知", who=CONVENERS, rules="C-16", part=LED)
def inform(m: Matter, at: At[Known], body: InformIn) -> MatterEvent:
    return m.inform(told=body.told)


class InvitedIn(Asked):
    """A place for this matter; never who takes it."""

    seat: Code
    why: Invitation


class InviteIn(Asked):
    invited: Annotated[tuple[InvitedIn, ...], Several]


@MATTERS.step("邀请机动委员", who=CONVENERS, rules="C-19", part=LED)
def invite(m: Matter, at: At[Known], body: InviteIn) -> MatterEvent:
    return m.invite([Invited(**one.model_dump()) for one in body.invited], at.known.members)


class DisagreementIn(Asked):
    seat: Code
    reason: Passage


class OutcomeIn(Asked):
    """`present`: the roll, by seat; of these `interested` have an interest of their own."""

    outcome: Outcome
    present: Annotated[tuple[Code, ...], Several]
    interested: Annotated[tuple[Code, ...], Several] = ()
    held_on: Day | None = None
    target: Target | None = None
    unit: Code | None = None
    explanation: Passage | None = None
    guidance: Passage | None = None
    need: Short | None = None
    disagreement: Annotated[tuple[DisagreementIn, ...], Several] = ()


async def responsible(desk: ConsultationDesk, at: At[Known], body: OutcomeIn) -> Known:
    """The unit that is named is one of the register."""
    await desk.responsible(body.unit, at.now)
    return at.known


@MATTERS.step(
    "议事结果",
    who=CONVENERS,
    rules="C-01 C-08 C-09 C-10 C-16 C-19 C-21 C-26 C-32",
    part=LED,
    learns=(responsible,),
)
def outcome(m: Matter, at: At[Known], body: OutcomeIn) -> tuple[MatterEvent, ...]:
    held = tuple(Disagreement(**one.model_dump()) for one in body.disagreement)
    conclusion = Conclusion(
        **body.model_dump(exclude={"present", "disagreement"}), roll=body.present, disagreement=held
    )
    opens(m, at, "outcome")
    happened = m.conclude(conclusion, members=at.known.members, now=at.now)
    return following.concluded(m, happened, at.known.clocks, at.now)


class MeetingIn(Asked):
    """`adopted`: whether it is carried out."""

    meeting: Meeting
    adopted: Flag
    result: Passage
    on: Day


@MATTERS.step("居民会议决定", who=CONVENERS, rules="C-16", part=LED)
def meeting(m: Matter, at: At[Known], body: MeetingIn) -> MatterEvent:
    """Of 2016: what stayed disputed."""
    return m.meet(body.meeting, adopted=body.adopted, result=body.result, on=body.on, now=at.now)


class ImplementIn(Asked):
    done: Passage


@MATTERS.step("组织实施", who=CONVENERS, rules="C-16", part=LED)
def implement(m: Matter, at: At[Known], body: ImplementIn) -> MatterEvent:
    return m.implement(done=body.done)


class SuperviseIn(Asked):
    by: Supervisor
    finding: Passage


@MATTERS.step("过程监督", who=CONVENERS, rules="C-16", part=LED)
def supervise(m: Matter, at: At[Known], body: SuperviseIn) -> MatterEvent:
    return m.supervise(by=body.by, finding=body.finding)


class FeedbackIn(Asked):
    """Under the procedure of 2018 with how many members were told, and how many of these in writing."""

    feedback: Passage
    informed: Whole = 0
    written: Whole = 0


@MATTERS.step("成果反馈", who=CONVENERS, rules="C-11 C-16 C-18", part=LED)
def feedback(m: Matter, at: At[Known], body: FeedbackIn) -> tuple[MatterEvent, ...]:
    if m.procedure is Procedure.SIX_STEPS_2016:
        following.may_close(m, "feedback")
        return (m.feed_back(feedback=body.feedback, now=at.now),)
    return following.tell_back(
        m, body.feedback, body.informed, body.written, at.known.clocks, at.now
    )


STEPS = (
    propose,
    accept,
    refuse,
    research,
    inform,
    invite,
    outcome,
    meeting,
    implement,
    supervise,
    feedback,
)
