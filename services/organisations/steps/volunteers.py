"""Volunteers, what they give, and their accounts."""

from dataclasses import dataclass
from typing import Annotated, Any, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kernel.errors import Malformed
from chassis.kind import Changed
from chassis.lists import NEWEST, Filter, by, moment
from chassis.steps import Collection, Part
from chassis.words import Long, Moment, Short, Whole
from contracts.event import Code, Id
from services.organisations import announce
from services.organisations.access import ACCESS, COMMUNITY, ORGANISATION, STREETS
from services.organisations.desk import OrganisationsDesk, names, volunteer_resource
from services.organisations.domain import resettling, serving, waiting
from services.organisations.domain import volunteer as volunteers
from services.organisations.domain.policy import OrganisationsPolicy
from services.organisations.domain.volunteer import (
    Receiver,
    ServiceKind,
    Volunteer,
    VolunteerEvent,
    VolunteerRegistered,
)

from .people import PersonIn
from .places import CommunityIn, into
from .words import Year

Answer = Changed[Volunteer, VolunteerEvent]
RECEIVERS = COMMUNITY | STREETS | ORGANISATION | frozenset({"department"})
CARED_FOR = COMMUNITY | STREETS | ORGANISATION


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    policy: OrganisationsPolicy


async def known(desk: OrganisationsDesk, _: Volunteer | None, __: At[None]) -> Known:
    return Known(policy=(await desk.policies.current())[1])


VOLUNTEERS: Collection[Volunteer, VolunteerEvent, OrganisationsDesk, Known] = Collection(
    service="organisations",
    name="volunteers",
    title="志愿者",
    path="/volunteers",
    state=Volunteer,
    events=get_args(VolunteerEvent),
    evolve=volunteers.evolve,
    announce=announce.of_volunteers,
    next_due=serving.next_expiry,
    over=lambda one: one.over,
    resource=volunteer_resource,
    access=ACCESS,
    keys=lambda one: {
        **volunteer_resource(one),
        "active": one.active,
        "unconfirmed": any(service.waits for service in one.services),
        "offers": one.offers,
        "minutes": one.given,
        "opened_at": moment(one.registered_at),
    },
    awaits=waiting.of_volunteer,
    own=lambda one, reader: one.of(reader.acts_as),
    indexes=("street+opened_at", "community", "supplier", "opened_at", "unconfirmed"),
    always=("unconfirmed",),
    words=lambda one: one.roll_number or "",
    names=names,
    sorts={"newest": NEWEST},
    filters={
        **by("street", "community"),
        "organisation": Filter(key="supplier"),
        "active": Filter(key="active", type=bool),
        "unconfirmed": Filter(key="unconfirmed", type=bool),
    },
    of=lambda desk: desk.volunteers,
    knows=known,
)


def _received(one: Volunteer, at: At[Any]) -> dict[str, object]:
    """Whose a service is to confirm: its receiver's, or, of a person's, the community's and street's."""
    service = one.service(at["service"])
    if serving.by_paper(service):
        return {"street": one.street, "community": one.community}
    kind, _, code = serving.confirmed_by(one, service).partition(":")
    if kind == "department":
        return {"units": (code,)}
    return {kind: code}


SERVICES: Part[Volunteer] = Part(
    path="/service/{service}",
    places=lambda one: ({"service": service.id} for service in one.services),
    whose=_received,
)


def _recorded(one: Volunteer, at: At[Any]) -> dict[str, object]:
    kind, _, code = one.service(at["service"]).recorded_by.partition(":")
    return {kind: code}


RECORDED: Part[Volunteer] = Part(path=SERVICES.path, places=SERVICES.places, whose=_recorded)
GIVEN: Part[Volunteer] = Part(path=SERVICES.path, places=SERVICES.places)


class VolunteerIn(Asked):
    """Never who it is."""

    community: Code
    organisation: Code | None = None
    offers: Annotated[tuple[ServiceKind, ...], Field(max_length=20)]


@VOLUNTEERS.step(
    "登记志愿者",
    "/volunteers",
    who=COMMUNITY | STREETS,
    rules="O-15",
    record=None,
    versioned=False,
    status=201,
)
async def register(desk: OrganisationsDesk, at: At[Known], body: VolunteerIn) -> Answer:
    street, community = await desk.street_of(body.community), body.community
    at.demand({"street": street, "community": community})
    if body.organisation is not None:
        await desk.known_organisation(body.organisation)
    id = at.asking.new_id("volunteers")
    registered = serving.register(
        VolunteerRegistered(
            id=id,
            street=street,
            community=community,
            organisation=body.organisation,
            offers=body.offers,
            at=at.now,
        )
    )
    return await desk.volunteers.create(id, lambda: [registered], at.cause)


