"""How organisations are watched: major matters, yearly reports and checks, ratings, spot checks."""

from typing import Annotated

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kernel.errors import NotFound
from chassis.steps import Part
from chassis.words import Day, Flag, Long, Passage, Several, Short, Whole
from contracts.event import Id
from services.organisations.access import CIVIL_AFFAIRS, ORGANISATION, SUPERVISING
from services.organisations.desk import CIVIL_AFFAIRS as CIVIL_CODE
from services.organisations.desk import OrganisationsDesk, organisation_resource
from services.organisations.domain import ending, matters, ratings, yearly
from services.organisations.domain.draw import fell_on
from services.organisations.domain.events import OrganisationEvent
from services.organisations.domain.kinds import CheckItem, CheckResult, Ending, MatterKind
from services.organisations.domain.organisation import Organisation
from services.organisations.domain.parts import YearReport

from .heads import DocumentIn
from .organisations import CIVIL, ORGANISATIONS, Known, PartyIn
from .words import Fen, Year

YEAR_DIGITS = 4
ITSELF: Part[Organisation] = Part(whose=lambda one, _: {"supplier": one.code})
MATTERS: Part[Organisation] = Part(
    path="/matters/{matter}",
    places=lambda one: ({"matter": matter.id} for matter in one.matters),
    whose=lambda one, _: {"supplier": one.code},
)
YEARS: Part[Organisation] = Part(
    path="/years/{year}",
    places=lambda one: ({"year": str(known.year)} for known in one.years),
    whose=lambda _, __: {"units": (CIVIL_CODE,)},
)
WATCHERS: Part[Organisation] = Part(whose=lambda one, _: organisation_resource(one))


class MatterIn(Asked):
    """`on`: the day it happens; reported afterwards it is late."""

    kind: MatterKind
    what: Long
    on: Day


@ORGANISATIONS.step(
    "报告重大事项",
    "/organisations/{id}/matters",
    name="report_matter",
    who=ORGANISATION,
    rules="O-07",
    part=ITSELF,
    opens=lambda one, _: one.must_be_on("O-07"),
)
def report_matter(one: Organisation, at: At[Known], body: MatterIn) -> OrganisationEvent:
    return matters.report(one, **body.model_dump(), now=at.now, numbers=at.known.numbers)


class AfterIn(Asked):
    after: Long


@ORGANISATIONS.step(
    "事后报告",
    name="follow",
    who=ORGANISATION,
    rules="O-07",
    part=MATTERS,
    opens=lambda one, at: matters.may_follow(one, at["matter"], at.now),
)
def follow(one: Organisation, at: At[Known], body: AfterIn) -> tuple[OrganisationEvent, ...]:
    return matters.follow(one, at["matter"], after=body.after, now=at.now)


class YearReportIn(Asked):
    """Open to the public. Money in fen."""

    year: Year
    registration: Long
    rating: Long
    enforcement: Long
    activities: Passage
    income: Fen
    spending: Fen
    donations: Fen
    donations_used: Long


@ORGANISATIONS.step(
    "提交年度报告",
    "/organisations/{id}/years",
    name="report_year",
    who=ORGANISATION,
    rules="O-08",
    part=ITSELF,
    opens=lambda one, _: one.must_be_on("O-08"),
)
def report_year(
    one: Organisation, at: At[Known], body: YearReportIn
) -> tuple[OrganisationEvent, ...]:
    given = YearReport(**body.model_dump(exclude={"year"}), late=False, at=at.now)
    return yearly.report(one, body.year, given, at.now, at.known.numbers)


def _year(at: At[Known]) -> int:
    """Of the path."""
    if not at["year"].isdecimal() or len(at["year"]) != YEAR_DIGITS:
        raise NotFound
    return int(at["year"])


class CheckIn(Asked):
    items: Annotated[tuple[CheckItem, ...], Several]
    result: CheckResult
    opinion: Long
    party: PartyIn


