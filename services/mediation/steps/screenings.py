"""Meetings on disputes, the district's and each street's (M-01)."""

from collections.abc import Mapping
from typing import Annotated, Any, get_args

from chassis.at import At
from chassis.http import Asked
from chassis.kind import Changed
from chassis.lists import DUE, Filter, by, due
from chassis.steps import Collection, Part, nothing
from chassis.words import Day, Several, Short
from contracts.event import Id
from services.mediation import announce
from services.mediation.access import ACCESS, WATCHING
from services.mediation.desk import MediationDesk, names, screening_resource
from services.mediation.domain import screening as screenings
from services.mediation.domain import waiting
from services.mediation.domain.dispute import STABILITY
from services.mediation.domain.screening import (
    Decided,
    Level,
    MeetingHeld,
    Scope,
    Screening,
    ScreeningEvent,
)

from .cases import Office

SCREENINGS: Collection[Screening, ScreeningEvent, MediationDesk, None] = Collection(
    service="mediation",
    name="screenings",
    title="排查会议",
    path="/screenings",
    state=Screening,
    events=get_args(ScreeningEvent),
    evolve=screenings.evolve,
    announce=announce.of_screenings,
    next_due=lambda known: known.wakes_at,
    resource=screening_resource,
    access=ACCESS,
    keys=lambda known: {
        **screening_resource(known),
        "level": known.level,
        "missed": bool(known.missed),
        "due": due(known.wakes_at),
    },
    awaits=waiting.of_screening,
    indexes=("street", "units[]", "due"),
    words=lambda known: " ".join(one.minutes for one in known.meetings),
    names=names,
    sorts={"due": DUE},
    filters={
        **by("street"),
        "level": Filter(key="level", type=Level),
        "missed": Filter(key="missed", type=bool),
    },
    of=lambda desk: desk.screenings,
    knows=nothing,
)


def whose(known: Screening, _: At[Any]) -> Mapping[str, object]:
    """A street's is its own; the district's is held by who leads the work."""
    if known.level is Level.STREET:
        return {"street": known.street}
    return {"units": (STABILITY,)}


class DecidedIn(Asked):
    case: Id
    office: Office
    until: Day


class MeetingIn(Asked):
    """`cases`: the list; `minutes` by name or number: the record names no party."""

    on: Day
    scope: Scope = Scope.REGULAR
    cases: Annotated[tuple[Id, ...], Several] = ()
    decided: Annotated[tuple[DecidedIn, ...], Several] = ()
    minutes: Short


@SCREENINGS.step(
    "登记排查会议", "/screenings/{id}/meetings", who=WATCHING, rules="M-01", part=Part(whose=whose)
)
async def meeting(
    desk: MediationDesk, at: At[None], body: MeetingIn
) -> Changed[Screening, ScreeningEvent]:
    """Each case on its list says so, too, and what was decided about it."""
    numbers: dict[str, str] = {}
    for place, case in enumerate(body.cases):
        found = await desk.cases.named(case, at.subject, f"cases.{place}")
        numbers[case] = found.number or case
    for place, one in enumerate(body.decided):
        await desk.known_office(one.office, at.now, f"decided.{place}.office")
    held = MeetingHeld(
        **body.model_dump(exclude={"decided"}),
        numbers=tuple(numbers.values()),
        decided=tuple(
            Decided(**one.model_dump(), number=numbers.get(one.case)) for one in body.decided
        ),
        by=at.by,
        at=at.now,
    )
    begun = await desk.begun(at.id)
    changed = await desk.screenings.change(at.id, lambda known: [known.meet(held, begun)], at.cause)
    for case in numbers:
        await desk.note_meeting(case, changed.aggregate, held, at.cause)
    return changed


STEPS = (meeting,)
