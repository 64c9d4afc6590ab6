"""A year's collection of figures: its last day, who was reminded, what was missed."""

from datetime import date
from typing import Any, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked
from chassis.steps import Collection
from chassis.words import Day, Long
from services.index import announce
from services.index.access import DISTRICT, PUBLIC
from services.index.desk import IndexDesk
from services.index.domain import collecting
from services.index.domain.collecting import DueMoved, Year, YearEvent


async def remind_days(desk: IndexDesk, *_: Any) -> int:
    """Before the last day, as the policy of today says."""
    policy = (await desk.policies.current())[1]
    return policy.remind_days


YEARS: Collection[Year, YearEvent, IndexDesk, int] = Collection(
    service="index",
    name="years",
    title="年度报送",
    path="/years",
    state=Year,
    events=get_args(YearEvent),
    evolve=collecting.evolve,
    announce=announce.of_years,
    next_due=lambda year: year.wakes_at,
    resource=lambda _: {},
    access=PUBLIC,
    keys=lambda year: {"year": year.year},
    of=lambda desk: desk.years,
    knows=remind_days,
)


class LastDayIn(Asked):
    due: Day = Field(examples=[date(2026, 10, 31)])
    reason: Long


@YEARS.step("改期", "/years/{id}/due", who=DISTRICT, rules="I-03", opens=lambda y, _: y.may_move())
def move(y: Year, at: At[int], body: LastDayIn) -> DueMoved:
    return y.move(due=body.due, remind_days=at.known, reason=body.reason, now=at.now)


STEPS = (move,)
