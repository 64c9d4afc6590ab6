"""Planned contacts of social workers with volunteers."""

from typing import Annotated, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked
from chassis.kind import Changed, derived_id
from chassis.lists import DUE, NEWEST, Filter, by, due, moment
from chassis.steps import Collection, Part, nothing
from chassis.words import Day, Long
from contracts.event import Code
from services.organisations.access import ACCESS, COMMUNITY
from services.organisations.desk import OrganisationsDesk, names, place_resource
from services.organisations.domain import contact as contacts
from services.organisations.domain import waiting
from services.organisations.domain.contact import ContactEvent, ContactPlan, Intended

from .words import Count, Year

CONTACTS: Collection[ContactPlan, ContactEvent, OrganisationsDesk, None] = Collection(
    service="organisations",
    name="contacts",
    title="社工联系志愿者计划",
    path="/contacts",
    state=ContactPlan,
    events=get_args(ContactEvent),
    evolve=contacts.evolve,
    next_due=lambda plan: plan.next_due,
    resource=place_resource,
    access=ACCESS,
    keys=lambda plan: {
        **place_resource(plan),
        "year": plan.year,
        "due": due(plan.due),
        "opened_at": moment(plan.planned_at),
    },
    awaits=waiting.of_plan,
    indexes=("street+opened_at", "community", "opened_at", "due"),
    names=names,
    sorts={"newest": NEWEST, "due": DUE},
    filters={**by("street", "community"), "year": Filter(key="year", type=int)},
    of=lambda desk: desk.contacts,
    knows=nothing,
)
PLANNED: Part[ContactPlan] = Part(
    path="/contacts/{contact}",
    places=lambda plan: ({"contact": one.id} for one in plan.contacts),
)


class ContactIn(Asked):
    """`worker`: a post, never who holds it."""

    worker: Code
    by: Day
    about: Long
    volunteers: Count


class ContactPlanIn(Asked):
    community: Code
    year: Year
    contacts: Annotated[tuple[ContactIn, ...], Field(max_length=200)]


@CONTACTS.step(
    "制定联系计划",
    "/contacts",
    who=COMMUNITY,
    rules="O-16",
    record=None,
    versioned=False,
    status=201,
)
async def plan(
    desk: OrganisationsDesk, at: At[None], body: ContactPlanIn
) -> Changed[ContactPlan, ContactEvent]:
    """Again in the same year, it adds to the plan."""
    street, community = await desk.street_of(body.community), body.community
    at.demand({"street": street, "community": community})
    intended = tuple(Intended(**one.model_dump()) for one in body.contacts)

    def planned(known: ContactPlan | None) -> list[ContactEvent]:
        return [
            contacts.plan(
                known,
                street=street,
                community=community,
                year=body.year,
                intended=intended,
                now=at.now,
            )
        ]

    id = derived_id("contacts", community, str(body.year))
    return await desk.contacts.record(id, planned, at.cause)


class KeptIn(Asked):
    """Names no person."""

    on: Day
    reached: Count
    outcome: Long


@CONTACTS.step(
    "记录联系结果",
    name="keep",
    who=COMMUNITY,
    rules="O-16",
    part=PLANNED,
    opens=lambda plan, at: contacts.may_keep(plan, at["contact"]),
)
def keep(plan: ContactPlan, at: At[None], body: KeptIn) -> tuple[ContactEvent, ...]:
    return contacts.keep(plan, at["contact"], **body.model_dump(), now=at.now)


STEPS = (plan, keep)
