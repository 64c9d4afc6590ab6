"""Premises promised, inspected, handed over and late, through the service."""

import asyncio
import hashlib
import io
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gongzhi import keys
from tests.support.district import AT, BASE, DUE_ENDED, PHOTO, PREMISES, District, file, running


@pytest.fixture
async def district(tmp_path: Path, sqlite_url: str) -> AsyncIterator[District]:
    async with running(tmp_path) as district:
        yield district


async def test_H_06_a_developer_is_written_as_it_is_called(district: District) -> None:
    said = {**PREMISES, "developer": "滨河置业有限公司"}
    status, made = await district.ask("street:yiliu", "POST", "/agreements", said)
    assert (status, made["state"]["developer"]) == (201, "滨河置业有限公司")
    status, refused = await district.ask(
        "street:yiliu", "POST", "/agreements", {**PREMISES, "developer": " "}
    )
    assert (status, refused["rule"], refused["field"]) == (409, "H-06", "developer")


async def test_premises_are_promised_and_handed_over_in_parts(district: District) -> None:
    street, department = "street:yiliu", "department:housing_construction"
    status, problem = await district.ask(
        street, "POST", "/agreements", {**PREMISES, "area": "1199.99"}
    )
    assert (status, problem["rule"], problem["clause"]) == (409, "H-03", "官民函〔2021〕64号 一")
    status, made = await district.ask(street, "POST", "/agreements", PREMISES, key="signing-1")
    assert (status, made["state"]["area_outstanding"]) == (201, "1200.50")
    _, again = await district.ask(street, "POST", "/agreements", PREMISES, key="signing-1")
    assert again == made

    one = f"/agreements/{made['id']}"
    seen = await inspection(district, street, one)
    assert (await district.ask(street, "POST", one + "/inspections", seen))[0] == 428
    status, after = await district.ask(department, "POST", one + "/inspections", seen, seen=1)
    assert (status, after["state"]["area_outstanding"]) == (200, "1200.50")
    part = {"inspection": 1, "at": AT}
    status, after = await district.ask(department, "POST", one + "/handovers", part, seen=2)
    assert (status, after["state"]["area_outstanding"]) == (200, "600.50")
    rest = {**seen, "area": "650.00", "first": "650.00"}
    await district.ask(street, "POST", one + "/inspections", rest, seen=3)
    part = {**part, "inspection": 2}
    status, after = await district.ask(street, "POST", one + "/handovers", part, seen=4)
    assert (after["state"]["status"], after["state"]["area_surplus"]) == ("fulfilled", "49.50")

    await district.until(lambda: bool(district.told("agreement_changed")))
    await district.until(lambda: len(district.told("premises_handed_over")) == 2)
    assert {news["area"] for news in district.told("premises_handed_over")} == {60_000, 65_000}
    everything = [
        message["data"] for message in district.messages.values() if "agreement" in message["data"]
    ]
    assert {(news["street"], news["community"], *news["units"]) for news in everything} == {
        ("yiliu", "yunxiang", "housing_construction")
    }
    assert "dev_001" not in json.dumps(everything)


async def upload(
    district: District, who: str, agreement: str, content: bytes = PHOTO
) -> tuple[int, Any]:
    headers = {"authorization": "Bearer " + keys.token(district.data, who)}
    async with district.http.post(
        BASE + f"/agreements/{agreement}/evidence", data=io.BytesIO(content), headers=headers
    ) as answer:
        return answer.status, await answer.json()


async def inspection(district: District, who: str, agreement: str, **how: Any) -> dict[str, Any]:
    """What is sent for an inspection, its photo already filed."""
    status, photo = await upload(district, who, agreement.rpartition("/")[2])
    assert status == 201
    points = ("outside", "close", "floors", "ground_half", "decorated")
    usual: dict[str, Any] = {"area": "600.00", "first": "600.00", "second": "0", "at": AT}
    usual |= {"outside": True, "close": True, "decorated": True}
    return {**usual, "photos": {point: [photo["id"]] for point in points}, **how}


