"""Contact days of delegates in a community (C-33)."""

from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked
from chassis.kind import Changed
from chassis.lists import NEWEST, Filter, by, moment
from chassis.steps import Collection, nothing
from chassis.words import Day, Passage, Short
from contracts.event import Code
from services.consultation.access import ACCESS, CONVENERS
from services.consultation.desk import ConsultationDesk, contact_resource, names
from services.consultation.domain import arising
from services.consultation.domain import contact as contacts
from services.consultation.domain.contact import (
    Contact,
    ContactEvent,
    ContactHeld,
    Delegate,
    DelegateClass,
)

CONTACTS: Collection[Contact, ContactEvent, ConsultationDesk, None] = Collection(
    service="consultation",
    name="contacts",
    title="代表委员联系日",
    path="/contacts",
    state=Contact,
    events=get_args(ContactEvent),
    evolve=contacts.evolve,
    resource=contact_resource,
    access=ACCESS,
    keys=lambda contact: {
        **contact_resource(contact),
        "on": contact.on,
        "opened_at": moment(contact.held_at),
    },
    indexes=("street+opened_at", "community+opened_at", "opened_at"),
    names=names,
    sorts={"newest": NEWEST},
    filters={
        **by("street", "community"),
        "from": Filter(key="on", type=Day, how="from"),
        "to": Filter(key="on", type=Day, how="to"),
    },
    of=lambda desk: desk.contacts,
    knows=nothing,
    opens=lambda contact, _, step: contacts.open_for(contact, step),
)


class DelegateIn(Asked):
    """By the number on the certificate; never by name."""

    delegate_class: DelegateClass
    number: Code


class ContactIn(Asked):
    community: Code
    on: Day
    delegates: Annotated[tuple[DelegateIn, ...], Field(max_length=50)]
    taken_up: Passage


@CONTACTS.step(
    "登记联系日",
    "/contacts",
    who=CONVENERS,
    rules="C-33",
    record=None,
    versioned=False,
    status=201,
)
async def hold(
    desk: ConsultationDesk, at: At[None], body: ContactIn
) -> Changed[Contact, ContactEvent]:
    street, community = await desk.standing(body.community, at.now)
    at.demand({"street": street, "community": community})
    held = ContactHeld(
        street=street,
        community=community,
        on=body.on,
        delegates=tuple(Delegate(**one.model_dump()) for one in body.delegates),
        taken_up=body.taken_up,
        at=at.now,
    )
    id = at.asking.new_id("contacts")
    return await desk.contacts.create(id, lambda: [contacts.hold(held)], at.cause)


class ContactTopicIn(Asked):
    """As it is publicised: it names no person."""

    title: Short
    category: Code


@CONTACTS.step("转为议题", who=CONVENERS, rules="C-16 C-24 C-33")
async def topic(
    desk: ConsultationDesk, at: At[None], body: ContactTopicIn
) -> Changed[Contact, ContactEvent]:
    """Before the community's committee, once."""
    contact = (await desk.contacts.get(at.id)).aggregate
    contacts.open_for(contact, "topic")
    arisen = arising.taken_up(
        contact.street, contact.community, body.category, body.title, contact.taken_up
    )
    matter = await desk.propose_taken_up(arisen, f"contact {at.id}", at.cause)
    return await desk.contacts.change(
        at.id, lambda known: [contacts.topic(known, matter, at.now)], at.cause
    )


class SettleIn(Asked):
    result: Passage


@CONTACTS.step("登记办理结果", who=CONVENERS, rules="C-33")
def settle(c: Contact, at: At[None], body: SettleIn) -> ContactEvent:
    return contacts.settle(c, body.result, at.now)


STEPS = (hold, topic, settle)
