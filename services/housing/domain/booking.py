"""The bookings of one room in one month (预订): no two overlap, and how much of the month they use.

One document holds the month, so that two that are made at the same instant are decided one after the
other. A booking lies within one day of Asia/Shanghai, so it lies within one month.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import SHANGHAI, local_date
from chassis.kernel.errors import Malformed, NotAllowed, NotFound, RuleBroken
from chassis.kernel.holding import HELD_FOR
from chassis.kernel.required import required

from .rules import RULES

DAY = timedelta(days=1)
FURTHEST = 366
"""Days ahead, whatever the policy says: so far the months of a room that is given up are closed."""

NOT_OPEN = "承接方在本街道或社区不再有执行中的合同，或已注销、被禁止。"


class Purpose(StrEnum):
    """公共服务, 志愿服务, 社会工作服务."""

    PUBLIC = "public"
    VOLUNTEER = "volunteer"
    SOCIAL_WORK = "social_work"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomBooked:
    """`by` is an office or an organisation, never a person."""

    booking: str
    room: str
    month: str
    street: str | None = None
    community: str
    start: datetime
    end: datetime
    purpose: Purpose
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingCancelled:
    booking: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomClosed:
    """It is about to be given up."""

    room: str
    month: str
    street: str | None = None
    community: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomReopened:
    """It was not given up."""


BookingEvent = RoomBooked | BookingCancelled | RoomClosed | RoomReopened


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    id: str
    start: datetime
    end: datetime
    purpose: Purpose
    by: str
    cancelled: bool = False

    @property
    def minutes(self) -> int:
        return (self.end - self.start) // timedelta(minutes=1)

    @property
    def slot(self) -> str:
        """As people read it: the Shanghai day and times."""
        start, end = self.start.astimezone(SHANGHAI), self.end.astimezone(SHANGHAI)
        last = "24:00" if end.date() != start.date() else end.strftime("%H:%M")
        return f"{start:%Y-%m-%d %H:%M}–{last}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomMonth:
    room: str
    month: str
    street: str | None = None
    community: str
    bookings: tuple[Booking, ...] = ()
    closed_at: datetime | None = None

    @property
    def standing(self) -> tuple[Booking, ...]:
        return tuple(booking for booking in self.bookings if not booking.cancelled)

    def to_come(self, now: datetime) -> tuple[Booking, ...]:
        """What stands and isn't over."""
        return tuple(booking for booking in self.standing if booking.end > now)

    @property
    def minutes(self) -> int:
        return sum(booking.minutes for booking in self.standing)

    def booking(self, id: str) -> Booking:
        for booking in self.bookings:
            if booking.id == id:
                return booking
        raise NotFound(f"没有这个预订：{id}")

    def may_cancel(self, id: str, *, by: str, keeps: bool, now: datetime) -> None:
        """By who booked it, or by who keeps the room; while it isn't over."""
        booking = self.booking(id)
        if not keeps and booking.by != by:
            raise NotAllowed("只能由预订者或管理该房间的社区、街道取消。")
        if booking.cancelled or booking.end <= now:
            raise RuleBroken(RULES["H-10"], f"预订已取消或已结束：{booking.slot}。")

    def cancel(
        self, id: str, *, by: str, keeps: bool, reason: str, now: datetime
    ) -> tuple[BookingCancelled, ...]:
        self.may_cancel(id, by=by, keeps=keeps, now=now)
        required(reason, "reason", "取消预订须写明理由。")
        return (BookingCancelled(booking=id, reason=reason),)

    def ahead(self, by: str, now: datetime) -> tuple[Booking, ...]:
        """What somebody booked here that has not begun."""
        return tuple(one for one in self.standing if one.by == by and one.start > now)

    def release(
        self, ids: Collection[str], *, by: str, now: datetime
    ) -> tuple[BookingCancelled, ...]:
        """H-10: nothing opens the room to whoever booked it any more, and others may have it (ours)."""
        return tuple(
            BookingCancelled(booking=one.id, reason=NOT_OPEN)
            for one in self.ahead(by, now)
            if one.id in ids
        )


