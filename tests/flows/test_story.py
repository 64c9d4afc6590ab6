"""A matter's whole story, from its session through the whistle's problem to the answer, by one request."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.flows.test_reactions import PROBLEMS, found, one
from tests.support.buses import until
from tests.support.news import in_time
from tests.support.platform import Cast

API = "/api/v1/consultation"
MATTERS, SESSIONS = f"{API}/matters", f"{API}/sessions"
SEATS = [f"s{n:02}" for n in range(1, 22)]
STORY = (
    "consultation.matter_deliberated.v1",
    "consultation.outcome_reported.v1",
    "consultation.matter_referred.v1",
    "whistle.problem_collected.v1",
    "whistle.problem_settled.v1",
    "consultation.matter_closed.v1",
)


async def test_C_10_the_story_from_referral_to_answer_reads_in_order_from_one_request(
    cast: Cast,
) -> None:
    community, centre = cast("community:haihua"), cast("command_centre")
    members = [{"seat": seat, "kind": "fixed", "non_party": n < 15} for n, seat in enumerate(SEATS)]
    seated = {"level": "community", "community": "haihua", "name": "议事委员会", "members": members}
    committee = (await community.post(f"{API}/committees", seated))["id"]
    title = f"小区停车秩序 {uuid4().hex[:6]}"
    topic = {"title": title, "category": "parking", "head": "order", "subject": "消防通道被占。"}
    matter = (await community.post(MATTERS, {"committee": committee, **topic}))["id"]
    by = {"by": "party_organisation", "form": "council"}
    await community.step(
        MATTERS, matter, "accept", {**by, "participants": "居民代表", "plan": "一上午。"}
    )
    await community.step(MATTERS, matter, "research", {"findings": "已走访。"})
    session = await deliberated(community, committee, matter)

    async def problems() -> list[Any]:
        return await found(centre, PROBLEMS, where=lambda p: p["title"] == title)

    await until(one(problems))
    [problem] = await problems()
    triage = {"kind": "problem", "urgency": "normal", "difficulty": "easy"}
    await community.step(PROBLEMS, problem["id"], "triage", {**triage, "handling": "immediate"})
    await community.step(PROBLEMS, problem["id"], "settle", {"how": "已划线。"})

    async def answered() -> bool:
        now = await community.get(f"{MATTERS}/{matter}")
        return [told["outcome"] for told in now["state"]["answers"]] == ["settled"]

    await until(answered)
    await community.step(MATTERS, matter, "publish", {"notice": "已张贴。"})
    await community.step(MATTERS, matter, "progress", {"progress": "已划线。"})
    await kept(community, matter)
    await community.step(MATTERS, matter, "complete", {"result": "已划线。"})

    async def told() -> list[dict[str, Any]]:
        page = await centre.get("/api/v1/events", correlation=matter, limit=500)
        return [item["event"] for item in page["items"]]

    async def whole() -> bool:
        return STORY[-1] in [event["type"] for event in await told()]

    await until(whole)
    events = await told()
    assert in_time(event for event in events if event["type"] in STORY) == list(STORY)
    assert {event["correlationid"] for event in events} == {matter}
    assert "consultation.session_held.v1" in [event["type"] for event in events]
    subjects = {event["type"]: event["subject"] for event in events}
    assert subjects[STORY[0]] == f"sessions/{session}"
    assert subjects[STORY[2]] == f"matters/{matter}"
    assert subjects[STORY[4]] == f"problems/{problem['id']}"


async def deliberated(community: Any, committee: str, matter: str) -> str:
    """In an urgent session, which has no notice of five days; its id."""
    called = {
        "committee": committee,
        "kind": "topical",
        "called_by": "party_committee",
        "matter": matter,
        "place": "居民议事厅",
        "held_at": (datetime.now(UTC) + timedelta(minutes=1)).isoformat(),
    }
    id = str((await community.post(SESSIONS, called))["id"])
    referred = {"outcome": "needs_upper_level", "target": "whistle"}
    for step, body in (
        ("notice", {"papers": ["议题方案"]}),
        ("urgent", {"reason": "汛期前须定。"}),
        ("arrive", {"seats": SEATS[:15]}),
        ("open", {"chair": "secretary"}),
        ("record", referred),
        ("close", {"summary": "报上级解决。"}),
    ):
        await community.step(SESSIONS, id, step, body)
    return id


async def kept(community: Any, matter: str) -> None:
    """C-18: text for each step that has none of its own."""
    now = await community.get(f"{MATTERS}/{matter}")
    today = now["state"]["proposed_at"][:10]
    body = {"stage": "topic", "on": today, "text": "征集自居民。"}
    await community.step(MATTERS, matter, "keep", body)
