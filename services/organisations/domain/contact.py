"""O-16: a community's social workers keep contact with volunteers by plan; what came of it is on record."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import Malformed, NotFound, RuleBroken
from chassis.kernel.required import required_by

from .resettling import Resettled
from .rules import RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """`worker`: a post, never who holds it; `by` its last day."""

    id: str
    worker: str
    by: date
    about: str
    volunteers: int
    kept_on: date | None = None
    reached: int | None = None
    outcome: str | None = None
    missed: bool = False

    @property
    def awaited(self) -> bool:
        return self.kept_on is None and not self.missed


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactsPlanned:
    """Of a year; again, it adds to the plan."""

    street: str
    community: str
    year: int
    contacts: tuple[Contact, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactKept:
    contact: str
    on: date
    reached: int
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMissed:
    contact: str
    at: datetime


ContactEvent = ContactsPlanned | ContactKept | ContactMissed | Resettled


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPlan:
    street: str
    community: str
    year: int
    planned_at: datetime
    contacts: tuple[Contact, ...] = ()

    def contact(self, id: str) -> Contact:
        found = next((one for one in self.contacts if one.id == id), None)
        if found is None:
            raise NotFound
        return found

    @property
    def due(self) -> datetime | None:
        """Of what came of nothing yet, missed or not."""
        return min((end_of(one.by) for one in self.contacts if one.kept_on is None), default=None)

    @property
    def next_due(self) -> datetime | None:
        return min((end_of(one.by) for one in self.contacts if one.awaited), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intended:
    worker: str
    by: date
    about: str
    volunteers: int


def plan(
    known: ContactPlan | None,
    *,
    street: str,
    community: str,
    year: int,
    intended: tuple[Intended, ...],
    now: datetime,
) -> ContactsPlanned:
    if not intended:
        raise RuleBroken(RULES["O-16"], "计划至少写明一次联系。", field="contacts")
    before = len(known.contacts) if known else 0
    contacts = []
    for place, one in enumerate(intended):
        required_by(RULES["O-16"], one.about, f"contacts.{place}.about", "须写明联系内容。")
        if one.by.year != year or one.by < local_date(now):
            detail = "日期须在计划年度内、今天以后。"
            raise Malformed(detail, field=f"contacts.{place}.by")
        contacts.append(
            Contact(
                id=f"c{before + place + 1}",
                worker=one.worker,
                by=one.by,
                about=one.about,
                volunteers=one.volunteers,
            )
        )
    return ContactsPlanned(
        street=street, community=community, year=year, contacts=tuple(contacts), at=now
    )


def may_keep(plan: ContactPlan, id: str) -> None:
    """Late as well; that it was missed stays."""
    if plan.contact(id).kept_on is not None:
        raise RuleBroken(RULES["O-16"], "该次联系已有记录。")


def keep(
    plan: ContactPlan, id: str, *, on: date, reached: int, outcome: str, now: datetime
) -> tuple[ContactMissed | ContactKept, ...]:
    """After its last day it was missed first, whether the clock has come for it yet or not."""
    may_keep(plan, id)
    required_by(RULES["O-16"], outcome, "outcome", "须写明联系结果。")
    if on > local_date(now):
        raise Malformed("日期不得晚于今天。", field="on")
    if on.year < plan.year:
        raise Malformed("日期不得早于计划年度。", field="on")
    kept = ContactKept(contact=id, on=on, reached=reached, outcome=outcome)
    return (*missed(plan, now), kept)


def missed(plan: ContactPlan, now: datetime) -> tuple[ContactMissed, ...]:
    return tuple(
        ContactMissed(contact=one.id, at=now)
        for one in plan.contacts
        if one.awaited and now >= end_of(one.by)
    )


def evolve(known: ContactPlan | None, event: ContactEvent) -> ContactPlan:
    if isinstance(event, ContactsPlanned):
        plan = known or ContactPlan(
            street=event.street,
            community=event.community,
            year=event.year,
            planned_at=event.at,
        )
        return replace(plan, contacts=(*plan.contacts, *event.contacts))
    if known is None:
        raise ValueError("contacts are planned first")
    if isinstance(event, Resettled):
        return replace(known, street=event.street, community=event.community)
    found = known.contact(event.contact)
    match event:
        case ContactKept():
            after = replace(found, kept_on=event.on, reached=event.reached, outcome=event.outcome)
        case ContactMissed():
            after = replace(found, missed=True)
        case _:
            assert_never(event)
    contacts = tuple(after if one.id == after.id else one for one in known.contacts)
    return replace(known, contacts=contacts)
