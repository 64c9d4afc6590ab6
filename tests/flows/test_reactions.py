"""What one service tells and another does about it, across the bus, in both sizes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest

from gongzhi.office import Office, Refused
from tests.support.bodies import FACTS, SCHEME, evaluation, planned, seated
from tests.support.buses import until
from tests.support.platform import Cast

PROBLEMS = "/api/v1/whistle/problems"
WHISTLES = "/api/v1/whistle/whistles"


async def found(
    office: Office, path: str, *, where: Callable[[Any], bool], **query: Any
) -> list[Any]:
    """The items of a list that answer `where`."""
    page = await office.get(path, limit=200, **query)
    return [item for item in page["items"] if where(item["state"])]


def one(look: Callable[[], Awaitable[list[Any]]]) -> Callable[[], Awaitable[bool]]:
    async def holds() -> bool:
        return len(await look()) == 1

    return holds


async def settle() -> None:
    """Long enough for a second effect, if there were one, to show."""
    await asyncio.sleep(1.0)


# evaluation → eligibility


async def test_P_07_a_failed_evaluation_restricts_the_supplier_over_the_bus(cast: Cast) -> None:
    finance = cast("finance")
    code, project = f"ngo-{uuid4().hex[:8]}", f"p-{uuid4().hex[:8]}"
    await finance.post(
        "/api/v1/procurement/suppliers",
        {"code": code, "name": "演示社会组织", "kind": "social_organisation", "facts": FACTS},
    )
    by = f"department:d-{uuid4().hex[:8]}"
    buyer = cast(by)
    terms = {
        "street": "guanshang",
        "plan": await planned(cast, by, 2026, "i1"),
        "item": "i1",
        "supplier": code,
        "project": project,
        "title": "演示助老服务",
        "amount": 20_000_000,
    }
    contract = (await buyer.post("/api/v1/procurement/contracts", terms))["id"]
    path = f"/api/v1/procurement/contracts/{contract}"
    expert = await seated(cast, contract)
    await expert.post(f"{path}/scheme", SCHEME)
    supplier = cast(f"supplier:{code}")
    await supplier.step(
        "/api/v1/procurement/contracts", contract, "scheme/answer", {"accepted": True}
    )
    parts = {"professional": 130, "output": 120, "quality": 110, "management": 100}
    for stage in ("before", "mid", "final"):
        await expert.post(
            f"{path}/evaluations",
            evaluation(stage, parts),
        )
    ended = await finance.get(f"/api/v1/procurement/contracts/{contract}")
    assert ended["state"]["status"] == "ended"

    async def standing() -> dict[str, Any]:
        path = f"/api/v1/procurement/suppliers/{code}/eligibility"
        return dict(await finance.get(path, **{"for": project, "year": 2027}))

    async def restricted() -> bool:
        return bool((await standing())["state"] == "restricted")

    await until(restricted)
    [reason] = (await standing())["reasons"]
    assert reason["rule"] == "P-07"
    assert reason["clause"] == "官社建办通〔2018〕15号 二.5.6"
    with pytest.raises(Refused) as refused:
        again = {"plan": await planned(cast, by, 2027, "i1")}
        await buyer.post("/api/v1/procurement/contracts", {**terms, **again})
    assert refused.value.problem["rule"] == "P-07"
    assert refused.value.problem["clause"] == "官社建办通〔2018〕15号 二.5.6"

    centre = cast("command_centre")

    async def told() -> bool:
        feed = await centre.get("/api/v1/events", type="procurement.eligibility_changed.v1")
        events = [item["event"]["data"] for item in feed["items"]]
        mine = [event for event in events if event["supplier"] == code]
        return [event["state"] for event in mine] == ["restricted"]

    await until(told)


# consultation → whistle


async def test_C_10_an_outcome_for_an_upper_level_becomes_one_problem(cast: Cast) -> None:
    community = cast("community:dongbei")
    members = [{"seat": f"s{n:02}", "kind": "fixed", "non_party": n < 15} for n in range(1, 22)]
    committee = await community.post(
        "/api/v1/consultation/committees",
        {"level": "community", "community": "dongbei", "name": "议事委员会", "members": members},
    )
    title = f"老旧小区停车位不足 {uuid4().hex[:6]}"
    matter = await community.post(
        "/api/v1/consultation/matters",
        {
            "committee": committee["id"],
            "title": title,
            "category": "parking",
            "head": "order",
            "subject": "停车秩序与公共空间",
        },
    )
    path, id = "/api/v1/consultation/matters", matter["id"]
    settled = {
        "by": "party_organisation",
        "form": "council",
        "participants": "居民代表",
        "plan": "一上午",
    }
    await community.step(path, id, "accept", settled)
    await community.step(path, id, "research", {"findings": "已走访三个小区"})
    present = [member["seat"] for member in members[:15]]
    outcome = {"outcome": "needs_upper_level", "present": present, "target": "whistle"}
    await community.step(path, id, "outcome", outcome)

    centre = cast("command_centre")

    async def problems() -> list[Any]:
        return await found(centre, PROBLEMS, where=lambda p: p["title"] == title, street="wujing")

    await until(one(problems))
    await settle()
    [problem] = await problems()
    assert problem["state"]["channel"] == "consultation"
    assert problem["state"]["community"] == "dongbei"
    assert problem["correlation"] == id


# housing → whistle


async def test_H_07_an_overdue_agreement_blows_one_tackle_whistle(cast: Cast) -> None:
    street, centre = cast("street:taihe"), cast("command_centre")
    agreement = await street.post(
        "/api/v1/housing/agreements",
        {
            "project": "演示楼盘",
            "community": "hepinglu",
            "developer": "demo-developer",
            "households": 1000,
            "area": "300.00",
            "due": "2026-06-30",
        },
    )

    async def whistles() -> list[Any]:
        mine = f"agreement:{agreement['id']}"
        return await found(
            centre, WHISTLES, where=lambda w: w.get("origin") == mine, street="taihe"
        )

    await until(one(whistles))
    await settle()
    [whistle] = await whistles()
    state = whistle["state"]
    assert (state["kind"], state["level"], state["status"]) == ("tackle", "street", "blown")
    assert state["summoned"] == ["housing_construction"]
    assert state["blower"] == "street:taihe"

    await street.step(
        "/api/v1/housing/agreements",
        agreement["id"],
        "extend",
        {"due": "2030-06-30", "reason": "规划调整"},
    )

    async def noted() -> bool:
        now = await centre.get(f"{WHISTLES}/{whistle['id']}")
        return bool(now["state"]["notes"] == ["extended"])

    await until(noted)
    assert len(await whistles()) == 1


# partner → whistle


def told(source: str, id: str, **data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": id,
        "source": source,
        "type": "partner.problem_reported.v1",
        "data": {
            "community": "jiangong",
            "category": "environment",
            "title": "垃圾清运不及时",
            "reported_at": "2025-11-20T01:00:00Z",
            **data,
        },
    }


async def test_a_partners_news_becomes_one_problem_however_often_it_is_sent(cast: Cast) -> None:
    hotline, centre = cast("partner:hotline"), cast("command_centre")
    id = uuid4().hex
    title = f"垃圾清运不及时 {id[:6]}"
    news = told("/partners/hotline", id, title=title)
    first = await hotline.post("/api/v1/partners/events", news)
    assert first["repeated"] is False
    again = await hotline.post("/api/v1/partners/events", news)
    assert again["repeated"] is True

    async def problems() -> list[Any]:
        return await found(centre, PROBLEMS, where=lambda p: p["title"] == title, street="jinma")

    await until(one(problems))
    await settle()
    [problem] = await problems()
    assert problem["state"]["channel"] == "digital"
    assert problem["state"]["origin"] == "partner:/partners/hotline"
    assert problem["state"]["arose_at"] == "2025-11-20T01:00:00Z"
    assert problem["state"]["collected_at"] > problem["state"]["arose_at"]

    with pytest.raises(Refused) as refused:
        await hotline.post("/api/v1/partners/events", told("/partners/hotline", id, title="别的"))
    assert refused.value.problem["type"] == "/problems/key-reused"


async def test_no_news_is_taken_for_another_with_a_slash_elsewhere(cast: Cast) -> None:
    hotline, centre = cast("partner:hotline"), cast("command_centre")
    id = uuid4().hex
    title = f"路面积水 {id[:6]}"
    for source, name in (("/partners/hotline", f"east/{id}"), ("/partners/hotline/east", id)):
        said = await hotline.post("/api/v1/partners/events", told(source, name, title=title))
        assert said["repeated"] is False

    async def both() -> bool:
        found_now = await found(
            centre, PROBLEMS, where=lambda p: p["title"] == title, street="jinma"
        )
        return len(found_now) == 2

    await until(both)


@pytest.mark.parametrize(
    ("news", "status", "field"),
    [
        (told("/partners/hotline", "x1", community="Not A Code"), 422, "data.community"),
        (told("/partners/hotline", "x7", reference="张三的电话"), 422, "data.reference"),
        ({**told("/partners/hotline", "x2"), "type": "partner.problem_reported.v9"}, 422, "type"),
        ({**told("/partners/hotline", "x3"), "type": "whistle.closed.v1"}, 422, "type"),
        (told("/partners/other", "x4"), 403, "source"),
        ({**told("/partners/hotline", "x5"), "specversion": "0.3"}, 422, "body.specversion"),
        # A broker carries 255 bytes of an id, and NUL ends what SQLite compares.
        (told("/partners/hotline", "编号" * 60), 422, "body.id"),
        (told("/partners/hotline", "x6\0a"), 422, "body.id"),
    ],
)
async def test_a_partners_bad_news_names_the_field(
    cast: Cast, news: dict[str, Any], status: int, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        await cast("partner:hotline").post("/api/v1/partners/events", news)
    assert (refused.value.status, refused.value.problem["field"]) == (status, field)


async def test_only_a_partner_tells_in_a_partners_name(cast: Cast) -> None:
    news = told("/partners/hotline", "y1")
    for acts_as, scope in (("street:jinma", None), ("street:jinma", "partner:events")):
        with pytest.raises(Refused) as refused:
            await cast(acts_as, scope).post("/api/v1/partners/events", news)
        assert refused.value.status == 403
