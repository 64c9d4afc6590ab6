"""Whoever asks: what the list has, every count and export has, and the feed tells; the rest is not there.

Random whistles and problems of several streets, through their lives, asked for by random principals of every
kind, all through the front door. The expected visibility is computed here, not asked of the policy.
"""

import csv
import io
import random
from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gongzhi.office import Refused
from tests.platform.test_whistle_receipts import PROBLEMS, WHISTLES
from tests.platform.test_whistle_street import API, listed
from tests.support.buses import until
from tests.support.held import WHISTLE, clock
from tests.support.inside import HeldClock, Inside, inside

__all__ = ["clock"]

NUMBER = 24
EAST_EIGHT = timezone(timedelta(hours=8))
PLACES = {
    "guanshangzhongxinqu": "guanshang",
    "hepinglu": "taihe",
    "wuliduo": "wujing",
    "dongbei": "wujing",
}
UNITS = ("water", "transport", "justice", "civil_affairs")
FORCES = {place: f"seven_{place}" for place in PLACES}
OFFICES = {street: f"office_{street}" for street in set(PLACES.values())}
ALL_SEEING = ("command_centre", "discipline", "district_admin")
READERS = (
    *ALL_SEEING,
    *(f"street:{street}" for street in ("guanshang", "taihe", "wujing", "jinma")),
    *(f"community:{place}" for place in (*PLACES, "haihua")),
    *(f"department:{unit}" for unit in (*UNITS, *FORCES.values(), *OFFICES.values(), "health")),
    *("finance", "resident", "expert:e-1", "supplier:s-1", "party_committee:p-1", "partner:12345"),
)


@pytest.fixture
async def platform(tmp_path: Path, sqlite_url: str, clock: HeldClock) -> AsyncIterator[Inside]:
    async with inside(tmp_path / "data", clock=clock, only=WHISTLE) as running:
        for place, force in FORCES.items():
            await listed(running, force, "community_force", place)
        for street, office in OFFICES.items():
            await listed(running, office, "street_office", street)
        yield running


class District:
    """Makes whistles at random and keeps in mind whom each concerns."""

    def __init__(self, running: Inside, dice: random.Random) -> None:
        self.ask, self.dice = running, dice

    async def problem(self, place: str) -> str:
        body = {
            "channel": "visit",
            "community": place,
            "category": "other",
            "title": "路灯不亮",
            "asked": "请修复",
        }
        made = await self.ask(f"community:{place}").post(PROBLEMS, body)
        return str(made["id"])

    async def whistle(self) -> None:
        """One of every way to begin and every way to go on, as the dice fall."""
        place = self.dice.choice(list(PLACES))
        street = self.ask(f"street:{PLACES[place]}")
        if self.dice.random() < 0.3:
            await self._below(place, street)
            return
        about: dict[str, Any] = {"title": "=1+1 占道", "category": "other"}
        if self.dice.random() < 0.5:
            about = {"problem": await self.problem(place)}
            triage = {
                "kind": "problem",
                "urgency": "normal",
                "difficulty": "hard",
                "handling": "joint",
            }
            await street.step(PROBLEMS, about["problem"], "triage", triage)
        made = await street.post(WHISTLES, {"level": "street", **self._called(), **about})
        await self._goes_on(street, made["id"])

    def _called(self) -> dict[str, Any]:
        units = self.dice.sample(UNITS, self.dice.randint(1, 3))
        kind = self.dice.choice(["problem", "service", "tackle", "emergency"])
        return {"kind": kind, "units": units, "lead": units[0]}

    async def _below(self, place: str, street: Any) -> None:
        community = self.ask(f"community:{place}")
        own = {"kind": "problem", "units": [FORCES[place]], "lead": FORCES[place]}
        about = {"title": "楼道堆物", "category": "other"}
        made = await community.post(WHISTLES, {"level": "community", **own, **about})
        if self.dice.random() < 0.6:
            await community.step(WHISTLES, made["id"], "escalate", {"reason": "超出社区能力"})
            if self.dice.random() < 0.4:
                await street.step(WHISTLES, made["id"], "blow", self._called())
            elif self.dice.random() < 0.5:
                solve = {"leader": "副主任", "office": OFFICES[PLACES[place]]}
                await street.step(WHISTLES, made["id"], "solve", solve)

    async def _goes_on(self, street: Any, id: str) -> None:
        centre = self.ask("command_centre")
        match self.dice.choice(["waits", "rejected", "withdrawn", "dispatched", "dispatched"]):
            case "rejected":
                await centre.step(WHISTLES, id, "reject", {"reason": "吹空哨"})
            case "withdrawn":
                await street.step(WHISTLES, id, "withdraw", {"reason": "已自行解决"})
            case "dispatched":
                await centre.step(WHISTLES, id, "register")
                await centre.step(WHISTLES, id, "dispatch")


