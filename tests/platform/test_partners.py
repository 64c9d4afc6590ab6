"""Who tells us what it knows: by token or by signature, of the types it may, and not while it is suspended."""

import json
import time
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from chassis.signing import signature
from gongzhi.office import Refused
from tests.contracts.examples import EXAMPLES
from tests.support.buses import until
from tests.support.inside import Inside, inside
from tests.support.news import PARTNERS, told

LISTED = "/api/v1/gateway/partners"
PROBLEM = "partner.problem_reported.v1"
INTEGRITY = "partner.integrity_reported.v1"
CODE = "应为代码：小写字母、数字、_ 和 -，以字母或数字开头，最多 64 个字符"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Inside]:
    async with inside(tmp_path, only=("housing", "whistle")) as running:
        yield running


async def admitted(here: Inside, *types: str) -> dict[str, Any]:
    said = {"code": "hotline", "types": list(types)}
    made: dict[str, Any] = await here("district_admin").post(LISTED, said)
    return made


def event(id: str = "", at: str = "2025-11-20T01:00:00Z") -> bytes:
    data = {
        "community": "jiangong",
        "category": "environment",
        "title": "垃圾清运不及时",
        "reported_at": at,
    }
    said = {"specversion": "1.0", "id": id or uuid4().hex, "source": "/partners/hotline"}
    return json.dumps({**said, "type": PROBLEM, "data": data}).encode()


async def signed(
    here: Inside,
    body: bytes,
    secret: str,
    *,
    at: int | None = None,
    sent: bytes = b"",
    changed: Mapping[str, str] = {},
) -> tuple[int, Any]:
    """`sent`: another body than the one that was signed."""
    stamp = int(time.time()) if at is None else at
    headers = {
        "X-Partner": "hotline",
        "webhook-id": "msg_1",
        "webhook-timestamp": str(stamp),
        "webhook-signature": signature([secret], "msg_1", stamp, body),
        **changed,
    }
    async with here.session.post(here.url + PARTNERS, data=sent or body, headers=headers) as answer:
        return answer.status, await answer.json()


async def of(
    here: Inside, type: str, data: Mapping[str, Any], who: str = "hotline", **headers: str
) -> tuple[int, Any]:
    """What is answered to an event with this and that in its data, by a token."""
    event = {"specversion": "1.0", "id": uuid4().hex, "source": f"/partners/{who}", "type": type}
    said = {"Authorization": f"Bearer {here(f'partner:{who}').token}", **headers}
    body = {**event, "data": {**EXAMPLES[type], "category": "parking", **data}}
    async with here.session.post(here.url + PARTNERS, json=body, headers=said) as answer:
        return answer.status, await answer.json()


async def test_a_signature_is_as_good_as_a_token(here: Inside) -> None:
    made = await admitted(here)
    body = event("s-1")
    assert await signed(here, body, made["secret"]) == (
        202,
        {"id": "s-1", "source": "/partners/hotline", "repeated": False},
    )
    assert (await signed(here, body, made["secret"]))[1]["repeated"] is True


async def test_what_is_told_of_has_happened_by_now_and_within_living_memory(here: Inside) -> None:
    secret = (await admitted(here))["secret"]
    now = datetime.now(UTC)
    for at in (now + timedelta(minutes=6), datetime(1999, 12, 31, tzinfo=UTC)):
        status, said = await signed(here, event(at=at.isoformat()), secret)
        assert (status, said["field"]) == (422, "data.reported_at")
    for at in (now + timedelta(minutes=4), datetime(2000, 1, 1, tzinfo=UTC)):
        assert (await signed(here, event(at=at.isoformat()), secret))[0] == 202


async def test_a_day_that_is_not_one_is_refused_at_the_door_with_its_field(here: Inside) -> None:
    for field in ("on", "until"):
        for day in ("2026-02-30", "2026-13-45", "9999-12-31"):
            status, said = await of(here, INTEGRITY, {field: day})
            assert (status, said["field"]) == (422, f"data.{field}"), day
    assert (await of(here, INTEGRITY, {"until": "2028-02-29"}))[0] == 202


