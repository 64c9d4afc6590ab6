"""O-15: what somebody needs, matched with a volunteer who offers it; drawn from an account, or given."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by

from .resettling import Resettled
from .rules import RULES, TIME_BANK
from .volunteer import Service, ServiceKind, Volunteer


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
    """The account is settled: it has those of its minutes again that weren't received, where there are any."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedMatched:
    volunteer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedMet:
    """By a service that was confirmed. `minutes`: received by all that name it; None of one of before they were looked
    at, which its account paid whole.
    """

    service: str
    minutes: int | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedReopened:
    """A service that it received was reversed."""

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
    | NeedReopened
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
    received: int | None = None
    reason: str | None = None
    next_due: datetime | None = None
    """Since when the account owes it a movement."""


def ask(asked: NeedAsked) -> NeedAsked:
    required_by(RULES["O-15"], asked.what, "what", clause=TIME_BANK)
    if asked.minutes <= 0:
        raise Malformed("须写明需要多少分钟。", field="minutes")
    return asked


def may_match(need: Need) -> None:
    if need.status is not NeedStatus.OPEN:
        raise RuleBroken(RULES["O-15"], "该需求不在待匹配状态。", clause=OURS)


def match(need: Need, volunteer: Volunteer, now: datetime) -> NeedMatched:
    """Who offers it, in the same street, and isn't who asks."""
    may_match(need)
    if volunteer.id == need.account:
        raise RuleBroken(RULES["O-15"], "不得为自己服务。", clause=OURS, field="volunteer")
    if not volunteer.active or need.kind not in volunteer.offers:
        raise RuleBroken(
            RULES["O-15"], "该志愿者不提供这类服务。", clause=TIME_BANK, field="volunteer"
        )
    if volunteer.street != need.street:
        raise RuleBroken(RULES["O-15"], "在同一街道内匹配。", clause=OURS, field="volunteer")
    return NeedMatched(volunteer=volunteer.id, at=now)


def may_meet(need: Need) -> None:
    if need.status is not NeedStatus.MATCHED:
        raise RuleBroken(RULES["O-15"], "该需求尚未匹配或已经结束。", clause=OURS)


def meet(need: Need, volunteer: Volunteer, service: str, now: datetime) -> NeedMet:
    """The volunteer's confirmed service that names this need; of its account goes what was received, and no more."""
    may_meet(need)
    given = {
        one.id: one.minutes
        for one in volunteer.services
        if one.need == need.id and one.confirmed_by is not None and one.counts
    }
    if service not in given:
        raise RuleBroken(
            RULES["O-15"], "须是写明该需求并已确认的服务。", clause=OURS, field="service"
        )
    return NeedMet(service=service, minutes=min(sum(given.values()), need.minutes), at=now)


def reopen(need: Need, volunteer: str, service: Service, now: datetime) -> tuple[NeedReopened, ...]:
    """Matched, as it was before, whichever of the services that it received is reversed: what is left of them or
    another may meet it, or it is cancelled.
    """
    by_it = (need.volunteer, need.id) == (volunteer, service.need)
    return (NeedReopened(at=now),) if need.status is NeedStatus.MET and by_it else ()


def may_cancel(need: Need) -> None:
    if need.status not in (NeedStatus.OPEN, NeedStatus.MATCHED):
        raise RuleBroken(RULES["O-15"], "该需求已经结束。", clause=OURS)


def cancel(need: Need, *, reason: str, now: datetime) -> NeedCancelled:
    may_cancel(need)
    required_by(RULES["O-15"], reason, "reason", clause=OURS)
    return NeedCancelled(reason=reason, at=now)


def covered(need: Need, now: datetime) -> tuple[NeedCovered, ...]:
    return (NeedCovered(at=now),) if need.status is NeedStatus.ASKED else ()


def uncovered(need: Need, reason: str, now: datetime) -> tuple[NeedUncovered, ...]:
    return (NeedUncovered(reason=reason, at=now),) if need.status is NeedStatus.ASKED else ()


def restored(need: Need, now: datetime) -> tuple[NeedRestored, ...]:
    over = need.status in (NeedStatus.CANCELLED, NeedStatus.MET)
    return (NeedRestored(at=now),) if over and need.next_due is not None else ()


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
            owed = event.at if need.account and event.minutes is not None else None
            done = replace(need, status=NeedStatus.MET, service=event.service, next_due=owed)
            return replace(done, received=event.minutes)
        case NeedReopened():
            again = replace(need, status=NeedStatus.MATCHED, service=None, received=None)
            return replace(again, next_due=None)
        case NeedCancelled():
            owed = event.at if need.account else None
            cancelled = replace(need, status=NeedStatus.CANCELLED, reason=event.reason)
            return replace(cancelled, next_due=owed)
        case Resettled():
            return replace(need, street=event.street, community=event.community)
        case _:
            assert_never(event)
