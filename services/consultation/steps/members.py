"""Members of a committee: from a nomination to a seat, and out of it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated

from chassis.at import At
from chassis.http import Asked
from chassis.steps import Part
from chassis.words import Flag, Long, Several, Short, Whole
from contracts.event import Code
from services.consultation.access import CONVENERS, STREETS
from services.consultation.desk import ConsultationDesk
from services.consultation.domain import appointing, assessing, leaving
from services.consultation.domain.committee import Committee, SeatKind
from services.consultation.domain.members import (
    Disqualifier,
    Ended,
    Found,
    Grade,
    MemberClass,
    MemberEvent,
    MemberNominated,
    Route,
    Stage,
    Work,
)

from .committees import COMMITTEES, Known


def _nominated(committee: Committee) -> Iterable[Mapping[str, str]]:
    return ({"seat": one.seat} for one in committee.nominations)


def _seats(committee: Committee) -> Iterable[Mapping[str, str]]:
    fixed = (one for one in committee.members if one.kind is SeatKind.FIXED)
    return ({"seat": one.seat} for one in fixed)


NOMINATED: Part[Committee] = Part(path="/nominations/{seat}", places=_nominated)


def _assessed(committee: Committee) -> Iterable[Mapping[str, str]]:
    return ({"seat": one.seat, "year": str(one.year)} for one in committee.assessed)


ASSESSED: Part[Committee] = Part(path="/members/{seat}/assessments/{year}", places=_assessed)
SEATED: Part[Committee] = Part(path="/members/{seat}", places=_seats)


class FoundIn(Asked):
    ground: Disqualifier
    evidence: Long


class NominateIn(Asked):
    """What was checked of whom is nominated; who it is stays on paper."""

    seat: Code
    non_party: Flag
    member_class: MemberClass
    route: Route
    adult: Flag
    capacity: Flag
    voter: Flag
    found: Annotated[tuple[FoundIn, ...], Several] = ()


@COMMITTEES.step(
    "提名委员",
    "/committees/{id}/members",
    who=CONVENERS,
    rules="C-01 C-02",
    opens=lambda c, at: c.in_office(at.now),
)
def nominate(c: Committee, at: At[Known], body: NominateIn) -> MemberEvent:
    nominated = MemberNominated(
        seat=body.seat,
        non_party=body.non_party,
        member_class=body.member_class,
        route=body.route,
    )
    qualities = appointing.Qualities(
        adult=body.adult,
        capacity=body.capacity,
        voter=body.voter,
        found=tuple(Found(**one.model_dump()) for one in body.found),
    )
    return appointing.nominate(c, nominated, qualities, at.now)


@COMMITTEES.step(
    "酝酿",
    who=CONVENERS,
    rules="C-02",
    part=NOMINATED,
    opens=lambda c, at: appointing.at_stage(c, at["seat"], Stage.NOMINATED),
)
def deliberate(c: Committee, at: At[Known]) -> MemberEvent:
    return appointing.deliberate(c, at["seat"])


@COMMITTEES.step(
    "公示",
    who=CONVENERS,
    rules="C-02",
    part=NOMINATED,
    opens=lambda c, at: appointing.at_stage(c, at["seat"], Stage.DELIBERATED),
)
def publicise(c: Committee, at: At[Known]) -> MemberEvent:
    return appointing.publicise(c, at["seat"], at.now, at.known.policy, at.known.work)


class ObjectIn(Asked):
    text: Long


@COMMITTEES.step(
    "登记异议",
    name="object",
    who=CONVENERS,
    rules="C-02",
    part=NOMINATED,
    opens=lambda c, at: appointing.at_stage(c, at["seat"], Stage.PUBLICISED),
)
def object_to(c: Committee, at: At[Known], body: ObjectIn) -> MemberEvent:
    return appointing.object_to(c, at["seat"], body.text)


class MemberAnswerIn(Asked):
    answer: Long


@COMMITTEES.step(
    "答复异议",
    who=CONVENERS,
    rules="C-02",
    part=NOMINATED,
    opens=lambda c, at: appointing.answerable(c, at["seat"]),
)
def answer(c: Committee, at: At[Known], body: MemberAnswerIn) -> MemberEvent:
    return appointing.answer(c, at["seat"], body.answer)


@COMMITTEES.step(
    "街道同意",
    who=STREETS,
    rules="C-02",
    part=NOMINATED,
    opens=lambda c, at: appointing.agreeable(c, at["seat"], at.now, at.known.work),
)
def agree(c: Committee, at: At[Known]) -> MemberEvent:
    return appointing.agree(c, at["seat"], at.now, at.known.work)


class AppointIn(Asked):
    """The number on the letter of appointment and the card."""

    letter: Short


@COMMITTEES.step(
    "聘任",
    who=CONVENERS,
    rules="C-01 C-02",
    part=NOMINATED,
    opens=lambda c, at: appointing.appointable(c, at["seat"], at.now, at.known.work),
)
def appoint(c: Committee, at: At[Known], body: AppointIn) -> MemberEvent:
    return appointing.appoint(c, at["seat"], body.letter, at.now, at.known.policy, at.known.work)


class DropIn(Asked):
    reason: Long


@COMMITTEES.step("不予聘任", who=CONVENERS, rules="C-02", part=NOMINATED)
def drop(c: Committee, at: At[Known], body: DropIn) -> MemberEvent:
    return appointing.drop(c, at["seat"], body.reason)


@COMMITTEES.step("审核终止", who=STREETS, rules="C-02", part=SEATED)
def disqualify(c: Committee, at: At[Known], body: FoundIn) -> MemberEvent:
    return appointing.disqualify(c, at["seat"], Found(**body.model_dump()), at.now)


class DismissIn(Asked):
    why: Ended
    note: Long


@COMMITTEES.step("解聘", who=CONVENERS, rules="C-03", part=SEATED)
def dismiss(c: Committee, at: At[Known], body: DismissIn) -> MemberEvent:
    return leaving.dismiss(c, at["seat"], body.why, body.note, at.now)


class OfYearIn(Asked):
    year: Whole


class WorkIn(Asked):
    """`useful`: how many of the member's proposals were."""

    mediated: Whole = 0
    useful: Whole = 0
    outstanding: Long | None = None


