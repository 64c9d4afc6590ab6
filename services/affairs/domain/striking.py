"""A-12, A-13, A-14, A-18, A-24 (ours): what was entered on a worker's record by mistake is struck, with the reason;
level and pay are counted of what is left.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from chassis.kernel.errors import OURS, NotFound
from chassis.kernel.required import required_by

from .rules import RULES
from .worker import Certified, Entry, Struck, Worker

T = TypeVar("T")
REASON = "撤销须写明理由。"


def strike_post(known: Worker, number: str, reason: str, now: datetime) -> Struck:
    """Who is left without any was in none: his record stays, and takes another."""
    return _struck("A-12", _at(known.posts, number), reason, now)


def strike_service(known: Worker, number: str, reason: str, now: datetime) -> Struck:
    return _struck("A-13", _at(known.services, number), reason, now)


def strike_certificate(known: Worker, kind: str, reason: str, now: datetime) -> Struck:
    held: Certified | None = next((one for one in known.certificates if one.kind == kind), None)
    if held is None:
        raise NotFound
    return _struck("A-14", held, reason, now)


def strike_award(known: Worker, number: str, reason: str, now: datetime) -> Struck:
    return _struck("A-18", _at(known.awards, number), reason, now)


def strike_training(known: Worker, number: str, reason: str, now: datetime) -> Struck:
    return _struck("A-24", _at(known.training, number), reason, now)


def _at(those: Sequence[T], number: str) -> T:
    """By its place in the order of entry; NotFound where there is none."""
    if not number.isdecimal() or not 0 < int(number) <= len(those):
        raise NotFound
    return those[int(number) - 1]


def _struck(rule: str, entry: Entry, reason: str, now: datetime) -> Struck:
    required_by(RULES[rule], reason, "reason", REASON, OURS)
    return Struck(entry=entry, reason=reason, at=now)