async def test_H_04_a_handover_that_misses_a_point_needs_a_dated_remedy(
    district: District,
) -> None:
    street = "street:yiliu"
    _, made = await district.ask(street, "POST", "/agreements", PREMISES)
    one = f"/agreements/{made['id']}"
    seen = await inspection(district, street, one, first="200.00", second="300.00")
    lost = {**seen, "photos": {**seen["photos"], "close": ["f" * 64]}}
    status, problem = await district.ask(street, "POST", one + "/inspections", lost, seen=1)
    assert (status, problem["field"]) == (422, "photos")
    _, another = await district.ask(street, "POST", "/agreements", PREMISES)
    _, foreign = await upload(district, street, another["id"], PHOTO + b" of another")
    lost = {**seen, "photos": {**seen["photos"], "close": [foreign["id"]]}}
    status, problem = await district.ask(street, "POST", one + "/inspections", lost, seen=1)
    assert (status, problem["field"]) == (422, "photos")
    none = {**seen, "photos": {**seen["photos"], "close": []}}
    status, problem = await district.ask(street, "POST", one + "/inspections", none, seen=1)
    assert (status, problem["rule"], problem["field"]) == (409, "H-04", "photos")
    _, after = await district.ask(street, "POST", one + "/inspections", seen, seen=1)
    [found] = after["state"]["inspections"]
    assert [f["point"] for f in found["findings"] if not f["met"]] == ["floors", "ground_half"]

    part: dict[str, Any] = {"inspection": 1, "at": AT}
    status, problem = await district.ask(street, "POST", one + "/handovers", part, seen=2)
    assert (status, problem["rule"], problem["clause"]) == (409, "H-04", "官民函〔2021〕64号 一")
    assert "一层面积不少于一半" in problem["detail"]
    part["remedies"] = [
        {"point": point, "what": "调换一层房屋", "due": "2026-05-31"}
        for point in ("floors", "ground_half")
    ]
    status, after = await district.ask(street, "POST", one + "/handovers", part, seen=2)
    assert (status, after["state"]["area_accepted"]) == (200, "600.00")
    photo = seen["photos"]["close"]
    done = {"inspection": 1, "point": "floors", "photos": photo}
    status, after = await district.ask(street, "POST", one + "/remedies", done, seen=3)
    remedies = {one["point"]: one for one in after["state"]["handovers"][0]["remedies"]}
    assert remedies["floors"]["photos"] == photo
    assert remedies["ground_half"]["done_at"] is None


async def test_evidence_is_for_those_whom_its_agreement_concerns(district: District) -> None:
    street = "street:yiliu"
    _, made = await district.ask(street, "POST", "/agreements", PREMISES)
    for who, refused in (("street:taihe", 404), ("community:yunxiang", 403), ("resident", 404)):
        assert (await upload(district, who, made["id"]))[0] == refused
    assert (await upload(district, street, made["id"], b"<svg onload=1>"))[0] == 422
    assert (await upload(district, street, made["id"], PHOTO + bytes(1_000_000)))[0] == 422
    assert (await upload(district, street, made["id"], PHOTO + bytes(1_100_000)))[0] == 413
    status, kept = await upload(district, street, made["id"])
    assert (status, kept["media"], kept["size"]) == (201, "image/jpeg", len(PHOTO))
    assert kept["id"] == hashlib.sha256(PHOTO).hexdigest()
    assert (await upload(district, street, made["id"]))[1] == kept
    listed = f"/agreements/{made['id']}/evidence"
    [found] = (await district.ask("community:yunxiang", "GET", listed))[1]
    assert found.pop("filed_at") and found == kept
    assert (await district.ask("street:taihe", "GET", listed))[0] == 404
    assert (await district.ask(street, "GET", "/agreements/none/evidence"))[0] == 404
    path = f"/evidence/{kept['id']}"
    for who in (street, "community:yunxiang", "department:housing_construction", "discipline"):
        assert await file(district, who, path) == (200, PHOTO)
    for who in ("street:taihe", "department:water", "resident"):
        assert (await file(district, who, path))[0] == 404
    assert (await file(district, street, "/evidence/" + "0" * 64))[0] == 404


async def test_H_12_a_replaced_agreement_is_carried_on_by_another(district: District) -> None:
    street = "street:yiliu"
    _, made = await district.ask(street, "POST", "/agreements", PREMISES)
    one = f"/agreements/{made['id']}"
    seen = await inspection(district, street, one)
    await district.ask(street, "POST", one + "/inspections", seen, seen=1)
    await district.ask(street, "POST", one + "/handovers", {"inspection": 1, "at": AT}, seen=2)
    terms = {
        "project": "滨河花园二期",
        "developer": "dev_002",
        "households": 3000,
        "area": "900.00",
        "due": "2026-12-31",
        "reason": "项目规模缩小",
    }
    small = {**terms, "area": "899.99"}
    status, problem = await district.ask(street, "POST", one + "/replace", small, seen=3)
    assert (status, problem["rule"]) == (409, "H-03")
    status, after = await district.ask(street, "POST", one + "/replace", terms, seen=3)
    assert (status, after["state"]["status"]) == (200, "replaced")
    next_one = after["state"]["replaced_by"]
    await district.until(lambda: len(district.told("agreement_signed")) == 2)
    _, begun = await district.ask(street, "GET", f"/agreements/{next_one}")
    assert (begun["state"]["replaces"], begun["state"]["area_outstanding"]) == (
        made["id"],
        "300.00",
    )
    assert begun["correlation"] == made["id"]
    [changed] = district.told("agreement_changed")
    assert (changed["change"], changed["replacement"]) == ("replaced", next_one)
    _, said = await district.ask("district_admin", "GET", "/statement")
    computed = said["items"][1]
    assert (computed["agreements"], computed["area_owed"], computed["area_handed_over"]) == (
        1,
        "900.00",
        "600.00",
    )


