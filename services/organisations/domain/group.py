"""O-05: community groups: the community looks first, the street files, and only then it is active."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by

from .days import years_after
from .resettling import Resettled, Transferred
from .resettling import transfer as transferred
from .rules import FIRST_LOOK, RULES

IDLE_YEARS = 2
"""More than two years without activity, and the filing is gone."""


class GroupKind(StrEnum):
    """What a group does (ours)."""

    CULTURE = "culture"
    MUTUAL_AID = "mutual_aid"
    ELDERLY = "elderly"
    CHILDREN = "children"
    ENVIRONMENT = "environment"
    SAFETY = "safety"
    VOLUNTEERING = "volunteering"
    OTHER = "other"


class GroupStatus(StrEnum):
    PROPOSED = "proposed"
    LOOKED_AT = "looked_at"
    FILED = "filed"
    DECLINED = "declined"
    LEFT = "left"
    LAPSED = "lapsed"


OVER = frozenset({GroupStatus.DECLINED, GroupStatus.LEFT, GroupStatus.LAPSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupProposed:
    id: str
    name: str
    kind: GroupKind
    street: str
    community: str
    purpose: str
    members: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLookedAt:
    """By the community, first."""

    opinion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFiled:
    number: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDeclined:
    by: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupActive:
    """An activity of a day; `before` another that was recorded already, it doesn't say how many there are now."""

    on: date
    what: str
    members: int
    before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRenamed:
    name: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLeft:
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLapsed:
    """Idle for more than two years."""

    last: date
    at: datetime


