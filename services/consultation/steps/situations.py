"""New situations, reported to the district's office and answered by it (C-31)."""

from typing import get_args

from chassis.at import At
from chassis.http import Asked
from chassis.kernel.clock import local_date
from chassis.kernel.errors import Malformed
from chassis.kind import Changed
from chassis.lists import NEWEST, Filter, by, moment
from chassis.places import standing_street
from chassis.steps import Collection, Part, nothing
from chassis.words import Passage, Short
from contracts.event import Code
from services.consultation.access import ACCESS, CONVENERS, GUIDING
from services.consultation.desk import ConsultationDesk, names, situation_resource
from services.consultation.domain import situation as situations
from services.consultation.domain.situation import (
    OFFICE,
    Situation,
    SituationEvent,
    SituationReported,
)

ANSWERING: Part[Situation] = Part(whose=lambda *_: {"units": (OFFICE,)})
SITUATIONS: Collection[Situation, SituationEvent, ConsultationDesk, None] = Collection(
    service="consultation",
    name="situations",
    title="新情况报告",
    path="/situations",
    state=Situation,
    events=get_args(SituationEvent),
    evolve=situations.evolve,
    resource=situation_resource,
    access=ACCESS,
    keys=lambda situation: {
        **situation_resource(situation),
        "answered": situation.answered is not None,
        "opened_at": moment(situation.reported.at),
    },
    indexes=("street+opened_at", "community+opened_at", "units[]", "opened_at"),
    names=names,
    sorts={"newest": NEWEST},
    filters={**by("street", "community"), "answered": Filter(key="answered", type=bool)},
    of=lambda desk: desk.situations,
    knows=nothing,
    opens=lambda situation, *_: situations.open_for(situation),
)


class SituationIn(Asked):
    """Of a community, or of the street alone. It names no person."""

    street: Code | None = None
    community: Code | None = None
    title: Short
    text: Passage


@SITUATIONS.step(
    "报告新情况",
    "/situations",
    name="report",
    who=CONVENERS,
    rules="C-31",
    record=None,
    versioned=False,
    status=201,
)
async def report(
    desk: ConsultationDesk, at: At[None], body: SituationIn
) -> Changed[Situation, SituationEvent]:
    if body.community is not None:
        street, community = await desk.standing(body.community, at.now)
        if body.street not in (None, street):
            raise Malformed("该社区不属于所写的街道。", field="street")
        place: dict[str, str | None] = {"street": street, "community": community}
    elif body.street is not None:
        street = await standing_street(desk.communities, body.street, local_date(at.now))
        place = {"street": street, "community": None}
    else:
        raise Malformed("请写明街道或社区。", field="street")
    at.demand(place)
    reported = SituationReported(
        street=str(place["street"]),
        community=place["community"],
        title=body.title,
        text=body.text,
        by=at.by,
        at=at.now,
    )
    id = at.asking.new_id("situations")
    return await desk.situations.create(id, lambda: [situations.report(reported)], at.cause)


class SituationAnswerIn(Asked):
    answer: Passage


@SITUATIONS.step("答复新情况", name="answer", who=GUIDING, rules="C-31", part=ANSWERING)
def answer(s: Situation, at: At[None], body: SituationAnswerIn) -> SituationEvent:
    """By the office in the united-front department, or the district."""
    return situations.answer(s, body.answer, at.by, at.now)


STEPS = (report, answer)
