"""What checks find, and the charters and covenants of communities."""

from typing import Annotated, get_args

from chassis.at import At
from chassis.http import Asked
from chassis.kernel.clock import soonest
from chassis.kind import Changed
from chassis.lists import DUE, NEWEST, Filter, by, due, moment
from chassis.steps import Collection, Part, nothing
from chassis.words import Day, Long, Passage, Short
from contracts.event import Code
from services.affairs import announce
from services.affairs.access import ACCESS, CHECKING, COMMUNITY, LOCAL, STREETS
from services.affairs.desk import AffairsDesk, names, place_resource
from services.affairs.domain import charter, check, waiting
from services.affairs.domain.admission import CIVIL_AFFAIRS
from services.affairs.domain.charter import (
    Charter,
    CharterDrafted,
    CharterEvent,
    CharterKind,
    CharterStatus,
    Talk,
)
from services.affairs.domain.check import (
    Check,
    Checked,
    CheckEvent,
    CheckStatus,
    HandedOver,
    ProblemFound,
)

from .words import MUST


def check_resource(one: Check) -> dict[str, object]:
    """Its place's, the leading group's office's, and the unit's that is responsible."""
    return {**place_resource(one), "units": one.units}


CHECKER: Part[Check] = Part(whose=lambda one, _: {**place_resource(one), "units": (CIVIL_AFFAIRS,)})
"""Who checks; who is responsible sees it, and doesn't judge itself."""


CHECKS: Collection[Check, CheckEvent, AffairsDesk, None] = Collection(
    service="affairs",
    name="findings",
    title="监督检查台账",
    path="/findings",
    state=Check,
    events=get_args(CheckEvent),
    evolve=check.evolve,
    announce=announce.of_checks,
    next_due=lambda one: one.next_due,
    resource=check_resource,
    access=ACCESS,
    keys=lambda one: {
        **check_resource(one),
        "checked": one.checked,
        "status": one.status,
        "due": due(soonest(waiting.of_check(one), one.next_due)),
        "opened_at": moment(one.found_at),
    },
    awaits=waiting.of_check,
    indexes=("street+opened_at", "community+opened_at", "units[]", "opened_at", "due"),
    names=names,
    sorts={"newest": NEWEST, "due": DUE},
    filters={
        **by("street", "community"),
        "checked": Filter(key="checked", type=Checked),
        "state": Filter(key="status", type=CheckStatus),
    },
    of=lambda desk: desk.checks,
    knows=nothing,
)
Answer = Changed[Check, CheckEvent]


class ProblemIn(Asked):
    """Names no person: what points at one is handed over. `unit` is responsible, or `office`, which is none of the
    registers.
    """

    street: Code | None = None
    community: Code | None = None
    checked: Checked
    unit: Code | None = None
    office: Short = ""
    what: Annotated[Long, MUST] = ""
    measure: Annotated[Long, MUST] = ""
    until: Day


@CHECKS.step(
    "登记检查问题",
    "/findings",
    who=CHECKING,
    rules="A-11 A-23",
    record=None,
    versioned=False,
    status=201,
)
async def find(desk: AffairsDesk, at: At[None], body: ProblemIn) -> Answer:
    street, community = await desk.place(body.street, body.community)
    at.demand({"street": street, "units": (CIVIL_AFFAIRS,)})
    given = body.model_dump(exclude={"street", "community", "office"})
    office = body.office
    if body.unit is not None:
        office = (await desk.units.known(body.unit, "unit")).name
    found = ProblemFound(street=street, community=community, office=office, **given, at=at.now)
    id = at.asking.new_id("findings")
    return await desk.checks.create(id, lambda: [check.find(found)], at.cause)


class HandOverIn(Asked):
    """Its number at discipline, and nothing else."""

    street: Code
    checked: Checked
    number: Annotated[Short, MUST] = ""


@CHECKS.step(
    "移交纪检",
    "/findings/handed-over",
    name="hand",
    who=CHECKING,
    rules="A-23",
    record=None,
    versioned=False,
    status=201,
)
async def hand_over(desk: AffairsDesk, at: At[None], body: HandOverIn) -> Answer:
    street = await desk.street(body.street)
    at.demand({"street": street, "units": (CIVIL_AFFAIRS,)})
    handed = HandedOver(street=street, checked=body.checked, number=body.number, at=at.now)
    id = at.asking.new_id("findings")
    return await desk.checks.create(id, lambda: [check.hand_over(handed)], at.cause)


class ResultIn(Asked):
    result: Annotated[Long, MUST] = ""


