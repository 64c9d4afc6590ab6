"""A part of the demo: what a hearing may not take up is mediated, and its proposer is informed of the outcome.

The dispute, its parties and everybody who acts are invented.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from chassis.kernel.clock import local_date

from .demo_cast import arrived
from .office import Office, Refused

CONSULTATION, MEDIATION = "/api/v1/consultation", "/api/v1/mediation"
CASES = f"{MEDIATION}/cases"
TOPIC = {"title": "空调滴水（虚构）", "category": "noise", "subject": "两户之间。"}
PARTIES = {"a": {"name": "演示甲", "phone": "13800000001"}, "b": {"name": "演示乙"}}
TERMS = "接管排水。"
SEATS, OUTSIDE = 20, 12
"""Of a committee's seats, and how many are held by who is in no party."""

Cast = Callable[[str], Office]


async def dispute_settled(
    office: Cast, say: Callable[[str], None], community: str = "haixiang"
) -> tuple[str, str]:
    """What its proposer is told: why it wasn't taken up, and what came of it."""
    matter, receipt = await refused(office, community)
    say("居民提出议题（虚构），属两方纠纷，不列入议事，转人民调解")
    own = office(f"community:{community}")
    case = await case_of(own, matter)
    await settled(own, case, await mediator(office("district_admin")))
    say("受理、自愿、调解、签字、履行、回访：调解成功")

    async def told() -> dict[str, Any] | None:
        path = f"{CONSULTATION}/public/case"
        found: dict[str, Any] = await office("resident").post(path, {"code": receipt})
        return found if found.get("mediation") else None

    answer = await arrived(told, "the proposer isn't told how it ended")
    say("提出人凭查询码看到：已调解成功")
    return str(answer["ground"]), str(answer["mediation"])


async def refused(office: Cast, community: str) -> tuple[str, str]:
    """The matter, and the receipt code of who proposed it."""
    own = office(f"community:{community}")
    members = [{"seat": f"s{n}", "kind": "fixed", "non_party": n < OUTSIDE} for n in range(SEATS)]
    seated = {"level": "community", "community": community, "name": "议事委员会"}
    try:
        await own.post(f"{CONSULTATION}/committees", {**seated, "members": members})
    except Refused as refusal:
        if refusal.problem.get("rule") != "C-01":  # It sits already.
            raise
    title = f"两户的空调滴水 {uuid4().hex[:6]}（虚构）"
    proposal = {"community": community, "title": title, "text": "楼上空调滴水，两家为此争执。"}
    receipt = await office("resident").post(f"{CONSULTATION}/public/proposals", proposal)
    waiting = await own.get(f"{CONSULTATION}/proposals", state="waiting", limit=200)
    [proposed] = [one for one in waiting["items"] if one["state"]["title"] == title]
    taken = await own.step(f"{CONSULTATION}/proposals", proposed["id"], "take_up", TOPIC)
    matter = str(taken["state"]["matter"])
    ground = {"ground": "two_party_dispute"}
    await own.step(f"{CONSULTATION}/matters", matter, "refuse", ground)
    return matter, str(receipt["code"])


async def case_of(office: Office, matter: str) -> str:
    """Mediation's case, as soon as it has heard."""

    async def case() -> str | None:
        page = await office.get(CASES, source="consultation", limit=200)
        found = [one["id"] for one in page["items"] if one["state"].get("matter") == matter]
        return str(found[0]) if found else None

    return await arrived(case, "mediation hasn't heard of the dispute")


async def mediator(office: Office) -> str:
    """On the district's roster, and trained."""
    code = f"m-{uuid4().hex[:8]}"
    await office.post(f"{MEDIATION}/mediators", {"code": code, "name": "演示调解员"})
    trained = {"on": "2026-01-05", "hours": 8, "subject": "调解技巧"}
    await office.step(f"{MEDIATION}/mediators", code, "train", trained)
    return code


async def settled(office: Office, case: str, led_by: str) -> dict[str, Any]:
    """From acceptance to the visit that finds it settled."""
    today = local_date(datetime.now(UTC)).isoformat()
    for party, person in PARTIES.items():
        now = await office.get(f"{CASES}/{case}")
        await office.put(f"{CASES}/{case}/parties/{party}", person, version=now["version"])
    signed = {"signed_on": today, "signed": list(PARTIES), "perform_by": today, "terms": TERMS}
    steps: list[tuple[str, dict[str, Any]]] = [
        ("accept", {}),
        *(("will", {"party": party, "willing": True}) for party in PARTIES),
        ("session", {"on": today, "body": "committee", "mediators": [led_by]}),
        ("agree", signed),
        ("perform", {"on": today}),
        ("visit", {"on": today, "settled": True, "heard": "不再滴水。"}),
    ]
    for step, said in steps:
        ended = await office.step(CASES, case, step, said)
    found: dict[str, Any] = ended
    return found
