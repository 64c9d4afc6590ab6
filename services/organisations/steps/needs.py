"""Needs for service, and who meets them."""

from dataclasses import dataclass, replace
from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kernel.errors import UnknownReference
from chassis.kind import Changed
from chassis.lists import NEWEST, Filter, by, moment
from chassis.steps import Collection
from chassis.words import Long, Whole
from contracts.event import Code, Id
from services.organisations.access import ACCESS, COMMUNITY, STREETS
from services.organisations.desk import OrganisationsDesk, names, place_resource
from services.organisations.domain import need as needs
from services.organisations.domain import serving, waiting
from services.organisations.domain.need import Need, NeedAsked, NeedEvent, NeedStatus
from services.organisations.domain.volunteer import ServiceKind, Volunteer


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The volunteer that is named, or the one it was matched with."""

    volunteer: Volunteer | None = None

    def named(self) -> Volunteer:
        if self.volunteer is None:
            raise UnknownReference("没有这名志愿者。", field="volunteer")
        return self.volunteer


async def known(desk: OrganisationsDesk, need: Need | None, _: At[None]) -> Known:
    held = await desk.volunteers.look(need.volunteer) if need and need.volunteer else None
    return Known(volunteer=held.aggregate if held else None)


NEEDS: Collection[Need, NeedEvent, OrganisationsDesk, Known] = Collection(
    service="organisations",
    name="needs",
    title="志愿服务需求",
    path="/needs",
    state=Need,
    events=get_args(NeedEvent),
    evolve=needs.evolve,
    next_due=lambda need: need.next_due,
    resource=place_resource,
    access=ACCESS,
    keys=lambda need: {
        **place_resource(need),
        "kind": need.kind,
        "status": need.status,
        "opened_at": moment(need.asked_at),
    },
    awaits=waiting.of_need,
    indexes=("street+opened_at", "community", "opened_at"),
    names=names,
    sorts={"newest": NEWEST},
    filters={
        **by("street", "community"),
        "kind": Filter(key="kind", type=ServiceKind),
        "state": Filter(key="status", type=NeedStatus),
    },
    of=lambda desk: desk.needs,
    knows=known,
)


class NeedIn(Asked):
    """Names no person; `account` is the volunteer from whose hours it is drawn."""

    community: Code
    kind: ServiceKind
    what: Long
    minutes: Annotated[Whole, Field(gt=0, le=24 * 60)]
    account: Id | None = None


@NEEDS.step(
    "提出服务需求",
    "/needs",
    who=COMMUNITY | STREETS,
    rules="O-15",
    record=None,
    versioned=False,
    status=201,
)
async def ask(desk: OrganisationsDesk, at: At[Known], body: NeedIn) -> Changed[Need, NeedEvent]:
    """Then what it takes is drawn from the account."""
    street, community = await desk.street_of(body.community), body.community
    at.demand({"street": street, "community": community})
    given = body.model_dump(exclude={"community"})
    id = at.asking.new_id("needs")
    asked = NeedAsked(id=id, street=street, community=community, **given, at=at.now)
    needs.ask(asked)
    if body.account is not None:
        held = await desk.volunteers.named(body.account, at.subject, "account")
        if await desk.needs.look(id) is None:
            serving.draw(held.aggregate, minutes=body.minutes, need=id, now=at.now)
    await desk.needs.create(id, lambda: [asked], at.cause)
    return await desk.settle(id, at.cause)


OF_THE_STREET = Field(
    json_schema_extra={
        "x-nobody": "这里还没有登记志愿者；志愿者在同一街道内匹配，社区没有的，请街道匹配。"
    }
)
"""O-15: a community sees its own; its street sees all that may be meant."""


class MatchIn(Asked):
    volunteer: Annotated[Id, OF_THE_STREET]


async def naming(desk: OrganisationsDesk, at: At[Known], body: MatchIn) -> Known:
    held = await desk.volunteers.look(body.volunteer)
    return replace(at.known, volunteer=held.aggregate if held else None)


@NEEDS.step(
    "匹配志愿者",
    name="match",
    who=COMMUNITY | STREETS,
    rules="O-15",
    opens=lambda need, _: needs.may_match(need),
    learns=(naming,),
)
def match(need: Need, at: At[Known], body: MatchIn) -> NeedEvent:
    return needs.match(need, at.known.named(), at.now)


class MetIn(Asked):
    service: Code


@NEEDS.step(
    "需求已满足",
    name="meet",
    who=COMMUNITY | STREETS,
    rules="O-15",
    opens=lambda need, _: needs.may_meet(need),
)
async def meet(desk: OrganisationsDesk, at: At[Known], body: MetIn) -> Changed[Need, NeedEvent]:
    """Of what was drawn for it, what wasn't received is given back."""
    await desk.needs.change(
        at.id, lambda need: [needs.meet(need, at.known.named(), body.service, at.now)], at.cause
    )
    return await desk.settle(at.id, at.cause)


@NEEDS.step(
    "取消需求",
    name="cancel",
    who=COMMUNITY | STREETS,
    rules="O-15",
    opens=lambda need, _: needs.may_cancel(need),
)
async def cancel(
    desk: OrganisationsDesk, at: At[Known], body: ReasonIn
) -> Changed[Need, NeedEvent]:
    """What was drawn for it is given back."""
    await desk.needs.change(
        at.id, lambda need: [needs.cancel(need, reason=body.reason, now=at.now)], at.cause
    )
    return await desk.settle(at.id, at.cause)


STEPS = (ask, match, meet, cancel)
