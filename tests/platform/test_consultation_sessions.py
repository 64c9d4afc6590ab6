"""C-08, C-09 over HTTP: one session for a matter, one outcome, and a quorum that nobody is dismissed into."""

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest

from chassis.kernel.holding import HELD_FOR
from contracts.consultation import MatterDeliberated
from services.consultation.domain.session import Session
from tests.support.consultation import (
    COMMUNITY,
    Answer,
    Desk,
    committee,
    desk,
    researched,
    seats,
    settled,
    topic,
    until,
)

__all__ = ["desk"]
SESSIONS = "/consultation/sessions"
NOT_YET = {"outcome": "not_yet_possible", "explanation": "暂无经费。"}
CLOSING = {"summary": "暂缓。"}


def called(desk: Desk, matter: dict[str, Any]) -> dict[str, Any]:
    """Soon enough that it may open at once, where it is urgent."""
    return {
        "committee": matter["state"]["committee"],
        "kind": "topical",
        "called_by": "party_committee",
        "matter": matter["id"],
        "place": "居民议事厅",
        "held_at": (desk.clock() + timedelta(minutes=10)).isoformat(),
    }


async def take(desk: Desk, session: dict[str, Any], step: str, body: dict[str, Any]) -> Answer:
    return await desk.take(f"/sessions/{session['id']}", step, COMMUNITY, body)


async def opened(desk: Desk, matter: dict[str, Any], count: int = 20) -> dict[str, Any]:
    session = await desk.made(SESSIONS, COMMUNITY, called(desk, matter))
    for step, body in (
        ("urgent", {"reason": "汛期。"}),
        ("arrive", {"seats": seats(count)}),
        ("open", {"chair": "secretary"}),
    ):
        status, answer = await take(desk, session, step, body)
        assert status == 200, answer
    return session


def _died(*_: object, **__: object) -> None:
    raise RuntimeError("the process died before the session was written")


async def another(desk: Desk, matter: dict[str, Any]) -> Answer:
    return await desk.ask("POST", SESSIONS, COMMUNITY, called(desk, matter))


async def state_of(desk: Desk, matter: dict[str, Any]) -> dict[str, Any]:
    _, now = await desk.ask("GET", f"/consultation/matters/{matter['id']}", COMMUNITY)
    return dict(now["state"])


async def concluded(desk: Desk, matter: dict[str, Any]) -> None:
    async def taken() -> bool:
        return (await state_of(desk, matter)).get("conclusion") is not None

    await until(taken)


async def test_C_09_of_calls_at_once_for_one_matter_one_is_carried_out(desk: Desk) -> None:
    matter = await researched(desk)
    answers = await asyncio.gather(*[another(desk, matter) for _ in range(6)])
    assert sorted(status for status, _ in answers) == [201, *[409] * 5]
    refused = [answer for status, answer in answers if status == 409]
    assert {(answer["rule"], answer["field"]) for answer in refused} == {("C-09", "matter")}
    _, page = await desk.ask("GET", f"{SESSIONS}?matter={matter['id']}", COMMUNITY)
    assert len(page["items"]) == 1


async def test_C_09_after_one_that_was_adjourned_a_matter_has_another_session(desk: Desk) -> None:
    matter = await researched(desk)
    said, key = called(desk, matter), {"idempotency_key": "call-once"}
    status, first = await desk.ask("POST", SESSIONS, COMMUNITY, said, **key)
    assert status == 201
    assert (await another(desk, matter))[0] == 409
    assert (await take(desk, first, "adjourn", {"reason": "人数不足。"}))[0] == 200
    status, second = await another(desk, matter)
    assert (status, second["id"] != first["id"]) == (201, True)
    status, again = await desk.ask("POST", SESSIONS, COMMUNITY, said, **key)
    assert (status, again["id"]) == (201, first["id"])


async def test_C_09_of_a_call_and_an_outcome_by_hand_at_once_one_is_carried_out(desk: Desk) -> None:
    by_hand, refusals = {**NOT_YET, "present": seats(20)}, set()
    matter = await researched(desk)
    for _ in range(4):
        (called_it, session), (by_paper, paper) = await asyncio.gather(
            another(desk, matter), desk.step(matter, "outcome", COMMUNITY, by_hand)
        )
        assert (called_it == 201) is not (by_paper == 200)
        refused = session if by_paper == 200 else paper
        refusals.add(refused.get("rule") or refused["type"])
        seated = {"id": matter["state"]["committee"], "state": matter["state"]}
        matter = await desk.made("/consultation/matters", COMMUNITY, topic(seated))
        assert (await desk.step(matter, "accept", COMMUNITY, settled(COMMUNITY)))[0] == 200
        assert (await desk.step(matter, "research", COMMUNITY, {"findings": "走访。"}))[0] == 200
    assert refusals <= {"C-09", "C-16", "/problems/stale"}


