"""Community workers: posts, service, certificates, awards, training; and how many there may be."""

from collections.abc import Callable, Sequence
from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kernel.clock import local_date
from chassis.kind import Changed
from chassis.lists import NEWEST, Filter, by, moment
from chassis.places import numbered
from chassis.steps import Collection, Part, nothing
from chassis.words import Day, Short, Whole
from contracts.event import Code
from services.affairs.access import ACCESS, DISTRICT, OFFICE, STREETS
from services.affairs.desk import NAME, AffairsDesk, names, place_resource
from services.affairs.domain import establishment, striking, worker
from services.affairs.domain.admission import CIVIL_AFFAIRS
from services.affairs.domain.establishment import Establishment, EstablishmentEvent, NumberApproved
from services.affairs.domain.scale import Post
from services.affairs.domain.worker import (
    Certificate,
    Honour,
    Service,
    Trained,
    Worker,
    WorkerEvent,
    WorkerTaken,
)

from .words import MUST, Count

WORKERS: Collection[Worker, WorkerEvent, AffairsDesk, None] = Collection(
    service="affairs",
    name="workers",
    title="社区工作者",
    path="/workers",
    state=Worker,
    events=get_args(WorkerEvent),
    evolve=worker.evolve,
    over=lambda one: one.over,
    resource=place_resource,
    access=ACCESS,
    keys=lambda one: {
        **place_resource(one),
        "posts": [*one.open_posts],
        "here": bool(one.open_posts),
        "opened_at": moment(one.taken_at),
    },
    indexes=("street+opened_at", "community+opened_at", "opened_at"),
    words=lambda _: "",
    names=names,
    sorts={"newest": NEWEST},
    filters={**by("street", "community"), "here": Filter(key="here", type=bool)},
    of=lambda desk: desk.workers,
    knows=nothing,
)
Answer = Changed[Worker, WorkerEvent]


class WorkerIn(Asked):
    """The name is sealed at once."""

    community: Code
    name: Short
    post: Post
    since: Day


@WORKERS.step(
    "建立工作者档案",
    "/workers",
    who=STREETS,
    rules="A-12",
    record=None,
    versioned=False,
    status=201,
)
async def take(desk: AffairsDesk, at: At[None], body: WorkerIn) -> Answer:
    """Within the number approved for the community; he gets a number of his own, by which he is told from others."""
    street, community = await desk.community(body.community)
    at.demand({"street": street})
    taken = WorkerTaken(
        street=street, community=community, post=body.post, since=body.since, at=at.now
    )
    worker.name(body.name, at.now)
    id = at.asking.new_id("workers")
    if not await desk.workers.recalls(id, at.cause):
        await desk.hold_seat((street, community), id, body.post, body.since, at.cause)
    await desk.open_street(street, at.now)
    named = desk.sealed.keeping(id, NAME, {NAME: body.name}, at.cause)
    number = await numbered(desk.communities, street, at.now)
    return await desk.workers.create(id, lambda: [taken], at.cause, numbered=number, beside=named)


class NameIn(Asked):
    """It is sealed at once."""

    name: Short


@WORKERS.step("登记姓名", name="name", who=STREETS, rules="A-12")
async def named(desk: AffairsDesk, at: At[None], body: NameIn) -> Answer:
    """Of a record that came in by a table, or in the place of one that was wrong."""
    given = worker.name(body.name, at.now)
    kept = desk.sealed.keeping(at.id, NAME, {NAME: body.name}, at.cause)
    return await desk.workers.change(at.id, lambda _: [given], at.cause, beside=kept)


class PostIn(Asked):
    post: Post
    since: Day


@WORKERS.step("任职", name="posts", who=STREETS, rules="A-12")
async def posts(desk: AffairsDesk, at: At[None], body: PostIn) -> Answer:
    """A second post is paid only where it pays more. Who is in post on more days needs a seat on them."""

    def decided(one: Worker) -> list[WorkerEvent]:
        return [worker.take_post(one, body.post, body.since)]

    if not await desk.workers.recalls(at.id, at.cause):
        one = (await desk.workers.get(at.id)).aggregate
        decided(one)
        await desk.hold_seat((one.street, one.community), at.id, body.post, body.since, at.cause)
    return await desk.workers.change(at.id, decided, at.cause)


class LeaveIn(Asked):
    post: Post
    until: Day