async def test_a_missed_date_is_told_once_and_an_extended_one_in_its_turn(
    district: District,
) -> None:
    street = "street:yiliu"
    _, made = await district.ask(street, "POST", "/agreements", PREMISES)
    one = f"/agreements/{made['id']}"
    district.now = DUE_ENDED - timedelta(seconds=1)
    await asyncio.sleep(0.3)
    assert district.told("agreement_overdue") == []
    district.now = DUE_ENDED
    await district.until(lambda: bool(district.told("agreement_overdue")))
    _, late = await district.ask(street, "GET", "/agreements?overdue=true")
    assert [item["id"] for item in late["items"]] == [made["id"]]
    await asyncio.sleep(0.3)

    extension = {"due": "2026-09-30", "reason": "主体工程停工"}
    status, after = await district.ask(street, "POST", one + "/extend", extension, seen=2)
    assert (after["state"]["missed"], after["state"]["overdue"]) == (["2026-06-30"], False)
    district.now = DUE_ENDED + timedelta(days=93)
    await district.until(lambda: len(district.told("agreement_overdue")) == 2)
    cancelling = {"reason": "规划调整"}
    status, _ = await district.ask(street, "POST", one + "/cancel", cancelling, seen=4)
    assert status == 200

    await district.until(lambda: len(district.told("agreement_changed")) == 2)
    missed = [
        (news["due"], news["area_outstanding"]) for news in district.told("agreement_overdue")
    ]
    assert missed == [("2026-06-30", 120_050), ("2026-09-30", 120_050)]
    changed = district.told("agreement_changed")
    assert [(news["change"], news["due_before"], news["was_overdue"]) for news in changed] == [
        ("extended", "2026-06-30", True),
        ("cancelled", "2026-09-30", True),
    ]


async def test_an_agreement_is_about_a_community_that_the_register_knows(
    district: District,
) -> None:
    for community in ("nowhere", "shijicheng"):
        body = {**PREMISES, "community": community}
        status, problem = await district.ask("district_admin", "POST", "/agreements", body)
        assert (status, problem["type"], problem["field"]) == (
            422,
            "/problems/unknown-reference",
            "community",
        )


async def test_an_agreement_is_for_those_it_concerns(district: District) -> None:
    street = "street:yiliu"
    _, made = await district.ask(street, "POST", "/agreements", PREMISES)
    one = f"/agreements/{made['id']}"
    for who in ("street:taihe", "department:water", "community:haihua", "resident"):
        assert (await district.ask(who, "GET", one))[0] == 404
        assert (await district.ask(who, "GET", one + "/trail"))[0] == 404
        assert (await district.ask(who, "GET", "/agreements"))[1]["items"] == []
        assert (await district.ask(who, "POST", "/agreements", PREMISES))[0] == 403
        extension = {"due": "2026-09-30", "reason": "主体工程停工"}
        assert (await district.ask(who, "POST", one + "/extend", extension, seen=1))[0] == 404
    for who in (street, "community:yunxiang", "department:housing_construction", "discipline"):
        assert (await district.ask(who, "GET", one))[0] == 200
        assert len((await district.ask(who, "GET", "/agreements"))[1]["items"]) == 1
    elsewhere = await district.ask(street, "GET", "/agreements?street=taihe")
    assert elsewhere[1]["items"] == []
    refused, _ = await district.ask(
        "community:yunxiang", "POST", one + "/cancel", {"reason": "规划调整"}, seen=1
    )
    assert refused == 403
    status, after = await district.ask(
        street, "POST", one + "/cancel", {"reason": "规划调整"}, seen=1
    )
    assert (status, after["state"]["status"], after["state"]["next_steps"]) == (
        200,
        "cancelled",
        [],
    )


@pytest.mark.parametrize("area", [1200.5, 1200, None])
async def test_H_09_an_area_that_is_not_text_is_refused(district: District, area: Any) -> None:
    status, problem = await district.ask(
        "street:yiliu", "POST", "/agreements", {**PREMISES, "area": area}
    )
    assert (status, problem["type"], problem["field"]) == (422, "/problems/malformed", "body.area")


async def test_H_09_a_third_decimal_is_refused(district: District) -> None:
    status, problem = await district.ask(
        "street:yiliu", "POST", "/agreements", {**PREMISES, "area": "1200.505"}
    )
    assert (status, problem["rule"], problem["source"]) == (409, "H-09", "platform")