async def test_every_wrong_field_is_named_as_people_call_it_and_in_the_caller_s_language(
    here: Inside,
) -> None:
    wrong = {"title": "x", "community": "Not A Code", "reference": "张三"}
    status, said = await of(here, PROBLEM, wrong)
    assert (status, said["detail"]) == (422, said["errors"][0]["title"] + "：" + CODE + "。")
    found = {one["field"]: (one["title"], one["detail"]) for one in said["errors"]}
    assert found.keys() == {"data.title", "data.community", "data.reference"}
    assert found["data.title"] == ("标题", "至少 2 个字")
    assert found["data.community"] == ("社区", CODE)
    status, said = await of(here, PROBLEM, wrong, **{"Accept-Language": "en"})
    assert {one["title"] for one in said["errors"]} == found.keys()
    assert all(one["detail"].isascii() for one in said["errors"])
    assert "at least 2 characters" in str(said["errors"])
    status, said = await of(here, INTEGRITY, {"until": "2026-02-30"})
    assert said["detail"] == "有效至：没有这一天。"
    ahead = (datetime.now(UTC) + timedelta(minutes=6)).isoformat()
    status, said = await of(here, PROBLEM, {"reported_at": ahead})
    assert said["detail"] == "反映时间：时间应在 2000 年以后，至多比现在晚 5 分钟。"


async def test_another_event_under_a_used_id_is_called_by_what_the_partner_sent(
    here: Inside,
) -> None:
    secret = (await admitted(here))["secret"]
    assert (await signed(here, event("s-2"), secret))[0] == 202
    status, said = await signed(here, event("s-2", at="2025-11-21T01:00:00Z"), secret)
    assert (status, said["field"], said["type"]) == (422, "id", "/problems/key-reused")
    assert "幂等键" not in said["title"] + said["detail"]


async def test_a_code_that_no_list_has_is_refused_at_the_door(here: Inside) -> None:
    status, said = await of(here, PROBLEM, {"community": "nope", "category": "nope"})
    assert status == 422
    assert [(one["field"], one["detail"]) for one in said["errors"]] == [
        ("data.community", "没有这个代码"),
        ("data.category", "没有这个代码"),
    ]
    status, said = await of(here, "partner.dispute_reported.v1", {"community": "nope"})
    assert (status, said["field"]) == (422, "data.community")
    status, said = await of(here, PROBLEM, {"community": "shijicheng"})
    assert (status, said["field"]) == (422, "data.community")
    assert "尚未登记所属街道" in said["detail"]
    good = {"community": "jiangong", "category": "parking"}
    assert (await of(here, PROBLEM, good))[0] == 202


async def test_a_code_that_is_entered_now_may_be_named_soon(here: Inside) -> None:
    assert (await of(here, PROBLEM, {"community": "jiangong", "category": "drones"}))[0] == 422
    address = "/api/v1/whistle/policy"
    admin = here("district_admin")
    book = await admin.get(address)
    values = book["state"]["editions"][-1]["values"]
    values["categories"]["drones"] = {**values["categories"]["parking"], "name": "无人机扰民"}
    await admin.put(address, {"values": values, "reason": "新增类别"}, version=book["version"])

    async def taken() -> bool:
        return (await of(here, PROBLEM, {"community": "jiangong", "category": "drones"}))[0] == 202

    await until(taken)


@pytest.mark.parametrize("below", ["2", "/../grid", "/desk/..", "/./desk"])
async def test_a_source_leads_to_nobody_else(here: Inside, below: str) -> None:
    good = json.loads(event())
    told = here("partner:hotline").post
    assert (await told(PARTNERS, {**good, "source": "/partners/hotline/desk.1"}))[
        "repeated"
    ] is False
    with pytest.raises(Refused) as refused:
        await told(PARTNERS, {**good, "source": f"/partners/hotline{below}"})
    assert (refused.value.status, refused.value.problem["field"]) == (403, "source")


async def test_a_partner_does_not_choose_in_whose_feed_its_event_stands(here: Inside) -> None:
    places = {"community": "jiangong", "category": "parking"}
    more = {"street": "jinma", "units": ["water"], "supplier": "x"}
    assert (await of(here, PROBLEM, {**places, **more}))[0] == 202
    assert (await of(here, INTEGRITY, {"community": "jiangong", "supplier": "s1"}))[0] == 202

    async def feed(who: str) -> list[dict[str, Any]]:
        items = (await here(who).get("/api/v1/events"))["items"]
        found = [one["event"] for one in items]
        return [one for one in found if one["type"].startswith("partner.")]

    async def both() -> bool:
        return len(await feed("command_centre")) == 2

    await until(both)
    assert [one["type"] for one in await feed("community:jiangong")] == [PROBLEM]
    assert [one["type"] for one in await feed("supplier:s1")] == [INTEGRITY]
    for who in ("department:water", "street:jinma", "supplier:x"):
        assert await feed(who) == [], who