@WORKERS.step("离任", who=STREETS, rules="A-12", opens=lambda one, _: worker.may_leave(one))
async def leave(desk: AffairsDesk, at: At[None], body: LeaveIn) -> Answer:
    """His seat is his until the last day, also of one to come."""
    left = await desk.workers.change(
        at.id, lambda one: [worker.leave_post(one, body.post, body.until)], at.cause
    )
    if not left.aggregate.open_posts:
        await desk.free_seat(left.aggregate.community, at.id, at.cause)
    return left


class MoveIn(Asked):
    community: Code
    post: Post
    since: Day


@WORKERS.step(
    "调任同街道其他社区", who=STREETS, rules="A-12", opens=lambda one, _: worker.may_leave(one)
)
async def move(desk: AffairsDesk, at: At[None], body: MoveIn) -> Answer:
    """Within the number approved there; the posts held before end the day before."""
    street, community = await desk.community(body.community)

    def decided(one: Worker) -> list[WorkerEvent]:
        return [worker.move(one, street, community, body.post, body.since)]

    before = (await desk.workers.get(at.id)).aggregate
    if not await desk.workers.recalls(at.id, at.cause):
        decided(before)
        await desk.hold_seat((street, community), at.id, body.post, body.since, at.cause)
    moved = await desk.workers.change(at.id, decided, at.cause)
    if before.community != community:
        await desk.free_seat(before.community, at.id, at.cause)
    return moved


class ServiceIn(Asked):
    since: Day
    until: Day | None = None
    where: Annotated[Short, MUST] = ""
    proof: Annotated[Short, MUST] = ""


@WORKERS.step("登记服务年限", name="service", who=STREETS, rules="A-13")
def service(_: Worker, at: At[None], body: ServiceIn) -> WorkerEvent:
    return worker.serve(Service(**body.model_dump()), at.now)


class CertificateIn(Asked):
    """Its number is sealed."""

    kind: Certificate
    on: Day
    number: Short


@WORKERS.step("登记证书", name="certificates", who=STREETS, rules="A-14")
async def certificates(desk: AffairsDesk, at: At[None], body: CertificateIn) -> Answer:
    kept = desk.sealed.keeping(at.id, body.kind, {"number": body.number}, at.cause)
    return await desk.workers.change(
        at.id,
        lambda one: [worker.certify(one, body.kind, body.on, body.number, at.now)],
        at.cause,
        beside=kept,
    )


class AwardIn(Asked):
    honour: Honour
    on: Day
    papers_on: Day


@WORKERS.step("登记表彰", name="awards", who=STREETS, rules="A-18")
def awards(one: Worker, at: At[None], body: AwardIn) -> WorkerEvent:
    return worker.award(one, body.honour, body.on, body.papers_on, at.now)


class TrainIn(Asked):
    on: Day
    hours: Annotated[Whole, Field(ge=0, le=1000)]
    subject: Annotated[Short, MUST] = ""
    certificate: Short = ""


@WORKERS.step("登记培训", name="training", who=STREETS, rules="A-24")
def training(_: Worker, at: At[None], body: TrainIn) -> WorkerEvent:
    return worker.train(Trained(**body.model_dump()), at.now)


def _numbered(name: str, of: Callable[[Worker], Sequence[object]]) -> Part[Worker]:
    """Each by its place in the order of entry, as a version of the record has it."""
    return Part(places=lambda one: ({name: str(n)} for n, _ in enumerate(of(one), 1)))


@WORKERS.step(
    "撤销岗位登记",
    "/workers/{id}/posts/{holding}/strike",
    name="strike_post",
    who=STREETS,
    rules="A-12",
    part=_numbered("holding", lambda one: one.posts),
)
async def strike_post(desk: AffairsDesk, at: At[None], body: ReasonIn) -> Answer:
    """One that was entered by mistake; where it was a move's, he is where he was before."""
    before = (await desk.workers.get(at.id)).aggregate
    struck = await desk.workers.change(
        at.id, lambda one: [striking.strike_post(one, at["holding"], body.reason, at.now)], at.cause
    )
    after = struck.aggregate
    if before.community != after.community or not after.open_posts:
        await desk.free_seat(before.community, at.id, at.cause)
    return struck


