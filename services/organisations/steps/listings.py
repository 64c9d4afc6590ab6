"""The abnormal list and the blacklist."""

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.steps import Part
from chassis.words import Day, Flag, Long
from services.organisations.access import CIVIL_AFFAIRS, ORGANISATION
from services.organisations.desk import CIVIL_AFFAIRS as CIVIL_CODE
from services.organisations.desk import organisation_resource
from services.organisations.domain import listing
from services.organisations.domain.events import OrganisationEvent
from services.organisations.domain.kinds import Ground, ListKind
from services.organisations.domain.organisation import Organisation

from .organisations import CIVIL, ORGANISATIONS, Known

LISTED: Part[Organisation] = Part(
    path="/listings/{listing}",
    places=lambda one: ({"listing": listed.id} for listed in one.listings),
    whose=lambda _, __: {"units": (CIVIL_CODE,)},
)
OWN: Part[Organisation] = Part(
    path="/listings/{listing}",
    places=LISTED.places,
    whose=lambda one, _: organisation_resource(one),
)


class ListingIn(Asked):
    """`until` is its last day, where it has a term."""

    list: ListKind
    ground: Ground
    findings: Long
    until: Day | None = None


@ORGANISATIONS.step(
    "拟列入名单并告知",
    "/organisations/{id}/listings",
    who=CIVIL_AFFAIRS,
    rules="O-10",
    part=CIVIL,
    opens=lambda one, _: listing.may_propose(one),
)
def propose(one: Organisation, at: At[Known], body: ListingIn) -> OrganisationEvent:
    return listing.propose(
        one,
        kind=body.list,
        ground=body.ground,
        findings=body.findings,
        until=body.until,
        now=at.now,
        numbers=at.known.numbers,
    )


class AnswerIn(Asked):
    answer: Long


@ORGANISATIONS.step(
    "申辩",
    who=ORGANISATION,
    rules="O-10",
    part=OWN,
    opens=lambda one, at: listing.may_answer(one, at["listing"], at.now, at.known.numbers.work),
)
def answer(one: Organisation, at: At[Known], body: AnswerIn) -> OrganisationEvent:
    work = at.known.numbers.work
    return listing.answer(one, at["listing"], text=body.answer, now=at.now, work=work)


@ORGANISATIONS.step(
    "列入",
    who=CIVIL_AFFAIRS,
    rules="O-10",
    part=LISTED,
    opens=lambda one, at: listing.may_enter(one, at["listing"], at.now, at.known.numbers.work),
)
def enter(one: Organisation, at: At[Known]) -> OrganisationEvent:
    return listing.enter(one, at["listing"], now=at.now, numbers=at.known.numbers)


class LiftIn(ReasonIn):
    """`in_error`: there was nothing to be put right."""

    in_error: Flag = False


@ORGANISATIONS.step(
    "移出",
    who=CIVIL_AFFAIRS,
    rules="O-10",
    part=LISTED,
    opens=lambda one, at: listing.may_lift(one, at["listing"]),
)
def lift(one: Organisation, at: At[Known], body: LiftIn) -> OrganisationEvent:
    """Put right, or entered in error; or dropped, before it was entered."""
    return listing.lift(one, at["listing"], why=body.reason, now=at.now, in_error=body.in_error)


STEPS = (propose, answer, enter, lift)
