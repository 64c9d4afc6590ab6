"""Partners tell by AMQP in a virtual host of their own: with the checks of the HTTP door, once, and nothing is lost."""

import asyncio
import json
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aio_pika
import pytest
from aio_pika.exceptions import AMQPError

from gongzhi.office import Refused
from tests.support import lanes
from tests.support.buses import until
from tests.support.inside import Inside, inside
from tests.support.partner_vhost import (
    BRIDGE,
    PROBLEM,
    Vhost,
    binary,
    event,
    of_node,
    partner_vhost,
    structured,
    tell,
)
from tests.support.platform import ROOT, all_in_one
from tests.support.rabbit import Broker, PrivateNode

LISTED = "/api/v1/gateway/partners"
PARKED = "/api/v1/gateway/parked"


@pytest.fixture(scope="module")
def made(broker: Broker) -> Iterator[Vhost]:
    if not isinstance(broker, PrivateNode):
        lanes.note(f"partners by AMQP: not run, the broker is not ours ({broker.how})")
        pytest.skip(f"the broker is not ours: {broker.how}")
    with partner_vhost(broker, of_node(broker), "hotline", "grid") as made:
        yield made


@pytest.fixture
async def vhost(made: Vhost) -> Vhost:
    """With nothing of another test in it."""
    made.node.start()
    await made.empty()
    return made


@pytest.fixture
async def here(tmp_path: Path, vhost: Vhost) -> AsyncIterator[Inside]:
    async with inside(
        tmp_path, only=("housing", "whistle"), partners_url=vhost.url(BRIDGE)
    ) as running:
        await running("district_admin").post(LISTED, {"code": "hotline", "types": []})
        yield running


async def heard(here: Inside, ids: set[str]) -> None:
    """Each of them, once: what the feed has of the partner's own is exactly this."""

    async def there() -> bool:
        return sorted(await told(here)) == sorted(ids)

    await until(there)


async def told(here: Inside) -> list[str]:
    found: Any = await here("district_admin").get("/api/v1/events", limit="200")
    return [
        one["event"]["id"]
        for one in found["items"]
        if one["event"]["source"].startswith("/partners/")
    ]


async def parked(here: Inside, many: int) -> list[dict[str, Any]]:
    admin = here("district_admin")

    async def there() -> bool:
        return bool((await admin.get(PARKED))["partners"] == many)

    await until(there)
    found: Any = await admin.get(f"{PARKED}/partners")
    return list(found["items"])


async def turned_down(here: Inside, many: int) -> list[dict[str, Any]]:
    """What the hotline reads of its news that was refused."""
    feed, kind = "/api/v1/events", "platform.news_refused.v1"

    async def there() -> bool:
        found: Any = await here("partner:hotline").get(feed, type=kind)
        return len(found["items"]) == many

    await until(there)
    found: Any = await here("partner:hotline").get(feed, type=kind)
    return [one["event"]["data"] for one in found["items"]]


async def test_structured_and_binary_are_one_news_and_told_again_count_once(
    here: Inside, vhost: Vhost
) -> None:
    async with vhost.channel("hotline") as channel:
        for message in (structured(event("a")), binary(event("b")), structured(event("a"))):
            await tell(channel, message)
        underscored = binary(event("c"))
        underscored.headers = {
            name.replace("cloudEvents:", "cloudEvents_"): value
            for name, value in underscored.headers.items()
        }
        await tell(channel, underscored)
        await heard(here, {"a", "b", "c"})
    async with here.session.get(here.url + "/readyz") as answer:
        assert "partners" not in (await answer.json())["degraded"]
    [again] = [await here("partner:hotline").post("/api/v1/partners/events", event("b"))]
    assert again["repeated"] is True
    assert await parked(here, 0) == []