async def test_what_is_not_signed_by_it_and_lately_is_refused(here: Inside) -> None:
    secret = (await admitted(here))["secret"]
    other, now = "whsec_" + "A" * 43 + "=", int(time.time())
    body = event()
    wrong = [
        await signed(here, body, other),
        await signed(here, body, secret, sent=event()),
        await signed(here, body, secret, at=now - 3600),
        await signed(here, body, secret, at=now + 3600),
        await signed(here, body, secret, changed={"webhook-timestamp": "soon"}),
        await signed(here, body, secret, changed={"webhook-timestamp": "9" * 30}),
        await signed(here, body, secret, changed={"webhook-id": "msg_2"}),
        await signed(here, body, secret, changed={"X-Partner": "grid"}),
        await signed(here, body, secret, changed={"webhook-signature": "v1,"}),
    ]
    assert [status for status, _ in wrong] == [401] * len(wrong)
    assert len({said["detail"] for _, said in wrong}) == 1
    assert (await signed(here, body, secret))[0] == 202


async def test_a_signature_opens_nothing_but_this_way_in(here: Inside) -> None:
    secret = (await admitted(here))["secret"]
    body = json.dumps({"url": "https://example.org"}).encode()
    stamp = int(time.time())
    headers = {
        "X-Partner": "hotline",
        "webhook-id": "m",
        "webhook-timestamp": str(stamp),
        "webhook-signature": signature([secret], "m", stamp, body),
    }
    url = here.url + "/api/v1/gateway/webhooks"
    async with here.session.post(url, data=body, headers=headers) as answer:
        assert answer.status == 401


async def test_it_tells_only_what_it_may_by_whatever_proof(here: Inside) -> None:
    made = await admitted(here)
    allowed = {"types": ["partner.observation_reported.v1"]}
    admin = here("district_admin")
    await admin.post(f"{LISTED}/{made['id']}/allow", allowed, version=made["version"])
    status, said = await signed(here, event(), made["secret"])
    assert (status, said["field"]) == (403, "type")
    assert "partner.observation_reported.v1" in said["detail"]
    with pytest.raises(Refused) as refused:
        await told(here("partner:hotline"), 1)
    assert refused.value.status == 403
    with pytest.raises(Refused) as refused:
        await admin.step(LISTED, made["id"], "allow", {"types": ["whistle.closed.v1"]})
    assert refused.value.problem["field"] == "types"


async def test_suspended_it_tells_nothing_until_it_may_again(here: Inside) -> None:
    made = await admitted(here)
    admin = here("district_admin")
    await admin.step(LISTED, made["id"], "suspend", {"reason": "数据有误"})
    for _ in range(2):
        assert (await signed(here, event(), made["secret"]))[0] == 403
    with pytest.raises(Refused):
        await told(here("partner:hotline"), 1)
    with pytest.raises(Refused) as refused:
        await admin.step(LISTED, made["id"], "suspend", {"reason": "再次"})
    assert refused.value.problem["rule"] == "G-03"
    await admin.step(LISTED, made["id"], "resume")
    assert (await signed(here, event(), made["secret"]))[0] == 202
    with pytest.raises(Refused) as refused:
        await admin.step(LISTED, made["id"], "resume")
    assert refused.value.problem["rule"] == "G-03"


async def test_two_secrets_hold_for_a_day_after_a_change(here: Inside) -> None:
    made = await admitted(here)
    changed = await here("district_admin").step(LISTED, made["id"], "rotate")
    assert changed["secret"] != made["secret"]
    for secret in (made["secret"], changed["secret"]):
        assert (await signed(here, event(), secret))[0] == 202
    await here("district_admin").step(LISTED, made["id"], "rotate")
    assert (await signed(here, event(), made["secret"]))[0] == 401


async def test_the_list_is_the_administrator_s_and_a_partner_sees_itself(here: Inside) -> None:
    made = await admitted(here)
    assert "secret" not in await here("partner:hotline").get(f"{LISTED}/{made['id']}")
    assert (await here("partner:grid").get(LISTED))["items"] == []
    for who in ("partner:hotline", "command_centre", "street:guanshang"):
        with pytest.raises(Refused) as refused:
            await here(who).post(LISTED, {"code": "grid"})
        assert refused.value.status == 403
        with pytest.raises(Refused) as refused:
            await here(who).post(f"{LISTED}/{made['id']}/rotate", version=1)
        assert refused.value.status in (403, 404)
    with pytest.raises(Refused) as refused:
        await admitted(here)
    assert refused.value.problem["type"] == "/problems/already-there"