def concerns(acts_as: str, state: dict[str, Any], units: str = "summoned") -> bool:
    """Written out, so that the test does not ask the policy what it is."""
    kind, _, code = acts_as.partition(":")
    return acts_as in ALL_SEEING or {
        "street": state.get("street") == code,
        "community": state.get("community") == code,
        "department": code in state.get(units, ()),
    }.get(kind, False)


async def pages(running: Inside, acts_as: str, path: str, **wanted: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor: dict[str, Any] = {}
    while True:
        page = await running(acts_as).get(path, limit=9, **wanted, **cursor)
        items += page["items"]
        if page["next"] is None:
            return items
        cursor = {"cursor": page["next"]}


async def told(running: Inside, acts_as: str) -> list[dict[str, Any]]:
    """The feed, as far as it is about whistles."""
    events: list[dict[str, Any]] = []
    after = 0
    while True:
        page = await running(acts_as).get("/api/v1/events", after=after, limit=200)
        events += [item["event"] for item in page["items"]]
        if not page["items"]:
            return [event for event in events if event["subject"].startswith("whistles/")]
        after = page["next"]


async def exports(running: Inside, acts_as: str, first: date, last: date) -> list[list[str]]:
    """The ids of the ledger in its three formats."""
    query = {"from": first.isoformat(), "to": last.isoformat()}
    rows = [[row["id"] for row in (await running(acts_as).get(f"{API}/ledger", **query))["items"]]]
    for format in ("csv", "xlsx"):
        async with running.session.get(
            running.url + f"{API}/ledger",
            params={**query, "format": format},
            headers={"Authorization": f"Bearer {running(acts_as).token}"},
        ) as answer:
            assert answer.status == 200
            content = await answer.read()
        if format == "csv":
            lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
            rows.append([line[-1] for line in lines[1:]])
        else:
            sheet = openpyxl.load_workbook(io.BytesIO(content)).active
            assert sheet is not None
            rows.append([str(row[-1].value) for row in sheet.iter_rows(min_row=2)])
    return rows


async def refuses(running: Inside, acts_as: str, path: str) -> int:
    with pytest.raises(Refused) as refused:
        await running(acts_as).get(path)
    return refused.value.status


def blown_on(whistle: dict[str, Any]) -> date:
    at = datetime.fromisoformat(whistle["state"]["blown_at"])
    return at.astimezone(EAST_EIGHT).date()


async def journaled(running: Inside, ids: set[str]) -> list[dict[str, Any]]:
    """Everything that was told, once nothing is on its way any more."""
    seen: list[int] = []

    async def quiet() -> bool:
        events = await told(running, "command_centre")
        seen.append(len(events))
        return {event["subject"] for event in events} == ids and seen[-8:] == [seen[-1]] * 8

    await until(quiet)
    return await told(running, "command_centre")


async def test_W_15_list_count_export_feed_and_each_one_agree_for_random_people(
    platform: Inside, clock: HeldClock
) -> None:
    dice = random.Random(20260302)
    district = District(platform, dice)
    for _ in range(NUMBER):
        await district.whistle()
        clock.now += timedelta(hours=dice.randint(1, 30))
    for place in PLACES:
        await district.problem(place)
    whistles = {item["id"]: item for item in await pages(platform, "command_centre", WHISTLES)}
    problems = {item["id"]: item for item in await pages(platform, "command_centre", PROBLEMS)}
    events = await journaled(platform, {f"whistles/{id}" for id in whistles})
    assert len(whistles) == NUMBER and len(problems) > 4
    sizes = set()
    for acts_as in READERS:
        if acts_as == "partner:12345":
            for path in (WHISTLES, PROBLEMS, f"{API}/ledger?from=2026-01-01&to=2026-12-31"):
                assert await refuses(platform, acts_as, path) == 403
            continue
        mine = {id for id, one in whistles.items() if concerns(acts_as, one["state"])}
        sizes.add(len(mine))
        await agrees(platform, acts_as, whistles, mine, dice)
        await agrees_about_problems(platform, acts_as, problems)
        await is_told(platform, acts_as, mine, events)
    assert {0, NUMBER} < sizes and len(sizes) > 5


async def agrees(
    running: Inside,
    acts_as: str,
    whistles: dict[str, dict[str, Any]],
    mine: set[str],
    dice: random.Random,
) -> None:
    ids = [item["id"] for item in await pages(running, acts_as, WHISTLES)]
    assert len(ids) == len(set(ids)) and set(ids) == mine
    bulletin = await running(acts_as).get(f"{API}/bulletins/2026")
    assert bulletin["blown"]["count"] == len(ids)
    first = date(2026, 3, 1) + timedelta(days=dice.randint(0, 20))
    for since, to in ((date(2026, 1, 1), date(2026, 12, 31)), (first, first + timedelta(days=5))):
        within = {id for id in mine if since <= blown_on(whistles[id]) <= to}
        for rows in await exports(running, acts_as, since, to):
            assert len(rows) == len(within) and set(rows) == within
    await agrees_narrowed(running, acts_as, whistles, mine, dice)
    for id in whistles:
        one = f"{WHISTLES}/{id}"
        if id in mine:
            assert (await running(acts_as).get(one))["id"] == id
        else:
            assert await refuses(running, acts_as, one) == 404
    others = sorted(whistles.keys() - mine)
    for id in dice.sample(others, min(2, len(others))):
        for path in ("trail", "asked"):
            assert await refuses(running, acts_as, f"{WHISTLES}/{id}/{path}") == 404


async def agrees_narrowed(
    running: Inside,
    acts_as: str,
    whistles: dict[str, dict[str, Any]],
    mine: set[str],
    dice: random.Random,
) -> None:
    """What is asked for narrows what may be seen, and never widens it."""
    narrow: dict[str, tuple[list[str], Any]] = {
        "state": (["blown", "dispatched", "rejected"], lambda one, wanted: one["status"] == wanted),
        "kind": (["problem", "emergency"], lambda one, wanted: one["kind"] == wanted),
        "street": (sorted(OFFICES), lambda one, wanted: one["street"] == wanted),
        "unit": (list(UNITS), lambda one, wanted: wanted in one["summoned"]),
    }
    for name, (values, fits) in narrow.items():
        wanted = dice.choice(values)
        found = await pages(running, acts_as, WHISTLES, **{name: wanted})
        expected = {id for id in mine if fits(whistles[id]["state"], wanted)}
        assert {item["id"] for item in found} == expected


async def agrees_about_problems(
    running: Inside, acts_as: str, problems: dict[str, dict[str, Any]]
) -> None:
    mine = {id for id, one in problems.items() if concerns(acts_as, one["state"])}
    assert {item["id"] for item in await pages(running, acts_as, PROBLEMS)} == mine
    bulletin = await running(acts_as).get(f"{API}/bulletins/2026")
    too_few = 0 < len(mine) < 3
    assert bulletin["problems"]["collected"] == (None if too_few else len(mine))
    for id in problems:
        one = f"{PROBLEMS}/{id}"
        if id in mine:
            assert (await running(acts_as).get(one))["id"] == id
        else:
            assert await refuses(running, acts_as, one) == 404
            assert await refuses(running, acts_as, f"{one}/trail") == 404


async def is_told(
    running: Inside, acts_as: str, mine: set[str], events: list[dict[str, Any]]
) -> None:
    """Exactly the events that carry one's code: of all that is in one's list, and of nothing else
    but what one was called to before it was raised to the street."""
    heard = await told(running, acts_as)
    assert heard == [event for event in events if concerns(acts_as, event["data"], "units")]
    subjects = {event["subject"].removeprefix("whistles/") for event in heard}
    assert mine <= subjects
    for id in subjects - mine:
        assert acts_as.startswith("department:seven_")
        trail = await running("command_centre").get(f"{WHISTLES}/{id}/trail")
        assert "WhistleEscalated" in [entry["type"] for entry in trail["entries"]]
    if not acts_as.startswith("department:"):
        assert heard == [event for event in events if event["subject"][9:] in mine]
