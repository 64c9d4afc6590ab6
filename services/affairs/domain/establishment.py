"""A-12: how many a community may have in post, and for whom a seat is held meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import assert_never

from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.holding import HELD_FOR
from chassis.kernel.required import required_by

from .rules import POSTS, RULES
from .worker import Worker


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberApproved:
    street: str
    community: str
    approved: int
    document: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatHeld:
    """For somebody whose record is being written."""

    worker: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatFreed:
    worker: str
    at: datetime


EstablishmentEvent = NumberApproved | SeatHeld | SeatFreed


@dataclass(frozen=True, slots=True, kw_only=True)
class Establishment:
    street: str
    community: str
    approved: int
    document: str
    approved_at: datetime
    seats: tuple[SeatHeld, ...] = ()

    def held(self, now: datetime) -> frozenset[str]:
        return frozenset(one.worker for one in self.seats if now - one.at < HELD_FOR)


def approve(
    known: Establishment | None, event: NumberApproved, in_post: frozenset[str]
) -> NumberApproved:
    """Who is paid is within it: it falls no lower than the seats that are taken (ours)."""
    required_by(RULES["A-12"], event.document, "document", "须写明核定文件。", POSTS)
    if known is not None and event.approved < known.approved:
        taken = len(in_post | known.held(event.at))
        if event.approved < taken:
            detail = f"该社区在岗 {taken} 人，离任、调任之后方可核减至 {event.approved} 人。"
            raise RuleBroken(RULES["A-12"], detail, clause=OURS, field="approved")
    return event


def fullest(
    workers: Mapping[str, Worker], community: str, worker: str, since: date
) -> frozenset[str] | None:
    """Who else is in post there on the fullest of the days from `since` on that he'd be one more of.

    None where he'd be one more on no day. Who leaves on a day to come is in post until then.
    """
    own = workers.get(worker)
    others = {id: one for id, one in workers.items() if id != worker}
    days = {since}
    days |= {post.since for one in others.values() for post in one.posts if post.since > since}
    if own is not None:
        ends = (post.until for post in own.posts if post.until is not None)
        days |= {until + timedelta(days=1) for until in ends if until >= since}
        days = {day for day in days if not own.has_seat(community, day)}
    there = (
        frozenset(id for id, one in others.items() if one.has_seat(community, day)) for day in days
    )
    return max(there, key=len, default=None)


def hold(
    known: Establishment | None, worker: str, in_post: frozenset[str], now: datetime
) -> SeatHeld:
    """Within the approved number: of who is in post, and of whom a seat is held for."""
    if known is None:
        raise RuleBroken(RULES["A-12"], "该社区尚未核定人数。", clause=POSTS, field="community")
    others = (in_post | known.held(now)) - {worker}
    if len(others) >= known.approved:
        raise RuleBroken(
            RULES["A-12"],
            f"该社区核定 {known.approved} 人，自该任职日期起已满。",
            clause=POSTS,
            field="post",
        )
    return SeatHeld(worker=worker, at=now)


def free(known: Establishment, worker: str, now: datetime) -> tuple[SeatFreed, ...]:
    """What was held for who has left since; not what is held for his coming back."""
    held = any(one.worker == worker and one.at <= now for one in known.seats)
    return (SeatFreed(worker=worker, at=now),) if held else ()


def evolve(known: Establishment | None, event: EstablishmentEvent) -> Establishment:
    if isinstance(event, NumberApproved):
        return Establishment(
            street=event.street,
            community=event.community,
            approved=event.approved,
            document=event.document,
            approved_at=event.at,
            seats=known.seats if known else (),
        )
    if known is None:
        raise ValueError("seats are held within an approved number")
    others = [one for one in known.seats if one.worker != event.worker]
    match event:
        case SeatHeld():
            standing = (one for one in others if event.at - one.at < HELD_FOR)
            return replace(known, seats=(*standing, event))
        case SeatFreed():
            return replace(known, seats=tuple(others))
        case _:
            assert_never(event)
