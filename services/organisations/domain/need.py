"""O-15: what somebody needs, matched with a volunteer who offers it; drawn from an account, or given."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.errors import Malformed, RuleBroken
from chassis.kernel.said import said_by

from .rules import RULES, TIME_BANK
from .volunteer import ServiceKind, Volunteer


class NeedStatus(StrEnum):
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


NeedEvent = NeedAsked | NeedMatched | NeedMet | NeedCancelled


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


def ask(asked: NeedAsked) -> NeedAsked:
    said_by(RULES["O-15"], asked.what, "what")
    if asked.minutes <= 0:
        raise Malformed("须写明需要多少分钟。", field="minutes")
    return asked


def may_match(need: Need) -> None:
    if need.status is not NeedStatus.OPEN:
        raise RuleBroken(RULES["O-15"], "该需求已经匹配或结束。")


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
        )
    if need is None:
        raise ValueError("a need is asked first")
    match event:
        case NeedMatched():
            return replace(need, status=NeedStatus.MATCHED, volunteer=event.volunteer)
        case NeedMet():
            return replace(need, status=NeedStatus.MET, service=event.service)
        case NeedCancelled():
            return replace(need, status=NeedStatus.CANCELLED, reason=event.reason)
        case _:
            assert_never(event)