class OffersIn(Asked):
    offers: Annotated[tuple[ServiceKind, ...], Field(max_length=20)]


@VOLUNTEERS.step(
    "变更服务意愿",
    name="offer",
    who=CARED_FOR,
    rules="O-15",
    opens=lambda one, _: serving.may_serve(one),
)
def offer(one: Volunteer, at: At[Known], body: OffersIn) -> VolunteerEvent:
    return serving.offer(one, body.offers)


class ServiceIn(Asked):
    """Received by an office or a volunteer, by its code or id, or by a resident: never a name."""

    kind: ServiceKind
    begins: Moment
    ends: Moment
    receiver: Receiver
    receiver_code: Id | None = None
    need: Id | None = None

    @property
    def received(self) -> str:
        if (self.receiver is Receiver.RESIDENT) != (self.receiver_code is None):
            raise Malformed("接受方是居民的不写代码，其余须写明代码。", field="receiver_code")
        return ":".join(filter(None, (self.receiver.value, self.receiver_code)))


async def by_a_known_receiver(desk: OrganisationsDesk, at: At[Known], body: ServiceIn) -> Known:
    if body.receiver_code is not None:
        await desk.known_receiver(body.receiver, body.receiver_code, "receiver_code", at.now)
    return at.known


@VOLUNTEERS.step(
    "记录服务",
    "/volunteers/{id}/service",
    name="record_service",
    who=CARED_FOR,
    rules="O-15",
    opens=lambda one, _: serving.may_serve(one),
    learns=(by_a_known_receiver,),
)
def record_service(one: Volunteer, at: At[Known], body: ServiceIn) -> VolunteerEvent:
    given = body.model_dump(exclude={"receiver", "receiver_code"})
    return serving.record(one, **given, receiver=body.received, by=at.by, now=at.now)


class ConfirmationIn(Asked):
    """`paper`: the number of what a person who received it signed."""

    paper: Short | None = None


@VOLUNTEERS.step(
    "确认服务",
    name="confirm",
    who=RECEIVERS,
    rules="O-15",
    part=SERVICES,
    versioned=None,
    opens=lambda one, at: serving.may_confirm(one, at["service"], at.by),
)
def confirm(one: Volunteer, at: At[Known], body: ConfirmationIn) -> VolunteerEvent:
    return serving.confirm(
        one, at["service"], by=at.by, paper=body.paper, policy=at.known.policy, now=at.now
    )


@VOLUNTEERS.step(
    "退回服务",
    name="reject",
    who=RECEIVERS,
    rules="O-15",
    part=SERVICES,
    versioned=None,
    opens=lambda one, at: serving.may_confirm(one, at["service"], at.by),
)
def reject(one: Volunteer, at: At[Known], body: ReasonIn) -> VolunteerEvent:
    return serving.reject(one, at["service"], by=at.by, reason=body.reason)


@VOLUNTEERS.step(
    "撤回服务记录",
    name="withdraw",
    who=CARED_FOR,
    rules="O-15",
    part=RECORDED,
    versioned=None,
    opens=lambda one, at: serving.may_withdraw(one, at["service"], at.by),
)
def withdraw(one: Volunteer, at: At[Known], body: ReasonIn) -> VolunteerEvent:
    """As long as nobody has confirmed it: its time is free again."""
    return serving.withdraw(one, at["service"], by=at.by, reason=body.reason)


@VOLUNTEERS.step(
    "冲正",
    name="reverse",
    who=COMMUNITY | STREETS,
    rules="O-15",
    part=GIVEN,
    opens=lambda one, at: serving.may_reverse(one, at["service"]),
)
async def reverse(desk: OrganisationsDesk, at: At[Known], body: ReasonIn) -> Answer:
    """An entry of its own; what was drawn stays drawn, and a need that it met is open again."""
    service = (await desk.volunteers.get(at.id)).aggregate.service(at["service"])
    return await desk.volunteers.change(
        at.id,
        lambda one: [serving.reverse(one, service.id, reason=body.reason, now=at.now)],
        at.cause,
        beside=desk.reopening(at.id, service, at.cause),
    )


class RewardIn(Asked):
    reward: Code


@VOLUNTEERS.step("兑换奖励", name="redeem", who=COMMUNITY | STREETS, rules="O-15")
def redeem(one: Volunteer, at: At[Known], body: RewardIn) -> tuple[VolunteerEvent, ...]:
    return serving.redeem(one, reward=body.reward, policy=at.known.policy, now=at.now)


