"""`gongzhi verify`: an untouched platform passes; whoever writes past the platform is found out."""

import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gongzhi import demo, demo_cast, verify
from gongzhi.office import Refused
from tests.support.buses import until
from tests.support.inside import Inside, inside
from tests.support.rabbit import in_a_loop_of_its_own

Tamper = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Where a platform lies that has stopped, and a whistle of its."""
    data = tmp_path_factory.mktemp("verify") / "data"

    async def play() -> str:
        async with inside(data) as running:
            whistle = await demo.need_to_scorecard(
                demo_cast.Cast(running.session, running.url, running.data)
            )
            await running.idle()
        return whistle

    return data, in_a_loop_of_its_own(play())


@pytest.fixture
async def played(
    once: tuple[Path, str], tmp_path: Path, sqlite_url: str
) -> AsyncIterator[tuple[Inside, str]]:
    """It goes on from there, for each test."""
    data, whistle = once
    shutil.copytree(data, tmp_path / "data")
    async with inside(tmp_path / "data") as running:
        yield running, whistle


def edited(document: dict[str, Any]) -> dict[str, Any]:
    """A late arrival made punctual."""
    trail = [dict(entry) for entry in document["trail"]]
    late = next(entry for entry in trail if entry["type"] == "DeadlineMissed")
    late["data"] = {**late["data"], "unit": "somebody_else"}
    return {**document, "trail": trail}


def deleted(document: dict[str, Any]) -> dict[str, Any]:
    trail = [entry for entry in document["trail"] if entry["type"] != "DeadlineMissed"]
    return {**document, "trail": trail, "version": len(trail)}


def reordered(document: dict[str, Any]) -> dict[str, Any]:
    first, second, *rest = document["trail"]
    return {**document, "trail": [second, first, *rest]}


def truncated(document: dict[str, Any]) -> dict[str, Any]:
    """Every link holds; only the journal knows that there was more."""
    trail = document["trail"][:4]
    return {**document, "trail": trail, "version": len(trail)}


def unfindable(document: dict[str, Any]) -> dict[str, Any]:
    """In no list of its street any more."""
    return {**document, "keys": {**document["keys"], "street": "taihe"}}


def unfound(document: dict[str, Any]) -> dict[str, Any]:
    """In no list that is in the order of when they were opened."""
    keys = {name: value for name, value in document["keys"].items() if name != "opened_at"}
    return {**document, "keys": keys}


def never_woken(document: dict[str, Any]) -> dict[str, Any]:
    """Its next deadline, a century later."""
    return {**document, "next_due": "2126-01-01T00:00:00.000000Z"}


async def test_an_untouched_platform_passes(played: tuple[Inside, str]) -> None:
    running, _ = played
    assert await verify.check(running.url, running.data) == 0


@pytest.mark.parametrize(
    "tamper", [edited, deleted, reordered, truncated, unfindable, unfound, never_woken]
)
async def test_W_08_what_was_changed_past_the_platform_is_found(
    played: tuple[Inside, str], tamper: Tamper, capsys: pytest.CaptureFixture[str]
) -> None:
    running, whistle = played
    store = running.services["whistle"].stores[0]
    document = await store.get("whistles", whistle)
    assert document is not None
    changed = {**tamper(document), "rev": document["rev"] + 1}
    assert await store.replace("whistles", changed, document["rev"])
    assert await verify.check(running.url, running.data) == 1
    assert f"whistles/{whistle}" in capsys.readouterr().out


async def test_W_08_a_record_that_is_gone_is_missed(
    played: tuple[Inside, str], capsys: pytest.CaptureFixture[str]
) -> None:
    running, whistle = played
    assert await running.services["whistle"].stores[0].delete("whistles", whistle)
    assert await verify.check(running.url, running.data) == 1
    said = capsys.readouterr().out
    assert f"whistle whistles/{whistle}  日志见证过，现在没有这条记录" in said
    assert "，1 条有问题" in said


async def referred_and_gone(running: Inside) -> str:
    """A proposal that was a dispute of two, of which the journal has heard, after its term."""
    path, mine = "/api/v1/consultation", {"community": "guanshangzhongxinqu", "title": "漏水"}
    written = {**mine, "text": "楼上漏水。"}
    async with running.session.post(
        f"{running.url}{path}/public/proposals", json=written
    ) as answer:
        assert answer.status == 201, await answer.text()
    service = running.services["consultation"]
    proposals = next(one for one in service.aggregates if one.kind.collection == "proposals")
    [held] = await proposals.find({})
    why = {"reason": "两家的事", "ground": "two_party_dispute"}
    community = running("community:guanshangzhongxinqu")
    await community.step(f"{path}/proposals", held.id, "turn_down", why)
    subject = f"consultation proposals/{held.id}"

    async def witnessed() -> bool:
        return subject in await verify.heads_of(running("district_admin"))

    await until(witnessed)
    [line] = [one for one in service.retention if getattr(one, "name", "") == "proposal_days"]
    await line.go_through("consultation", datetime.now(UTC) + timedelta(days=400))
    assert not await proposals.find({})
    return subject


async def test_C_24_what_went_by_its_term_is_not_missed(
    played: tuple[Inside, str], capsys: pytest.CaptureFixture[str]
) -> None:
    running, _ = played
    subject = await referred_and_gone(running)
    assert await verify.check(running.url, running.data) == 0
    kept = running.services["consultation"].stores[0]
    [removal] = await kept.find("removals", {}, limit=2)
    assert await kept.replace(
        "removals", {**predated(removal), "rev": removal["rev"] + 1}, removal["rev"]
    )
    capsys.readouterr()
    assert await verify.check(running.url, running.data) == 1
    assert f"{subject}  日志见证过，现在没有这条记录" in capsys.readouterr().out, (
        "nor excused by a false note"
    )


@dataclass
class Leaving:
    """As an office reads of consultation: a session that the journal has witnessed goes by its term meanwhile."""

    after: str
    """It has gone once this has been read."""
    gone: bool = False

    async def get(self, path: str, **query: Any) -> Any:
        trails = "/api/v1/consultation/trails"
        removal = verify.removal_of("consultation sessions/s-1").rpartition("/")[2]
        kept = {
            "removals": [removal] if self.gone else [],
            "sessions": [] if self.gone else ["s-1"],
        }
        self.gone = self.gone or path == self.after
        if path == "/api/v1/events":
            head = {"source": "/gongzhi/consultation", "subject": "sessions/s-1"}
            event = {**head, "sequence": "000000000001", "trailhead": "m"}
            return {"items": [{"event": event}] if query["after"] == 0 else [], "next": 1}
        if path.endswith("/trails"):
            return sorted(kept) if path == trails else []
        ids = kept[path.removeprefix(trails + "/")]
        return {"items": [{"id": id, "marks": ["m"], "faults": []} for id in ids], "next": None}


@pytest.mark.parametrize("read", ["", "/removals", "/sessions"])
async def test_C_24_what_goes_while_it_is_verified_is_not_missed(
    read: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    leaving = Leaving(after="/api/v1/consultation/trails" + read)
    monkeypatch.setattr(verify, "Office", lambda *_: leaving)
    monkeypatch.setattr(verify, "SERVICES", ("consultation",))
    assert await verify.check("", tmp_path) == 0, capsys.readouterr().out
    assert leaving.gone


def predated(document: dict[str, Any]) -> dict[str, Any]:
    """The last entry, a year earlier."""
    *before, last = document["trail"]
    return {**document, "trail": [*before, {**last, "at": "2020" + last["at"][4:]}]}


async def test_every_service_has_everything_verified_that_it_keeps(
    played: tuple[Inside, str], capsys: pytest.CaptureFixture[str]
) -> None:
    running, _ = played
    news = {
        "specversion": "1.0",
        "id": "n-1",
        "source": "/partners/hotline",
        "type": "partner.problem_reported.v1",
        "data": {
            "community": "guanshangzhongxinqu",
            "category": "noise",
            "title": "夜间施工",
            "reported_at": "2026-03-02T09:00:00+08:00",
        },
    }
    await running("partner:hotline").post("/api/v1/partners/events", news)
    spoilt = set()
    for name, service in running.services.items():
        base = "/api/v1" if name == "gateway" else f"/api/v1/{name}"
        told = await running("district_admin").get(f"{base}/trails")
        assert told == sorted(one.kind.collection for one in service.aggregates)
        for kept in service.aggregates:
            found = await kept.store.find(kept.kind.collection, {}, limit=1)
            if found:
                changed = {**predated(found[0]), "rev": found[0]["rev"] + 1}
                assert await kept.store.replace(kept.kind.collection, changed, found[0]["rev"])
                spoilt.add(f"{name} {kept.kind.collection}/{found[0]['id']}")
    assert await verify.check(running.url, running.data) == 1
    said = capsys.readouterr().out
    assert {line.split("  ")[0] for line in said.splitlines()[:-1]} == spoilt
    collections = {one.split(" ")[1].split("/")[0] for one in spoilt}
    assert {
        "policy",
        "units",
        "intake",
        "problems",
        "entries",
        "communities",
    } <= collections


async def test_a_state_that_does_not_follow_from_its_trail_is_found(
    played: tuple[Inside, str], capsys: pytest.CaptureFixture[str]
) -> None:
    running, whistle = played
    store = running.services["whistle"].stores[0]
    document = await store.get("whistles", whistle)
    assert document is not None
    state = {**document["state"], "title": "另一件事"}
    await store.replace(
        "whistles", {**document, "state": state, "rev": document["rev"] + 1}, document["rev"]
    )
    assert await verify.check(running.url, running.data) == 1
    assert f"whistle whistles/{whistle}" in capsys.readouterr().out


async def test_only_the_district_has_all_trails_verified(played: tuple[Inside, str]) -> None:
    running, _ = played
    for who in ("command_centre", "street:guanshang", "discipline", "resident"):
        for path in ("/api/v1/trails", "/api/v1/whistle/trails", "/api/v1/whistle/trails/whistles"):
            with pytest.raises(Refused) as refusal:
                await running(who).get(path)
            assert refusal.value.status == 403, who
    with pytest.raises(Refused) as missing:
        await running("district_admin").get("/api/v1/whistle/trails/nothing")
    assert missing.value.status == 404