def month_of(at: datetime) -> str:
    return f"{local_date(at):%Y-%m}"


def months_ahead(now: datetime) -> tuple[str, ...]:
    """In which somebody may book."""
    days = (now + n * DAY for n in range(FURTHEST + 1))
    return tuple(dict.fromkeys(map(month_of, days)))


def close(known: RoomMonth | None, asked: RoomClosed) -> tuple[RoomClosed, ...]:
    """H-10: so that of a booking and the room's end at once the month's record takes one (ours)."""
    if known is not None:
        unbooked(known.room, known.to_come(asked.at))
    return (asked,)


def reopen(known: RoomMonth) -> tuple[RoomReopened, ...]:
    return (RoomReopened(),) if known.closed_at else ()


def unbooked(room: str, booked: Sequence[Booking]) -> None:
    """H-10: nobody finds his room given up: who keeps it cancels first what is `booked` to come (ours)."""
    if booked:
        first = min(booked, key=lambda one: one.start)
        detail = f"{room} 还有 {len(booked)} 个预订，最早为 {first.slot}，取消后方可注销。"
        raise RuleBroken(RULES["H-10"], detail)


def book(
    known: RoomMonth | None, asked: RoomBooked, *, now: datetime, days_ahead: int
) -> tuple[RoomBooked, ...]:
    """H-10: within one day, not over, not too far ahead, and over nobody else's."""
    if asked.start >= asked.end or not (_on_the_minute(asked.start) and _on_the_minute(asked.end)):
        raise Malformed("结束须晚于开始，精确到分钟。", field="end")
    midnight = asked.start.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    if asked.end > midnight + DAY:
        raise RuleBroken(RULES["H-10"], "预订须在同一天（北京时间）之内。", field="end")
    if asked.start < now or local_date(asked.start) > local_date(now) + timedelta(days=days_ahead):
        detail = f"只能预订现在以后 {days_ahead} 天以内的时间。"
        raise RuleBroken(RULES["H-10"], detail, field="start")
    if known and known.closed_at and now - known.closed_at < HELD_FOR:
        raise RuleBroken(RULES["H-10"], f"{asked.room} 正在注销，不能预订。")
    for other in known.standing if known else ():
        if asked.start < other.end and other.start < asked.end:
            detail = f"{asked.room} 在 {other.slot} 已被预订。"
            raise RuleBroken(RULES["H-10"], detail, field="start")
    return (asked,)


def _on_the_minute(at: datetime) -> bool:
    return not (at.second or at.microsecond)


def days_in(month: str) -> int:
    first = date.fromisoformat(month + "-01")
    return ((first + 31 * DAY).replace(day=1) - first).days


def evolve(month: RoomMonth | None, event: BookingEvent) -> RoomMonth:
    match event:
        case RoomBooked():
            known = month or RoomMonth(
                room=event.room, month=event.month, street=event.street, community=event.community
            )
            booking = Booking(
                id=event.booking,
                start=event.start,
                end=event.end,
                purpose=event.purpose,
                by=event.by,
            )
            return replace(known, bookings=(*known.bookings, booking))
        case RoomClosed():
            known = month or RoomMonth(
                room=event.room, month=event.month, street=event.street, community=event.community
            )
            return replace(known, closed_at=event.at)
        case BookingCancelled() | RoomReopened() if month is None:
            raise ValueError("a month begins with a booking, or is closed")
        case BookingCancelled():
            return replace(month, bookings=_without(month.bookings, event.booking))
        case RoomReopened():
            return replace(month, closed_at=None)
        case _:
            assert_never(event)


def _without(bookings: tuple[Booking, ...], id: str) -> tuple[Booking, ...]:
    return tuple(
        replace(booking, cancelled=True) if booking.id == id else booking for booking in bookings
    )
