"""Keys by their ids: old trails verify and old boxes open with theirs; a newer one is taken up while it runs."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chassis import trail
from chassis.cause import Cause
from chassis.kernel.errors import Broken
from chassis.keyring import Keyring, UnknownKey, key_id, read_keys
from chassis.recurring import Recurring
from chassis.resealing import Resealing
from chassis.sealed import Sealed
from chassis.sealing import Seal
from chassis.settings import Misconfigured, settings
from chassis.store_sqlite import SqliteStore
from chassis.telemetry import Telemetry
from gongzhi import cli, compose, keys, rotation
from gongzhi.roster import SERVICES, build
from tests.support.buses import until
from tests.support.inside import inside
from tests.support.platform import ROOT
from tests.support.toy import NOON, Silent

OLD, NEW, OTHER = bytes(32), bytes([1] * 32), bytes([2] * 32)
OLD_AND_NEW = Keyring([OLD, NEW])
CAUSE = Cause(actor="community:haihua", now=NOON)
PROBLEMS = "/api/v1/whistle/problems"
BOXES = {"reporters", "sealed"}


# A file that changes


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("chassis.keyring.LOOK_AFTER", 0.0)
    path = tmp_path / "trail.key"
    path.write_text(OLD.hex() + "\n")
    return path


def replaced(file: Path, *known: bytes) -> None:
    draft = file.with_suffix(".new")
    draft.write_text("".join(key.hex() + "\n" for key in known))
    draft.replace(file)


def test_a_file_with_a_newer_key_is_read_while_it_runs(file: Path) -> None:
    ring = Keyring.read(file)
    assert ring.newest == (key_id(OLD), OLD)
    replaced(file, OLD, NEW)
    assert ring.newest == (key_id(NEW), NEW)
    assert ring.ids == (key_id(OLD), key_id(NEW))
    assert ring == OLD, "what has to stay the same through all keys is made with the oldest"


def test_a_file_that_cant_be_read_changes_nothing(file: Path) -> None:
    ring = Keyring.read(file)
    file.write_text("no key", encoding="utf-8")
    assert ring.newest == (key_id(OLD), OLD)
    file.unlink()
    assert ring.newest == (key_id(OLD), OLD)


def test_a_key_that_another_process_has_already_is_looked_for_at_once(tmp_path: Path) -> None:
    file = tmp_path / "trail.key"
    file.write_text(OLD.hex())
    ring = Keyring.read(file)
    replaced(file, OLD, NEW)
    assert ring.named(key_id(NEW)) == NEW
    with pytest.raises(UnknownKey):
        ring.named(key_id(OTHER))


@pytest.mark.parametrize("text", ["", "abc", OLD.hex() + "\n" + "x" * 64])
def test_what_is_no_file_of_keys_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="64 hex"):
        read_keys(text)


def test_an_id_tells_nothing_of_its_key() -> None:
    assert key_id(OLD) not in OLD.hex() and len({key_id(OLD), key_id(NEW), key_id(OTHER)}) == 3
    assert OLD.hex() not in repr(OLD_AND_NEW) and str(OLD) not in f"{OLD_AND_NEW}"


# Trails


def entries(*rings: bytes, old: int = 0) -> list[dict[str, Any]]:
    """An entry under each; the first `old` as they were before keys had ids."""
    made: list[dict[str, Any]] = []
    for n, ring in enumerate(rings):
        before = made[-1]["mark"] if made else "jars/jar"
        entry = {"version": n + 1, "type": "PutIn", "data": {"amount": n}}
        if n < old:
            made.append({**entry, "mark": trail.mark(ring, before, entry)})
        else:
            made.append(trail.seal(ring, before, entry))
    return made


def wrong(ring: bytes, of: list[dict[str, Any]]) -> list[int]:
    return [fault.version for fault in trail.faults(ring, "jars/jar", of, len(of))]


def test_old_entries_verify_with_their_key_and_new_ones_with_the_newest() -> None:
    made = entries(OLD, OLD, OLD_AND_NEW, old=1)
    assert [entry.get("key") for entry in made] == [None, key_id(OLD), key_id(NEW)]
    assert wrong(OLD_AND_NEW, made) == []


def test_an_entry_under_a_key_that_isnt_ours_is_found() -> None:
    made = entries(OLD, OTHER)
    assert wrong(OLD_AND_NEW, made) == [2]
    # Or one that says another key than it is marked with.
    forged = {**made[1], "key": key_id(NEW)}
    assert wrong(OLD_AND_NEW, [made[0], forged]) == [2]
    unsaid = {name: value for name, value in entries(OLD, OLD_AND_NEW)[1].items() if name != "key"}
    assert wrong(OLD_AND_NEW, [made[0], unsaid]) == [2]


# Boxes


def test_a_box_opens_with_the_key_that_it_says() -> None:
    for purpose in (None, "toys"):
        old, both = Seal(OLD, purpose), Seal(OLD_AND_NEW, purpose)
        box = old.shut("a", {"name": "甲"})
        assert both.open("a", box) == {"name": "甲"}
        assert (both.under(box), both.stale(box), old.stale(box)) == (key_id(OLD), True, False)
        again = both.again("a", box)
        assert Seal(NEW, purpose).open("a", again) == {"name": "甲"}
        assert not both.stale(again)
        with pytest.raises(Broken):
            old.open("a", again)


def test_a_box_of_before_keys_had_ids_opens_with_the_oldest() -> None:
    for purpose in (None, "toys"):
        _, _, box = Seal(OLD, purpose).shut("a", {"name": "甲"}).rpartition(".")
        both = Seal(OLD_AND_NEW, purpose)
        assert both.open("a", box) == {"name": "甲"}
        assert both.stale(box) and not Seal(OLD, purpose).stale(box)


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from chassis.keyring import Keyring
from chassis.store_sqlite import SqliteStore
from chassis.telemetry import Telemetry
from chassis.sealed import Sealed
from tests.platform.test_keys import NEW, OLD
from tests.support.toy import NOON, Silent

async def main():
    store = SqliteStore(Path(sys.argv[1]))
    sealed = Sealed("consultation", store, Keyring([OLD, NEW]), Silent())
    replace, left = store.replace, [4]
    async def deadly(*given, **how):
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
        return await replace(*given, **how)
    store.replace = deadly
    await sealed.boxes.reseal(lambda: NOON)

asyncio.run(main())
"""


