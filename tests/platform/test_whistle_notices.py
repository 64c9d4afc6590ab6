"""Who left a way to be reached is told what became of it; where to stands in no record, event or answer."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import SecretStr

from chassis.aggregates import Aggregates
from chassis.bus import Message
from chassis.cause import Cause
from chassis.deadlines import Scheduler
from chassis.telemetry import Telemetry
from gongzhi import demo
from gongzhi.office import Office
from services.whistle.domain import notice
from services.whistle.domain.notice import (
    Moment,
    NoticeDropped,
    NoticeDue,
    NoticeFailed,
    NoticeSent,
)
from services.whistle.kinds import NOTICES
from services.whistle.timers import jobs
from tests.support.buses import consumed, until
from tests.support.inside import Inside, inside
from tests.support.memory import MemoryStore
from tests.support.receiver import Receiver, receiver
from tests.support.toy import KEY, NOON, Silent, cause

SETTLED, HANDLED = "whistle.problem_settled.v1", "whistle.handled.v1"
PROBLEMS, WHISTLES = demo.PROBLEMS, demo.WHISTLES
SECRET = "whsec_" + "QUFB" * 11
REACHED = "13900000000"


@pytest.fixture
async def there() -> AsyncIterator[Receiver]:
    async with receiver() as made:
        made.secrets = [SECRET]
        yield made


@pytest.fixture
async def here(tmp_path: Path, there: Receiver) -> AsyncIterator[Inside]:
    async with inside(
        tmp_path,
        only=("housing", "whistle"),
        messenger_url=there.url,
        messenger_secret=SecretStr(SECRET),
        webhook_networks="127.0.0.0/8",
    ) as running:
        yield running


async def reported(office: Office, **reporter: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "channel": "visit",
        "community": "jiangong",
        "category": "parking",
        "title": "消防通道被占用",
        "asked": "请清理",
    }
    made: dict[str, Any] = await office.post(
        PROBLEMS, {**said, **({"reporter": reporter} if reporter else {})}
    )
    return made


async def settled(office: Office, problem: str) -> None:
    kind = {"kind": "problem", "urgency": "normal", "difficulty": "easy", "handling": "immediate"}
    await office.step(PROBLEMS, problem, "triage", kind)
    await office.step(PROBLEMS, problem, "settle", {"how": "已清理"})


async def test_a_reporter_who_can_be_reached_is_told_and_nobody_else(
    here: Inside, there: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    community = here("community:jiangong")
    nameless = await reported(community)
    unreached = await reported(community, name="某居民", text="请清理")
    made = await reported(community, name="某居民", contact=REACHED)
    for one in (nameless, unreached, made):
        await settled(community, one["id"])
    [said] = await there.has(1)
    assert said["to"] == REACHED
    assert made["number"] in said["text"]
    assert "某居民" not in said["text"]

    async def once() -> bool:
        kept = here.services["whistle"].stores[0]
        found = await kept.find("notices", {})
        return len(found) == 1 and "next_due" not in found[0] and REACHED not in json.dumps(found)

    await until(once)
    feed: Any = await here("district_admin").get("/api/v1/events", limit=500)
    assert REACHED not in json.dumps(feed)
    assert REACHED not in "".join(capsys.readouterr())
    assert len(there.got) == 1


async def test_a_reporter_hears_of_arrival_and_result_once_each_however_often_it_is_delivered(
    here: Inside, there: Receiver
) -> None:
    community, water = here("community:jiangong"), here("department:water")
    made = await reported(community, contact=REACHED)
    whistle = await blown(here, made["id"])

    async def receipt() -> str:
        body = {"code": made["receipt"]}
        async with here.session.post(here.url + "/api/v1/whistle/receipts", json=body) as answer:
            return str((await answer.json())["whistle"])

    await water.post(f"{WHISTLES}/{whistle}/units/water/arrive")
    await there.has(1)
    assert await receipt() == "arrived"
    result = {"outcome": "resolved", "summary": "已清理"}
    await water.post(f"{WHISTLES}/{whistle}/units/water/result", result)
    came, handled = await there.has(2)
    assert await receipt() == "handled"
    assert made["number"] in came["text"] and "到场" in came["text"]
    assert made["number"] in handled["text"] and "待核实" in handled["text"]
    assert "已清理" not in handled["text"]
    await again(here, HANDLED)
    kept = await here.services["whistle"].stores[0].find("notices", {})
    assert len(kept) == 2
    assert len(there.got) == 2


async def blown(here: Inside, problem: str) -> str:
    """Out at the water department, for a problem of jiangong."""
    street, centre = here("street:jinma"), here("command_centre")
    triage = {"kind": "problem", "urgency": "normal", "difficulty": "hard", "handling": "joint"}
    await here("community:jiangong").step(PROBLEMS, problem, "triage", triage)
    blow = {"level": "street", "kind": "problem", "units": ["water"], "lead": "water"}
    id = str((await street.post(WHISTLES, {**blow, "problem": problem}))["id"])
    for step in ("register", "dispatch"):
        await centre.step(WHISTLES, id, step)
    return id


async def again(here: Inside, type: str) -> None:
    """The broker delivers the one event of that type a second time."""
    found: list[Any] = []

    async def witnessed() -> bool:
        feed: Any = await here("district_admin").get("/api/v1/events", type=type)
        found[:] = feed["items"]
        return bool(found)

    await until(witnessed)
    [item] = found
    body = json.dumps(item["event"]).encode()
    await here.runtime.bus.publish(Message(id=item["event"]["id"], type=type, body=body))
    await until(lambda: consumed(here.runtime.telemetry, "whistle", type) == 2)


async def test_what_is_told_is_the_district_s_to_say_or_not(here: Inside, there: Receiver) -> None:
    admin, community = here("district_admin"), here("community:jiangong")
    await say(admin, "")
    made = await reported(community, contact=REACHED)
    await settled(community, made["id"])
    await until(lambda: consumed(here.runtime.telemetry, "whistle", SETTLED) == 1)
    await say(admin, "办结：{number}")
    made = await reported(community, contact=REACHED)
    await settled(community, made["id"])
    [said] = await there.has(1)
    assert said["text"] == f"办结：{made['number']}"


async def say(admin: Office, words: str) -> None:
    book: Any = await admin.get("/api/v1/whistle/policy")
    values = dict(book["state"]["editions"][-1]["values"])
    values["telling"] = {**values["telling"], "settled": words}
    said = {"values": values, "reason": "另有规定"}
    await admin.put("/api/v1/whistle/policy", said, version=book["version"])


async def test_one_that_was_due_before_the_clock_was_set_back_waits_an_hour_at_most() -> None:
    fired: list[str] = []

    async def send(id: str, _: Cause) -> None:
        fired.append(id)

    kept: Aggregates[notice.Notice, Any] = Aggregates(NOTICES, MemoryStore(), KEY, Silent())
    for id, ahead in (("far", 61), ("near", 59)):
        at = NOON + timedelta(minutes=ahead)
        await kept.once(id, [NoticeDue(problem="p", moment=Moment.ARRIVED, at=at)], cause(now=at))
    desk: Any = SimpleNamespace(notices=kept, send_notice=send)
    runs = Scheduler("whistle", jobs(desk), lambda: NOON, Telemetry("test"), jobs=True)
    await runs.fire_due()
    assert fired == ["far"]


def test_it_is_tried_at_growing_pauses_and_given_up_after_three_days() -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    kept = notice.evolve(None, NoticeDue(problem="p", moment=Moment.ARRIVED, at=start))
    assert kept.next_at == start
    pauses = []
    for after in (0, 60, 600, 86400):
        now = start + timedelta(seconds=after)
        happened = notice.failed(kept, "HTTP 503", now)
        assert isinstance(happened, NoticeFailed)
        kept = notice.evolve(kept, happened)
        assert kept.next_at is not None
        pauses.append((kept.next_at - now).total_seconds())
    assert pauses == [60, 60, 600, 3600]
    late = notice.failed(kept, "HTTP 503", start + timedelta(days=3))
    assert isinstance(late, NoticeDropped)
    assert notice.evolve(kept, late).next_at is None
    sent = notice.evolve(kept, NoticeSent(at=start))
    assert (sent.next_at, sent.reason, sent.tries) == (None, None, 5)
