"""The broker dies, restarts or isn't there: what was accepted flows when it is back, and consuming resumes."""

import asyncio
import time
from pathlib import Path

from contracts.heard import topology
from tests.support.bodies import outfall
from tests.support.buses import declared, until
from tests.support.inside import Inside, inside, starting
from tests.support.rabbit import PrivateNode

WHISTLES = "/api/v1/whistle/whistles"
BODY = outfall("water", kind="problem")


async def blown(running: Inside, count: int) -> set[str]:
    street = running("street:guanshang")
    return {f"whistles/{(await street.post(WHISTLES, BODY))['id']}" for _ in range(count)}


async def told(running: Inside) -> list[str]:
    page = await running("command_centre").get("/api/v1/events", type="whistle.blown.v1", limit=500)
    return [item["event"]["subject"] for item in page["items"]]


async def test_a_broker_killed_under_load_loses_nothing_and_consuming_resumes(
    private_node: PrivateNode, tmp_path: Path, sqlite_url: str, amqp_url: str, amqp_names: set[str]
) -> None:
    amqp_names |= declared(topology())
    async with inside(tmp_path / "data", bus_url=amqp_url) as running:
        subjects = await blown(running, 10)
        # A quorum queue declared moments before a crash of 3.10 comes back deaf.
        private_node.settle()
        writing = asyncio.create_task(blown(running, 60))
        await asyncio.sleep(0.1)
        private_node.kill()
        subjects |= await writing
        subjects |= await blown(running, 10)
        assert "bus" in await running.degraded()
        assert await running.troubles() == {}, "it takes commands, and so stays in rotation"
        private_node.start()  # from this thread: the node ends with it

        async def all_told() -> bool:
            return set(await told(running)) >= subjects

        await until(all_told, within=60)
        seen = await told(running)
        assert len(seen) == len(set(seen)) == 80
        await running.ready()
        later = await blown(running, 1)

        async def heard_again() -> bool:
            return later <= set(await told(running))

        await until(heard_again)


async def test_a_broker_absent_at_start_is_waited_for(
    private_node: PrivateNode, tmp_path: Path, sqlite_url: str, amqp_url: str, amqp_names: set[str]
) -> None:
    amqp_names |= declared(topology())
    private_node.kill()
    async with starting(tmp_path / "data", bus_url=amqp_url) as running:

        async def says_so() -> bool:
            return "bus" in await running.degraded()

        await until(says_so)
        private_node.start()  # from this thread: the node ends with it
        await until(lambda: _ready(running), within=60)
        subjects = await blown(running, 3)

        async def all_told() -> bool:
            return subjects <= set(await told(running))

        await until(all_told)


async def _ready(running: Inside) -> bool:
    return await running.troubles() == await running.degraded() == {}


async def test_a_frozen_broker_does_not_keep_a_process_from_stopping(
    private_node: PrivateNode, tmp_path: Path, amqp_url: str, amqp_names: set[str]
) -> None:
    """It answers nothing, and no connection closes: every word to it would wait for ever."""
    amqp_names |= declared(topology())
    async with inside(tmp_path / "data", bus_url=amqp_url) as running:
        await blown(running, 20)
        with private_node.frozen():
            await blown(running, 20)
            began = time.monotonic()
            await running.stop()
            assert time.monotonic() - began < 30