async def test_sealing_again_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "sealed.db"
    store = SqliteStore(path)
    sealed = Sealed("consultation", store, OLD, Silent())
    await sealed.kept.prepare()
    for n in range(10):
        await sealed.keeping("c-1", f"s{n}", {"name": f"委员{n}"}, CAUSE)()
    await store.close()
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    store = SqliteStore(path)
    both = Sealed("consultation", store, OLD_AND_NEW, Silent())
    assert await both.boxes.count() == {key_id(OLD): 6, key_id(NEW): 4}
    for n in range(10):
        assert await both.open("c-1", f"s{n}") == {"name": f"委员{n}"}
    resealed = Resealing("toys", both.boxes, lambda: NOON).look
    going_on = Recurring("toys", "resealing", "-", resealed, Telemetry("tests"), every=0.01)
    going_on.start()

    async def all_new() -> bool:
        return await both.boxes.count() == {key_id(NEW): 10}

    await until(all_new)
    assert going_on.trouble() is None
    await going_on.stop()
    alone = Sealed("consultation", store, NEW, Silent())
    for n in range(10):
        assert await alone.open("c-1", f"s{n}") == {"name": f"委员{n}"}
    await store.close()


async def test_one_that_cant_be_opened_holds_up_no_other(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "sealed.db")
    await Sealed("consultation", store, OTHER, Silent()).kept.prepare()
    await Sealed("consultation", store, OTHER, Silent()).keeping(
        "c-1", "s0", {"name": "甲"}, CAUSE
    )()
    await Sealed("consultation", store, OLD, Silent()).keeping("c-1", "s1", {"name": "乙"}, CAUSE)()
    both = Sealed("consultation", store, OLD_AND_NEW, Silent())
    assert await both.boxes.reseal(lambda: NOON) == 1
    assert await both.boxes.count() == {key_id(OTHER): 1, key_id(NEW): 1}
    await store.close()


