"""W-16 through the front door: a reporter follows, rates and reopens with a code and no token."""

import asyncio
import io
import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import structlog

from gongzhi import demo
from gongzhi.office import Refused
from tests.support.held import NOW, clock, platform
from tests.support.inside import HeldClock, Inside
from tests.support.pictures import jpeg, png

__all__ = ["clock", "platform"]

RECEIPTS = "/api/v1/whistle/receipts"
PROBLEMS, WHISTLES = demo.PROBLEMS, demo.WHISTLES
STREET, COMMUNITY = "street:guanshang", "community:guanshangzhongxinqu"


async def say(running: Inside, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
    async with running.session.post(running.url + path, json=body) as answer:
        return answer.status, await answer.json()


async def collected(running: Inside, key: str | None = None) -> dict[str, Any]:
    body = {
        "channel": "visit",
        "community": "guanshangzhongxinqu",
        "category": "noise",
        "title": "夜间施工",
        "asked": "请在夜里十点以后停工",
    }
    return dict(await running(COMMUNITY).post(PROBLEMS, body, key=key))


async def answered(running: Inside, problem: str) -> str:
    street, centre = running(STREET), running("command_centre")
    water = running("department:water")
    triage = {"kind": "problem", "urgency": "normal", "difficulty": "hard", "handling": "joint"}
    await running(COMMUNITY).step(PROBLEMS, problem, "triage", triage)
    blow = {"level": "street", "kind": "problem", "units": ["water"], "lead": "water"}
    id = (await street.post(WHISTLES, {**blow, "problem": problem}))["id"]
    for step in ("register", "dispatch"):
        await centre.step(WHISTLES, id, step)
    await water.post(f"{WHISTLES}/{id}/units/water/arrive")
    result = {"outcome": "resolved", "summary": "已停工"}
    await water.post(f"{WHISTLES}/{id}/units/water/result", result)
    await street.step(WHISTLES, id, "confirm", {"done": True})
    await centre.step(WHISTLES, id, "verify")
    await centre.step(WHISTLES, id, "marks", {"points": 80})
    await street.step(WHISTLES, id, "marks", {"points": 90})
    await centre.step(WHISTLES, id, "evaluate")
    await street.step(WHISTLES, id, "answer", {"answer": "夜间不再施工"})
    return str(id)


async def test_W_16_the_code_is_sixteen_digits_and_is_shown_to_nobody_else(
    platform: Inside,
) -> None:
    problem = await collected(platform, key="collect-0001")
    assert len(problem["receipt"]) == 16 and problem["receipt"].isdecimal()
    assert (await collected(platform, key="collect-0001"))["receipt"] == problem["receipt"]
    assert (await collected(platform))["receipt"] != problem["receipt"]
    centre = platform("command_centre")
    shown = await centre.get(f"{PROBLEMS}/{problem['id']}")
    trail = await centre.get(f"{PROBLEMS}/{problem['id']}/trail")
    assert "receipt" not in shown and problem["receipt"] not in str(trail)
    for name in ("whistle", "reporters"):
        for suffix in ("", "-wal"):
            path = platform.data / f"{name}.db{suffix}"
            if path.exists():
                assert problem["receipt"].encode() not in path.read_bytes()


PHOTOS = RECEIPTS + "/photos"


async def photographed(running: Inside, code: str, content: bytes) -> tuple[int, dict[str, Any]]:
    headers = {"x-receipt-code": code, "content-type": "image/jpeg"}
    address = running.url + PHOTOS
    async with running.session.post(address, data=io.BytesIO(content), headers=headers) as answer:
        return answer.status, await answer.json()


async def test_W_16_a_photograph_is_taken_with_the_code_and_shown_to_who_may_read_the_words(
    platform: Inside,
) -> None:
    problem = await collected(platform)
    code, of = problem["receipt"], f"{PROBLEMS}/{problem['id']}/photos"
    status, added = await photographed(platform, code, jpeg(b"GPS 25.02"))
    assert (status, added["media"], added["size"]) == (201, "image/jpeg", len(jpeg(b"")))
    assert (await photographed(platform, code, jpeg(b"")))[1]["id"] == added["id"]
    told = await platform(COMMUNITY).post(RECEIPTS, {"code": code})
    assert told["photos_received"] == 1, "he sees later that it came"
    for wrong in (b"%PDF-1.7", b"<svg/>", jpeg(b"")[:20]):
        assert (await photographed(platform, code, wrong))[0] == 422
    assert (await photographed(platform, "0" * 16, jpeg(b"")))[0] == 404
    assert (await photographed(platform, "1", jpeg(b"")))[0] == 422
    for who in (COMMUNITY, "command_centre"):
        assert [one["id"] for one in await platform(who).get(of)] == [added["id"]]
    headers = {"authorization": f"Bearer {platform(COMMUNITY).token}"}
    async with platform.session.get(f"{platform.url}{of}/{added['id']}", headers=headers) as got:
        assert (got.status, await got.read()) == (200, jpeg(b""))
    for who, status in (
        ("district_admin", 403),
        ("community:haihua", 404),
        ("department:water", 404),
    ):
        with pytest.raises(Refused) as refusal:
            await platform(who).get(of)
        assert refusal.value.status == status
    # Once a unit is called, it sees them by its whistle; what is over takes no more.
    whistle = await answered(platform, problem["id"])
    seen = await platform("department:water").get(f"{WHISTLES}/{whistle}/photos")
    assert [one["id"] for one in seen] == [added["id"]]
    status, refused = await photographed(platform, code, png())
    assert (status, refused["rule"]) == (409, "W-01")
    kept = platform.services["whistle"].stores[-1]
    assert [one["id"] for one in await kept.find("photo_files", {}, lean=True)] == [added["id"]]


async def test_W_16_of_a_photograph_with_a_code_that_is_none_nothing_is_read(
    platform: Inside,
) -> None:
    there = urlsplit(platform.url)
    reader, writer = await asyncio.open_connection(there.hostname, there.port)
    head = f"POST {PHOTOS} HTTP/1.1\r\nHost: x\r\nX-Receipt-Code: {'0' * 16}\r\n"
    writer.write(f"{head}Content-Type: image/jpeg\r\nContent-Length: 1000\r\n\r\n".encode())
    async with asyncio.timeout(60):
        assert b" 404 " in await reader.readline()
    writer.close()


async def test_W_16_the_reporter_follows_rates_and_reopens(
    platform: Inside, clock: HeldClock
) -> None:
    problem = await collected(platform)
    code = problem["receipt"]
    status, case = await say(platform, RECEIPTS, code=code)
    assert (status, case["problem"], case["steps"]) == (200, "collected", [])
    assert (await say(platform, RECEIPTS + "/rating", code=code, rating=5))[0] == 404
    id = await answered(platform, problem["id"])
    _, case = await say(platform, RECEIPTS, code=code)
    assert (case["whistle"], case["outcome"], case["answer"]) == (
        "answered",
        "resolved",
        "夜间不再施工",
    )
    assert case["steps"] == ["rate", "reopen"]
    status, case = await say(platform, RECEIPTS + "/rating", code=code, rating=1)
    assert (status, case["rating"]) == (200, 1)
    assert (case["steps"], case["unit_names"], case["over"]) == (["reopen"], ["区水务局"], True)
    # 0.6·80 + 0.4·(90 + 20)/2
    whistle = await platform("command_centre").get(f"{WHISTLES}/{id}")
    assert whistle["state"]["scores"][0]["score"] == 7000
    assert await say(platform, RECEIPTS + "/rating", code=code, rating=1) == (200, case)
    assert await platform("command_centre").get(f"{WHISTLES}/{id}") == whistle
    status, said = await say(platform, RECEIPTS + "/rating", code=code, rating=5)
    assert (status, said["rule"]) == (409, "W-09")
    status, case = await say(platform, RECEIPTS + "/reopen", code=code, reason="又施工了")
    assert (status, case["whistle"], case["over"]) == (200, "dispatched", False)
    # A second tap is shown what came of the first, and adds nothing to it.
    assert await say(platform, RECEIPTS + "/reopen", code=code, reason="又施工了") == (200, case)
    status, said = await say(platform, RECEIPTS + "/reopen", code=code, reason="再办")
    assert status == 409 and "允许的步骤" in said["detail"]
    assert not any(message.isascii() and message.isalpha() for message in said["detail"])
    entries = (await platform("command_centre").get(f"{WHISTLES}/{id}/trail"))["entries"]
    assert [entry["actor"] for entry in entries if entry["type"] == "WhistleReopened"] == [
        "resident"
    ]
    # His words are with his first ones, and in no trail; what was refused left none.
    assert "又施工了" not in json.dumps(entries, ensure_ascii=False)
    asked = await platform("department:water").get(f"{WHISTLES}/{id}/asked")
    assert asked["asked"].splitlines()[1:] == ["要求重新办理：又施工了"]


async def test_W_17_what_the_reporter_is_told_he_may_do_he_may_when_the_term_is_another_since(
    platform: Inside, clock: HeldClock
) -> None:
    """Scored when it was fifteen days, rated after twenty of thirty; and after ten of five he is told no."""
    admin = platform("district_admin")
    one, other = (await collected(platform), await collected(platform))
    for problem in (one, other):
        await answered(platform, problem["id"])

    async def term(days: int) -> None:
        book: Any = await admin.get("/api/v1/whistle/policy")
        values = {**book["state"]["editions"][-1]["values"], "reopening": {"days": days}}
        said = {"values": values, "reason": "区里另定"}
        await admin.put("/api/v1/whistle/policy", said, version=book["version"])

    await term(5)
    clock.now = NOW + timedelta(days=10)
    assert (await say(platform, RECEIPTS, code=other["receipt"]))[1]["steps"] == []
    assert (await say(platform, RECEIPTS + "/rating", code=other["receipt"], rating=4))[0] == 409
    await term(30)
    clock.now = NOW + timedelta(days=20)
    assert (await say(platform, RECEIPTS, code=one["receipt"]))[1]["steps"] == ["rate", "reopen"]
    status, case = await say(platform, RECEIPTS + "/rating", code=one["receipt"], rating=4)
    assert (status, case["rating"]) == (200, 4)


async def test_W_16_five_wrong_codes_a_minute_and_nothing_of_it_in_the_log(
    platform: Inside, clock: HeldClock
) -> None:
    written = io.StringIO()
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(written))
    try:
        code = (await collected(platform))["receipt"]
        for wrong in range(5):
            assert (await say(platform, RECEIPTS, code=f"{wrong:016d}"))[0] == 404
        for path, more in (("", {}), ("/rating", {"rating": 5}), ("/reopen", {"reason": "又来"})):
            status, said = await say(platform, RECEIPTS + path, code=code, **more)
            assert status == 429 and code not in str(said)
        async with platform.session.post(platform.url + RECEIPTS, json={"code": code}) as answer:
            assert answer.headers["Retry-After"] == "60"
        clock.now = NOW + timedelta(seconds=60)
        assert (await say(platform, RECEIPTS, code=code))[0] == 200
    finally:
        structlog.reset_defaults()
    assert "127.0.0.1" not in written.getvalue() and code not in written.getvalue()


@pytest.mark.parametrize("code", ["", "1", "x" * 16, "1" * 17])
async def test_a_code_that_can_be_none_is_malformed_and_not_repeated(
    platform: Inside, code: str
) -> None:
    status, said = await say(platform, RECEIPTS, code=code)
    assert (status, said["field"]) == (422, "body.code")
    assert not code or len(code) < 16 or code not in str(said)


async def test_W_16_the_full_text_is_shown_apart_and_in_no_list(platform: Inside) -> None:
    problem = await collected(platform)
    community, street = platform(COMMUNITY), platform(STREET)
    listed = await community.get(PROBLEMS)
    assert "夜里十点" not in str(listed)
    asked = await community.get(f"{PROBLEMS}/{problem['id']}/asked")
    assert asked == {"asked": "请在夜里十点以后停工", "place": None}
    assert await street.get(f"{PROBLEMS}/{problem['id']}/asked") == asked, "it may triage it"
    for who, status in (("discipline", 403), ("street:liujia", 404), ("community:haihua", 404)):
        with pytest.raises(Refused) as refusal:
            await platform(who).get(f"{PROBLEMS}/{problem['id']}/asked")
        assert refusal.value.status == status