async def test_what_is_wrong_is_parked_with_its_reason_and_the_rest_goes_on(
    here: Inside, vhost: Vhost
) -> None:
    wrong = {
        "source": structured(event("w1", source="/partners/grid")),
        "JSON": structured(b"{"),
        "标题": structured(event("w2", title="", reference="12345-w2")),
        "不接受": structured({**event("w3"), "type": "whistle.closed.v1"}),
        "user-id": structured(event("w4"), user=None),
        "过大": structured(b" " * (1024 * 1024 + 1)),
        "标识": structured({**event("w5"), "id": ""}),
        "另一请求": structured(event("ok", title="别的事")),
    }
    heavy = binary(event("w6"))
    heavy.headers = {**heavy.headers, "cloudEvents:more": "x" * 40_000}
    async with vhost.channel("hotline") as channel:
        await tell(channel, structured(event("ok")))
        await heard(here, {"ok"})
        for message in (*wrong.values(), heavy):
            await tell(channel, message)
        await tell(channel, structured(event("last")))
    async with vhost.channel("grid") as channel:
        await tell(
            channel, structured(event("g", source="/partners/grid"), "grid"), f"grid.{PROBLEM}"
        )
    await heard(here, {"ok", "last"})
    reasons = [one["why"] for one in await parked(here, len(wrong) + 2)]
    assert {one.split("：")[0] for one in reasons} == {"hotline", "grid", ""}
    measured = here.runtime.telemetry.registry.get_sample_value
    lying = {"queue": "partners", "state": "parked"}

    async def seen() -> bool:
        return measured("gongzhi_queue_messages", lying) == len(reasons)

    await until(seen)
    refused = await turned_down(here, len(wrong))
    assert {one["service"] for one in refused} == {"gateway"}
    assert {one.get("news") for one in refused} == {None, "w1", "w2", "w3", "ok"}
    assert [one["reference"] for one in refused if one.get("news") == "w2"] == ["12345-w2"]


async def test_a_name_that_no_property_of_a_message_holds_is_parked_as_far_as_it_fits(
    here: Inside, vhost: Vhost
) -> None:
    """Else it would be nobody's: neither parked nor taken, and one of those that are in work at most."""
    names = {"id": ["长" * 200, "\ud800"], "type": ["长" * 150, "\ud800"]}
    wrong = [{**event("w"), field: said} for field, each in names.items() for said in each]
    async with vhost.channel("hotline") as channel:
        for one in wrong:
            await tell(channel, structured(json.dumps(one).encode()))
        await tell(channel, structured(event("last")))
    await heard(here, {"last"})
    found = await parked(here, len(wrong))
    assert {one["message"] for one in found} == {"长" * 85, "?", "w"}
    assert {one["type"] for one in found} == {"长" * 85, "?", PROBLEM}


async def test_headers_are_weighed_in_bytes_so_that_the_reason_has_room_beside_them(
    here: Inside, vhost: Vhost
) -> None:
    """A frame that is too large costs the line, and with it every partner's."""
    heavy = binary({**event("h"), "type": "长" * 150})
    heavy.headers = {**heavy.headers, "cloudEvents:more": "😀" * 32_450}
    async with vhost.channel("hotline") as channel:
        await tell(channel, heavy)
    [one] = await parked(here, 1)
    assert "过大" in one["why"]


async def test_a_flood_of_what_is_refused_leaves_no_more_parked_than_can_be_looked_at(
    here: Inside, vhost: Vhost
) -> None:
    """Each look reads all of it: the oldest go, and of one that is too large most."""
    large = [structured(b"{" + b" " * (1024 * 1000)) for _ in range(30)]
    async with vhost.channel("hotline") as channel:
        for one in (*large, structured(b"oversize" + b" " * 8 * 1024 * 1024)):
            await tell(channel, one)
        await tell(channel, structured(event("last")))
    await heard(here, {"last"})
    found: Any = {"count": 0, "items": []}

    async def there() -> bool:
        nonlocal found
        found = await here("district_admin").get(f"{PARKED}/partners", limit="200")
        return any("过大" in one["why"] for one in found["items"])

    await until(there)
    kept = sum(len(one["body"]) for one in found["items"])
    assert 0 < kept <= 16 * 1024 * 1024 and found["count"] == len(found["items"]) < len(large)
    [one] = [one["body"] for one in found["items"] if "过大" in one["why"]]
    assert one.startswith("oversize") and len(one) <= 4096


