"""Disputes over the broker: of a topic refused in consultation its proposer is told, of a partner's the partner."""

from typing import Any
from uuid import uuid4

from chassis.kernel.clock import quarter_of
from chassis.service import utc_now
from gongzhi.demo_dispute import case_of, mediator, refused, settled
from gongzhi.office import Office
from tests.support.buses import until
from tests.support.news import in_time
from tests.support.platform import Cast

COMMUNITY = "community:wuliduo"
CONSULTATION, MEDIATION = "/api/v1/consultation", "/api/v1/mediation"


async def test_a_refused_dispute_is_settled_and_its_proposer_told(cast: Cast) -> None:
    matter, code = await refused(cast, "wuliduo")
    office = cast(COMMUNITY)
    case = await case_of(office, matter)
    ended = await settled(office, case, await mediator(cast("district_admin")))
    assert (ended["state"]["status"], ended["state"]["ended"]["how"]) == ("ended", "settled")

    proposer = cast("resident")
    told: dict[str, Any] = {}

    async def answered() -> bool:
        told.update(await proposer.post(f"{CONSULTATION}/public/case", {"code": code}))
        return bool(told.get("mediation"))

    await until(answered)
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
    """In one request, in the order in which it happened."""
    types: list[str] = []
    page: dict[str, Any] = {}

    async def ended() -> bool:
        asked = {"correlation": correlation, "limit": 100}
        page.update(await cast("command_centre").get("/api/v1/events", **asked))
        types[:] = in_time(item["event"] for item in page["items"])
        return "mediation.case_ended.v1" in types

    await until(ended)
    return types, str(page)


async def test_M_12_a_partner_hears_by_its_own_number_how_its_dispute_ended(cast: Cast) -> None:
    number = f"YN-{uuid4().hex[:8]}"
    grid, office = cast("partner:grid"), cast(COMMUNITY)
    data = {
        "community": "wuliduo",
        "dispute": "labour",
        "reference": number,
        "reported_at": "2025-11-20T01:00:00Z",
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

    types: list[str] = []

    async def heard() -> bool:
        page = await grid.get("/api/v1/events", reference=number, limit=100)
        types[:] = in_time(item["event"] for item in page["items"])
        return "mediation.case_ended.v1" in types

    await until(heard)
    assert types == [
        "partner.dispute_reported.v1",
        "mediation.case_registered.v1",
        "mediation.case_ended.v1",
    ]
    feed = f"/api/v1/index/observations/{quarter[:4]}/35/feed"
    justice = cast("department:justice")
    fed: dict[str, Any] = {}

    async def counted() -> bool:
        fed.update(await justice.get(feed, limit=200))
        return case in {one["dispute"] for one in fed["items"]}

    await until(counted)
    assert fed["figure"]["part"] == fed["figure"]["of"] == len(fed["items"])
    assert fed["value"] == "100.00"


async def case_with(office: Office, number: str) -> str:
    """Found as a clerk finds it, by the number on the telephone."""
    found: list[str] = []

    async def came() -> bool:
        page = await office.get(f"{MEDIATION}/cases", q=number)
        found[:] = [one["id"] for one in page["items"]]
        return bool(found)

    await until(came)
    [case] = found
    return case
