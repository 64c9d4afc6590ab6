"""Annex 9's sheet through the service: what is heard, what is claimed, both sums."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts import consultation as told
from tests.support.index import MARCH, Index, running

OFFICE = "department:united_front"
PATH = "/consultation/guandu.2026"
PLACE = {"item": 4, "claim": {"place": True, "walls": 3}, "evidence": "照片"}


@pytest.fixture
async def index(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Index]:
    async with running(tmp_path) as told:
        yield told


def closed(**about: Any) -> told.MatterClosed:
    return told.MatterClosed(
        street="guandu",
        matter="m-1",
        completed=True,
        fixed=50,
        informed=50,
        written=35,
        progress=1,
        missed=0,
        at=MARCH,
        **about,
    )


async def test_I_15_what_is_told_scores_and_a_communitys_does_not(index: Index) -> None:
    plan = {"street": "guandu", "year": 2026, "topics": 1, "regular": 1, "late": False, "at": MARCH}
    session = {"street": "guandu", "committee": "c-1", "present": 40, "fixed": 50, "at": MARCH}
    for level in ("street", "community"):
        await index.hear(f"plan-{level}", told.PlanFiled(level=level, **plan))
        for kind in ("topical", "regular"):
            news = told.SessionHeld(level=level, kind=kind, seal="0f" * 32, **session)
            await index.hear(f"session-{level}-{kind}", news)
    await index.hear("matter-1", closed())
    await index.hear("matter-1", closed())
    await index.hear("matter-2", closed(community="haihua"))
    _, sheet = await index.ask("street:guandu", "GET", PATH)
    lines = {line["item"]: line for line in sheet["state"]["own"]["lines"]}
    assert {item: lines[item]["points"] for item in (5, 6, 7, 9, 10)} == {
        5: 1000,
        6: 2000,
        7: 500,
        9: 1000,
        10: 1000,
    }
    assert (lines[6]["events"], lines[7]["events"]) == (["session-street-topical"], ["matter-1"])
    assert sheet["state"]["due"] == "2026-12-31"


async def test_I_15_the_street_and_its_assessor_mark_side_by_side(index: Index) -> None:
    assert (await index.ask("street:liujia", "POST", f"{PATH}/own", PLACE))[0] == 404
    assert (await index.ask(OFFICE, "POST", f"{PATH}/own", PLACE))[0] == 403
    assert (await index.ask("street:guandu", "POST", f"{PATH}/own", PLACE))[0] == 200
    fewer = {**PLACE, "claim": {"place": True, "walls": 1}}
    assert (await index.ask("street:guandu", "POST", f"{PATH}/assessed", fewer))[0] == 403
    assert (await index.ask(OFFICE, "POST", f"{PATH}/assessed", fewer))[0] == 200
    piece = {"piece": "信息1号", "level": "district", "evidence": "通知"}
    status, sheet = await index.ask(OFFICE, "POST", f"{PATH}/pieces", piece)
    assert (status, sheet["state"]["own"]["points"]) == (200, 700)
    assert sheet["state"]["assessed"]["points"] == 300
    status, problem = await index.ask("street:guandu", "POST", f"{PATH}/own", {**PLACE, "item": 6})
    assert (status, problem["rule"], problem["field"]) == (409, "I-15", "item")
    assert (await index.ask("street:guandu", "POST", "/consultation/nowhere.2026/own", PLACE))[
        0
    ] == 404


async def test_I_11_the_card_shows_the_assessors_sum_of_the_year_so_far(index: Index) -> None:
    card = "/scorecards/guandu?quarter=2026-Q1"
    _, shown = await index.ask("street:guandu", "GET", card)
    assert shown["figures"][-1] == {"name": "consultation", "value": None, "part": None, "of": None}
    plan = told.PlanFiled(
        street="guandu", level="street", year=2026, topics=1, regular=1, late=False, at=MARCH
    )
    await index.hear("plan-1", plan)
    await index.ask(OFFICE, "POST", f"{PATH}/assessed", PLACE)
    _, shown = await index.ask("street:guandu", "GET", card)
    assert shown["figures"][-1]["value"] == 1000 + 600
    path = "/scorecards/guandu/consultation/events?quarter=2026-Q1"
    _, behind = await index.ask("street:guandu", "GET", path)
    [planned] = [line for line in behind["items"] if line["item"] == 5]
    assert (planned["points"], planned["events"]) == (1000, [{"id": "plan-1"}])
    april = MARCH + timedelta(days=40)
    fewer = plan.model_copy(update={"topics": 0, "at": april})
    await index.hear("plan-2", fewer, sequence=9)
    session = {"street": "guandu", "committee": "c-1", "present": 40, "fixed": 50, "at": april}
    news = told.SessionHeld(level="street", kind="topical", seal="0f" * 32, **session)
    await index.hear("session-1", news)
    await index.hear("matter-1", closed().model_copy(update={"at": april}))
    for quarter, points in (("Q1", 1000 + 600), ("Q2", 600 + 2000 + 500 + 1000 + 1000)):
        _, shown = await index.ask("street:guandu", "GET", card.replace("Q1", quarter))
        assert shown["figures"][-1]["value"] == points, quarter


async def test_I_11_what_stands_behind_annex_9_adds_up_with_its_bonus_and_what_was_missed(
    index: Index,
) -> None:
    about: dict[str, Any] = {"street": "guandu", "level": "street", "matter": "m-1"}
    outcome = {"outcome": "usable_here", "fixed": 50, "at": MARCH}
    await index.hear("outcome", told.OutcomeReported(**about, **outcome))
    later = MARCH + timedelta(days=9)
    for number, awaited in enumerate(("feedback", "progress")):
        missed = told.DateMissed(**about, awaited=awaited, due=later)
        await index.hear(f"missed-{awaited}", missed, sequence=3 + number)
    taken: dict[str, Any] = {"street": "guandu", "year": 2026, "piece": "info-1", "at": MARCH}
    await index.hear("piece", told.FactRecorded(**taken, taken="city"))
    _, card = await index.ask("street:guandu", "GET", "/scorecards/guandu?quarter=2026-Q1")
    path = "/scorecards/guandu/consultation/events?quarter=2026-Q1"
    _, behind = await index.ask("street:guandu", "GET", path)
    added = sum(one.get("points") or one.get("bonus") or 0 for one in behind["items"])
    assert added == card["figures"][-1]["value"] == 200
    events = {one.get("item"): [each["id"] for each in one["events"]] for one in behind["items"]}
    assert events[None] == ["piece"]
    assert (events[7], events[9]) == (
        ["outcome", "missed-feedback"],
        ["outcome", "missed-progress"],
    )


async def test_I_15_what_consultation_has_on_record_scores_for_both_and_is_put_right(
    index: Index,
) -> None:
    about: dict[str, Any] = {"street": "guandu", "year": 2026, "at": MARCH}
    await index.hear("walls", told.FactRecorded(item=4, fixed=True, walls=3, **about))
    await index.hear("rules", told.FactRecorded(item=8, made=4, published=2, **about))
    await index.hear("members", told.FactRecorded(item=11, mark=90, **about))
    await index.hear("piece", told.FactRecorded(piece="info-1", taken="city", **about))
    _, sheet = await index.ask("street:guandu", "GET", PATH)
    for marks in (sheet["state"]["own"], sheet["state"]["assessed"]):
        lines = {line["item"]: line["points"] for line in marks["lines"]}
        assert (lines[4], lines[8], lines[11], marks["bonus"]) == (600, 500, 450, 200)


@pytest.mark.parametrize("first", ["plan", "seat"])
async def test_I_15_who_left_before_the_year_began_is_missing_in_it(
    index: Index, first: str
) -> None:
    about: dict[str, Any] = {"street": "guandu", "level": "street", "outside": 30}
    numbers = {"year": 2027, "topics": 1, "regular": 1, "late": False}
    plan = told.PlanFiled(**about, **numbers, seats=45, at=MARCH)
    left = told.SeatEnded(**about, seat="s01", seats=44, at=MARCH + timedelta(days=1))
    news = {"plan": (plan, 3), "seat": (left, 4)}
    for name in (first, *(news.keys() - {first})):
        event, sequence = news[name]
        await index.hear(name, event, sequence=sequence)
    _, sheet = await index.ask("street:guandu", "GET", "/consultation/guandu.2027")
    line = sheet["state"]["own"]["lines"][2]
    assert (line["points"], line["events"]) == (0, ["seat"])
    # How it stood is no news of the year after that.
    assert (await index.ask("street:guandu", "GET", "/consultation/guandu.2028"))[1]["version"] == 0


async def test_I_11_a_year_of_which_nothing_is_told_but_who_sat_before_it_has_no_figure(
    index: Index,
) -> None:
    left = told.SeatEnded(
        street="guandu", level="street", seat="s01", seats=50, outside=30, at=MARCH
    )
    await index.hear("seat", left)
    for quarter, value in (("2026-Q1", 1000), ("2027-Q1", None)):
        _, shown = await index.ask("street:guandu", "GET", f"/scorecards/guandu?quarter={quarter}")
        assert shown["figures"][-1]["value"] == value


async def test_I_15_a_sheet_that_nobody_has_begun_is_read_with_its_steps(index: Index) -> None:
    status, sheet = await index.ask("street:guandu", "GET", PATH)
    assert (status, sheet["version"]) == (200, 0)
    assert sheet["state"]["own"]["without"] == [1, 2, 3, 4, 7, 8, 9, 10, 11, 12]
    assert [action["name"] for action in sheet["actions"]] == ["mark_own"]
    assert (await index.ask("street:liujia", "GET", PATH))[0] == 404
    assert (await index.ask("street:guandu", "GET", "/consultation/nowhere.2026"))[0] == 404