GroupEvent = (
    GroupProposed
    | GroupLookedAt
    | GroupFiled
    | GroupDeclined
    | GroupActive
    | GroupRenamed
    | GroupLeft
    | GroupLapsed
    | Resettled
    | Transferred
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """`last` is the day of its latest activity, or of its filing."""

    id: str
    name: str
    kind: GroupKind
    street: str
    community: str
    purpose: str
    members: int
    proposed_at: datetime
    status: GroupStatus = GroupStatus.PROPOSED
    opinion: str | None = None
    number: str | None = None
    filed_on: date | None = None
    reason: str | None = None
    last: date | None = None
    activities: tuple[GroupActive, ...] = ()

    @property
    def filed(self) -> bool:
        return self.status is GroupStatus.FILED

    @property
    def next_due(self) -> datetime | None:
        """When it will have been idle for more than two years."""
        if not self.filed or self.last is None:
            return None
        return end_of(years_after(self.last, IDLE_YEARS))


def propose(known: Group | None, proposed: GroupProposed) -> GroupProposed:
    """Again, once it was declined or is off file (ours)."""
    if known is not None and known.status not in OVER:
        raise Malformed("该群众组织已经提出备案。", field="name")
    required_by(RULES["O-05"], proposed.name, "name", clause=FIRST_LOOK)
    required_by(RULES["O-05"], proposed.purpose, "purpose", clause=FIRST_LOOK)
    _somebody(proposed.members)
    return proposed


def _somebody(members: int) -> None:
    if members < 1:
        raise RuleBroken(RULES["O-05"], "人数至少一人。", clause=OURS, field="members")


def may_look(group: Group) -> None:
    if group.status is not GroupStatus.PROPOSED:
        raise RuleBroken(RULES["O-05"], "社区已经初审。", clause=OURS)


def look(group: Group, *, opinion: str, now: datetime) -> GroupLookedAt:
    may_look(group)
    required_by(RULES["O-05"], opinion, "opinion", "须写明初审意见。", FIRST_LOOK)
    return GroupLookedAt(opinion=opinion, at=now)


def may_file(group: Group) -> None:
    if group.status is not GroupStatus.LOOKED_AT:
        raise RuleBroken(RULES["O-05"], "社区初审之后由街道备案。", clause=FIRST_LOOK)


def file(group: Group, *, number: str, now: datetime) -> GroupFiled:
    may_file(group)
    required_by(RULES["O-05"], number, "number", "须写明备案号。", FIRST_LOOK)
    return GroupFiled(number=number, at=now)


def may_decline(group: Group) -> None:
    if group.status not in (GroupStatus.PROPOSED, GroupStatus.LOOKED_AT):
        raise RuleBroken(RULES["O-05"], "该备案已经办结。", clause=OURS)


def decline(group: Group, *, by: str, reason: str, now: datetime) -> GroupDeclined:
    may_decline(group)
    required_by(RULES["O-05"], reason, "reason", "不予备案须写明理由。", OURS)
    return GroupDeclined(by=by, reason=reason, at=now)


def must_be_filed(group: Group) -> None:
    if not group.filed:
        raise RuleBroken(RULES["O-05"], "先备案，后活动。", clause=FIRST_LOOK)


def act(group: Group, *, on: date, what: str, members: int, now: datetime) -> GroupActive:
    must_be_filed(group)
    required_by(RULES["O-05"], what, "what", clause=OURS)
    if on > local_date(now):
        raise Malformed("活动日期不得晚于今天。", field="on")
    if group.filed_on is not None and on < group.filed_on:
        raise RuleBroken(RULES["O-05"], "备案之前的活动不予登记。", clause=FIRST_LOOK, field="on")
    _somebody(members)
    before = group.last is not None and on < group.last
    return GroupActive(on=on, what=what, members=members, before=before)


def leave(group: Group, *, reason: str, now: datetime) -> GroupLeft:
    must_be_filed(group)
    required_by(RULES["O-05"], reason, "reason", clause=OURS)
    return GroupLeft(reason=reason, at=now)


def may_rename(group: Group) -> None:
    if group.status in OVER:
        raise RuleBroken(RULES["O-05"], "该群众组织不予备案或者已经不在册，不再更名。", clause=OURS)


def rename(group: Group, *, name: str, reason: str, taken: bool, now: datetime) -> GroupRenamed:
    """Two that came into one community by a merger may be of one name: their street tells them apart (ours)."""
    may_rename(group)
    required_by(RULES["O-05"], name, "name", clause=OURS)
    required_by(RULES["O-05"], reason, "reason", "更名须写明理由。", OURS)
    if name == group.name:
        raise Malformed("与现用名称相同。", field="name")
    if taken:
        raise RuleBroken(RULES["O-05"], "该社区已有同名的群众组织。", clause=OURS, field="name")
    return GroupRenamed(name=name, reason=reason, at=now)


def may_transfer(group: Group) -> None:
    if group.status in OVER:
        raise RuleBroken(
            RULES["O-05"], "该群众组织不予备案或者已经不在册，不再转入其他社区。", clause=OURS
        )


def transfer(group: Group, to: Transferred, *, taken: bool) -> Transferred:
    """`taken`: one of its name is there already."""
    may_transfer(group)
    moved = transferred(group, to)
    if taken:
        detail = "转入的社区已有同名的群众组织，先更名再转入。"
        raise RuleBroken(RULES["O-05"], detail, clause=OURS, field="community")
    return moved


def lapse(group: Group, now: datetime) -> tuple[GroupLapsed, ...]:
    """O-11: by itself, once."""
    due = group.next_due
    if due is None or group.last is None or now < due:
        return ()
    return (GroupLapsed(last=group.last, at=now),)


def evolve(group: Group | None, event: GroupEvent) -> Group:
    if isinstance(event, GroupProposed):
        return Group(
            id=event.id,
            name=event.name,
            kind=event.kind,
            street=event.street,
            community=event.community,
            purpose=event.purpose,
            members=event.members,
            proposed_at=event.at,
        )
    if group is None:
        raise ValueError("a group begins by being proposed")
    match event:
        case GroupLookedAt():
            return replace(group, status=GroupStatus.LOOKED_AT, opinion=event.opinion)
        case GroupFiled():
            day = local_date(event.at)
            return replace(
                group, status=GroupStatus.FILED, number=event.number, filed_on=day, last=day
            )
        case GroupDeclined():
            return replace(group, status=GroupStatus.DECLINED, reason=event.reason)
        case GroupActive():
            last = max(event.on, group.last or event.on)
            return replace(
                group,
                last=last,
                members=group.members if event.before else event.members,
                activities=(*group.activities, event),
            )
        case GroupRenamed():
            return replace(group, name=event.name)
        case GroupLeft():
            return replace(group, status=GroupStatus.LEFT, reason=event.reason)
        case GroupLapsed():
            return replace(group, status=GroupStatus.LAPSED)
        case Resettled() | Transferred():
            return replace(group, street=event.street, community=event.community)
        case _:
            assert_never(event)