@WORKERS.step(
    "撤销服务年限登记",
    "/workers/{id}/service/{spell}/strike",
    name="strike_service",
    who=STREETS,
    rules="A-13",
    part=_numbered("spell", lambda one: one.services),
)
def strike_service(one: Worker, at: At[None], body: ReasonIn) -> WorkerEvent:
    return striking.strike_service(one, at["spell"], body.reason, at.now)


@WORKERS.step(
    "撤销证书登记",
    "/workers/{id}/certificates/{kind}/strike",
    name="strike_certificate",
    who=STREETS,
    rules="A-14",
    part=Part(places=lambda one: ({"kind": each.kind.value} for each in one.certificates)),
)
async def strike_certificate(desk: AffairsDesk, at: At[None], body: ReasonIn) -> Answer:
    """Its number goes with it."""
    struck = await desk.workers.change(
        at.id,
        lambda one: [striking.strike_certificate(one, at["kind"], body.reason, at.now)],
        at.cause,
    )
    if not struck.repeated:
        await desk.sealed.forget(at.id, at["kind"])
    return struck


@WORKERS.step(
    "撤销表彰登记",
    "/workers/{id}/awards/{award}/strike",
    name="strike_award",
    who=STREETS,
    rules="A-18",
    part=_numbered("award", lambda one: one.awards),
)
def strike_award(one: Worker, at: At[None], body: ReasonIn) -> WorkerEvent:
    return striking.strike_award(one, at["award"], body.reason, at.now)


@WORKERS.step(
    "撤销培训登记",
    "/workers/{id}/training/{course}/strike",
    name="strike_training",
    who=STREETS,
    rules="A-24",
    part=_numbered("course", lambda one: one.training),
)
def strike_training(one: Worker, at: At[None], body: ReasonIn) -> WorkerEvent:
    return striking.strike_training(one, at["course"], body.reason, at.now)


@WORKERS.step(
    "查看姓名和证书",
    name="person",
    who=STREETS | DISTRICT,
    rules="A-12",
    versioned=False,
    scope="reporter:read",
)
async def person(desk: AffairsDesk, at: At[None], body: ReasonIn) -> dict[str, dict[str, str]]:
    """The reading is recorded first."""
    changed = await desk.workers.change(
        at.id, lambda one: [worker.read(one, at.by, body.reason, at.now)], at.cause
    )
    kinds = (NAME, *(one.kind.value for one in changed.aggregate.certificates))
    return await desk.sealed.read(at.id, {kind: kind for kind in kinds})


STRIKES = (strike_post, strike_service, strike_certificate, strike_award, strike_training)
STEPS = (
    take,
    named,
    posts,
    leave,
    move,
    service,
    certificates,
    awards,
    training,
    *STRIKES,
    person,
)


def number_resource(one: Establishment) -> dict[str, object]:
    """Civil affairs', too, who approves it."""
    return {**place_resource(one), "units": (CIVIL_AFFAIRS,)}


ESTABLISHMENTS: Collection[Establishment, EstablishmentEvent, AffairsDesk, None] = Collection(
    service="affairs",
    name="establishments",
    title="社区核定人数",
    path="/establishments",
    state=Establishment,
    events=get_args(EstablishmentEvent),
    evolve=establishment.evolve,
    resource=number_resource,
    access=ACCESS,
    keys=lambda one: {**number_resource(one), "opened_at": moment(one.approved_at)},
    indexes=("street+opened_at", "community+opened_at", "units[]", "opened_at"),
    always=("units",),
    names=names,
    sorts={"newest": NEWEST},
    filters=by("street", "community"),
    of=lambda desk: desk.establishments,
    knows=nothing,
)


class NumberIn(Asked):
    approved: Count
    document: Annotated[Short, MUST] = ""


@ESTABLISHMENTS.step(
    "核定人数",
    "/establishments/{id}",
    who=OFFICE,
    rules="A-12",
    record=None,
    versioned=False,
    method="PUT",
)
async def approve(
    desk: AffairsDesk, at: At[None], body: NumberIn
) -> Changed[Establishment, EstablishmentEvent]:
    """Of a community, by its code."""
    at.demand({"units": (CIVIL_AFFAIRS,)})
    street, community = await desk.community(at.id)
    approved = NumberApproved(street=street, community=community, **body.model_dump(), at=at.now)
    in_post = await desk.in_post_at((street, community), local_date(at.now))
    return await desk.establishments.record(
        community, lambda known: [establishment.approve(known, approved, in_post)], at.cause
    )


NUMBER_STEPS = (approve,)
