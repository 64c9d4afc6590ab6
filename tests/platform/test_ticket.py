"""A partner's ticket under its own number: what becomes of it is told, kept and shown alike, to its closing."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from chassis.service import utc_now
from contracts.called import called
from gongzhi.office import Office
from tests.support.buses import until
from tests.support.consoles import console_on, hand
from tests.support.held import WHISTLE
from tests.support.inside import Inside, inside
from tests.support.news import in_time, told
from tests.support.receiver import Receiver, receiver

WEBHOOKS = "/api/v1/gateway/webhooks"
PROBLEMS, WHISTLES = "/api/v1/whistle/problems", "/api/v1/whistle/whistles"
CLOSED = "whistle.closed.v1"
BECAME = [
    "partner.problem_reported.v1",
    "whistle.problem_collected.v1",
    "whistle.blown.v1",
    "whistle.dispatched.v1",
    "whistle.arrived.v1",
    "whistle.handled.v1",
    "whistle.returned.v1",
    "whistle.handled.v1",
    "whistle.verified.v1",
    CLOSED,
]


class Moved:
    """The time of day, and so much later."""

    later = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.later


@pytest.fixture
def clock() -> Moved:
    return Moved()


@pytest.fixture
async def here(tmp_path: Path, clock: Moved) -> AsyncIterator[Inside]:
    near = "127.0.0.0/8"
    async with inside(tmp_path, only=WHISTLE, clock=clock, webhook_networks=near) as running:
        yield running


@pytest.fixture
async def there() -> AsyncIterator[Receiver]:
    async with receiver() as made:
        yield made


async def ticket(here: Inside, there: Receiver) -> tuple[str, str, str]:
    """A partner's with an address of its own: its number, the webhook and the problem."""
    hotline = here("partner:hotline")
    number = f"12345-{uuid4().hex[:8]}"
    made = await hotline.post(WEBHOOKS, {"url": there.url, "reference": number})
    there.secrets = [made["secret"]]
    await told(hotline, 1, reference=number)
    found: list[Any] = []

    async def collected() -> bool:
        found[:] = (await here("command_centre").get(PROBLEMS, q=number))["items"]
        return bool(found)

    await until(collected)
    return number, made["id"], found[0]["id"]


async def verified(here: Inside, problem: str) -> str:
    """Blown for the problem, handled, sent back once, handled again and verified."""
    street, centre = here("street:jinma"), here("command_centre")
    water = here("department:water")
    triage = {"kind": "problem", "urgency": "normal", "difficulty": "hard", "handling": "joint"}
    await here("community:jiangong").step(PROBLEMS, problem, "triage", triage)
    blow = {"level": "street", "kind": "problem", "units": ["water"], "lead": "water"}
    id = str((await street.post(WHISTLES, {**blow, "problem": problem}))["id"])
    for step in ("register", "dispatch"):
        await centre.step(WHISTLES, id, step)
    result = {"outcome": "resolved", "summary": "已清运"}
    await water.post(f"{WHISTLES}/{id}/units/water/arrive")
    await water.post(f"{WHISTLES}/{id}/units/water/result", result)
    await street.step(WHISTLES, id, "confirm", {"done": False, "said": "尚未清完"})
    await centre.step(WHISTLES, id, "return", {"units": ["water"], "reason": "尚未清完"})
    await water.post(f"{WHISTLES}/{id}/units/water/result", result)
    await street.step(WHISTLES, id, "confirm", {"done": True})
    await centre.step(WHISTLES, id, "verify")
    return id


async def closed(here: Inside, whistle: str) -> None:
    street, centre = here("street:jinma"), here("command_centre")
    for office, points in ((centre, 80), (street, 90)):
        await office.step(WHISTLES, whistle, "marks", {"points": points})
    await centre.step(WHISTLES, whistle, "evaluate")
    await street.step(WHISTLES, whistle, "answer", {"answer": "已清运（演示）"})


async def story(reader: Office, number: str) -> list[dict[str, Any]]:
    """Of one ticket, through all services."""
    [news, *_] = (await reader.get("/api/v1/events", reference=number))["items"]
    correlation = news["event"]["correlationid"]
    items = (await reader.get("/api/v1/events", correlation=correlation, limit=500))["items"]
    return list(items)


async def test_what_is_handled_returned_and_verified_is_told_kept_and_shown_alike(
    here: Inside, there: Receiver
) -> None:
    number, _, problem = await ticket(here, there)
    await closed(here, await verified(here, problem))
    got = await there.has(len(BECAME))
    events = [one["data"]["event"] for one in got]
    assert in_time(events) == BECAME
    assert {one["data"]["reference"] for one in got} == {number}
    for reader in (here("partner:hotline"), here("command_centre")):
        assert [one["event"] for one in await story(reader, number)] == events
    correlation = events[0]["correlationid"]
    async with console_on(here) as url, hand(url, "command_centre") as centre:
        page = await centre.read(f"/console/story/{correlation}")
    titles = [str(one["data"]["title"]) for one in got]
    assert titles == [called(event["type"]) for event in events]
    at = 0
    for title in titles:
        at = page.index(title, at) + 1


async def test_a_ticket_comes_back_closed_though_its_receiver_was_away_for_a_minute(
    here: Inside, there: Receiver, clock: Moved
) -> None:
    number, webhook, problem = await ticket(here, there)
    whistle = await verified(here, problem)
    await there.has(len(BECAME) - 1)
    await there.close()
    await closed(here, whistle)
    hotline = here("partner:hotline")

    async def tried(since: datetime) -> bool:
        said = await hotline.get(f"{WEBHOOKS}/{webhook}/deliveries")
        at = said["next_at"] and datetime.fromisoformat(said["next_at"])
        return at is not None and at >= since

    await until(lambda: tried(clock()))
    clock.later = timedelta(minutes=1)
    await until(lambda: tried(clock()))
    await there.open()
    got = await there.has(len(BECAME))
    assert (got[-1]["type"], got[-1]["data"]["reference"]) == (CLOSED, number)
    assert len(set(there.ids)) == len(there.ids) == len(BECAME)
