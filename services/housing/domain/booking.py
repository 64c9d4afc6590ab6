"""The bookings of one room in one month (预订): no two overlap, and how much of the month they use.

One document holds the month, so that two that are made at the same instant are decided one after the
other. A booking lies within one day of Asia/Shanghai, so it lies within one month.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import SHANGHAI, local_date
from chassis.kernel.errors import Malformed, NotAllowed, NotFound, RuleBroken
from chassis.kernel.said import said

from .rules import RULES

DAY = timedelta(days=1)


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


BookingEvent = RoomBooked | BookingCancelled


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
        said(reason, "reason", "取消预订须写明理由。")
        return (BookingCancelled(booking=id, reason=reason),)


def month_of(at: datetime) -> str:
    return f"{local_date(at):%Y-%m}"


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
        case BookingCancelled():
            if month is None:
                raise ValueError("a month begins with a booking")
            return replace(month, bookings=_without(month.bookings, event.booking))
        case _:
            assert_never(event)


def _without(bookings: tuple[Booking, ...], id: str) -> tuple[Booking, ...]:
    return tuple(
        replace(booking, cancelled=True) if booking.id == id else booking for booking in bookings
    )