@ORGANISATIONS.step(
    "年检",
    name="check",
    who=CIVIL_AFFAIRS,
    rules="O-08 O-09 O-13",
    part=YEARS,
    opens=lambda one, at: yearly.may_check(one, _year(at)),
)
def check(one: Organisation, at: At[Known], body: CheckIn) -> OrganisationEvent:
    return yearly.check(
        one,
        _year(at),
        items=body.items,
        result=body.result,
        opinion=body.opinion,
        party=body.party.said(),
        now=at.now,
        numbers=at.known.numbers,
    )


class RatingIn(Asked):
    """`until` is its last day; left out, the longest term."""

    grade: Annotated[Whole, Field(ge=1, le=5)]
    evaluator: Short
    document: Short
    on: Day
    until: Day | None = None


@ORGANISATIONS.step(
    "登记评估等级",
    "/organisations/{id}/ratings",
    name="rate",
    who=CIVIL_AFFAIRS,
    rules="O-09",
    part=CIVIL,
    opens=lambda one, _: one.must_be_on("O-09"),
)
def rate(one: Organisation, at: At[Known], body: RatingIn) -> OrganisationEvent:
    return ratings.rate(one, **body.model_dump(), now=at.now, numbers=at.known.numbers)


class SpotCheckIn(Asked):
    """`draw`: by which the lot fell on it."""

    findings: Long
    document: Short
    on: Day
    draw: Id | None = None


async def drawn(desk: OrganisationsDesk, at: At[Known], body: SpotCheckIn) -> Known:
    """Refused where a draw is named whose lot didn't fall on it."""
    if body.draw is not None:
        held = await desk.draws.look(body.draw)
        fell_on(held.aggregate if held else None, at.id, at.by)
    return at.known


@ORGANISATIONS.step(
    "抽查",
    "/organisations/{id}/spot_checks",
    name="spot_check",
    who=SUPERVISING,
    rules="O-10",
    part=WATCHERS,
    opens=lambda one, _: one.must_be_on("O-10"),
    learns=(drawn,),
)
def spot_check(one: Organisation, at: At[Known], body: SpotCheckIn) -> OrganisationEvent:
    """By its supervising unit, or civil affairs."""
    return ratings.spot_check(one, by=at.by, **body.model_dump(), now=at.now)


class EndIn(Asked):
    how: Ending
    document: Short
    findings: Long


@ORGANISATIONS.step(
    "终止",
    "/organisations/{id}/end",
    name="end",
    who=CIVIL_AFFAIRS,
    rules="O-11",
    part=CIVIL,
    opens=lambda one, _: ending.may_end(one),
)
def end(one: Organisation, at: At[Known], body: EndIn) -> OrganisationEvent:
    return ending.begin(one, **body.model_dump(), now=at.now)


class LiquidationIn(DocumentIn):
    assets_to: Long
    shared_out: Flag


@ORGANISATIONS.step(
    "清算",
    who=CIVIL_AFFAIRS,
    rules="O-11",
    part=CIVIL,
    opens=lambda one, _: ending.may_liquidate(one),
)
def liquidate(one: Organisation, at: At[Known], body: LiquidationIn) -> OrganisationEvent:
    return ending.liquidate(one, **body.model_dump(), now=at.now)


@ORGANISATIONS.step(
    "撤回终止",
    "/organisations/{id}/end/withdraw",
    name="withdraw_end",
    who=CIVIL_AFFAIRS,
    rules="O-11",
    part=CIVIL,
    opens=lambda one, _: ending.may_withdraw(one),
)
def withdraw_end(one: Organisation, at: At[Known], body: ReasonIn) -> OrganisationEvent:
    """Begun by mistake: it is on the register as before."""
    return ending.withdraw(one, reason=body.reason, now=at.now)


@ORGANISATIONS.step(
    "注销登记",
    who=CIVIL_AFFAIRS,
    rules="O-11",
    part=CIVIL,
    opens=lambda one, _: ending.may_deregister(one),
)
def deregister(one: Organisation, at: At[Known]) -> OrganisationEvent:
    return ending.deregister(one, at.now)


STEPS = (
    report_matter,
    follow,
    report_year,
    check,
    rate,
    spot_check,
    end,
    liquidate,
    withdraw_end,
    deregister,
)