async def test_what_a_later_version_wrote_stays_and_holds_up_no_other(tmp_path: Path) -> None:
    """As after going back: one has a field that this version would lose, one can't be read; neither is done."""
    store = SqliteStore(tmp_path / "sealed.db")
    old = Sealed("consultation", store, OLD, Silent())
    await old.kept.prepare()
    for n in range(4):
        await old.keeping("c-1", f"s{n}", {"name": f"委员{n}"}, CAUSE)()
    unread, later, *others = [held.id async for held in old.kept.every({})]
    for id, at, said in ((unread, "since", "晚"), (later, "consent", "2026-12-02")):
        known = dict(await store.get("sealed", id) or {})
        [kept] = known["trail"]
        known["trail"] = [{**kept, "data": {**kept["data"], at: said}}]
        known |= {"state": {**known["state"], at: said}, "rev": known["rev"] + 1}
        assert await store.replace("sealed", known, known["rev"] - 1)
    before = [await store.get("sealed", id) for id in (unread, later)]
    both = Sealed("consultation", store, OLD_AND_NEW, Silent())
    try:
        assert await both.boxes.reseal(lambda: NOON) == len(others)
        assert await both.boxes.reseal(lambda: NOON) == 0
        assert [await store.get("sealed", id) for id in (unread, later)] == before
        assert await both.boxes.count() == {key_id(NEW): 2, key_id(OLD): 1, "读不出": 1}
    finally:
        await store.close()


async def test_what_was_left_or_sealed_without_the_newest_key_is_done_within_the_hour(
    tmp_path: Path,
) -> None:
    store, now = SqliteStore(tmp_path / "sealed.db"), NOON
    old = Sealed("consultation", store, OLD, Silent())
    await old.kept.prepare()
    await old.keeping("c-1", "s1", {"name": "甲"}, CAUSE)()
    [held] = [one async for one in old.kept.every({})]
    good = dict(await store.get("sealed", held.id) or {})
    later = {**good, "trail": [{**good["trail"][0], "type": "Unheard"}], "rev": 2}
    assert await store.replace("sealed", later, 1)
    both = Sealed("consultation", store, OLD_AND_NEW, Silent())
    resealing = Resealing("toys", both.boxes, lambda: now)
    try:
        await resealing.look()
        assert await store.replace("sealed", {**good, "rev": 3}, 2)
        now = NOON + timedelta(minutes=59)
        await resealing.look()
        assert await both.boxes.count() == {key_id(OLD): 1}, "not gone through again each moment"
        now = NOON + timedelta(hours=1)
        await resealing.look()
        assert await both.boxes.count() == {key_id(NEW): 1}
        await old.keeping("c-1", "s2", {"name": "乙"}, CAUSE)()
        now = NOON + timedelta(hours=2)
        await resealing.look()
        assert await both.boxes.count() == {key_id(NEW): 2}
    finally:
        await store.close()


# The whole platform


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split()


