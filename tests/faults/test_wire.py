"""What comes over the wire, or doesn't: foreign news, repetition and disorder, a witness that went deaf."""

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aio_pika
import pytest

from chassis.bus import Delivery, Done, Message, Retry, Verdict
from chassis.bus_queues import EXCHANGE
from chassis.bus_rabbit import RabbitBus
from chassis.kernel.clock import quarter_of
from contracts.event import MAX_BYTES
from contracts.heard import topology
from gongzhi import demo, demo_cast
from tests.support.bodies import FACTS, SCHEME, evaluation, planned, seated
from tests.support.buses import TOPOLOGY, declared, started, until
from tests.support.inside import Inside, inside
from tests.support.wired import platform

__all__ = ["platform"]

WHISTLES = "/api/v1/whistle/whistles"


@pytest.fixture
async def on_rabbit(
    tmp_path: Path, sqlite_url: str, amqp_url: str, amqp_names: set[str]
) -> AsyncIterator[Inside]:
    amqp_names |= declared(topology())
    async with inside(tmp_path / "data", bus_url=amqp_url) as running:
        yield running


async def played(running: Inside) -> str:
    return await demo.need_to_scorecard(demo_cast.Cast(running.session, running.url, running.data))


async def everything_told(running: Inside) -> list[dict[str, Any]]:
    page = await running("command_centre").get("/api/v1/events", limit=500)
    return [item["event"] for item in page["items"]]


# Foreign clients


def foreign(**more: Any) -> bytes:
    return json.dumps(
        {
            "specversion": "1.0",
            "id": "f1",
            "source": "/elsewhere",
            "type": "whistle.closed.v1",
            "subject": "whistles/x",
            "time": "2026-11-20T00:00:00Z",
            "sequence": "000000000001",
            "correlationid": "x",
            "data": {},
            **more,
        }
    ).encode()


async def test_a_foreigners_bad_events_are_parked_with_the_reason_and_hold_up_nothing(
    on_rabbit: Inside, amqp_url: str
) -> None:
    connection = await aio_pika.connect(amqp_url)
    async with connection, connection.channel() as channel:
        exchange = await channel.get_exchange(EXCHANGE, ensure=False)
        for key, body in (
            ("whistle.closed.v1", b"not json"),
            ("whistle.closed.v7", foreign(type="whistle.closed.v7")),
            ("whistle.closed.v1", foreign()),
            ("whistle.closed.v1", b" " * (MAX_BYTES + 1)),
        ):
            message = aio_pika.Message(body, delivery_mode=2)
            await exchange.publish(message, key)
    began = time.process_time()

    async def parked() -> bool:
        return len(await on_rabbit.runtime.bus.parked("index")) == 4

    await until(parked)
    reasons = sorted(one.reason for one in await on_rabbit.runtime.bus.parked("index"))
    assert reasons[0].startswith("malformed data: kind")
    assert reasons[1].startswith("malformed envelope: document")
    assert reasons[2].startswith("oversize: ")
    assert reasons[3] == "unknown type or version: whistle.closed.v7"
    await asyncio.sleep(2)
    assert time.process_time() - began < 1.5, "something is spinning"
    await played(on_rabbit)


async def test_a_foreigners_count_of_attempts_is_not_believed(
    amqp_url: str, amqp_names: set[str]
) -> None:
    amqp_names |= declared(TOPOLOGY)
    tries: list[int] = []

    async def not_yet(delivery: Delivery) -> Verdict:
        tries.append(delivery.attempt)
        return Retry("not yet") if delivery.attempt == 0 else Done()

    bus = RabbitBus(amqp_url, TOPOLOGY)
    bus.consume("reader", not_yet)
    await started(bus)
    connection = await aio_pika.connect(amqp_url)
    async with connection, connection.channel() as channel:
        message = aio_pika.Message(foreign(), headers={"x-attempt": -99})
        await channel.default_exchange.publish(message, "reader")
    await until(lambda: tries == [0, 1])
    await bus.stop()


# Repetition and disorder


