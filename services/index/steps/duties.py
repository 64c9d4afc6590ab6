"""Duties by the calendar: recorded with their day and evidence, closed by the clock."""

from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked
from chassis.lists import DUE, Filter, by, due
from chassis.steps import Collection, nothing
from chassis.words import Day, Short
from services.index import announce
from services.index.access import BODIES, PUBLIC
from services.index.desk import IndexDesk, duty_resource
from services.index.domain import duty as duties
from services.index.domain import waiting
from services.index.domain.duty import Duty, DutyEvent, DutyRecorded


def keys(duty: Duty) -> Mapping[str, Any]:
    return {
        **duty_resource(duty),
        "duty": duty.opened.code,
        "year": duty.opened.year,
        "missed": bool(duty.missed),
        "due": due(duty.wakes_at),
    }


DUTIES: Collection[Duty, DutyEvent, IndexDesk, None] = Collection(
    service="index",
    name="duties",
    title="按期职责",
    path="/duties",
    state=Duty,
    events=get_args(DutyEvent),
    evolve=duties.evolve,
    announce=announce.of_duties,
    next_due=lambda duty: duty.wakes_at,
    resource=duty_resource,
    access=PUBLIC,
    keys=keys,
    indexes=("street", "units[]", "year", "due"),
    sorts={"due": DUE},
    filters={
        **by("street", "duty"),
        "unit": Filter(key="units"),
        "year": Filter(key="year", type=int),
        "missed": Filter(key="missed", type=bool),
    },
    of=lambda desk: desk.duties,
    awaits=waiting.of_duty,
    knows=nothing,
)


class RecordIn(Asked):
    """`evidence`: the minutes or paper that shows it, by name or number."""

    held_on: Day = Field(examples=[date(2026, 5, 20)])
    evidence: Short


@DUTIES.step(
    "登记履职",
    "/duties/{id}/records",
    who=BODIES,
    rules="I-18",
    opens=lambda d, _: d.may_record(),
)
def record(d: Duty, at: At[None], body: RecordIn) -> DutyRecorded:
    return d.record(held_on=body.held_on, evidence=body.evidence, by=at.by, now=at.now)


STEPS = (record,)