async def test_who_may_tell_only_some_or_nothing_is_parked_until_it_may(
    here: Inside, vhost: Vhost
) -> None:
    admin = here("district_admin")
    [one] = (await admin.get(LISTED))["items"]
    await admin.step(LISTED, one["id"], "allow", {"types": ["partner.observation_reported.v1"]})
    async with vhost.channel("hotline") as channel:
        await tell(channel, structured(event("a")))
        [first] = await parked(here, 1)
        assert "partner.observation_reported.v1" in first["why"]
        assert (first["message"], first["type"]) == ("a", PROBLEM)
        await admin.step(LISTED, one["id"], "allow", {"types": []})
        await admin.step(LISTED, one["id"], "suspend", {"reason": "数据有误"})
        await tell(channel, binary(event("b")))
        assert "暂停" in (await parked(here, 2))[1]["why"]
    await admin.step(LISTED, one["id"], "resume")
    with pytest.raises(Refused) as refused:
        asked = {"marks": [first["mark"]], "reason": "改", "event": event("a")}
        await admin.post(f"{PARKED}/partners/replay", asked)
    assert refused.value.problem["field"] == "event"
    done = await admin.post(f"{PARKED}/partners/replay", {"type": PROBLEM, "reason": "已恢复"})
    assert done == {"settled": 2}
    await heard(here, {"a", "b"})
    assert await parked(here, 0) == []


async def test_one_that_is_refused_again_at_once_is_parked_again(
    here: Inside, vhost: Vhost
) -> None:
    async with vhost.channel("hotline") as channel:
        for n in range(40):
            await tell(channel, structured(event(f"e{n}", community="nowhere")))
    [first, *_] = there = await parked(here, 40)
    asked = {"marks": [first["mark"]], "reason": "再试"}
    assert await here("district_admin").post(f"{PARKED}/partners/replay", asked) == {"settled": 1}
    again = await parked(here, 40)
    assert {one["message"] for one in again} == {one["message"] for one in there}


async def test_a_discarded_one_is_gone_and_stands_on_the_trail(here: Inside, vhost: Vhost) -> None:
    async with vhost.channel("hotline") as channel:
        await tell(channel, structured(b"not json"))
    [one] = await parked(here, 1)
    admin = here("district_admin")
    asked = {"marks": [one["mark"]], "reason": "测试数据"}
    assert await admin.post(f"{PARKED}/partners/discard", asked) == {"settled": 1}
    assert await parked(here, 0) == []
    [noted] = (await admin.get("/api/v1/gateway/settled", queue="partners"))["items"]
    assert noted["state"]["discarded"] is True


async def test_a_partner_writes_under_its_own_name_and_nowhere_else(vhost: Vhost) -> None:
    async def refused(message: aio_pika.Message, exchange: str, key: str) -> bool:
        async with vhost.channel("hotline") as channel:
            target = await channel.get_exchange(exchange, ensure=False)
            try:
                await asyncio.wait_for(target.publish(message, key, mandatory=True), 5)
            except AMQPError:
                return True
            return False

    own = structured(event())
    assert not await refused(own, "partners", f"hotline.{PROBLEM}")
    assert await refused(own, "partners", f"grid.{PROBLEM}")
    assert await refused(own, "partners", f"hotlines.{PROBLEM}")
    assert await refused(structured(event(), user="grid"), "partners", f"hotline.{PROBLEM}")
    assert await refused(structured(event(), user=BRIDGE), "partners", f"hotline.{PROBLEM}")
    assert await refused(own, "partners.inner", "news")
    assert await refused(own, "", "partners.news")
    assert await refused(own, "amq.topic", "x")
    for other in ("news", "parked", "broken"):
        async with vhost.channel("hotline") as channel:
            queue = await channel.get_queue(f"partners.{other}", ensure=False)
            with pytest.raises(AMQPError):
                await queue.get(fail=False)
    async with vhost.channel("hotline") as channel:
        with pytest.raises(AMQPError):
            await channel.declare_queue("mine")
    with pytest.raises((AMQPError, OSError)):
        await aio_pika.connect(vhost.url("hotline").removesuffix("partners"))