async def test_I_12_every_event_three_times_and_shuffled_changes_no_byte(platform: Inside) -> None:
    """All that was told is told again, three times over and in any order."""
    await played(platform)
    finance = platform("finance")
    await finance.post(
        "/api/v1/procurement/suppliers",
        {"code": "ngo-1", "name": "演示社会组织", "kind": "social_organisation", "facts": FACTS},
    )
    contracts = {
        # Both before either is evaluated: what the first comes to would keep the second from being signed.
        year: await finance.post(
            "/api/v1/procurement/contracts",
            {
                "plan": await planned(platform, "finance", year, "i1"),
                "item": "i1",
                "supplier": "ngo-1",
                "project": "elderly",
                "title": "演示",
                "street": "guanshang",
                "amount": 100,
            },
        )
        for year in (2025, 2026)
    }
    for year, contract in contracts.items():
        collection = "/api/v1/procurement/contracts"
        expert = await seated(platform, contract["id"])
        await expert.post(f"{collection}/{contract['id']}/scheme", SCHEME)
        await platform("supplier:ngo-1").step(
            collection, contract["id"], "scheme/answer", {"accepted": True}
        )
        for stage in ("before", "mid", "final"):
            parts = dict.fromkeys(
                ("professional", "output", "quality", "management"), year % 100 * 4
            )
            await expert.post(
                f"/api/v1/procurement/contracts/{contract['id']}/evaluations",
                evaluation(stage, parts),
            )

    async def answers() -> list[Any]:
        quarter = quarter_of(datetime.now(UTC))
        centre = platform("command_centre")
        card = "/api/v1/index/scorecards/guanshang"
        return [
            await centre.get(card, quarter=quarter),
            await centre.get(f"{card}/whistles_closed/events", quarter=quarter),
            await finance.get(
                "/api/v1/procurement/suppliers/ngo-1/eligibility",
                **{"for": "elderly", "year": 2027},
            ),
            await centre.get("/api/v1/whistle/problems"),
            await centre.get("/api/v1/events", limit=500),
        ]

    async def complete() -> bool:
        eligibility = (await answers())[2]
        types = [event["type"] for event in await everything_told(platform)]
        return (
            eligibility["state"] == "restricted"
            and types.count("procurement.project_evaluated.v1") == 6
            and types.count("procurement.eligibility_changed.v1") >= 1
        )

    await until(complete)
    await asyncio.sleep(1)
    before = await answers()
    told = await everything_told(platform)
    again = [event for event in told for _ in range(3)]
    random.Random(7).shuffle(again)
    for event in again:
        body = json.dumps(event).encode()
        await platform.runtime.bus.publish(Message(id=event["id"], type=event["type"], body=body))

    async def digested() -> bool:
        marker = await platform("street:taihe").post(
            WHISTLES,
            {
                "level": "street",
                "kind": "problem",
                "units": ["water"],
                "lead": "water",
                "title": "标记",
                "category": "water",
            },
        )
        await asyncio.sleep(0.5)
        events = await everything_told(platform)
        return any(event["subject"] == f"whistles/{marker['id']}" for event in events)

    await until(digested)
    await asyncio.sleep(1)
    after = await answers()
    known = {event["id"] for event in told}
    after[4]["items"] = [item for item in after[4]["items"] if item["event"]["id"] in known]
    after[4]["next"] = before[4]["next"]
    assert json.dumps(after, ensure_ascii=False) == json.dumps(before, ensure_ascii=False)
    for queue in topology():
        assert await platform.runtime.bus.parked(queue) == []


# The witness


async def test_without_the_journals_binding_nothing_leaves_and_readyz_says_so(
    on_rabbit: Inside, amqp_url: str
) -> None:
    connection = await aio_pika.connect(amqp_url)
    async with connection, connection.channel() as channel:
        journal = await channel.get_queue("journal", ensure=False)
        exchange = await channel.get_exchange(EXCHANGE, ensure=False)
        await journal.unbind(exchange, "#")

        async def said() -> bool:
            return "日志队列没有绑定" in str(await on_rabbit.degraded())

        await until(said)
        body = {
            "level": "street",
            "kind": "problem",
            "units": ["water"],
            "lead": "water",
            "title": "河道",
            "category": "water",
        }
        street = on_rabbit("street:guanshang")
        blown = [(await street.post(WHISTLES, body))["id"] for _ in range(5)]
        relay = on_rabbit.services["whistle"].relay
        began = time.process_time()
        await asyncio.sleep(2)
        assert time.process_time() - began < 1.0, "something is spinning"
        waiting, _ = await relay.pending()
        assert waiting == 5
        store = on_rabbit.services["whistle"].stores[0]
        for id in blown:
            document = await store.get("whistles", id)
            assert document is not None
            assert [entry.get("quarantined") for entry in document["outbox"]] == [None]
        await journal.bind(exchange, "#")

        async def flowed() -> bool:
            subjects = {event["subject"] for event in await everything_told(on_rabbit)}
            return {f"whistles/{id}" for id in blown} <= subjects

        await until(flowed, within=60)
        assert (await relay.pending())[0] == 0
        await on_rabbit.ready()
