"""Payments, evaluations and premises through the service: heard, on the card, and open to their events."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts import housing, procurement, whistle
from services.index.domain.scorecard import FACTS, FIGURES
from tests.support.index import MARCH, Index, running

DAY = timedelta(days=1)
CARD = "/scorecards/guandu?quarter=2026-Q1"


@pytest.fixture
async def index(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Index]:
    async with running(tmp_path) as told:
        yield told


def instalment(**about: Any) -> dict[str, Any]:
    return {"street": "guandu", "contract": "c-1", "project": "p-1", "instalment": "mid", **about}


async def figure(index: Index, name: str) -> Any:
    _, card = await index.ask("street:guandu", "GET", CARD)
    return next(one for one in card["figures"] if one["name"] == name)


async def behind(index: Index, name: str) -> Any:
    path = f"/scorecards/guandu/{name}/events?quarter=2026-Q1"
    return (await index.ask("street:guandu", "GET", path))[1]["items"]


async def test_I_11_payments_are_on_time_by_their_due_time(index: Index) -> None:
    in_time = instalment(amount=100, due=MARCH)
    await index.hear("paid-1", procurement.PaymentReleased(**in_time), MARCH)
    late = instalment(contract="c-2", due=MARCH)
    await index.hear("late-2", procurement.PaymentOverdue(**late), MARCH + DAY)
    await index.hear("paid-2", procurement.PaymentReleased(**late, amount=5), MARCH + 2 * DAY)
    unheard = instalment(contract="c-3", due=MARCH, amount=5)
    await index.hear("paid-3", procurement.PaymentReleased(**unheard), MARCH + DAY)
    await index.hear("paid-3", procurement.PaymentReleased(**unheard), MARCH + DAY)
    district = instalment(contract="c-4", due=MARCH, amount=5, street=None)
    await index.hear("paid-4", procurement.PaymentReleased(**district), MARCH)
    found = await figure(index, "payments_on_time")
    assert (found["part"], found["of"], found["value"]) == (1, 3, 3333)
    for path in (CARD, CARD.replace("?", "/payments_on_time/events?")):
        assert (await index.ask("street:liujia", "GET", path))[0] == 404  # another street's
        assert (await index.ask("command_centre", "GET", path))[0] == 200
    events = {
        item["fact"]: [one["id"] for one in item["events"]]
        for item in await behind(index, "payments_on_time")
    }
    assert events == {
        "payment.c-1.mid": ["paid-1"],
        "payment.c-2.mid": ["late-2", "paid-2"],
        "payment.c-3.mid": ["paid-3"],
    }


async def test_I_11_evaluations_by_their_mean(index: Index) -> None:
    for number, points in enumerate((850, 851)):
        news = procurement.ProjectEvaluated(
            street="guandu",
            contract=f"c-{number}",
            project="p-1",
            year=2026,
            stage="final",
            points=points,
            band="good",
            evaluated_at=MARCH,
        )
        await index.hear(f"e-{number}", news)
    assert (await figure(index, "evaluation"))["value"] == 8505
    assert len(await behind(index, "evaluation")) == 2


async def test_I_11_what_stands_behind_a_figure_adds_up_to_it(index: Index) -> None:
    """Who doubts it sees which one it comes from, and what of it."""

    def record(arrived: bool, handled: bool) -> whistle.UnitRecord:
        seconds = dict.fromkeys(
            f"{which}_{pace}_seconds"
            for which in ("arrival", "handling")
            for pace in ("wall", "working")
        )
        return whistle.UnitRecord(
            **dict.fromkeys(seconds, 60),
            unit="water",
            outcome="resolved",
            arrived_on_time=arrived,
            handled_on_time=handled,
            returns=0,
            score=8000,
        )

    about: dict[str, Any] = {
        "street": "guandu",
        "kind": "problem",
        "level": "street",
        "category": "noise",
    }
    for number, (score, rating, on_time) in enumerate(
        ((8401, 4, (True, False)), (7300, None, (True, True)), (9000, 5, (False, False)))
    ):
        account = whistle.Closed(
            **about,
            outcome="resolved",
            closed_at=MARCH,
            records=(record(*on_time),),
            returns=number,
            satisfaction=rating,
            score=score,
        )
        await index.hear(f"w-{number}", account)
    missed = whistle.DeadlineMissed(**about, unit="water", deadline="arrival", due=MARCH)
    await index.hear("w-8", missed)
    await index.hear("w-9", whistle.Rejected(**about))
    late = instalment(contract="c-2", due=MARCH)
    await index.hear("late-2", procurement.PaymentOverdue(**late), MARCH + DAY)
    await index.hear("paid-1", procurement.PaymentReleased(**instalment(amount=1, due=MARCH)))
    _, card = await index.ask("street:guandu", "GET", CARD)
    for found in card["figures"]:
        if found["name"] not in {*FIGURES, *FACTS}:
            continue
        items = await behind(index, found["name"])
        added = {
            name: sum(one[name] or 0 for one in items)
            for name in (("value",) if found["of"] is None else ("part", "of"))
        }
        assert added == {name: found[name] for name in added}, found["name"]
    scores = {one["whistle"]: one["value"] for one in await behind(index, "mean_score")}
    assert scores == {"w-0": 8401, "w-1": 7300, "w-2": 9000}


async def test_I_11_what_each_community_s_rooms_add_to_a_figure_is_said(index: Index) -> None:
    """Those that no standard asks, or whose households nobody knows, are there and add nothing."""
    for code, met, households in (
        ("haihua", True, 1600),
        ("xinluo", False, 700),
        ("yunxiang", None, 900),
        ("liangting", True, None),
    ):
        about = {"street": "guandu", "community": code}
        news = housing.StandardAssessed(**about, day="2026-03-01", area=40_001, met=met)
        await index.hear(f"s-{code}", news)
        known = {"code": code, "name": code, "households": households, "listed": 4}
        profile = housing.CommunityProfiled(**about, **known, valid_from="2020-01-01")
        await index.hear(code, profile)
    for name, part, of in (("premises_at_standard", 2, 3), ("area_per_100", 12_000_300, 3200)):
        found, items = await figure(index, name), await behind(index, name)
        assert (found["part"], found["of"], len(items)) == (part, of, 4), name
        added = tuple(sum(one[column] for one in items) for column in ("part", "of"))
        assert added == (part, of), name


async def test_I_11_premises_by_the_last_answer_of_the_quarter(index: Index) -> None:
    for sequence, (day, met) in enumerate((("2026-03-01", True), ("2026-04-01", False)), 1):
        news = housing.StandardAssessed(
            street="guandu", community="haihua", day=day, area=40_000, met=met
        )
        await index.hear(f"s-{sequence}", news, sequence=sequence)
    unasked = housing.StandardAssessed(
        street="guandu", community="yunxiang", day="2026-03-01", area=1
    )
    await index.hear("s-9", unasked)
    await index.hear(
        "s-10", housing.StandardAssessed(community="x", day="2026-03-01", area=1, met=True)
    )
    found = await figure(index, "premises_at_standard")
    assert (found["part"], found["of"]) == (1, 1)
    items = await behind(index, "premises_at_standard")
    assert [item["community"] for item in items] == ["haihua", "yunxiang"]
    told = {"type": "housing.standard_assessed.v1", "day": "2026-03-01"}
    assert items[0]["events"] == [{"id": "s-1", **told, "met": True, "area": 40_000}]
    for path in ("/scorecards/nope", "/scorecards/nope/whistles_closed/events"):
        assert (await index.ask("district_admin", "GET", f"{path}?quarter=2026-Q1"))[0] == 404
    path = "/scorecards/guandu/nothing/events?quarter=2026-Q1"
    assert (await index.ask("street:guandu", "GET", path))[0] == 404
    assert (await figure(index, "area_per_100"))["value"] is None  # nobody's households are known
    profile = housing.CommunityProfiled(
        street="guandu",
        community="haihua",
        code="haihua",
        name="海华社区",
        households=1600,
        valid_from="2020-01-01",
        listed=1,
    )
    await index.hear("haihua", profile)
    found = await figure(index, "area_per_100")
    assert (found["value"], found["of"]) == (2500, 1600)  # 400 m² of 1600 households: 25 of 100
    [one, _] = await behind(index, "area_per_100")
    assert one["events"][0]["area"] == 40_000


async def test_I_11_a_community_that_moves_leaves_past_cards_as_they_were(index: Index) -> None:
    """What its rooms came to stays with the street that it was in; a quarter counts it once."""
    rooms = "premises_at_standard"

    async def told(street: str, sequence: int, day: str, met: bool) -> None:
        news = housing.StandardAssessed(
            street=street, community="haihua", day=day, area=40_000, met=met
        )
        await index.hear(f"s-{sequence}", news, sequence=sequence)

    async def read(street: str, quarter: str) -> tuple[int, int, list[str]]:
        path = f"/scorecards/{street}"
        _, card = await index.ask("district_admin", "GET", f"{path}?quarter={quarter}")
        [found] = [one for one in card["figures"] if one["name"] == rooms]
        _, opened = await index.ask(
            "district_admin", "GET", f"{path}/{rooms}/events?quarter={quarter}"
        )
        events = [event["id"] for one in opened["items"] for event in one["events"]]
        return found["part"], found["of"], events

    await told("guandu", 1, "2026-03-01", True)
    before = await read("guandu", "2026-Q1")
    await told("guanshang", 2, "2026-05-01", False)
    assert await read("guandu", "2026-Q1") == before == (1, 1, ["s-1"])
    assert await read("guanshang", "2026-Q1") == (0, 0, [])
    assert await read("guandu", "2026-Q2") == (0, 0, [])
    assert await read("guanshang", "2026-Q2") == (0, 1, ["s-2"])


async def test_I_11_a_community_that_has_ended_is_on_no_later_card(index: Index) -> None:
    """Merged into another it would be counted beside it for ever, with its households."""
    assessed = housing.StandardAssessed(
        street="guandu", community="haihua", day="2026-01-05", area=40_000, met=False
    )
    await index.hear("s-1", assessed)
    profile = housing.CommunityProfiled(
        street="guandu",
        community="haihua",
        code="haihua",
        name="海华社区",
        households=1600,
        valid_from="2020-01-01",
        listed=1,
    )
    await index.hear("haihua", profile, sequence=1)
    card = "/scorecards/guandu?quarter=2026-"
    opened = "/scorecards/guandu/premises_at_standard/events?quarter=2026-"

    async def read(quarter: str) -> tuple[Any, ...]:
        _, found = await index.ask("street:guandu", "GET", card + quarter)
        figures = {one["name"]: one for one in found["figures"]}
        _, behind = await index.ask("street:guandu", "GET", opened + quarter)
        share, area = figures["premises_at_standard"], figures["area_per_100"]
        return share["of"], area["of"], len(behind["items"])

    assert await read("Q1") == await read("Q2") == (1, 1600, 1)
    for sequence, last, then in ((2, "2026-03-31", (1, 1600, 1)), (3, "2026-03-30", (0, 0, 0))):
        over = profile.model_copy(update={"valid_to": last})
        await index.hear(f"c-{sequence}", over, sequence=sequence, about="haihua")
        assert (await read("Q1"), await read("Q2")) == (then, (0, 0, 0))
    _, sheet = await index.ask("district_admin", "GET", "/sheets/community/haihua?year=2026")
    [first] = sheet["scorecards"]
    assert {one["name"]: one["of"] for one in first["figures"]}["premises_at_standard"] == 0