async def test_keys_are_rotated_while_it_runs_and_the_leaked_one_can_go(
    tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    who = {"name": "演示居民", "contact": "演示", "text": "演示"}
    body = {"channel": "visit", "community": "guanshangzhongxinqu", "category": "parking"}
    async with inside(data, only=("housing", "whistle")) as running:
        office = running("community:guanshangzhongxinqu")
        said = {**body, "title": "演练", "asked": "演练", "reporter": who}
        problem = await office.post(PROBLEMS, said, key="once-0001")
        old_reporters, old_trail = (key_id(_ring(data, name)) for name in ("reporters", "trail"))
        assert asked_for(tmp_path / "before", data) == [old_reporters]
        assert cli.main(["keys", "rotate", "--data-dir", str(data)]) == 0

        async def sealed_again() -> bool:
            shown = await running("district_admin").get("/api/v1/whistle/keys")
            known = [one["stale"] for one in shown["sealed"]]
            return len(shown["trail"]) == 2 and known == [False]

        await until(sealed_again)
        again = await office.post(PROBLEMS, said, key="once-0001")
        assert again["receipt"] == problem["receipt"]
        later = await office.post(PROBLEMS, {**said, "title": "另一件"})
        centre = running("command_centre")
        entries = await centre.get(f"{PROBLEMS}/{later['id']}/trail", verify="true")
        assert entries["faults"] == [] and entries["entries"][0]["key"] != old_trail
        earlier = await centre.get(f"{PROBLEMS}/{problem['id']}/trail", verify="true")
        assert earlier["faults"] == [] and earlier["entries"][0]["key"] == old_trail
    # The leaked key goes; nothing needs it any more, nor a backup of after.
    file = data / "keys" / "reporters.key"
    newest = lines(file)[-1]
    assert asked_for(tmp_path / "after", data) == [key_id(bytes.fromhex(newest))]
    file.write_text(newest)
    async with inside(data, only=("housing", "whistle")) as running:
        kept = running.services["whistle"].sealed[0]
        assert old_reporters not in await kept.count()
        token = keys.token(data, "command_centre", "whistle:read reporter:read")
        url = f"{running.url}{PROBLEMS}/{problem['id']}/reporter"
        headers = {"authorization": f"Bearer {token}", "idempotency-key": "read-0001"}
        async with running.session.post(url, json={"reason": "演练"}, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            assert (await answer.json())["name"] == who["name"]


def asked_for(folder: Path, data: Path) -> list[str]:
    """The reporters' keys that a backup made now says it needs."""
    assert cli.main(["backup", str(folder), "--data-dir", str(data)]) == 0
    said = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return list(said["keys"]["reporters"])


def _ring(data: Path, name: str) -> bytes:
    return bytes.fromhex(lines(data / "keys" / f"{name}.key")[0])


async def test_status_says_what_is_under_which_key(
    tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with inside(tmp_path) as running:
        assert await rotation.shown(running.url, running.data) == 0
        said = capsys.readouterr().out
        assert said.count(key_id(_ring(tmp_path, "trail"))) >= 8 and "0 条待重新封存" in said
        url = f"{running.url}/api/v1/whistle/keys"
        headers = {"authorization": f"Bearer {keys.token(tmp_path, 'command_centre')}"}
        async with running.session.get(url, headers=headers) as answer:
            assert answer.status == 403


def test_rotating_adds_a_line_for_its_owner_only(tmp_path: Path) -> None:
    keys.settings_for(tmp_path)
    file = tmp_path / "keys" / "reporters.key"
    [before] = lines(file)
    assert cli.main(["keys", "rotate", "reporters", "--data-dir", str(tmp_path)]) == 0
    assert lines(file)[0] == before and len(lines(file)) == 2
    assert file.stat().st_mode & 0o077 == 0
    assert len(lines(tmp_path / "keys" / "trail.key")) == 1


def test_a_key_of_the_environment_cant_be_added_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keys.settings_for(tmp_path)
    monkeypatch.setenv("GONGZHI_TRAIL_KEY", OLD.hex())
    assert cli.main(["keys", "rotate", "trail", "--data-dir", str(tmp_path)]) == 2
    assert "GONGZHI_TRAIL_KEY_FILE" in capsys.readouterr().err
    assert cli.main(["keys", "rotate", "issuer", "--data-dir", str(tmp_path)]) == 2
    assert "没有密钥 issuer" in capsys.readouterr().err


def test_a_key_comes_from_one_place(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(OLD.hex() + "\n" + NEW.hex())
    given = {"store_url": "sqlite:///x", "bus_url": "local:///y"}
    assert settings(**given, trail_key_file=file).trail_secret.ids == OLD_AND_NEW.ids
    both = f"{OLD.hex()},{NEW.hex()}"
    assert settings(**given, trail_key=both).trail_secret.ids == OLD_AND_NEW.ids
    for wrong in ({}, {"trail_key_file": file, "trail_key": OLD.hex()}, {"trail_key_file": "/no"}):
        with pytest.raises(Misconfigured, match="GONGZHI_TRAIL_KEY"):
            settings(**given, **wrong)


def test_whatever_a_service_keeps_in_boxes_is_sealed_again(tmp_path: Path) -> None:
    runtime = compose.runtime(keys.settings_for(tmp_path), "tests")
    seen = set()
    for name in SERVICES:
        service = build(name, runtime)
        kept = {one.kind.collection for one in service.aggregates} & BOXES
        assert kept == {boxes.aggregates.kind.collection for boxes in service.sealed}, name
        seen |= kept
    assert seen == BOXES
