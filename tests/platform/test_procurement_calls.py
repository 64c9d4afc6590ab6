"""Calls as they run: from a published plan to a contract, with scores that nobody reads before their panel closes."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from chassis.kind import derived_id
from tests.support.bodies import FORM, SERVICES, item, plan
from tests.support.procurement import (
    APPLICATION,
    CALL,
    Running,
    awarded,
    called,
    contended,
    holds,
    opened,
    published,
    signed,
    stepped,
    until,
)

STREET = "street:guanshang"


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with contended(tmp_path) as running:
        yield running


def points(tongxin: int, yixin: int) -> dict[str, Any]:
    given = {"tongxin": tongxin, "yixin": yixin}
    scored = [
        {"supplier": supplier, "criterion": one["code"], "points": value}
        for supplier, value in given.items()
        for one in CALL["criteria"]
    ]
    return {"points": scored}


def kept_in(running: Running, *scores: bytes) -> bool:
    """Whether any file of the platform, stores, buses and journal alike, holds one of them as it was given."""
    files = [one for one in running.platform.data.rglob("*") if one.is_file()]
    assert files
    return any(score in one.read_bytes() for one in files for score in scores)


async def awaits(running: Running, who: str) -> list[str]:
    """The reviews that wait for an expert: as many as are counted."""
    page = (await running.get(who, "/reviews?waiting=me&count=true")).body
    assert page["count"] == len(page["items"])
    return [one["id"] for one in page["items"]]


async def test_P_10_a_call_waits_for_who_reviews_it_once_its_closing_day_is_over(
    running: Running,
) -> None:
    async def waits(who: str) -> list[tuple[str, str | None]]:
        page = (await running.get(who, "/solicitations?waiting=me")).body
        return [(one["id"], one.get("due")) for one in page["items"]]

    bought = await published(running, STREET, plan(2026, item("i1", way="linkage")))
    id = (await called(running, STREET, bought, "i1")).body["id"]
    filed = await running.post("supplier:tongxin", f"/solicitations/{id}/applications", APPLICATION)
    assert filed.status == 200
    assert await waits("finance") == await waits(STREET) == []
    await opened(running, f"/solicitations/{id}")
    assert await waits("finance") == [(id, None)]
    assert await waits(STREET) == await waits("discipline") == []
    trail = (await running.get("finance", f"/solicitations/{id}/trail")).body
    assert "征集截止" in json.dumps(trail, ensure_ascii=False)


async def test_P_12_who_takes_part_in_a_call_is_answered_with_its_own_application_alone(
    running: Running,
) -> None:
    bought = await published(running, STREET, plan(2026, item("i1", way="linkage")))
    path = f"/solicitations/{(await called(running, STREET, bought, 'i1')).body['id']}"

    async def applies(who: str) -> str:
        answer = await running.post(who, f"{path}/applications", APPLICATION)
        assert answer.status == 200, answer.body
        return str(answer.body["state"]["application"]["supplier"])

    async def told(who: str, step: str, body: Any = None) -> list[str]:
        answer = await running.post(who, f"{path}/{step}", body)
        assert answer.status == 200, answer.body
        state, expert = answer.body["state"], who.removeprefix("expert:")
        assert [one["expert"] for one in state["sealed"] if one["expert"] != expert] == []
        assert state["scores"] == []
        return [one["supplier"] for one in state["applications"]]

    assert await applies("supplier:tongxin") == "tongxin"
    assert await applies("supplier:yixin") == "yixin"
    await opened(running, path)
    await running.fill_bank()
    assert (await stepped(running, "finance", path, "panel", {"size": 3})).status == 200
    drawn = await stepped(running, "discipline", path, "panel/draw", {"seed": "8"})
    assert len(drawn.body["state"]["applications"]) == 2, "who sees the call sees all of it"
    for expert in ("7", "8", "9"):
        assert await told(f"expert:{expert}", "scores", points(37, 31)) == []
    assert (await stepped(running, "finance", path, "close_panel")).status == 200
    won = (await stepped(running, STREET, path, "award", {"supplier": "tongxin"})).body
    assert won["state"]["awarded"]["supplier"] == "tongxin"
    programme = {"form": FORM, "services": SERVICES}
    assert await told("supplier:tongxin", "revise_programme", programme) == ["tongxin"]


async def test_P_10_an_application_is_read_by_nobody_else_until_its_call_is_closed(
    running: Running,
) -> None:
    """Nor who applied, nor how many: by no list, count, table, trail, version or file; who verifies all trails is told
    how many there are, by ids that nobody makes who knows call and supplier."""
    bought = await published(running, STREET, plan(2026, item("i1", way="linkage")))
    id = (await called(running, STREET, bought, "i1")).body["id"]
    path = f"/solicitations/{id}"
    watching = ("finance", "district_admin", "discipline", "command_centre", STREET)

    async def read(who: str) -> list[str]:
        """All that says something of the call or of who applied."""
        pages = [
            await running.get(who, one)
            for one in (
                path,
                f"{path}/trail",
                "/solicitations?count=true&actions=now",
                f"{path}/sheet",
                "/applications?count=true",
                "/announcements?year=2026",
                "/ocds/releases?year=2026",
                "/calls/2026",
            )
        ]
        table = await running.page(who, "/solicitations/export/applications?year=2026&format=csv")
        assert table[0] == 200
        each = {"trace", "publishedDate"}
        said = [
            {name: value for name, value in page.body.items() if name not in each}
            if isinstance(page.body, dict)
            else page.body
            for page in pages
        ]
        return [table[1], *map(json.dumps, said)]

    before = {who: await read(who) for who in watching}
    when = (await running.get("finance", path)).body["state"]["opened_at"]
    moment = datetime.fromisoformat(when).isoformat()
    own: dict[str, str] = {}
    for supplier in ("tongxin", "yixin"):
        who = f"supplier:{supplier}"
        filed = await running.post(who, f"{path}/applications", APPLICATION)
        assert filed.status == 200, filed.body
        [mine] = (await running.get(who, "/applications")).body["items"]
        own[who] = f"/applications/{mine['id']}"
        assert mine["state"]["application"]["amount"] == 60_000_000
        assert {one["name"] for one in filed.body["actions"]} == {"withdraw"}
    for who in watching:
        assert await read(who) == before[who], who
        for hidden in own.values():
            assert (await running.get(who, hidden)).status == 404
        assert (await running.page(who, f"{path}/applications/tongxin"))[0] == 404
    trails = (await running.get("district_admin", "/trails/applications")).body
    assert {one["id"] for one in trails["items"]} == {
        one.rpartition("/")[2] for one in own.values()
    }
    assert not [one for one in ("tongxin", "yixin", id) if one in json.dumps(trails)]
    for known in product((id,), (when, moment), ("tongxin", "yixin")):
        made = f"/trails/applications/{derived_id('application', *known)}/refold"
        assert (await running.post("district_admin", made, None)).status == 404
    assert (await running.page("supplier:tongxin", f"{path}/applications/tongxin"))[0] == 200
    assert (await running.get("supplier:yixin", own["supplier:tongxin"])).status == 404

    back = await running.get("supplier:yixin", own["supplier:yixin"])
    gone = await running.post(
        "supplier:yixin", f"{own['supplier:yixin']}/withdraw", None, if_match=str(back.etag)
    )
    assert (gone.status, gone.body["state"]["application"]) == (200, None)
    assert await read(STREET) == before[STREET]
    again = await running.post(
        "supplier:yixin", f"{path}/applications", {**APPLICATION, "amount": 50_000_000}
    )
    assert again.status == 200
    tongxin = own["supplier:tongxin"]
    first = await running.get("supplier:tongxin", tongxin)
    last = f"{tongxin}/withdraw"
    assert (
        await running.post("supplier:tongxin", last, None, if_match=str(first.etag))
    ).status == 200

    await opened(running, path)
    [there] = (await running.get(STREET, path)).body["state"]["applications"]
    assert (there["supplier"], there["amount"]) == ("yixin", 50_000_000)
    now = await running.get("supplier:yixin", own["supplier:yixin"])
    late = await running.post(
        "supplier:yixin", f"{own['supplier:yixin']}/withdraw", None, if_match=str(now.etag)
    )
    assert (late.status, late.body["rule"]) == (409, "P-10")


async def test_P_12_scores_are_read_by_nobody_until_all_are_in(
    running: Running, capfd: pytest.CaptureFixture[str]
) -> None:
    bought = await published(running, STREET, plan(2026, item("i1", way="linkage")))
    call = await called(running, STREET, bought, "i1")
    again = await called(running, STREET, bought, "i1")
    assert (again.status, again.body["rule"]) == (409, "P-10")
    [cited] = (await running.get(STREET, "/refusals")).body
    assert (cited["rule"], cited["refused"], cited["since"]) == ("P-10", 1, cited["last_on"])
    assert cited["by_step"] == [{"operation": "procurement.solicitations.open", "refused": 1}]
    assert (await running.get("supplier:tongxin", "/refusals")).status == 403
    id = call.body["id"]
    path = f"/solicitations/{id}"
    [public] = (await running.get("resident", "/announcements?year=2026")).body
    assert (public["id"], public["status"], public["amount"]) == (id, "open", 100_000_000)

    for elsewhere, kind in (("nowhere", "unknown-reference"), ("heping", "malformed")):
        body = {**APPLICATION, "community": elsewhere}
        refused = await running.post("supplier:tongxin", f"{path}/applications", body)
        assert (refused.status, refused.body["type"]) == (422, f"/problems/{kind}")
        assert refused.body["field"] == "community"
    hasty = {**APPLICATION, "prepared": None}
    refused = await running.post("supplier:tongxin", f"{path}/applications", hasty)
    assert (refused.status, refused.body["rule"]) == (409, "P-10")
    for supplier in ("tongxin", "yixin"):
        filed = await running.post(f"supplier:{supplier}", f"{path}/applications", APPLICATION)
        assert filed.status == 200
    assert (await running.get("supplier:tongxin", path)).status == 404
    early = await stepped(running, "finance", path, "panel", {"size": 3})
    assert (early.status, early.body["rule"]) == (409, "P-10")

    await opened(running, path)
    late = await running.post("supplier:tongxin", f"{path}/applications", APPLICATION)
    assert (late.status, late.body["rule"]) == (409, "P-10")
    await running.fill_bank()
    assert (await stepped(running, "finance", path, "panel", {"size": 3})).status == 200
    assert (await stepped(running, "discipline", path, "panel/draw", {"seed": "8"})).status == 200
    assert await awaits(running, "expert:7") == [id]
    first = await running.post("expert:7", f"{path}/scores", points(37, 31))
    assert first.status == 200
    assert (await awaits(running, "expert:7"), await awaits(running, "expert:8")) == ([], [id])

    for who in ("district_admin", "finance", "discipline", STREET):
        shown = await running.get(who, path)
        trail = await running.get(who, f"{path}/trail")
        for text in (json.dumps(shown.body), json.dumps(trail.body)):
            assert '"points": 37' not in text and '"points": 31' not in text
            assert "expert" in text
    for envelope in await running.told():
        assert '"points": 37' not in json.dumps(envelope.data)
    sealed = (b'"points":37', b'"points": 37')
    assert not kept_in(running, *sealed)
    logged = "".join(capfd.readouterr())
    assert not any(one.decode() in logged for one in sealed)
    for name in ("rankings", "applications"):
        exported = f"/solicitations/export/{name}?year=2026&format=csv"
        status, table = await running.page(STREET, exported)
        assert status == 200 and ",37," not in table
    twice = await running.post("expert:7", f"{path}/scores", points(40, 40))
    assert (twice.status, twice.body["rule"]) == (409, "P-12")
    waits = await stepped(running, "finance", path, "close_panel")
    assert (waits.status, waits.body["rule"]) == (409, "P-12")

    for expert in ("8", "9"):
        scored = await running.post(f"expert:{expert}", f"{path}/scores", points(30, 33))
        assert scored.status == 200
    closed = await stepped(running, "finance", path, "close_panel")
    assert closed.status == 200
    ranking = closed.body["state"]["ranking"]
    assert [(one["supplier"], one["points"]) for one in ranking] == [
        ("tongxin", 194),
        ("yixin", 194),
    ]
    assert ranking[0]["decided"] == "社会组织"
    assert '"points": 37' in json.dumps((await running.get("finance", path)).body)
    assert kept_in(running, *sealed), "opened, it stands in the record"

    second = await stepped(running, STREET, path, "award", {"supplier": "yixin"})
    assert (second.status, second.body["rule"]) == (409, "P-33")
    early = await signed(running, plan=bought, item="i1")
    assert (early.status, early.body["rule"]) == (409, "P-33")
    assert (await stepped(running, STREET, path, "award", {"supplier": "tongxin"})).status == 200
    [public] = (await running.get("resident", "/announcements?year=2026")).body
    assert public["awarded"] == "tongxin"
    assert (await running.get("resident", f"{path}/panel")).body["size"] == 3
    await until(lambda: holds(running, "procurement.solicitation_opened.v1"))


async def test_P_33_a_linkage_is_contracted_by_its_award_alone(running: Running) -> None:
    bought = await published(running, STREET, plan(2026, item("i1", way="linkage")))
    bare = await signed(running, plan=bought, item="i1")
    assert (bare.status, bare.body["rule"]) == (409, "P-33")
    await awarded(running, STREET, bought, "i1")
    for other, field in (
        ({"supplier": "yixin"}, "supplier"),
        ({"project": "child-care"}, "project"),
        ({"amount": 60_000_001}, "amount"),
        ({"community": "heping"}, "community"),
    ):
        refused = await signed(running, plan=bought, item="i1", **other)
        assert (refused.status, refused.body["rule"]) == (409, "P-33")
        assert refused.body["field"] == field
    contract = await signed(running, plan=bought, item="i1", community=None)
    assert (contract.status, contract.body["state"]["way"]) == (201, "linkage")
    assert contract.body["state"]["community"] == "haihua", "who applied together carries it out"
    [seen] = (await running.get("community:haihua", "/contracts")).body["items"]
    assert seen["id"] == contract.body["id"]

    package = (await running.get("resident", "/ocds/releases?year=2026")).body
    tags = [one["tag"] for one in package["releases"]]
    assert tags == [["planning"], ["tender"], ["award", "tenderUpdate"], ["contract"]]
    dates = [one["date"] for one in package["releases"]]
    assert dates == sorted(dates)
    signed_for = package["releases"][-1]
    assert signed_for["contracts"][0]["awardID"] == package["releases"][1]["tender"]["id"]
    assert signed_for["contracts"][0]["value"] == {"amount": 300_000.0, "currency": "CNY"}
    assert signed_for["buyer"]["id"] == STREET
    [record] = (await running.get("resident", "/ocds/records?year=2026")).body["records"]
    assert (record["ocid"], record["releases"]) == (signed_for["ocid"], package["releases"])
    empty = (await running.get("resident", "/ocds/releases?year=2025")).body
    assert empty["releases"] == []


async def test_P_38_a_year_of_calls_is_shown_as_printed_beside_what_went_through_here(
    running: Running,
) -> None:
    printed = (await running.get("resident", "/calls/2020")).body
    assert (printed["printed"]["selected"], printed["calls"]) == (11, 0)
    assert (await running.get("resident", "/calls/2026")).status == 404
    bought = await published(running, STREET, plan(2026, item("i1", way="building")))
    bare = await called(running, STREET, bought, "i1")
    assert (bare.status, bare.body["rule"], bare.body["field"]) == (409, "P-38", "category")
    kind = "社区文化营造类"
    assert (await called(running, STREET, bought, "i1", category=kind)).status == 201
    given = {"street": "guanshang", "year": 2026, "amount": 900, "document": "官民字3号"}
    assert (await running.post(STREET, "/sums", given)).status == 403
    nowhere = await running.post("finance", "/sums", {**given, "street": "nope"})
    assert (nowhere.status, nowhere.body["field"]) == (422, "street")
    assert nowhere.body["type"].endswith("unknown-reference")
    passed = await running.post("finance", "/sums", given)
    assert passed.status == 201, passed.body
    path = f"/sums/{passed.body['id']}"
    used = {"spent": 400, "on": "2026-01-05", "text": "社区花园"}
    assert (await stepped(running, "street:taihe", path, "report_use", used)).status == 404
    assert (await stepped(running, STREET, path, "report_use", used)).status == 200
    own = (await running.get("resident", "/calls/2026")).body
    assert (own["printed"], own["calls"], own["awarded"]) == (None, 1, 0)
    assert own["categories"] == [{"name": kind, "calls": 1, "awarded": 0, "amount": 0}]
    assert own["streets"] == [{"street": "guanshang", "amount": 900, "spent": 400}]


async def test_P_11_a_panel_sees_what_it_was_drawn_for_and_nobody_else_does(
    running: Running,
) -> None:
    bought = await published(running, STREET, plan(2026, item("i1", way="linkage")))
    call = await called(running, STREET, bought, "i1")
    path, review = f"/solicitations/{call.body['id']}", f"/reviews/{call.body['id']}"
    assert (
        await running.post("supplier:tongxin", f"{path}/applications", APPLICATION)
    ).status == 200
    await opened(running, path)
    await running.fill_bank()
    assert (await stepped(running, "finance", path, "panel", {"size": 3})).status == 200
    assert (await running.get("expert:7", review)).status == 404
    assert (await stepped(running, "discipline", path, "panel/draw", {"seed": "8"})).status == 200

    shown = await running.get("expert:7", f"{review}?actions=all")
    assert (shown.body["state"]["handed"], shown.body["state"]["seats"]) == (0, 3)
    assert {one["name"] for one in shown.body["actions"] if one["open"]} == {"score", "recuse"}
    assert not {"applications", "sealed", "panel"} & set(shown.body["state"])
    [listed] = (await running.get("expert:8", "/reviews?actions=now")).body["items"]
    assert {one["name"] for one in listed["actions"]} == {"score", "recuse"}
    for who in ("expert:4", "finance", "district_admin", STREET, "supplier:tongxin"):
        assert (await running.get(who, review)).status == 404
        assert (await running.get(who, "/reviews?count=true")).body["count"] == 0
    back = await running.post("expert:9", f"{path}/panel/recuse", {"reason": "有利益关系"})
    assert back.status == 200
    assert (await running.get("expert:9", review)).status == 404
    assert await awaits(running, "expert:7") == []
