"""A step that is taken straight answers as the framework would have."""

import io
import json
from typing import Any

import pytest

from chassis.step_route import StepRoute, Unusual
from gongzhi import demo
from gongzhi.office import Refused
from tests.support.bodies import NOISE
from tests.support.held import clock, platform
from tests.support.inside import Inside

__all__ = ["clock", "platform"]

COMMUNITY = "community:guanshangzhongxinqu"
SAID = json.dumps(NOISE).encode()
TRIAGE = json.dumps(
    {"kind": "problem", "urgency": "normal", "difficulty": "hard", "handling": "joint"}
).encode()
JSON = {"Content-Type": "application/json"}
ASKED: dict[str, tuple[str, bytes | None, dict[str, str]]] = {
    "as it should be": ("", SAID, JSON),
    "in so many words": ("", SAID, {"Content-Type": "application/json; charset=utf-8"}),
    "of another case": ("", SAID, {"Content-Type": "Application/JSON"}),
    "of a kind of JSON": ("", SAID, {"Content-Type": "application/ld+json"}),
    "as text": ("", SAID, {"Content-Type": "text/plain"}),
    "without a body": ("", None, JSON),
    "with an empty one": ("", b"", JSON),
    "half of it": ("", SAID[:20], JSON),
    "no object": ("", b"[]", JSON),
    "half a character": ("", b'"\\ud800"', JSON),
    "no text": ("", b"\xff\xfe", JSON),
    "a field too many": ("", json.dumps({**NOISE, "more": 1}).encode(), JSON),
    "a field too few": ("", b"{}", JSON),
    "endless": ("", b"[" * 100_000, JSON),
    "too large": ("", b'"' + b"x" * (1024 * 1024) + b'"', JSON),
    "with a query": ("?stauts=open", SAID, JSON),
    "twice itself": ("", SAID, {**JSON, "Idempotency-Key": "a"}),
    "without a version": ("/{id}/triage", TRIAGE, JSON),
    "of another version": ("/{id}/triage", TRIAGE, {**JSON, "If-Match": '"7"'}),
    "of no version": ("/{id}/triage", TRIAGE, {**JSON, "If-Match": "x"}),
    "of nothing": ("/nothing/triage", TRIAGE, {**JSON, "If-Match": '"1"'}),
    "of what is no word": ("/{id}/triage", b'{"kind": "x"}', {**JSON, "If-Match": '"1"'}),
}


async def said(running: Inside, who: str | None, of: str, how: str) -> tuple[Any, ...]:
    """Status, headers that count, and what is told but for what differs from one to the next."""
    path, body, headers = ASKED[how]
    if who is not None:
        headers = {**headers, "Authorization": f"Bearer {running(who).token}"}
    url = running.url + demo.PROBLEMS + path.format(id=of)
    data = None if body is None else io.BytesIO(body)
    async with running.session.post(url, data=data, headers=headers) as answer:
        told = await answer.json()
        kept = ("Content-Type", "ETag", "Cache-Control", "WWW-Authenticate", "Allow")
        for own in ("id", "number", "correlation", "receipt", "trace", "actions"):
            told.pop(own, None)
        return answer.status, {name: answer.headers.get(name) for name in kept}, told


@pytest.mark.parametrize("how", ASKED)
async def test_straight_and_by_the_framework_it_is_the_same(
    platform: Inside, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    of = (await platform(COMMUNITY).post(demo.PROBLEMS, NOISE))["id"]
    people = (COMMUNITY, "department:water", None)
    straight = [await said(platform, who, of, how) for who in people]

    def unusual(*_: Any) -> None:
        raise Unusual

    monkeypatch.setattr(StepRoute, "_read", unusual)
    assert [await said(platform, who, of, how) for who in people] == straight
    if how == "as it should be":
        assert [status for status, *_ in straight] == [201, 403, 401]


async def test_what_is_usual_does_not_go_by_the_framework(
    platform: Inside, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[str] = []
    read = StepRoute._read

    def noted(self: StepRoute, *said: Any) -> Any:
        answer = read(self, *said)
        gone.append(self.path)
        return answer

    monkeypatch.setattr(StepRoute, "_read", noted)
    made = await platform(COMMUNITY).post(demo.PROBLEMS, NOISE)
    triage = {"kind": "problem", "urgency": "normal", "difficulty": "hard", "handling": "joint"}
    await platform(COMMUNITY).step(demo.PROBLEMS, made["id"], "triage", triage)
    assert gone == [demo.PROBLEMS, demo.PROBLEMS + "/{id}/triage"]


async def test_of_more_than_anybody_means_nothing_is_looked_at(platform: Inside) -> None:
    much: Any = {"items": [{}] * 10_002}
    with pytest.raises(Refused) as refused:
        await platform(COMMUNITY).post(demo.PROBLEMS, much)
    assert (refused.value.status, refused.value.problem["field"]) == (422, "body")
    assert "10000" in refused.value.problem["detail"]
    url = platform.url + demo.PROBLEMS
    async with platform.session.post(url, json=much) as answer:
        assert answer.status == 401
