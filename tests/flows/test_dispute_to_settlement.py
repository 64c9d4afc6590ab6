"""Disputes over the broker: of a topic refused in consultation its proposer is told, of a partner's the partner."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from chassis.kernel.clock import local_date, quarter_of
from chassis.service import utc_now
from gongzhi.office import Office, Refused
from tests.support.consultation import roll
from tests.support.platform import Cast

COMMUNITY = "community:wuliduo"
CONSULTATION, MEDIATION = "/api/v1/consultation", "/api/v1/mediation"
PROPOSAL = {
    "community": "wuliduo",
    "title": "三栋两户的空调滴水",
    "text": "楼上空调滴水，两家为此争执。",
}
PARTIES = [{"name": "演示甲", "phone": "13800000001"}, {"name": "演示乙"}]


@pytest.fixture
async def refused(cast: Cast) -> tuple[str, str]:
    """The matter, and the receipt code of who proposed it."""
    community = cast(COMMUNITY)
    committee = {"level": "community", "name": "议事委员会", "members": roll(20, 12)}
    try:
        await community.post(f"{CONSULTATION}/committees", {**committee, "community": "wuliduo"})
    except Refused as refusal:  # it sits already
        assert refusal.problem["rule"] == "C-01"
    receipt = await cast("resident").post(f"{CONSULTATION}/public/proposals", PROPOSAL)
    waiting = await community.get(f"{CONSULTATION}/proposals", state="waiting")
    [proposal] = [one for one in waiting["items"] if one["state"]["title"] == PROPOSAL["title"]]
    taken = await community.step(
        f"{CONSULTATION}/proposals",
        proposal["id"],
        "take_up",
        {"title": "空调滴水", "category": "noise", "subject": "两户之间。"},
    )
    matter = str(taken["state"]["matter"])
    await community.step(
        f"{CONSULTATION}/matters", matter, "refuse", {"ground": "two_party_dispute"}
    )
    return matter, str(receipt["code"])


async def case_of(office: Office, matter: str) -> str:
    for _ in range(200):
        page = await office.get(f"{MEDIATION}/cases", source="consultation", limit=200)
        found = [one["id"] for one in page["items"] if one["state"].get("matter") == matter]
        if found:
            return str(found[0])
        await asyncio.sleep(0.1)
    raise AssertionError("mediation hasn't heard of it")


async def mediator(office: Office) -> str:
    """On the district's roster, and trained."""
    code = f"m-{uuid4().hex[:8]}"
    await office.post(f"{MEDIATION}/mediators", {"code": code, "name": "演示调解员"})
    trained = {"on": "2026-01-05", "hours": 8, "subject": "调解技巧"}
    await office.step(f"{MEDIATION}/mediators", code, "train", trained)
    return code


async def settled(office: Office, case: str, led_by: str) -> dict[str, Any]:
    here, today = f"{MEDIATION}/cases", local_date(utc_now()).isoformat()
    for party, person in zip("ab", PARTIES, strict=True):
        now = await office.get(f"{here}/{case}")
        await office.put(f"{here}/{case}/parties/{party}", person, version=now["version"])
    steps: list[tuple[str, dict[str, Any]]] = [
        ("accept", {}),
        *(("will", {"party": party, "willing": True}) for party in "ab"),
        ("session", {"on": today, "body": "committee", "mediators": [led_by]}),
        (
            "agree",
            {"signed_on": today, "signed": ["a", "b"], "perform_by": today, "terms": "接管排水。"},
        ),
        ("perform", {"on": today}),
        ("visit", {"on": today, "settled": True, "heard": "不再滴水。"}),
    ]
    for step, said in steps:
        ended = await office.step(here, case, step, said)
    found: dict[str, Any] = ended
    return found


async def test_a_refused_dispute_is_settled_and_its_proposer_told(
    cast: Cast, refused: tuple[str, str]
) -> None:
    matter, code = refused
    office = cast(COMMUNITY)
    case = await case_of(office, matter)
    ended = await settled(office, case, await mediator(cast("district_admin")))
    assert (ended["state"]["status"], ended["state"]["ended"]["how"]) == ("ended", "settled")

    proposer = cast("resident")
    for _ in range(200):
        told = await proposer.post(f"{CONSULTATION}/public/case", {"code": code})
        if told.get("mediation"):
            break
        await asyncio.sleep(0.1)
    assert (told["ground"], told["mediation"]) == ("two_party_dispute", "settled")

    types, everything = await story(cast, matter)
    assert types == [
        "consultation.matter_referred.v1",
        "mediation.case_registered.v1",
        "mediation.case_ended.v1",
    ]
    for secret in ("演示甲", "演示乙", "13800000001", "接管排水", "不再滴水", "空调"):
        assert secret not in everything
        assert secret not in str(ended)
    trail = await office.get(f"{MEDIATION}/cases/{case}/trail", verify="true")
    assert trail["faults"] == [] and "演示甲" not in str(trail)
    opened = await office.post(f"{MEDIATION}/cases/{case}/sealed", {"reason": "整理卷宗。"})
    assert opened["a"]["name"] == "演示甲" and opened["terms-1"]["terms"] == "接管排水。"


async def story(cast: Cast, correlation: str) -> tuple[list[str], str]:
    """In one request, in the order in which it was told."""
    for _ in range(200):
        page = await cast("command_centre").get(
            "/api/v1/events", correlation=correlation, limit=100
        )
        types = [item["event"]["type"] for item in page["items"]]
        if "mediation.case_ended.v1" in types:
            return types, str(page)
        await asyncio.sleep(0.1)
    raise AssertionError(f"the journal lacks the end: {types}")


async def test_M_12_a_partner_hears_by_its_own_number_how_its_dispute_ended(cast: Cast) -> None:
    number = f"YN-{uuid4().hex[:8]}"
    grid, office = cast("partner:grid"), cast(COMMUNITY)
    data = {
        "community": "wuliduo",
        "dispute": "labour",
        "reference": number,
        "reported_at": "2026-11-20T01:00:00Z",
    }
    news = {
        "specversion": "1.0",
        "id": uuid4().hex,
        "source": "/partners/grid",
        "type": "partner.dispute_reported.v1",
        "data": data,
    }
    for _ in range(2):
        await grid.post("/api/v1/partners/events", news)
    case = await case_with(office, number)
    quarter = quarter_of(utc_now())
    await settled(office, case, await mediator(cast("district_admin")))

    async def heard() -> list[str]:
        page = await grid.get("/api/v1/events", reference=number, limit=100)
        return [item["event"]["type"] for item in page["items"]]

    for _ in range(200):
        types = await heard()
        if "mediation.case_ended.v1" in types:
            break
        await asyncio.sleep(0.1)
    assert types == [
        "partner.dispute_reported.v1",
        "mediation.case_registered.v1",
        "mediation.case_ended.v1",
    ]
    feed = f"/api/v1/index/observations/{quarter[:4]}/35/feed"
    justice = cast("department:justice")
    for _ in range(200):
        fed = await justice.get(feed, limit=200)
        if case in {one["dispute"] for one in fed["items"]}:
            break
        await asyncio.sleep(0.1)
    assert fed["figure"]["part"] == fed["figure"]["of"] == len(fed["items"])
    assert fed["value"] == "100.00"


async def case_with(office: Office, number: str) -> str:
    """Found as a clerk finds it, by the number on the telephone."""
    for _ in range(200):
        page = await office.get(f"{MEDIATION}/cases", q=number)
        if page["items"]:
            [found] = page["items"]
            return str(found["id"])
        await asyncio.sleep(0.1)
    raise AssertionError("mediation hasn't heard of it")