@CHECKS.step(
    "整改销号",
    name="right",
    who=CHECKING,
    rules="A-11 A-23",
    part=CHECKER,
    opens=lambda one, _: check.may_put_right(one),
)
def put_right(one: Check, at: At[None], body: ResultIn) -> list[CheckEvent]:
    return check.put_right(one, body.result, at.now)


class CriticismIn(Asked):
    document: Annotated[Short, MUST] = ""


@CHECKS.step(
    "通报批评",
    who=CHECKING,
    rules="A-11",
    part=CHECKER,
    opens=lambda one, _: check.may_criticise(one),
)
def criticise(one: Check, at: At[None], body: CriticismIn) -> CheckEvent:
    return check.criticise(one, body.document, at.now)


STEPS = (find, hand_over, put_right, criticise)

CHARTERS: Collection[Charter, CharterEvent, AffairsDesk, int] = Collection(
    service="affairs",
    name="charters",
    title="自治章程和两约",
    path="/charters",
    state=Charter,
    events=get_args(CharterEvent),
    evolve=charter.evolve,
    resource=place_resource,
    access=ACCESS,
    keys=lambda one: {
        **place_resource(one),
        "kind": one.kind,
        "status": one.status,
        "opened_at": moment(one.drafted_at),
    },
    awaits=waiting.of_charter,
    indexes=("street+opened_at", "community+opened_at", "opened_at"),
    names=names,
    sorts={"newest": NEWEST},
    filters={
        **by("street", "community"),
        "kind": Filter(key="kind", type=CharterKind),
        "state": Filter(key="status", type=CharterStatus),
    },
    of=lambda desk: desk.charters,
    knows=lambda desk, one, _: desk.published(one),
)


class CharterIn(Asked):
    community: Code
    kind: CharterKind
    text: Annotated[Passage, MUST] = ""


@CHARTERS.step(
    "起草章程或公约",
    "/charters",
    who=COMMUNITY,
    rules="A-26",
    record=None,
    versioned=False,
    status=201,
)
async def draft(desk: AffairsDesk, at: At[int], body: CharterIn) -> Changed[Charter, CharterEvent]:
    street, community = await desk.community(body.community)
    at.demand({"street": street, "community": community})
    drafted = CharterDrafted(
        street=street, community=community, kind=body.kind, text=body.text, at=at.now
    )
    id = at.asking.new_id("charters")
    return await desk.charters.create(id, lambda: [charter.draft(drafted)], at.cause)


class TalkIn(Asked):
    talk: Talk
    on: Day


@CHARTERS.step(
    "记录四议两公开",
    name="talks",
    who=COMMUNITY,
    rules="A-26",
    opens=lambda one, _: charter.may_talk(one),
)
def talk(one: Charter, at: At[int], body: TalkIn) -> CharterEvent:
    return charter.talk(one, body.talk, body.on, at.now)


@CHARTERS.step("报送街道", who=COMMUNITY, rules="A-26", opens=lambda one, _: charter.may_send(one))
def send(one: Charter, at: At[int]) -> CharterEvent:
    return charter.send(one, at.now)


class GroundIn(Asked):
    ground: Annotated[Long, MUST] = ""


@CHARTERS.step(
    "退回",
    name="return",
    who=STREETS,
    rules="A-26",
    opens=lambda one, _: charter.may_judge(one),
)
def give_back(one: Charter, at: At[int], body: GroundIn) -> CharterEvent:
    """What contradicts law, with its ground; it is talked about again."""
    return charter.give_back(one, body.ground, at.now)


class AmendIn(Asked):
    text: Annotated[Passage, MUST] = ""


@CHARTERS.step("修改", who=COMMUNITY, rules="A-26", opens=lambda one, _: charter.may_amend(one))
def amend(one: Charter, at: At[int], body: AmendIn) -> CharterEvent:
    return charter.amend(one, body.text, at.now)


class FileIn(Asked):
    number: Annotated[Short, MUST] = ""


@CHARTERS.step("备案", who=STREETS, rules="A-26", opens=lambda one, _: charter.may_judge(one))
def file(one: Charter, at: At[int], body: FileIn) -> CharterEvent:
    return charter.file(one, body.number, at.now)


@CHARTERS.step("公布", who=LOCAL, rules="A-26", opens=lambda one, _: charter.may_publish(one))
def publish(one: Charter, at: At[int]) -> CharterEvent:
    return charter.publish(one, at.known, at.now)


CHARTER_STEPS = (draft, talk, send, give_back, amend, file, publish)
