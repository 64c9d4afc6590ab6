"""Community groups on file with their street."""

from typing import get_args

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.kind import Changed
from chassis.lists import NEWEST, Filter, by, moment
from chassis.steps import Collection, nothing
from chassis.words import Day, Long, Short
from contracts.event import Code
from services.organisations import announce
from services.organisations.access import ACCESS, COMMUNITY, STREETS
from services.organisations.desk import OrganisationsDesk, names, place_resource
from services.organisations.domain import group as groups
from services.organisations.domain import waiting
from services.organisations.domain.group import (
    Group,
    GroupEvent,
    GroupKind,
    GroupStatus,
)

from .places import CommunityIn, into
from .words import Count

GROUPS: Collection[Group, GroupEvent, OrganisationsDesk, None] = Collection(
    service="organisations",
    name="groups",
    title="社区群众组织",
    path="/groups",
    state=Group,
    events=get_args(GroupEvent),
    evolve=groups.evolve,
    announce=announce.of_groups,
    next_due=lambda group: group.next_due,
    resource=place_resource,
    access=ACCESS,
    keys=lambda group: {
        **place_resource(group),
        "kind": group.kind,
        "status": group.status,
        "filed": group.filed,
        "opened_at": moment(group.proposed_at),
    },
    awaits=waiting.of_group,
    indexes=("street+opened_at", "community", "opened_at"),
    words=lambda group: f"{group.name} {group.number or ''}",
    names=names,
    sorts={"newest": NEWEST},
    filters={
        **by("street", "community"),
        "kind": Filter(key="kind", type=GroupKind),
        "state": Filter(key="status", type=GroupStatus),
        "filed": Filter(key="filed", type=bool),
    },
    of=lambda desk: desk.groups,
    knows=nothing,
)


class GroupIn(Asked):
    """Names no person."""

    community: Code
    name: Short
    kind: GroupKind
    purpose: Long
    members: Count


@GROUPS.step(
    "提出备案", "/groups", who=COMMUNITY, rules="O-05", record=None, versioned=False, status=201
)
async def propose(
    desk: OrganisationsDesk, at: At[None], body: GroupIn
) -> Changed[Group, GroupEvent]:
    street, community = await desk.street_of(body.community), body.community
    at.demand({"street": street, "community": community})
    return await desk.propose_group(street, body.model_dump(), at.cause)


class OpinionIn(Asked):
    opinion: Long


@GROUPS.step("社区初审", who=COMMUNITY, rules="O-05", opens=lambda group, _: groups.may_look(group))
def look(group: Group, at: At[None], body: OpinionIn) -> GroupEvent:
    return groups.look(group, opinion=body.opinion, now=at.now)


class NumberIn(Asked):
    number: Short


@GROUPS.step("街道备案", who=STREETS, rules="O-05", opens=lambda group, _: groups.may_file(group))
def file(group: Group, at: At[None], body: NumberIn) -> GroupEvent:
    return groups.file(group, number=body.number, now=at.now)


@GROUPS.step(
    "不予备案",
    who=COMMUNITY | STREETS,
    rules="O-05",
    opens=lambda group, _: groups.may_decline(group),
)
def decline(group: Group, at: At[None], body: ReasonIn) -> GroupEvent:
    return groups.decline(group, by=at.by, reason=body.reason, now=at.now)


@GROUPS.step(
    "转入其他社区",
    name="transfer",
    who=STREETS,
    rules="O-05",
    opens=lambda group, _: groups.may_transfer(group),
)
async def transfer(
    desk: OrganisationsDesk, at: At[None], body: CommunityIn
) -> Changed[Group, GroupEvent]:
    """As one of what its community was split into; where none of its name is."""
    before, to = (await desk.groups.get(at.id)).aggregate, await into(desk, at, body.community)
    taken = await desk.group_stands(to.community, before.name)
    moved = await desk.groups.change(
        at.id, lambda one: [groups.transfer(one, to, taken=taken)], at.cause
    )
    for community in (before.community, to.community):
        await desk.recount(community, at.cause)
    return moved


class RenameIn(Asked):
    """Names no person."""

    name: Short
    reason: Long = ""


@GROUPS.step(
    "更名",
    name="rename",
    who=STREETS,
    rules="O-05",
    opens=lambda group, _: groups.may_rename(group),
)
async def rename(
    desk: OrganisationsDesk, at: At[None], body: RenameIn
) -> Changed[Group, GroupEvent]:
    """Where two of one name came together by a merger, or it is to go where one of its name is."""
    here = (await desk.groups.get(at.id)).aggregate.community
    taken = await desk.group_stands(here, body.name)

    def decided(group: Group) -> list[GroupEvent]:
        return [groups.rename(group, **body.model_dump(), taken=taken, now=at.now)]

    return await desk.groups.change(at.id, decided, at.cause)


class ActivityIn(Asked):
    on: Day
    what: Long
    members: Count


@GROUPS.step(
    "记录活动",
    "/groups/{id}/activities",
    name="act",
    who=COMMUNITY,
    rules="O-05",
    opens=lambda group, _: groups.must_be_filed(group),
)
def act(group: Group, at: At[None], body: ActivityIn) -> GroupEvent:
    return groups.act(group, **body.model_dump(), now=at.now)


@GROUPS.step(
    "注销备案",
    who=COMMUNITY | STREETS,
    rules="O-05 O-11",
    opens=lambda group, _: groups.must_be_filed(group),
)
def leave(group: Group, at: At[None], body: ReasonIn) -> GroupEvent:
    return groups.leave(group, reason=body.reason, now=at.now)


STEPS = (propose, look, file, decline, transfer, rename, act, leave)
