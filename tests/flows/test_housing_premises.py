"""Premises through the front door, in both sizes: rooms measured, a file filed, an agreement replaced."""

import hashlib
from typing import Any
from uuid import uuid4

from gongzhi.office import Office
from tests.support.buses import until
from tests.support.platform import Cast

HOUSING = "/api/v1/housing"
ROOM = {
    "name": "综合服务厅",
    "kind": "office",
    "use": "general",
    "area": "500.00",
    "floor": 1,
    "own_use": True,
    "obtained": "transferred",
    "tenure": "owned",
}
TERMS = {
    "project": "演示楼盘",
    "developer": "demo-developer",
    "households": 1000,
    "area": "300.00",
    "due": "2030-06-30",
}


async def raw(office: Office, method: str, path: str, body: bytes | None = None) -> Any:
    headers = {"Authorization": f"Bearer {office.token}"}
    async with office.session.request(
        method, office.url + path, data=body, headers=headers
    ) as answer:
        assert answer.status in (200, 201), await answer.text()
        return await (answer.json() if answer.content_type.endswith("json") else answer.read())


async def test_H_02_what_rooms_come_to_is_told(cast: Cast) -> None:
    community, centre = cast("community:yishujiayuan"), cast("command_centre")
    await community.post(f"{HOUSING}/premises/yishujiayuan/rooms", ROOM)

    async def told() -> bool:
        feed = await centre.get("/api/v1/events", type="housing.standard_assessed.v1")
        events = [item["event"]["data"] for item in feed["items"]]
        return [e["met"] for e in events if e["community"] == "yishujiayuan"] == [True]

    await until(told)
    found = await community.get(f"{HOUSING}/standard/yishujiayuan")
    assert (found["area"], found["required"], found["met"]) == ("500.00", "400.00", True)


async def test_H_12_a_replaced_agreement_goes_on_with_its_evidence(cast: Cast) -> None:
    street, path = cast("street:guandu"), f"{HOUSING}/agreements"
    made = await street.post(path, {**TERMS, "community": "yishujiayuan"})
    photo = b"\x89PNG\r\n\x1a\n" + uuid4().bytes
    filed = await raw(street, "POST", f"{HOUSING}/agreements/{made['id']}/evidence", photo)
    assert filed["id"] == hashlib.sha256(photo).hexdigest()
    assert await raw(street, "GET", f"{HOUSING}/evidence/{filed['id']}") == photo
    points = ("outside", "close", "floors", "ground_half", "decorated")
    seen = {
        "area": "100.00",
        "first": "60.00",
        "second": "40.00",
        "outside": True,
        "close": True,
        "decorated": True,
        "photos": {point: [filed["id"]] for point in points},
        "at": made["state"]["signed_at"],
    }
    await street.step(path, made["id"], "inspections", seen)
    part = {"inspection": 1, "at": made["state"]["signed_at"]}
    await street.step(path, made["id"], "handovers", part)
    terms = {**TERMS, "area": "330.00", "reason": "规划调整"}
    after = await street.step(path, made["id"], "replace", terms)
    other = after["state"]["replaced_by"]

    async def begun() -> bool:
        found = await street.get(path, community="yishujiayuan")
        return other in [item["id"] for item in found["items"]]

    await until(begun)
    found = (await street.get(f"{path}/{other}"))["state"]
    assert (found["area_accepted"], found["area_outstanding"]) == ("100.00", "230.00")
    said = await street.get(f"{HOUSING}/statement", by="community")
    [row] = [item for item in said["items"] if item.get("community") == "yishujiayuan"]
    assert (row["agreements"], row["area_owed"], row["area_handed_over"]) == (
        1,
        "330.00",
        "100.00",
    )


async def test_H_11_a_renamed_community_is_known_to_the_others(cast: Cast) -> None:
    admin = cast("district_admin")
    now = (await admin.get(f"{HOUSING}/communities/dongbei"))["state"]
    change = {
        "kind": "rename",
        "on": now["valid_from"],
        "entries": [{"code": "dongbei", "name": "董北新", "street": now["street"]}],
        "reason": "区政府批复",
    }
    await admin.post(f"{HOUSING}/boundary-changes", change)

    async def renamed() -> bool:
        feed = await admin.get("/api/v1/events", type="housing.community_profiled.v1", limit=200)
        names = [item["event"]["data"]["name"] for item in feed["items"]]
        return "董北新" in names

    await until(renamed)
    assert (await admin.get(f"{HOUSING}/communities/dongbei"))["state"]["name"] == "董北新"
