"""What a consumer gave up is seen, comes again as it was or mended, or is discarded; each with its reason."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from chassis.bus import Message
from contracts.event import Envelope
from gongzhi import cli
from gongzhi.office import Office, Refused
from tests.support.buses import until
from tests.support.inside import Inside, inside
from tests.support.toy import NOON

PARKED = "/api/v1/gateway/parked"
TYPE = "partner.problem_reported.v1"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Inside]:
    async with inside(tmp_path, only=("housing", "whistle")) as running:
        yield running


def envelope(number: int, **data: Any) -> Envelope:
    said = {
        "community": "jiangong",
        "category": "environment",
        "title": "垃圾清运不及时",
        "reported_at": "2025-11-20T01:00:00Z",
        **data,
    }
    return Envelope(
        id=f"p-{number}",
        source="/partners/hotline",
        type=TYPE,
        subject=f"intake/p-{number}",
        time=NOON,
        sequence=f"{1:012d}",
        correlationid=f"case-{number}",
        data=said,
    )


async def parked(here: Inside, *bodies: Envelope | bytes) -> list[dict[str, Any]]:
    """Sent past the front door, so that whistle gives them up."""
    for n, one in enumerate(bodies):
        body = one.wire() if isinstance(one, Envelope) else one
        await here.runtime.bus.publish(Message(id=f"m-{n}", type=TYPE, body=body))
    admin = here("district_admin")

    async def given_up() -> bool:
        return bool((await admin.get(PARKED))["whistle"] == len(bodies))

    await until(given_up)
    found: Any = await admin.get(f"{PARKED}/whistle")
    return list(found["items"])


async def problems(office: Office) -> int:
    found: Any = await office.get("/api/v1/whistle/problems", count="true")
    return int(found["count"])


async def test_what_lies_parked_is_not_parked_again_by_catching_up(here: Inside) -> None:
    other = envelope(1).model_copy(update={"source": "/partners/grid"})
    await parked(here, envelope(1, community="nope"), b"no event")
    await here.runtime.bus.publish(Message(id="m-9", type=TYPE, body=other.wire()))
    admin = here("district_admin")
    await until(lambda: _there(admin, 1))
    for _ in range(2):
        asked = {"after": 0, "reason": "演练"}
        await admin.post("/api/v1/gateway/catch-up/whistle", asked)
        await here.idle()
        assert (await admin.get(PARKED))["whistle"] == 2
    # Another's event of that id, and what isn't parked any more, is told again.
    marks = [one["mark"] for one in (await admin.get(f"{PARKED}/whistle"))["items"]]
    await admin.post(f"{PARKED}/whistle/discard", {"marks": marks, "reason": "演练"})
    before = (await admin.post("/api/v1/gateway/catch-up/whistle", asked))["delivered"]
    await here.idle()
    after = (await admin.post("/api/v1/gateway/catch-up/whistle", asked))["delivered"]
    assert before == after + 1 and (await admin.get(PARKED))["whistle"] == 1


async def _there(office: Office, count: int) -> bool:
    return await problems(office) == count


async def test_what_was_mended_has_its_effect_once(here: Inside) -> None:
    [one] = await parked(here, envelope(1, community="Not A Code"))
    assert one["why"].startswith("malformed data")
    assert (one["type"], one["message"]) == (TYPE, "m-0")
    admin = here("district_admin")
    good = json.loads(envelope(1).wire())
    asked = {"marks": [one["mark"]], "reason": "社区代码写错", "event": good}
    for wrong, field in (
        ({**good, "id": "p-2"}, "event.id"),
        ({**good, "source": "/partners/grid"}, "event.id"),
        ({**good, "sequence": "1"}, "event.sequence"),
    ):
        with pytest.raises(Refused) as refused:
            await admin.post(f"{PARKED}/whistle/replay", {**asked, "event": wrong})
        assert (refused.value.status, refused.value.problem["field"]) == (422, field)
    assert await admin.post(f"{PARKED}/whistle/replay", asked) == {"settled": 1}

    async def collected() -> bool:
        return await problems(admin) == 1

    await until(collected)
    assert (await admin.get(PARKED))["whistle"] == 0
    [record] = (await admin.get("/api/v1/gateway/settled"))["items"]
    state = record["state"]
    assert (state["mended"], state["times"], state["reason"]) == (True, 1, "社区代码写错")
    trail: Any = await admin.get(f"/api/v1/gateway/settled/{record['id']}/trail")
    [entry] = trail["entries"]
    assert entry["actor"] == "district_admin"
    assert json.loads(entry["data"]["body"]) == good
    assert await admin.post(f"{PARKED}/whistle/replay", asked) == {"settled": 0}


async def test_a_group_comes_again_and_what_is_still_wrong_is_parked_again(here: Inside) -> None:
    await parked(here, envelope(1, community="X"), envelope(2, community="Y"), b"\xff{")
    admin = here("district_admin")
    said = {"type": TYPE, "reason": "再试"}
    assert await admin.post(f"{PARKED}/whistle/replay", said) == {"settled": 3}

    async def again() -> bool:
        return bool((await admin.get(PARKED))["whistle"] == 3)

    await until(again)
    states = [one["state"] for one in (await admin.get("/api/v1/gateway/settled"))["items"]]
    assert [(one["times"], one["mended"]) for one in states] == [(1, False)] * 3


async def test_what_is_discarded_is_gone_and_stands_on_the_trail(here: Inside) -> None:
    found = await parked(here, b"\xff no event", envelope(1, community="X"))
    admin = here("district_admin")
    marks = [one["mark"] for one in found if "no event" in one["body"]]
    with pytest.raises(Refused) as refused:
        await admin.post(f"{PARKED}/whistle/discard", {"marks": marks, "reason": " "})
    assert refused.value.problem["field"] == "reason"
    with pytest.raises(Refused) as refused:
        await admin.post(f"{PARKED}/whistle/discard", {"reason": "不是事件"})
    assert refused.value.problem["field"] == "marks"
    said = {"marks": marks, "reason": "不是事件"}
    assert await admin.post(f"{PARKED}/whistle/discard", said) == {"settled": 1}
    assert (await admin.get(f"{PARKED}/whistle"))["count"] == 1
    [record] = (await admin.get("/api/v1/gateway/settled"))["items"]
    assert record["state"]["discarded"]
    trail: Any = await admin.get(f"/api/v1/gateway/settled/{record['id']}/trail")
    assert trail["entries"][0]["data"]["body"] == "\\xff no event"


async def test_an_operator_does_the_same_from_the_command_line(
    here: Inside, capsys: pytest.CaptureFixture[str]
) -> None:
    [one, _] = await parked(here, envelope(1, community="X"), b"no event")

    def told(*said: str) -> tuple[int, str]:
        command = ["parked", *said, "--url", here.url, "--data-dir", str(here.data)]
        status = cli.main(command)
        return status, "".join(capsys.readouterr())

    status, text = await asyncio.to_thread(told)
    assert (status, "whistle         2" in text) == (1, True)
    status, text = await asyncio.to_thread(told, "whistle")
    assert status == 1
    assert one["mark"] in text
    assert one["why"] in text
    status, text = await asyncio.to_thread(told, "whistle", "discard", one["mark"])
    assert status == 2 and "--reason 写明理由" in text and text.count("\n") == 1
    done = ("whistle", "discard", one["mark"], "--reason", "测试数据")
    assert await asyncio.to_thread(told, *done) == (0, "已处理 1 条\n")
    assert (await asyncio.to_thread(told, *done))[0] == 1


@pytest.mark.parametrize("who", ["command_centre", "street:guanshang", "partner:hotline"])
async def test_it_is_the_administrator_s_alone(here: Inside, who: str) -> None:
    office = here(who)
    for path in (PARKED, f"{PARKED}/whistle"):
        with pytest.raises(Refused) as refused:
            await office.get(path)
        assert refused.value.status == 403
    for step in ("replay", "discard"):
        with pytest.raises(Refused) as refused:
            await office.post(f"{PARKED}/whistle/{step}", {"type": TYPE, "reason": "试"})
        assert refused.value.status == 403
    assert (await office.get("/api/v1/gateway/settled"))["items"] == []


async def test_a_queue_that_there_isn_t_is_not_found(here: Inside) -> None:
    admin = here("district_admin")
    with pytest.raises(Refused) as refused:
        await admin.get(f"{PARKED}/nowhere")
    assert refused.value.status == 404
    with pytest.raises(Refused) as refused:
        await admin.post(f"{PARKED}/nowhere/replay", {"type": TYPE, "reason": "试"})
    assert refused.value.status == 404
