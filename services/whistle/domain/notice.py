"""A reporter who left a way to be reached is told of arrival, result and answer (答复反馈)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

SHORTEST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
GIVEN_UP = timedelta(days=3)


class Moment(StrEnum):
    """When: the lead has arrived, every unit has filed its result, the whistle is answered, or it was
    settled in the community.
    """

    ARRIVED = "arrived"
    HANDLED = "handled"
    ANSWERED = "answered"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDue:
    """Neither the words nor where to: these are in the policy and with the reporter."""

    problem: str
    moment: Moment
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeSent:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFailed:
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDropped:
    reason: str
    at: datetime


NoticeEvent = NoticeDue | NoticeSent | NoticeFailed | NoticeDropped


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """`next_at`: when it is tried; None once it was sent, or dropped for a `reason`."""

    problem: str
    moment: Moment
    due_at: datetime
    next_at: datetime | None = None
    tries: int = 0
    sent_at: datetime | None = None
    reason: str | None = None


def failed(notice: Notice, reason: str, now: datetime) -> NoticeEvent:
    """It is tried again, after days no more."""
    if now - notice.due_at >= GIVEN_UP:
        return NoticeDropped(reason=reason, at=now)
    return NoticeFailed(reason=reason, at=now)


def evolve(notice: Notice | None, event: NoticeEvent) -> Notice:
    if isinstance(event, NoticeDue):
        return Notice(problem=event.problem, moment=event.moment, due_at=event.at, next_at=event.at)
    if notice is None:
        raise ValueError("a notice is due first")
    tries = notice.tries + 1
    match event:
        case NoticeSent():
            return replace(notice, tries=tries, next_at=None, sent_at=event.at, reason=None)
        case NoticeFailed():
            pause = min(max(event.at - notice.due_at, SHORTEST), LONGEST)
            return replace(notice, tries=tries, next_at=event.at + pause, reason=event.reason)
        case NoticeDropped():
            return replace(notice, tries=tries, next_at=None, reason=event.reason)
    assert_never(event)