class GradeIn(OfYearIn):
    """The year is asked for first."""

    grade: Grade


class MemberAssessIn(WorkIn, GradeIn):
    """`reward`: what good work got."""

    reward: Short | None = None


async def counted(desk: ConsultationDesk, at: At[Known], body: MemberAssessIn) -> Known:
    year = await desk.member_year(at.id, at["seat"], body.year, at.subject)
    return replace(at.known, year=year)


@COMMITTEES.step("年度考核", who=CONVENERS, rules="C-17", part=SEATED, learns=(counted,))
def assess(c: Committee, at: At[Known], body: MemberAssessIn) -> MemberEvent:
    """On what the records count of the year, which is kept with it."""
    if at.known.year is None:
        raise ValueError("what the member did is learnt first")
    work = Work(**body.model_dump(include=set(WorkIn.model_fields)))
    return assessing.assess(c, at.known.year, body.grade, work, body.reward, at.now)


class MemberAssessCorrectIn(Asked):
    """All of it as it should have been, shaped as it is kept, so that a form begins with it; and what was wrong."""

    grade: Grade
    work: WorkIn
    reward: Short | None = None
    reason: Long


@COMMITTEES.step(
    "更正年度考核",
    "/committees/{id}/members/{seat}/assessments/{year}/correct",
    name="correct_assessment",
    who=CONVENERS,
    rules="C-17",
    part=ASSESSED,
)
def correct(c: Committee, at: At[Known], body: MemberAssessCorrectIn) -> MemberEvent:
    before = assessing.assessed_of(c, at["seat"], at["year"])
    work = Work(**body.work.model_dump())
    return assessing.correct(before, body.grade, work, body.reward, body.reason, at.now)


STEPS = (
    nominate,
    deliberate,
    publicise,
    object_to,
    answer,
    agree,
    appoint,
    drop,
    disqualify,
    dismiss,
    assess,
    correct,
)