async def test_without_its_broker_the_gateway_is_degraded_and_goes_on_when_it_is_back(
    here: Inside, vhost: Vhost
) -> None:
    async with vhost.channel("hotline") as channel:
        await tell(channel, structured(event("a")))
    await heard(here, {"a"})
    vhost.node.settle()
    vhost.node.kill()

    async def degraded() -> bool:
        return "partners" in await here.degraded()

    await until(degraded)
    told = here.runtime.telemetry.registry
    assert told.get_sample_value("gongzhi_degraded", {"service": "gateway"}) == 1
    with pytest.raises(Refused) as refused:
        await here("district_admin").get(f"{PARKED}/partners")
    assert refused.value.status == 503
    vhost.node.start()
    async with vhost.channel("hotline") as channel:
        await tell(channel, structured(event("b")))
    await heard(here, {"a", "b"})


async def test_killed_midstream_each_is_there_once(vhost: Vhost, tmp_path: Path) -> None:
    """The process with the bridge is killed twice while a partner tells; every tenth is wrong."""
    data, url = tmp_path / "data", vhost.url(BRIDGE)
    good = {f"n-{n}" for n in range(200) if n % 10}

    async def telling() -> None:
        async with vhost.channel("hotline") as channel:
            for n in range(200):
                said = event(f"n-{n}") if n % 10 else event(f"n-{n}", title="")
                await tell(channel, structured(said) if n % 2 else binary(said))
                await asyncio.sleep(0.005)

    teller: asyncio.Task[None] | None = None
    for _ in range(2):
        with all_in_one(data, GONGZHI_PARTNERS_URL=url) as running:
            async with running.offices() as cast:
                if teller is None:
                    asked = {"code": "hotline", "types": []}
                    await cast("district_admin").post(LISTED, asked)
                    teller = asyncio.create_task(telling())
                await asyncio.sleep(0.4)
            running.processes["gongzhi"].send_signal(signal.SIGKILL)
    assert teller is not None
    await teller
    with all_in_one(data, GONGZHI_PARTNERS_URL=url) as running:
        async with running.offices() as cast:
            admin = cast("district_admin")

            async def all_there() -> bool:
                ids: list[str] = []
                after = "0"
                while True:
                    page: Any = await admin.get("/api/v1/events", after=after, limit="200")
                    ids += [one["event"]["id"] for one in page["items"]]
                    if not page["items"]:
                        break
                    after = str(page["items"][-1]["number"])
                ours = sorted(id for id in ids if id.startswith("n-"))
                return ours == sorted(good)

            await until(all_there)
            found: Any = await admin.get(f"{PARKED}/partners", limit="200")
            assert {
                json.loads(one["body"]).get("id", one["message"]) for one in found["items"]
            } == {f"n-{n}" for n in range(0, 200, 10)}


async def test_the_guide_s_way_to_tell_is_heard(here: Inside, vhost: Vhost, tmp_path: Path) -> None:
    text = (ROOT / "docs" / "guides" / "partner.md").read_text("utf-8")
    found = re.search(r"```python tell_amqp\.py\n(.*?)```", text, re.S)
    assert found is not None
    (tmp_path / "tell_amqp.py").write_text(found[1], encoding="utf-8")
    asked = [
        sys.executable,
        "tell_amqp.py",
        vhost.url("hotline"),
        "hotline",
        "number-1",
        "占道经营",
    ]
    told = await asyncio.create_subprocess_exec(*asked, cwd=tmp_path, stdout=subprocess.PIPE)
    said, _ = await told.communicate()
    assert (told.returncode, said) == (0, b"confirmed number-1\n")
    await heard(here, {"number-1"})
