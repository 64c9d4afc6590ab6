"""A partner's news in every mode, and what it hears of them by its own number."""

import json
from typing import Any
from uuid import uuid4

import pytest

from gongzhi.office import Refused
from tests.support.buses import until
from tests.support.news import in_time
from tests.support.platform import Cast

HERE = "/api/v1/partners/events"
WHISTLE = "/api/v1/whistle"


def data(**more: Any) -> dict[str, Any]:
    return {
        "community": "jiangong",
        "category": "environment",
        "title": "垃圾清运不及时",
        "reported_at": "2025-11-20T01:00:00Z",
        **more,
    }


def news(id: str, source: str = "/partners/hotline", **more: Any) -> dict[str, Any]:
    kind = "partner.problem_reported.v1"
    return {"specversion": "1.0", "id": id, "source": source, "type": kind, "data": data(**more)}


async def sent(
    cast: Cast, body: bytes, who: str = "partner:hotline", **headers: str
) -> tuple[int, Any]:
    office = cast(who)
    said = {"Authorization": f"Bearer {office.token}", **headers}
    url = cast.platform.url + HERE
    async with cast.session.post(url, data=body, headers=said) as answer:
        return answer.status, await answer.json()


async def batch(cast: Cast, items: Any, **headers: str) -> tuple[int, Any]:
    kind = {"Content-Type": "application/cloudevents-batch+json; charset=utf-8"}
    return await sent(cast, json.dumps(items).encode(), **kind, **headers)


async def heard(cast: Cast, who: str, **about: str) -> list[dict[str, Any]]:
    page: Any = await cast(who).get("/api/v1/events", limit=500, **about)
    return list(page["items"])


async def test_of_a_batch_the_good_are_taken_once_and_the_bad_have_their_problem(
    cast: Cast,
) -> None:
    items: list[Any] = [news(uuid4().hex, title=f"积水 {n}") for n in range(100)]
    items[7] = {**items[7], "type": "whistle.closed.v1"}
    items[42] = {**items[42], "data": {**items[42]["data"], "community": "Not A Code"}}
    items[99] = {**items[99], "source": "/partners/other"}
    status, first = await batch(cast, items)
    assert status == 202
    assert [one["status"] for one in first["items"]].count(202) == 97
    wrong = {n: one["problem"] for n, one in enumerate(first["items"]) if one["status"] != 202}
    assert {n: one["field"] for n, one in wrong.items()} == {
        7: "type",
        42: "data.community",
        99: "source",
    }
    assert [one["status"] for one in wrong.values()] == [422, 422, 403]
    assert all(not one["detail"].isascii() for one in wrong.values())
    assert first["items"][7]["id"] == items[7]["id"]
    again = (await batch(cast, items))[1]["items"]
    assert [one["repeated"] for one in again if one["status"] == 202] == [True] * 97


@pytest.mark.parametrize("items", [[], {}, "x", [news("a")] * 101])
async def test_what_is_no_batch_is_refused_whole(cast: Cast, items: Any) -> None:
    status, said = await batch(cast, items)
    assert (status, said["field"]) == (422, "body")


@pytest.mark.parametrize(
    "item",
    [1, None, [], {}, {"id": 7, "source": []}, {"id": "\ud800", "source": "/partners/\udc00"}],
)
async def test_an_item_that_is_no_event_is_that_item_s_problem(cast: Cast, item: Any) -> None:
    status, said = await batch(cast, [item, news(uuid4().hex)])
    assert status == 202
    assert [one["status"] for one in said["items"]] == [422, 202]
    english = (await batch(cast, [item], **{"Accept-Language": "en"}))[1]["items"][0]
    assert english["problem"]["title"] == "Request not acceptable"


async def test_in_binary_mode_the_attributes_are_headers(cast: Cast) -> None:
    id = uuid4().hex
    attributes = {
        "ce-specversion": "1.0",
        "ce-type": "partner.problem_reported.v1",
        "ce-source": "/partners/hotline",
        "ce-id": f"{id}%20%E4%B8%80",
        "Content-Type": "application/json",
    }
    body = json.dumps(data()).encode()
    status, said = await sent(cast, body, **attributes)
    assert (status, said["id"], said["repeated"]) == (202, f"{id} 一", False)
    whole = json.dumps(news(f"{id} 一")).encode()
    kind = {"Content-Type": "application/cloudevents+json"}
    assert (await sent(cast, whole, **kind))[1]["repeated"] is True
    status, said = await sent(cast, body, **{**attributes, "ce-type": "x"})
    assert (status, said["field"]) == (422, "type")


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data"])
async def test_a_body_that_says_it_is_no_json_is_none(cast: Cast, kind: str) -> None:
    body = json.dumps(news(uuid4().hex)).encode()
    status, said = await sent(cast, body, **{"Content-Type": kind})
    assert (status, said["field"]) == (422, "Content-Type")
    for good in ("application/json; charset=utf-8", "application/octet-stream"):
        assert (await sent(cast, body, **{"Content-Type": good}))[0] == 202


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff"])
async def test_a_body_that_is_no_json_is_named(cast: Cast, body: bytes) -> None:
    status, said = await sent(cast, body)
    assert (status, said["field"]) == (422, "body")


async def test_the_feed_is_narrowed_by_community_and_by_types_that_there_are(cast: Cast) -> None:
    number = uuid4().hex
    await cast("partner:hotline").post(HERE, news(uuid4().hex, reference=number))

    async def told() -> bool:
        return len(await heard(cast, "command_centre", reference=number)) >= 2

    await until(told)
    there = await heard(cast, "command_centre", reference=number, community="jiangong")
    assert len(there) >= 2
    assert await heard(cast, "command_centre", reference=number, community="haihua") == []
    with pytest.raises(Refused) as refused:
        await heard(cast, "command_centre", type="nope.v1")
    assert (refused.value.status, refused.value.problem["field"]) == (422, "type")


async def test_a_partner_hears_by_its_own_number_what_became_of_what_it_told(cast: Cast) -> None:
    number = f"12345-{uuid4().hex[:8]}"
    hotline, centre = cast("partner:hotline"), cast("command_centre")
    await hotline.post(HERE, news(uuid4().hex, reference=number))

    async def collected() -> bool:
        return len(await heard(cast, "partner:hotline", reference=number)) >= 2

    await until(collected)
    [problem] = (await centre.get(f"{WHISTLE}/problems", q=number))["items"]
    assert problem["state"]["reference"] == number
    kind = {"kind": "problem", "urgency": "normal", "difficulty": "easy", "handling": "immediate"}
    await centre.step(f"{WHISTLE}/problems", problem["id"], "triage", kind)
    await cast("community:jiangong").step(
        f"{WHISTLE}/problems", problem["id"], "settle", {"how": "已清运"}
    )

    async def settled() -> bool:
        types = [one["event"]["type"] for one in await heard(cast, "partner:hotline")]
        return "whistle.problem_settled.v1" in types

    await until(settled)
    items = await heard(cast, "partner:hotline", reference=number)
    assert in_time(one["event"] for one in items)[0] == "partner.problem_reported.v1"
    assert {one["reference"] for one in items} == {number}
    assert len({one["event"]["correlationid"] for one in items}) == 1
    assert await heard(cast, "partner:grid", reference=number) == []
    assert await heard(cast, "command_centre", reference=number) == items
