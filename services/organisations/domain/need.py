"""O-15: what somebody needs, matched with a volunteer who offers it; drawn from an account, or given."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kernel.said import said_by

from .resettling import Resettled
from .rules import RULES, TIME_BANK
from .volunteer import ServiceKind, Volunteer


class NeedStatus(StrEnum):
    """`asked` until the account has given its minutes; where there is none to give, it is open at once."""

    ASKED = "asked"
    OPEN = "open"
    MATCHED = "matched"
    MET = "met"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedAsked:
    """`account`: the volunteer from whose hours it is drawn; of others' needs there is none."""

    id: str
    street: str
    community: str
    kind: ServiceKind
    what: str
    minutes: int
    account: str | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedCovered:
    """The account has given its minutes."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedUncovered:
    """The account no longer had them: another need was quicker."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRestored:
    """The account has its minutes again."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedMatched:
    volunteer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedMet:
    """By a service that was confirmed."""

    service: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedCancelled:
    reason: str
    at: datetime


NeedEvent = (
    NeedAsked
    | NeedCovered
    | NeedUncovered
    | NeedRestored
    | NeedMatched
    | NeedMet
    | NeedCancelled
    | Resettled
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    id: str
    street: str
    community: str
    kind: ServiceKind
    what: str
    minutes: int
    account: str | None = None
    asked_at: datetime
    status: NeedStatus = NeedStatus.OPEN
    volunteer: str | None = None
    service: str | None = None
    reason: str | None = None
    next_due: datetime | None = None
    """Since when the account owes it a movement."""


def ask(asked: NeedAsked) -> NeedAsked:
    said_by(RULES["O-15"], asked.what, "what")
    if asked.minutes <= 0:
        raise Malformed("须写明需要多少分钟。", field="minutes")
    return asked


def may_match(need: Need) -> None:
    if need.status is not NeedStatus.OPEN:
        raise RuleBroken(RULES["O-15"], "该需求不在待匹配状态。")


def match(need: Need, volunteer: Volunteer, now: datetime) -> NeedMatched:
    """Who offers it, in the same street, and isn't who asks."""
    may_match(need)
    if volunteer.id == need.account:
        raise RuleBroken(RULES["O-15"], "不得为自己服务。", field="volunteer")
    if not volunteer.active or need.kind not in volunteer.offers:
        raise RuleBroken(RULES["O-15"], "该志愿者不提供这类服务。", field="volunteer")
    if volunteer.street != need.street:
        raise RuleBroken(RULES["O-15"], "在同一街道内匹配。", clause=TIME_BANK, field="volunteer")
    return NeedMatched(volunteer=volunteer.id, at=now)


def may_meet(need: Need) -> None:
    if need.status is not NeedStatus.MATCHED:
        raise RuleBroken(RULES["O-15"], "该需求尚未匹配或已经结束。")


def meet(need: Need, volunteer: Volunteer, service: str, now: datetime) -> NeedMet:
    """The volunteer's confirmed service that names this need."""
    may_meet(need)
    found = next((one for one in volunteer.services if one.id == service), None)
    if found is None or found.need != need.id or found.confirmed_by is None or not found.counts:
        raise RuleBroken(RULES["O-15"], "须是写明该需求并已确认的服务。", field="service")
    return NeedMet(service=service, at=now)


def may_cancel(need: Need) -> None:
    if need.status not in (NeedStatus.OPEN, NeedStatus.MATCHED):
        raise RuleBroken(RULES["O-15"], "该需求已经结束。")


def cancel(need: Need, *, reason: str, now: datetime) -> NeedCancelled:
    may_cancel(need)
    said_by(RULES["O-15"], reason, "reason")
    return NeedCancelled(reason=reason, at=now)


def covered(need: Need, now: datetime) -> tuple[NeedCovered, ...]:
    return (NeedCovered(at=now),) if need.status is NeedStatus.ASKED else ()


def uncovered(need: Need, reason: str, now: datetime) -> tuple[NeedUncovered, ...]:
    return (NeedUncovered(reason=reason, at=now),) if need.status is NeedStatus.ASKED else ()


def restored(need: Need, now: datetime) -> tuple[NeedRestored, ...]:
    owed = need.status is NeedStatus.CANCELLED and need.next_due is not None
    return (NeedRestored(at=now),) if owed else ()


def evolve(need: Need | None, event: NeedEvent) -> Need:
    if isinstance(event, NeedAsked):
        return Need(
            id=event.id,
            street=event.street,
            community=event.community,
            kind=event.kind,
            what=event.what,
            minutes=event.minutes,
            account=event.account,
            asked_at=event.at,
            status=NeedStatus.ASKED if event.account else NeedStatus.OPEN,
            next_due=event.at if event.account else None,
        )
    if need is None:
        raise ValueError("a need is asked first")
    match event:
        case NeedCovered():
            return replace(need, status=NeedStatus.OPEN, next_due=None)
        case NeedUncovered():
            cancelled = replace(need, status=NeedStatus.CANCELLED, reason=event.reason)
            return replace(cancelled, next_due=None)
        case NeedRestored():
            return replace(need, next_due=None)
        case NeedMatched():
            return replace(need, status=NeedStatus.MATCHED, volunteer=event.volunteer)
        case NeedMet():
            return replace(need, status=NeedStatus.MET, service=event.service)
        case NeedCancelled():
            owed = event.at if need.account else None
            cancelled = replace(need, status=NeedStatus.CANCELLED, reason=event.reason)
            return replace(cancelled, next_due=owed)
        case Resettled():
            return replace(need, street=event.street, community=event.community)
        case _:
            assert_never(event)
