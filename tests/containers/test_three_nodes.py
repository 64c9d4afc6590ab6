"""RabbitMQ 4 on three nodes under load: one is killed, another cut off; nothing is lost, nothing twice."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import uuid4

import aiohttp
import pytest

from gongzhi.office import Office, Refused
from tests.containers import brokers, images
from tests.containers.brokers import NODES, Brokers
from tests.containers.engine import Engine
from tests.support import lanes
from tests.support.bodies import outfall
from tests.support.platform import Platform, one_per_service

WHISTLES = "/api/v1/whistle/whistles"
BODY = outfall("water", kind="problem")
BACK_WITHIN = 30.0
BEFORE, WHILE = 8.0, 20.0


@pytest.fixture(scope="module")
def cluster(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Brokers]:
    image = images.rabbitmq(engine)
    with brokers.three(engine, image, tmp_path_factory.mktemp("brokers")) as found:
        lanes.ran("RabbitMQ", f"{found.version} (three nodes, containers)")
        yield found


@pytest.fixture(scope="module")
def platform(cluster: Brokers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    data = tmp_path_factory.mktemp("platform")
    with one_per_service(data, f"sqlite://{data}/stores", cluster.url) as running:
        yield running


@dataclass
class Load:
    """Whistles blown one after the other by several offices; each is asked for until it is accepted."""

    street: Office
    blown: dict[str, float] = field(default_factory=dict)
    """Subject → when it was accepted."""
    refused: Counter[int] = field(default_factory=Counter)
    going: bool = True

    async def blow(self) -> None:
        while self.going:
            key = str(uuid4())
            while True:
                try:
                    made = await self.street.post(WHISTLES, BODY, key=key)
                    break
                except Refused as no:
                    self.refused[no.status] += 1
                    await asyncio.sleep(0.2)
            self.blown[f"whistles/{made['id']}"] = time.monotonic()
            await asyncio.sleep(0.1)


async def journalled(reader: Office) -> Counter[str]:
    """How often each whistle's first event is in the journal."""
    found: Counter[str] = Counter()
    after = 0
    while True:
        page = await reader.get("/api/v1/events", type="whistle.blown.v1", after=after, limit=500)
        if not page["items"]:
            return found
        found.update(item["event"]["subject"] for item in page["items"])
        after = page["next"]


async def heard_again(load: Load, reader: Office, since: float) -> float:
    """Seconds until the journal has something that was accepted after `since`."""
    after = 0
    while True:
        later = {subject for subject, at in load.blown.items() if at > since}
        page = await reader.get("/api/v1/events", type="whistle.blown.v1", after=after, limit=500)
        if later & {item["event"]["subject"] for item in page["items"]}:
            return time.monotonic() - since
        after = page["next"] if page["items"] else after
        assert time.monotonic() - since < 120, "nothing is heard any more"
        await asyncio.sleep(0.2)


async def all_heard(load: Load, reader: Office, since: float) -> float:
    """Seconds until nothing that was accepted before `since` is missing."""
    wanted = {subject for subject, at in load.blown.items() if at <= since}
    while wanted - set(await journalled(reader)):
        assert time.monotonic() - since < 180, "something was lost"
        await asyncio.sleep(0.5)
    return time.monotonic() - since


def test_every_queue_has_three_members_and_connections_spread(
    cluster: Brokers, platform: Platform
) -> None:
    members = cluster.members()
    assert len(members) > 10 and set(members.values()) == {3}, members
    spread = cluster.connections()
    assert sum(spread.values()) >= 16
    assert sum(1 for count in spread.values() if count) > 1, spread


@pytest.mark.parametrize("way", ["killed", "cut off"])
async def test_a_node_lost_under_load_loses_nothing_and_repeats_nothing(
    cluster: Brokers, platform: Platform, way: str
) -> None:
    spread = cluster.connections()
    node = max(NODES, key=lambda one: spread[one])
    async with platform.offices() as cast:
        load, reader = Load(cast("street:guanshang")), cast("command_centre")
        writing = [asyncio.create_task(load.blow()) for _ in range(4)]
        await asyncio.sleep(BEFORE)
        lose = cluster.kill if way == "killed" else cluster.cut_off
        began = time.monotonic()
        await asyncio.to_thread(lose, node)
        lost = time.monotonic()
        back = await heard_again(load, reader, lost)
        await asyncio.sleep(max(0.0, WHILE - (time.monotonic() - lost)))
        whole = await all_heard(load, reader, time.monotonic())
        bring = cluster.start if way == "killed" else cluster.put_back
        await asyncio.to_thread(bring, node)
        await asyncio.to_thread(cluster.wait_for, node)
        await asyncio.sleep(3)
        load.going = False
        await asyncio.gather(*writing)
        await all_heard(load, reader, time.monotonic())
        counts = await journalled(reader)
        seconds = time.monotonic() - began
    lanes.note(
        f"three nodes, one {way} ({spread[node]} of {sum(spread.values())} connections on it): "
        f"{len(load.blown)} accepted in {seconds:.0f} s, {sum(load.refused.values())} refused "
        f"{dict(load.refused) or ''}, heard again after {back:.1f} s, everything {whole:.1f} s later"
    )
    assert len(load.blown) > 50
    assert {counts[subject] for subject in load.blown} == {1}
    assert back < BACK_WITHIN


async def test_afterwards_each_queue_still_has_three_members(
    cluster: Brokers, platform: Platform
) -> None:
    assert set(cluster.members().values()) == {3}
    async with aiohttp.ClientSession() as session:
        async with session.get(platform.url + "/readyz") as answer:
            body = await answer.json()
    assert body == {"ready": True, "troubles": {}, "degraded": {}}