class BenefitIn(Asked):
    year: Year
    benefit: Long
    mark: Annotated[Whole, Field(ge=1, le=5)]


@VOLUNTEERS.step("成效评估", name="assess", who=CARED_FOR, rules="O-15")
def assess(one: Volunteer, at: At[Known], body: BenefitIn) -> VolunteerEvent:
    return serving.assess(one, **body.model_dump(), by=at.by, now=at.now)


class BenefitCorrectedIn(ReasonIn, BenefitIn):
    """As it is in truth, of a year that was assessed; `assessed_by`: where more than one office did that may now be
    put right here, whose it is; one's own goes first."""

    assessed_by: Short | None = None


@VOLUNTEERS.step(
    "更正成效评估",
    name="correct_assessment",
    who=CARED_FOR,
    rules="O-15",
    opens=lambda one, at: serving.may_correct(one, at.by),
)
def correct(one: Volunteer, at: At[Known], body: BenefitCorrectedIn) -> VolunteerEvent:
    return serving.correct(one, **body.model_dump(), by=at.by)


@VOLUNTEERS.step(
    "转入其他社区",
    name="transfer",
    who=STREETS,
    rules="O-15",
    opens=lambda one, _: serving.may_serve(one),
)
async def transfer(desk: OrganisationsDesk, at: At[Known], body: CommunityIn) -> Answer:
    """As who has moved house; with the account, and what was given. An office that received it confirms it still; what
    a person did is confirmed by paper where the volunteer is now.
    """
    before, to = (await desk.volunteers.get(at.id)).aggregate, await into(desk, at, body.community)
    moved = await desk.volunteers.change(
        at.id, lambda one: [resettling.transfer(one, to)], at.cause
    )
    for community in (before.community, to.community):
        await desk.recount(community, at.cause)
    return moved


@VOLUNTEERS.step(
    "志愿者退出",
    who=COMMUNITY | STREETS,
    rules="O-15",
    opens=lambda one, _: serving.may_serve(one),
)
def leave(one: Volunteer, at: At[Known], body: ReasonIn) -> VolunteerEvent:
    """What it gave stays."""
    return serving.leave(one, reason=body.reason, now=at.now)


@VOLUNTEERS.step(
    "志愿者重新加入",
    name="return",
    who=COMMUNITY | STREETS,
    rules="O-15",
    opens=lambda one, _: serving.may_return(one),
)
def come_back(one: Volunteer, at: At[Known]) -> VolunteerEvent:
    """Under his record of before, with his account."""
    return serving.come_back(one, at.now)


@VOLUNTEERS.step(
    "登记志愿者姓名",
    "/volunteers/{id}/person",
    name="name",
    who=COMMUNITY | STREETS,
    rules="O-15",
    method="PUT",
)
async def name(desk: OrganisationsDesk, at: At[Known], body: PersonIn) -> Answer:
    """Sealed; the record says that it is."""
    named = serving.name(body.name, body.number, at.now)
    kept = desk.sealed.keeping(at.id, "volunteer", body.model_dump(), at.cause)
    return await desk.volunteers.change(at.id, lambda _: [named], at.cause, beside=kept)


@VOLUNTEERS.step(
    "查看志愿者姓名",
    "/volunteers/{id}/person",
    name="person",
    who=COMMUNITY | STREETS,
    rules="O-15",
    versioned=False,
    scope="reporter:read",
    opens=lambda one, _: serving.may_read(one),
)
async def person(desk: OrganisationsDesk, at: At[Known], body: ReasonIn) -> dict[str, str]:
    """The reading is recorded first."""
    await desk.volunteers.change(
        at.id, lambda one: [serving.read(one, by=at.by, reason=body.reason)], at.cause
    )
    return await desk.sealed.open(at.id, "volunteer")


@VOLUNTEERS.step(
    "导出志愿者信息",
    name="export",
    who=COMMUNITY | STREETS,
    rules="O-15",
    versioned=False,
    scope="reporter:read",
    opens=lambda one, _: serving.may_read(one),
)
async def export(desk: OrganisationsDesk, at: At[None], body: ReasonIn) -> dict[str, Any]:
    """All that is held about a volunteer, for him who asks for it; a reading like any other, on record."""
    await person.function(desk, at, body)
    return await desk.held_about_volunteer(at.id)


STEPS = (
    register,
    offer,
    record_service,
    confirm,
    reject,
    withdraw,
    reverse,
    redeem,
    assess,
    correct,
    transfer,
    leave,
    come_back,
    name,
    person,
    export,
)
