"""What a street's workers are paid: its quarters, and its years."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kernel.clock import local_date, soonest
from chassis.lists import DUE, NEWEST, Filter, by, due, moment
from chassis.steps import Collection, Part
from chassis.words import Day, Flag, Long, Month, Several, Short, Whole
from contracts.event import Id
from services.affairs import announce
from services.affairs.access import ACCESS, PAYING, STREETS
from services.affairs.desk import AffairsDesk, names, street_resource
from services.affairs.domain import correcting, months, payroll, waiting, year
from services.affairs.domain.levels import Bases
from services.affairs.domain.lines import Line
from services.affairs.domain.sheet import PayEvent, PaySheet, Sheet, evolve
from services.affairs.domain.worker import Worker
from services.affairs.domain.year import StreetYear, TrainingHeld, YearEvent

from .words import MUST


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The lines as they are now, the street's other forms, and who is in post on a month's first day."""

    lines: tuple[Line, ...] = ()
    others: tuple[PaySheet, ...] = ()
    in_post: frozenset[str] = frozenset()


async def _nothing_yet(*_: object) -> Due:
    return Due()


PAY: Collection[PaySheet, PayEvent, AffairsDesk, Due] = Collection(
    service="affairs",
    name="pay",
    title="季度补贴审批",
    path="/pay",
    state=PaySheet,
    events=get_args(PayEvent),
    evolve=evolve,
    announce=announce.of_pay,
    next_due=lambda one: one.wakes_at,
    resource=street_resource,
    access=ACCESS,
    keys=lambda one: {
        **street_resource(one),
        "quarter": one.quarter,
        "status": one.status,
        "due": due(soonest(waiting.of_pay(one), one.next_due)),
        "opened_at": moment(one.opened_at),
    },
    awaits=waiting.of_pay,
    indexes=("street+opened_at", "units[]", "opened_at", "due"),
    names=names,
    sorts={"newest": NEWEST, "due": DUE},
    filters={
        **by("street"),
        "quarter": Filter(key="quarter", type=str),
        "state": Filter(key="status", type=Sheet),
    },
    of=lambda desk: desk.pay,
    knows=_nothing_yet,
)


def _office(at: At[Due]) -> str:
    return at.subject.code or at.subject.kind


class CorrectIn(Asked):
    """Of a worker's month: `fen` more than was paid, or less than nothing where it was too much; `paper`: of what is
    taken back because it was paid otherwise, that paper, and of that where it is given back as taken by mistake;
    `of_extra`: of awards and excellence, not of the month.
    """

    worker: Id
    month: Month
    fen: Whole
    reason: Annotated[Long, MUST] = ""
    paper: Short = ""
    of_extra: Flag = False


async def beside(desk: AffairsDesk, at: At[Due], _: CorrectIn) -> Due:
    sheet = (await desk.pay.get(at.id)).aggregate
    return replace(at.known, others=tuple(await desk.others(sheet)))


@PAY.step(
    "更正以前季度的发放",
    name="correct",
    who=STREETS,
    rules="A-17",
    opens=lambda one, _: correcting.may_correct(one),
    learns=(beside,),
)
def correct(one: PaySheet, at: At[Due], body: CorrectIn) -> list[PayEvent]:
    """A line of this form, approved with it. Said again of the same month, in the place of before; 0 takes it back."""
    line = correcting.correct(one, at.known.others, **body.model_dump(), now=at.now)
    return [*payroll.paid_up(one, (line,), at.now)]


async def counting(desk: AffairsDesk, at: At[Due]) -> Due:
    sheet = (await desk.pay.get(at.id)).aggregate
    return replace(at.known, lines=await desk.lines(sheet))


@PAY.step(
    "街道报送",
    who=STREETS,
    rules="A-12 A-15 A-17 A-18",
    opens=lambda one, _: payroll.may_submit(one),
    learns=(counting,),
)
def submit(one: PaySheet, at: At[Due]) -> list[PayEvent]:
    """Who is in post on each month's first day, by post and level; once it is over, also that nobody was."""
    return [*payroll.submit(one, at.known.lines, at.now)]


AFTER: Part[PaySheet] = Part(
    path="/after/{worker}/{month}",
    places=lambda one: ({"worker": each.worker, "month": each.month} for each in one.afterwards),
)


class OnPaperIn(Asked):
    paper: Short


@PAY.step(
    "划除已另行补发的行",
    name="take_off",
    who=STREETS,
    rules="A-12 A-17",
    part=AFTER,
    opens=lambda one, at: payroll.may_take_off(one, at["worker"], at["month"]),
    types={"worker": Id, "month": Month},
)
def take_off(one: PaySheet, at: At[Due], body: OnPaperIn) -> PayEvent:
    """Of an earlier quarter, and paid already, by that paper: no later form says it again."""
    return payroll.take_off(one, at["worker"], at["month"], body.paper, at.now)


@PAY.step(
    "审批",
    who=PAYING,
    rules="A-17",
    opens=lambda one, at: payroll.may_approve(one, _office(at)),
)
def approve(one: PaySheet, at: At[Due]) -> list[PayEvent]:
    """By organisation, civil affairs and finance: with the last of the three it is approved."""
    return [*payroll.approve(one, _office(at), at.now)]


