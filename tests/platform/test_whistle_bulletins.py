"""W-14: what each rhythm of report holds and for whom, over a real store with a small history in it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.copies import Told
from services.whistle.domain.events import DeadlineMissed
from services.whistle.domain.task import Which
from services.whistle.domain.yearly import YearBegun
from services.whistle.queries import Periods
from tests.rules.whistle.cases import (
    ANSWERED,
    CALLED,
    MONDAY,
    WORK,
    blown,
    missed_arrival,
    rejected,
)
from tests.rules.whistle.test_W_05_outcomes_and_competence import ARRIVED, second
from tests.rules.whistle.test_W_10_years import assessed, begun
from tests.rules.whistle.test_W_12_repeated import closed, opened
from tests.rules.whistle.test_W_14_weaknesses import flagged
from tests.support import whistle_year

CENTRE, LIUJIA, GUANDU = "command_centre", "street:liujia", "street:guandu"
JUSTICE = "department:justice"
elsewhere = replace(
    blown, blower=GUANDU, street="guandu", community=None, summoned=("justice",), lead="justice"
)
HISTORY: list[tuple[str, str, tuple[Any, ...]]] = [
    ("whistles", "w-1", ANSWERED),
    ("whistles", "w-2", (*CALLED, missed_arrival)),
    ("whistles", "w-3", (elsewhere, rejected)),
    ("cases", "c-1", (opened, closed)),
    ("cases", "c-2", (opened, replace(closed, upheld=False))),
    ("cases", "c-3", (opened,)),
    ("cases", "c-4", (opened, closed)),
    ("years", "water.2026", (begun, assessed, replace(assessed, result=9000))),
    ("years", "justice.2026", (YearBegun(unit="justice", year=2026),)),
    ("years", "justice.2025", (YearBegun(unit="justice", year=2025), assessed)),
]
WEAK = {
    "n-1": {"street": "liujia", "theme": "b"},
    "n-2": {"street": "liujia", "theme": "a"},
    "n-3": {"street": "guandu", "theme": "a"},
    "n-4": {"quarter": "2025-Q4"},
}


@pytest.fixture
async def periods(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Periods]:
    async with whistle_year.opened(tmp_path / "whistle.db", WORK) as desk:
        await desk.policies.aggregates.prepare()
        await desk.policies.seed(MONDAY)
        for aggregates in (desk.whistles, desk.problems, desk.cases, desk.years):
            await aggregates.prepare()
        for kind, id, happened in HISTORY:
            await getattr(desk, kind).once(id, happened, Cause(actor=CENTRE, now=MONDAY))
        await desk.weaknesses.aggregates.prepare()
        for id, differs in WEAK.items():
            data = {**flagged.model_dump(mode="json", exclude_none=True), **differs}
            told = Told(event=id, sequence=1, data=data)
            await desk.weaknesses.aggregates.once(id, [told], Cause(actor=CENTRE, now=MONDAY))
        yield Periods(
            whistles=desk.whistles,
            problems=desk.problems,
            cases=desk.cases,
            years=desk.years,
            weaknesses=desk.weaknesses,
            policies=desk.policies,
        )


async def report(periods: Periods, period: str, acts_as: str = CENTRE) -> dict[str, Any]:
    return await periods.report(period, whistle_year.asking(acts_as, MONDAY).subject, MONDAY)


async def test_W_14_every_report_says_its_days_and_what_it_is_limited_to(periods: Periods) -> None:
    found = await report(periods, "2026-03")
    assert (found["from"], found["to"]) == (date(2026, 3, 1), date(2026, 3, 31))
    assert (found["scope"], found["blown"].count, found["closed"].count) == ("", 3, 1)
    assert found["accountability"] == {"opened": 4, "upheld": 2}
    assert not {"overdue_now", "weaknesses", "whistlers", "assessed"} & set(found)
    for acts_as, blown_there, ended in ((LIUJIA, 2, 1), (GUANDU, 1, 0), (JUSTICE, 1, 0)):
        theirs = await report(periods, "2026-03", acts_as)
        assert (theirs["scope"], theirs["blown"].count) == (acts_as, blown_there)
        assert theirs["closed"].count == ended
    nobodys = await report(periods, "2026-03", "resident")
    assert (nobodys["scope"], nobodys["blown"].count) == ("resident", 0)
    assert nobodys["accountability"] == {"opened": 0, "upheld": 0}


async def test_W_14_the_dispatch_sheet_names_who_is_late_and_where_a_street_is_weak(
    periods: Periods,
) -> None:
    found = await report(periods, "2026-Q1")
    liujia = {"number": None, "street": "liujia"}
    assert found["overdue_now"] == [
        {"whistle": "w-2", **liujia, "unit": "water", "which": Which.ARRIVAL}
    ]
    weak = {name: getattr(flagged, name) for name in ("level", "before", "why")}
    assert list(found["weaknesses"].items()) == [
        ("guandu", [{"theme": "a", **weak}]),
        ("liujia", [{"theme": "a", **weak}, {"theme": "b", **weak}]),
    ]
    assert weak["why"] == "below"
    assert not {"whistlers", "assessed"} & set(found)
    theirs = await report(periods, "2026-Q1", GUANDU)
    assert (theirs["overdue_now"], list(theirs["weaknesses"])) == ([], ["guandu"])
    assert (await report(periods, "2026-Q1", JUSTICE))["weaknesses"] == {}


async def test_W_14_the_dispatch_sheet_has_the_centre_s_own_delay_and_the_number_of_the_case(
    periods: Periods,
) -> None:
    unruled = DeadlineMissed(unit=CENTRE, which=Which.COMPETENCE, due=second.at)
    await periods.whistles.once(
        "w-4", (*ARRIVED, second, unruled), Cause(actor=CENTRE, now=MONDAY), numbered="刘家-0302"
    )
    [late] = [one for one in (await report(periods, "2026-Q1"))["overdue_now"] if one["number"]]
    assert (late["unit"], late["which"]) == (CENTRE, Which.COMPETENCE)
    assert late["number"].startswith("刘家-0302-")


async def test_W_14_the_yearly_summary_has_the_points_and_the_latest_results(
    periods: Periods,
) -> None:
    found = await report(periods, "2026")
    assert found["assessed"] == {"water": 9000}
    assert [(one.blower, one.blown, one.points) for one in found["whistlers"]] == [
        (GUANDU, 1, 95),
        (LIUJIA, 2, 100),
    ]
    assert not {"overdue_now", "weaknesses"} & set(found)
    assert (await report(periods, "2026", JUSTICE))["assessed"] == {}