async def test_C_09_a_matter_notes_its_session_before_that_is_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So one that is being called keeps an outcome by hand away; one that never came does for ten minutes."""
    matter, by_hand = await researched(desk), {**NOT_YET, "present": seats(20)}
    with monkeypatch.context() as broken:
        broken.setattr(Session, "__init__", _died)
        assert (await another(desk, matter))[0] == 500
    status, refusal = await desk.step(matter, "outcome", COMMUNITY, by_hand)
    assert (status, refusal["rule"]) == (409, "C-09")
    desk.clock.ahead = HELD_FOR
    assert (await desk.step(matter, "outcome", COMMUNITY, by_hand))[0] == 200


async def test_C_09_a_session_s_outcome_stands_and_is_the_only_one(desk: Desk) -> None:
    """Also before its matter has heard of it; until the matter is taken up again."""
    matter = await researched(desk)
    session = await opened(desk, matter)
    assert (await take(desk, session, "record", NOT_YET))[0] == 200
    assert (await another(desk, matter))[0] == 409
    _, now = await desk.ask("GET", f"{SESSIONS}/{session['id']}", COMMUNITY)
    steps = {action["name"] for action in now["actions"]}
    assert ("close" in steps, "adjourn" in steps) == (True, False)
    status, refusal = await take(desk, session, "adjourn", {"reason": "不想形成纪要。"})
    assert (status, refusal["rule"]) == (409, "C-09")
    assert (await take(desk, session, "close", CLOSING))[0] == 200
    await concluded(desk, matter)
    assert (await another(desk, matter))[0] == 409
    assert (await desk.step(matter, "reopen", COMMUNITY, {"reason": "另有意见。"}))[0] == 200
    second = await opened(desk, matter)
    assert second["id"] != session["id"]
    by_hand = {**NOT_YET, "present": seats(20)}
    status, refusal = await desk.step(matter, "outcome", COMMUNITY, by_hand)
    assert (status, refusal["rule"]) == (409, "C-09")


async def test_C_09_an_outcome_whose_news_comes_second_is_set_aside_and_not_parked(
    desk: Desk,
) -> None:
    """Its own stands, and the news is settled."""
    matter = await researched(desk)
    session = await opened(desk, matter)
    assert (await take(desk, session, "record", NOT_YET))[0] == 200
    seated = {"id": matter["state"]["committee"], "state": matter["state"]}
    other = await desk.made("/consultation/matters", COMMUNITY, topic(seated))
    assert (await desk.step(other, "accept", COMMUNITY, settled(COMMUNITY)))[0] == 200
    assert (await desk.step(other, "research", COMMUNITY, {"findings": "走访。"}))[0] == 200
    on_paper = {"outcome": "usable_here", "unit": "water", "present": seats(20)}
    assert (await desk.step(other, "outcome", COMMUNITY, on_paper))[0] == 200
    news = MatterDeliberated(
        street="guanshang", community="guanshangzhongxinqu", matter=other["id"]
    )
    await desk.tell("/gongzhi/consultation", f"sessions/{session['id']}", "late-news", news)

    async def aside() -> bool:
        return bool((await state_of(desk, other))["set_aside"])

    await until(aside)
    now = await state_of(desk, other)
    assert (now["status"], now["conclusion"]["outcome"]) == ("handed", "usable_here")
    [one] = now["set_aside"]
    assert (one["session"], one["outcome"]) == (session["id"], "not_yet_possible")
    assert await desk.runtime.bus.parked("consultation") == []


async def test_C_08_nobody_is_dismissed_into_a_quorum(desk: Desk) -> None:
    """Neither before a session opens nor while it is held; too few hold none, nor one on paper."""
    seated = await desk.made("/consultation/committees", COMMUNITY, committee(count=22, outside=22))

    async def ready() -> dict[str, Any]:
        matter = await desk.made("/consultation/matters", COMMUNITY, topic(seated))
        assert (await desk.step(matter, "accept", COMMUNITY, settled(COMMUNITY)))[0] == 200
        assert (await desk.step(matter, "research", COMMUNITY, {"findings": "走访。"}))[0] == 200
        return matter

    async def dismiss(seat: str) -> None:
        note = {"why": "own_wish", "note": "本人申请"}
        path = f"/committees/{seated['id']}"
        assert (await desk.take(path, f"members/{seat}/dismiss", COMMUNITY, note))[0] == 200

    matters = [await ready() for _ in range(3)]
    session = await desk.made(SESSIONS, COMMUNITY, called(desk, matters[0]))
    held = await opened(desk, matters[1], count=11)
    assert (await take(desk, session, "urgent", {"reason": "汛期。"}))[0] == 200
    assert (await take(desk, session, "arrive", {"seats": seats(10)}))[0] == 200
    for seat in ("s10", "s21"):
        await dismiss(seat)
    status, refusal = await take(desk, session, "open", {"chair": "secretary"})
    assert (status, refusal["rule"], "field" in refusal) == (409, "C-08", False)
    status, refusal = await take(desk, held, "record", NOT_YET)
    assert (status, refusal["rule"], "field" in refusal) == (409, "C-08", False)
    _, shown = await desk.ask("GET", f"{SESSIONS}/{held['id']}/roll", COMMUNITY)
    assert (shown["attending"], shown["entitled"], shown["quorate"]) == (10, 22, False)
    await dismiss("s20")
    assert (await take(desk, session, "arrive", {"seats": ["s11"]}))[0] == 200
    status, refusal = await take(desk, session, "open", {"chair": "secretary"})
    assert (status, refusal["rule"]) == (409, "C-01")
    by_hand = {**NOT_YET, "present": [*seats(10), "s11"]}
    status, refusal = await desk.step(matters[2], "outcome", COMMUNITY, by_hand)
    assert (status, refusal["rule"]) == (409, "C-01")


async def test_a_refusal_of_the_matter_s_names_the_matter_s_steps(desk: Desk) -> None:
    seated = await desk.made("/consultation/committees", COMMUNITY, committee())
    matter = await desk.made("/consultation/matters", COMMUNITY, topic(seated))
    status, refusal = await another(desk, matter)
    assert status == 409
    assert "不能办理“议事结果”" in refusal["detail"] and not re.search("[a-z]", refusal["detail"])
