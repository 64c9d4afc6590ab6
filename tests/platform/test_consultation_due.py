"""What is due in consultation is found in the order of its dates: matters, sessions, and the committees' plans."""

from datetime import timedelta
from typing import Any

from tests.support.consultation import (
    COMMUNITY,
    STREET,
    Desk,
    committee,
    desk,
    researched,
    seats,
    topic,
    until,
)

__all__ = ["desk"]
HANDED = {"outcome": "usable_here", "unit": "water", "present": seats(20)}


async def listed(desk: Desk, what: str, acts_as: str = COMMUNITY) -> list[dict[str, Any]]:
    status, page = await desk.ask("GET", f"/consultation/{what}?sort=due", acts_as)
    assert status == 200, page
    return list(page["items"])


async def test_C_12_a_matter_is_due_when_what_is_awaited_of_it_is_and_after_it_was_missed(
    desk: Desk,
) -> None:
    handed = await researched(desk)
    seated = {"id": handed["state"]["committee"], "state": {"community": "guanshangzhongxinqu"}}
    later = await desk.made("/consultation/matters", COMMUNITY, topic(seated))
    assert [one.get("due") for one in await listed(desk, "matters")] == [None, None]
    status, answer = await desk.step(handed, "outcome", COMMUNITY, HANDED)
    due = answer["state"]["awaits"]["due"]
    for office in (COMMUNITY, STREET, "department:water"):
        first = (await listed(desk, "matters", office))[0]
        assert (first["id"], first["due"]) == (handed["id"], due)
    assert [one["id"] for one in await listed(desk, "matters")] == [handed["id"], later["id"]]
    desk.clock.ahead = timedelta(days=40)

    async def missed() -> bool:
        return bool((await listed(desk, "matters"))[0]["state"]["missed"])

    await until(missed)
    assert (await listed(desk, "matters"))[0]["due"] == due
    assert (await desk.step(handed, "reopen", COMMUNITY, {"reason": "有异议。"}))[0] == 200
    assert {one.get("due") for one in await listed(desk, "matters")} == {None}


async def test_C_07_a_session_is_due_at_its_time_until_it_is_held_or_adjourned(desk: Desk) -> None:
    matter = await researched(desk)
    body = {
        "committee": matter["state"]["committee"],
        "kind": "topical",
        "called_by": "party_committee",
        "matter": matter["id"],
        "place": "居民议事厅",
        "held_at": (desk.clock() + timedelta(minutes=10)).isoformat(timespec="seconds"),
    }
    session = await desk.made("/consultation/sessions", COMMUNITY, body)
    [found] = await listed(desk, "sessions")
    assert found["due"] == found["state"]["called"]["held_at"]
    path = f"/sessions/{session['id']}"
    for step, said in (
        ("urgent", {"reason": "汛期。"}),
        ("arrive", {"seats": seats(20)}),
        ("open", {"chair": "secretary"}),
    ):
        assert (await desk.take(path, step, COMMUNITY, said))[0] == 200
    assert (await listed(desk, "sessions"))[0]["due"] is None


async def test_C_05_a_committee_is_due_when_its_plan_is(desk: Desk) -> None:
    await desk.made("/consultation/committees", COMMUNITY, committee())
    street = await desk.made("/consultation/committees", STREET, committee("street", 50, 30))
    for one in await listed(desk, "committees", STREET):
        assert one["due"].endswith("-02-28T16:00:00Z") or one["due"].endswith("-02-29T16:00:00Z")

    async def offered() -> set[str]:
        _, found = await desk.ask("GET", f"/consultation/committees/{street['id']}", STREET)
        return {action["name"] for action in found["actions"]}

    assert "plan" in await offered()
    dissolving = {"reason": "换届。"}
    assert (await desk.take(f"/committees/{street['id']}", "dissolve", STREET, dissolving))[
        0
    ] == 200
    assert "plan" not in await offered()
    last = (await listed(desk, "committees", STREET))[-1]
    assert (last["id"], last.get("due")) == (street["id"], None)