@PAY.step(
    "退回街道",
    name="return",
    who=PAYING,
    rules="A-17",
    opens=lambda one, at: payroll.may_approve(one, _office(at)),
)
def give_back(one: PaySheet, at: At[Due], body: ReasonIn) -> PayEvent:
    return payroll.give_back(one, _office(at), body.reason, at.now)


class PaidIn(Asked):
    month: Month


async def staying(desk: AffairsDesk, at: At[Due], body: PaidIn) -> Due:
    sheet = (await desk.pay.get(at.id)).aggregate
    there = await desk.in_post(sheet.street, months.first_day(body.month))
    return replace(at.known, in_post=there)


@PAY.step(
    "按月发放",
    name="paid",
    who=STREETS,
    rules="A-12 A-17",
    opens=lambda one, _: payroll.may_pay(one),
    learns=(staying,),
)
def paid(one: PaySheet, at: At[Due], body: PaidIn) -> list[PayEvent]:
    return [*payroll.pay(one, body.month, at.known.in_post, at.now)]


STEPS = (correct, submit, take_off, approve, give_back, paid)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A street's workers by their records."""

    workers: tuple[tuple[str, Worker], ...] = ()
    bases: Bases

    def here(self, day: date) -> frozenset[str]:
        return frozenset(id for id, one in self.workers if one.paid_posts(day))


async def _staff(desk: AffairsDesk, one: StreetYear | None, _: At[None]) -> Staff:
    """By the bases of when it was reviewed, once it is: a review is put right by those."""
    workers = await desk.of_street(one.street) if one is not None else []
    reviewed = one.review.at if one is not None and one.review is not None else None
    return Staff(workers=tuple(workers), bases=await desk.bases(reviewed))


YEARS: Collection[StreetYear, YearEvent, AffairsDesk, Staff] = Collection(
    service="affairs",
    name="years",
    title="街道年度",
    path="/years",
    state=StreetYear,
    events=get_args(YearEvent),
    evolve=year.evolve,
    announce=announce.of_years,
    next_due=lambda one: one.next_due,
    resource=street_resource,
    access=ACCESS,
    keys=lambda one: {
        **street_resource(one),
        "year": one.year,
        "opened_at": moment(one.opened_at),
    },
    awaits=waiting.of_year,
    indexes=("street+opened_at", "units[]", "opened_at"),
    names=names,
    sorts={"newest": NEWEST},
    filters={**by("street"), "year": Filter(key="year", type=int)},
    of=lambda desk: desk.years,
    knows=_staff,
)


class TrainingIn(Asked):
    on: Day
    subject: Annotated[Short, MUST] = ""
    hours: Annotated[Whole, Field(ge=0, le=1000)]


@YEARS.step("举办普及培训", name="trainings", who=STREETS, rules="A-24")
def hold(one: StreetYear, at: At[Staff], body: TrainingIn) -> YearEvent:
    return year.hold(one, TrainingHeld(**body.model_dump()), at.now)


class ReviewLevelsIn(Asked):
    proofs: Annotated[Long, MUST] = ""


@YEARS.step(
    "审定职级",
    name="review",
    who=STREETS,
    rules="A-13 A-14 A-16",
    opens=lambda one, at: year.may_review(one, at.now),
)
def review(one: StreetYear, at: At[Staff], body: ReviewLevelsIn) -> YearEvent:
    workers = [each for _, each in at.known.workers]
    return year.review(one, workers, at.known.bases, body.proofs, at.now)


@YEARS.step(
    "更正职级审定",
    name="correct_review",
    who=STREETS,
    rules="A-13 A-14 A-16",
    opens=lambda one, _: year.may_correct_review(one),
)
def correct_review(one: StreetYear, at: At[Staff], body: ReasonIn) -> YearEvent:
    """Counted again, once what was wrong is struck and entered anew; what was reviewed stays on record."""
    workers = [each for _, each in at.known.workers]
    return year.correct_review(one, workers, at.known.bases, body.reason, at.now)


class ExcellentIn(Asked):
    workers: Annotated[tuple[Id, ...], Several]


@YEARS.step(
    "评定优秀",
    name="excellent",
    who=STREETS,
    rules="A-18",
    opens=lambda one, _: year.may_name(one),
)
def excellent(one: StreetYear, at: At[Staff], body: ExcellentIn) -> YearEvent:
    there = at.known.here(local_date(at.now))
    return year.name_excellent(one, body.workers, there, at.now)


class OtherExcellentIn(ExcellentIn):
    reason: Annotated[Long, MUST] = ""


@YEARS.step(
    "更正优秀名单",
    name="correct_excellent",
    who=STREETS,
    rules="A-18",
    opens=lambda one, _: year.may_correct_excellent(one),
)
def correct_excellent(one: StreetYear, at: At[Staff], body: OtherExcellentIn) -> YearEvent:
    """The whole list anew; the one of before stays on record. Who was paid by mistake is put right on a form."""
    on = one.excellent.on if one.excellent else local_date(at.now)
    there = at.known.here(on)
    return year.correct_excellent(one, body.workers, there, body.reason, at.now)


YEAR_STEPS = (hold, review, correct_review, excellent, correct_excellent)
