"""C-33: a contact day of delegates (两代表一委员) in a community: by class and number, never by name."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by

from .resettling import Resettled
from .rules import LINKED, RULES


class DelegateClass(StrEnum):
    """党代表, 人大代表, 政协委员."""

    PARTY = "party"
    CONGRESS = "congress"
    CONFERENCE = "conference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegate:
    """`number`: on the certificate."""

    delegate_class: DelegateClass
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactHeld:
    street: str
    community: str
    on: date
    delegates: tuple[Delegate, ...]
    taken_up: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactBecameTopic:
    matter: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSettled:
    """What became of it."""

    result: str
    at: datetime


ContactEvent = ContactHeld | ContactBecameTopic | ContactSettled | Resettled


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    street: str
    community: str
    on: date
    delegates: tuple[Delegate, ...]
    taken_up: str
    held_at: datetime
    matter: str | None = None
    result: str | None = None


def hold(held: ContactHeld) -> ContactHeld:
    required_by(RULES["C-33"], held.taken_up, "taken_up", "请写明反映和受理的情况。", LINKED)
    if not held.delegates:
        raise RuleBroken(
            RULES["C-33"], "请写明代表、委员的类别和编号。", clause=OURS, field="delegates"
        )
    if len(set(held.delegates)) != len(held.delegates):
        raise Malformed("同一代表、委员只写一次。", field="delegates")
    if held.on > local_date(held.at):
        raise Malformed("日期不得晚于今天。", field="on")
    return held


def open_for(contact: Contact, step: str) -> None:
    """Once each: a topic, and what became of it."""
    if step == "topic" and contact.matter is not None:
        raise RuleBroken(RULES["C-33"], "已转为议题。", clause=LINKED)
    if step == "settle" and contact.result is not None:
        raise RuleBroken(RULES["C-33"], "已登记办理结果。", clause=LINKED)


def topic(contact: Contact, matter: str, now: datetime) -> ContactBecameTopic:
    open_for(contact, "topic")
    return ContactBecameTopic(matter=matter, at=now)


def settle(contact: Contact, result: str, now: datetime) -> ContactSettled:
    open_for(contact, "settle")
    required_by(RULES["C-33"], result, "result", "请写明办理结果。", LINKED)
    return ContactSettled(result=result, at=now)


def evolve(contact: Contact | None, event: ContactEvent) -> Contact:
    if isinstance(event, ContactHeld):
        return Contact(
            street=event.street,
            community=event.community,
            on=event.on,
            delegates=event.delegates,
            taken_up=event.taken_up,
            held_at=event.at,
        )
    if contact is None:
        raise ValueError("a contact day begins by being held")
    match event:
        case ContactBecameTopic():
            return replace(contact, matter=event.matter)
        case ContactSettled():
            return replace(contact, result=event.result)
        case Resettled():
            return replace(
                contact, street=event.street, community=event.community or contact.community
            )
        case _:
            assert_never(event)
