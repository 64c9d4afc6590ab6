"""W-05: files that show an arrival or a result, through the front door."""

import hashlib
import io
from typing import Any

import pytest

from gongzhi.office import Refused
from tests.platform.test_whistle_receipts import STREET, WHISTLES
from tests.support.held import clock, platform
from tests.support.inside import Inside

__all__ = ["clock", "platform"]

API = "/api/v1/whistle"
PHOTO = b"\xff\xd8\xff\xe0 a photo of a sluice"


async def called(running: Inside, *units: str) -> str:
    body = {"level": "street", "kind": "problem", "category": "other", "title": "河道渗漏"}
    blown = await running(STREET).post(WHISTLES, {**body, "units": units, "lead": units[0]})
    for step in ("register", "dispatch"):
        await running("command_centre").step(WHISTLES, blown["id"], step)
    return str(blown["id"])


async def upload(
    running: Inside, who: str, whistle: str, unit: str = "water", content: bytes = PHOTO
) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {running(who).token}"}
    path = f"{running.url}{WHISTLES}/{whistle}/units/{unit}/proofs"
    async with running.session.post(path, data=io.BytesIO(content), headers=headers) as answer:
        return answer.status, await answer.json()


async def download(running: Inside, who: str, whistle: str, proof: str) -> tuple[int, str, bytes]:
    headers = {"Authorization": f"Bearer {running(who).token}"}
    path = f"{running.url}{WHISTLES}/{whistle}/proofs/{proof}"
    async with running.session.get(path, headers=headers) as answer:
        assert answer.headers.get("X-Content-Type-Options", "nosniff") == "nosniff"
        return answer.status, answer.content_type, await answer.read()


async def refused(call: Any) -> dict[str, Any]:
    with pytest.raises(Refused) as caught:
        await call
    return {"status": caught.value.status, **caught.value.problem}


async def test_W_05_a_proof_is_the_units_own_and_read_by_whoever_sees_the_whistle(
    platform: Inside,
) -> None:
    id = await called(platform, "water", "transport")
    for who, status in (
        ("department:transport", 403),
        (STREET, 403),
        ("command_centre", 403),
        ("department:justice", 404),
        ("street:taihe", 404),
    ):
        assert (await upload(platform, who, id))[0] == status
    water = "department:water"
    assert (await upload(platform, water, id, "transport"))[0] == 403
    assert (await upload(platform, water, "none"))[0] == 404
    assert (await upload(platform, water, id, content=b"<svg onload=1>"))[0] == 422
    assert (await upload(platform, water, id, content=PHOTO + bytes(1_000_000)))[0] == 422
    assert (await upload(platform, water, id, content=PHOTO + bytes(1_100_000)))[0] == 413
    status, kept = await upload(platform, water, id)
    assert (status, kept["media"], kept["size"]) == (201, "image/jpeg", len(PHOTO))
    assert (await upload(platform, water, id))[1] == kept
    for who in (water, "department:transport", STREET, "command_centre", "discipline"):
        assert await download(platform, who, id, kept["id"]) == (200, "image/jpeg", PHOTO)
    for who in ("department:justice", "street:taihe", "finance"):
        assert (await download(platform, who, id, kept["id"]))[0] == 404
    listed = f"{WHISTLES}/{id}/proofs"
    for who in (water, "department:transport", STREET):
        [one] = await platform(who).get(listed)
        assert (one["id"], one["unit"], one["media"]) == (kept["id"], "water", "image/jpeg")
    for who in ("department:justice", "street:taihe"):
        assert (await refused(platform(who).get(listed)))["status"] == 404
    other = await called(platform, "water")
    assert await platform(water).get(f"{WHISTLES}/{other}/proofs") == []
    assert (await download(platform, water, other, kept["id"]))[0] == 404
    assert (await download(platform, water, id, hashlib.sha256(PHOTO).hexdigest()))[0] == 404


async def test_W_05_an_arrival_and_a_result_refer_to_proofs_filed_for_them(
    platform: Inside,
) -> None:
    id, other = await called(platform, "water", "transport"), await called(platform, "water")
    water, path = platform("department:water"), f"{WHISTLES}/{id}/units/water"
    own = (await upload(platform, "department:water", id))[1]["id"]
    foreign = [
        (await upload(platform, "department:transport", id, "transport"))[1]["id"],
        (await upload(platform, "department:water", other))[1]["id"],
        "nothing",
    ]
    result = {"outcome": "resolved", "summary": "已修复"}
    for proof in foreign:
        said = await refused(water.post(f"{path}/arrive", {"proofs": [own, proof]}))
        assert (said["status"], said["field"]) == (422, "proofs")
    for place in ("", "  ", "长" * 101):
        said = await refused(water.post(f"{path}/arrive", {"place": place}))
        assert (said["status"], said["field"]) == (422, "body.place")
    body = {"place": "三号闸", "proofs": [own]}
    state = (await water.post(f"{path}/arrive", body, key="arrival-0001"))["state"]
    assert await water.post(f"{path}/arrive", body, key="arrival-0001")
    task = next(task for task in state["tasks"] if task["unit"] == "water")
    assert (task["place"], task["proofs"]) == ("三号闸", [own])
    for proof in foreign:
        said = await refused(water.post(f"{path}/result", {**result, "proofs": [proof]}))
        assert (said["status"], said["field"]) == (422, "proofs")
    filed = (await water.post(f"{path}/result", {**result, "proofs": [own]}))["state"]
    assert filed["tasks"][0]["rounds"][0]["result"]["proofs"] == [own]
    await platform("department:transport").post(f"{WHISTLES}/{id}/units/transport/arrive")
    await platform("department:transport").post(f"{WHISTLES}/{id}/units/transport/result", result)
    status, said = await upload(platform, "department:water", id)
    assert (status, said["rule"]) == (409, "W-17")

    feed = await platform("command_centre").get("/api/v1/events", limit=200)
    span = {"from": "2026-01-01", "to": "2026-12-31"}
    ledger = await platform("command_centre").get(f"{API}/ledger", **span)
    for text in (str(feed), str(ledger)):
        assert "三号闸" not in text and own not in text


async def test_W_05_the_district_may_want_proofs_of_a_kind(platform: Inside) -> None:
    admin, water = platform("district_admin"), platform("department:water")
    book = await admin.get(f"{API}/policy")
    usual = book["state"]["editions"][-1]["values"]
    wanted = {**usual["proof"], "arrival": ["problem"], "result": ["problem", "emergency"]}
    policy = {"values": {**usual, "proof": wanted}, "reason": "报到、办结须附照片"}
    odd = {**policy, "values": {**usual, "proof": {**wanted, "arrival": ["rumour"]}}}
    said = await refused(admin.put(f"{API}/policy", odd, version=book["version"]))
    assert said["field"].startswith("proof.arrival")
    await admin.put(f"{API}/policy", policy, version=book["version"])
    id = await called(platform, "water")
    path = f"{WHISTLES}/{id}/units/water"
    result = {"outcome": "resolved", "summary": "已修复"}
    own = (await upload(platform, "department:water", id))[1]["id"]
    for act, body in (("arrive", {"place": "三号闸"}), ("result", result)):
        said = await refused(water.post(f"{path}/{act}", body))
        assert (said["status"], said["rule"], said["field"]) == (409, "W-05", "proofs")
        await water.post(f"{path}/{act}", {**body, "proofs": [own]})
