"""Backup while commands run, wipe, restore: the same figures and trails. A service set back alone is filled again."""

import asyncio
import json
import shlex
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from gongzhi import backup, catch_up, cli, demo, demo_cast, keys, replay, verify
from gongzhi.roster import GATEWAY, SERVICES
from tests.support.buses import until
from tests.support.inside import Inside, inside

PROBLEMS = "/api/v1/whistle/problems"
HASTY = {"channel": "visit", "community": "guanshangzhongxinqu", "category": "parking"}


@asynccontextmanager
async def commands(running: Inside) -> AsyncIterator[list[str]]:
    """Problems being collected, one after the other; the ids of those that were answered."""
    answered: list[str] = []
    office = running("community:guanshangzhongxinqu")
    stop = asyncio.Event()

    async def collect() -> None:
        while not stop.is_set():
            said = {**HASTY, "title": f"演练 {len(answered)}", "asked": "演练"}
            answered.append((await office.post(PROBLEMS, said))["id"])

    collecting = asyncio.create_task(collect())
    try:
        await until(lambda: len(answered) > 3)
        yield answered
    finally:
        stop.set()
        await collecting


async def shown(running: Inside) -> dict[str, Any]:
    """What a district looks at: the statement, and every street's card."""
    admin = running("district_admin")
    said = {"statement": await admin.get("/api/v1/housing/statement", by="community")}
    for path in ("/api/v1/index/scorecards/guanshang", "/api/v1/index/scorecards/guandu"):
        card = await admin.get(path, quarter="2026-Q4")
        said[path] = {one["name"]: one for one in card["figures"]}
    return said


async def marks(running: Inside) -> dict[str, list[str]]:
    """Of every trail of every service."""
    admin = running("district_admin")
    return {
        subject: item["marks"]
        for name in (*SERVICES, GATEWAY)
        async for subject, item in verify.verified(admin, name)
    }


def wiped(data: Path) -> None:
    for path in data.glob("*.db*"):
        path.unlink()


async def test_what_was_backed_up_while_commands_ran_comes_back_with_the_same_figures_and_trails(
    tmp_path: Path, sqlite_url: str
) -> None:
    data, folder = tmp_path / "data", tmp_path / "backup"
    async with inside(data) as running:
        await demo.whole(demo_cast.Cast(running.session, running.url, data))
        await running.idle()
        figures = await shown(running)
        async with commands(running) as answered:
            before = list(answered)
            assert await asyncio.to_thread(backup.back_up, folder, data) == 0
            since = len(answered)
            await until(lambda: len(answered) > since + 3)
        was = await marks(running)
    wiped(data)
    assert backup.restore(folder, [], data) == 0
    async with inside(data) as running:
        await running.idle()
        assert await shown(running) == figures
        assert await verify.check(running.url, data) == 0
        assert await replay.check(running.url, data) == 0
        found = await marks(running)
        # Each trail is the one that was, or a beginning of it: nothing was made up, nothing torn.
        for subject, of in found.items():
            assert was[subject][: len(of)] == of, subject
        kept = {id for id in answered if f"whistle problems/{id}" in found}
        assert kept >= set(before)
        assert not kept & set(answered[since + 1 :])


@contextmanager
def written_in_turn(first: Path, second: Path) -> Iterator[None]:
    """One number after the other into the first file, then into the second."""
    for path in (first, second):
        with closing(sqlite3.connect(path)) as made:
            made.executescript(
                "PRAGMA journal_mode=WAL; CREATE TABLE t (n); INSERT INTO t VALUES (0)"
            )
    stop = threading.Event()

    def write() -> None:
        with (
            closing(sqlite3.connect(first, isolation_level=None)) as one,
            closing(sqlite3.connect(second, isolation_level=None)) as other,
        ):
            n = 0
            while not stop.is_set():
                n += 1
                for file in (one, other):
                    file.execute("UPDATE t SET n = ?", (n,))

    writing = threading.Thread(target=write)
    writing.start()
    try:
        yield
    finally:
        stop.set()
        writing.join()


class Slow(sqlite3.Connection):
    """Leaves a writer time between one look and the next."""

    def execute(self, sql: str, *given: Any) -> sqlite3.Cursor:
        if sql == "BEGIN":
            time.sleep(0.05)
        return super().execute(sql, *given)


def test_every_file_is_as_it_was_at_the_same_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = tmp_path / "a.db", tmp_path / "b.db"

    def opened(path: Path) -> sqlite3.Connection:
        return sqlite3.connect(path, isolation_level=None, timeout=10, factory=Slow)

    monkeypatch.setattr(backup, "_opened", opened)
    with written_in_turn(first, second):
        for _ in range(10):
            with backup.standing_still({"b": second, "a": first}) as (_, sources):
                b, a = (sources[name].execute("SELECT n FROM t").fetchone()[0] for name in "ba")
                assert a - 1 <= b <= a


@pytest.fixture
def backed_up(tmp_path: Path) -> tuple[Path, Path]:
    """Folders of a platform and of its backup; its files are small and made by hand."""
    data, folder = tmp_path / "data", tmp_path / "backup"
    for path in backup.places(keys.settings_for(data)).values():
        with closing(sqlite3.connect(path)) as made:
            made.executescript("CREATE TABLE events (id); INSERT INTO events VALUES ('000042')")
    assert backup.back_up(folder, data) == 0
    return data, folder


def refused(capsys: pytest.CaptureFixture[str], *argv: str | Path) -> str:
    capsys.readouterr()
    assert cli.main([str(one) for one in argv]) == 2
    return capsys.readouterr().err


def test_the_manifest_says_what_belongs_to_it_and_holds_no_key(
    backed_up: tuple[Path, Path],
) -> None:
    data, folder = backed_up
    said = json.loads((folder / backup.MANIFEST).read_text(encoding="utf-8"))
    assert set(said["files"]) == {*SERVICES, GATEWAY, "reporters", "bus"}
    assert said["journal"] == 42
    assert {path.name for path in folder.iterdir()} == {
        backup.MANIFEST,
        *(f"{name}.db" for name in said["files"]),
    }
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    secrets = [(data / "keys" / f"{name}.key").read_text() for name in ("trail", "reporters")]
    assert not any(secret in json.dumps(said) for secret in secrets)


def test_a_backup_goes_into_a_folder_of_its_own(
    backed_up: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    data, folder = backed_up
    assert "不是空文件夹" in refused(capsys, "backup", folder, "--data-dir", data)


def test_nothing_is_put_over_what_is_there(
    backed_up: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    data, folder = backed_up
    assert "还在" in refused(capsys, "restore", folder, "--data-dir", data)
    (data / "whistle.db").unlink()
    said = refused(capsys, "restore", folder, "whistle", "--data-dir", data)
    assert "reporters.db 还在" in said and not (data / "whistle.db").exists()


def test_a_backup_that_isnt_as_its_manifest_says_is_not_restored(
    backed_up: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    data, folder = backed_up
    wiped(data)
    whole = (folder / "index.db").read_bytes()
    (folder / "index.db").write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert "备份已损坏" in refused(capsys, "restore", folder, "--data-dir", data)
    (folder / backup.MANIFEST).unlink()
    assert "不是完整的备份" in refused(capsys, "restore", folder, "--data-dir", data)
    assert not list(data.glob("*.db*"))


def test_it_comes_back_only_where_its_keys_are(
    backed_up: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    data, folder = backed_up
    wiped(data)
    (data / "keys" / "trail.key").unlink()
    assert "没有这份备份所用的密钥 trail" in refused(capsys, "restore", folder, "--data-dir", data)
    nowhere = data.with_name("empty")
    assert "备份中没有密钥" in refused(capsys, "restore", folder, "--data-dir", nowhere)
    assert not nowhere.exists()


def test_a_leaked_reporters_key_need_not_come_back_for_a_service_that_keeps_no_reporters(
    backed_up: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    data, folder = backed_up
    wiped(data)
    (data / "keys" / "reporters.key").write_text(f"{'5' * 64}\n", encoding="utf-8")
    for asked in ([], ["index", "whistle"]):
        said = refused(capsys, "restore", folder, *asked, "--data-dir", data)
        assert "没有这份备份所用的密钥 reporters" in said and not list(data.glob("*.db*"))
    assert backup.restore(folder, ["index"], data) == 0
    assert [path.name for path in data.glob("*.db*")] == ["index.db"]


def test_what_restoring_one_service_says_to_run_can_be_run(
    backed_up: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    data, folder = backed_up
    (data / "index.db").unlink()
    capsys.readouterr()
    assert backup.restore(folder, ["index"], data) == 0
    [line] = [one for one in capsys.readouterr().out.splitlines() if "catch-up" in one]
    asked = cli._parser().parse_args(shlex.split(line.partition("：gongzhi ")[2]))
    assert (asked.service, asked.data_dir) == ("index", data) and asked.reason


def test_what_a_broker_still_holds_of_after_the_backup_is_told_of(
    backed_up: tuple[Path, Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Services would take it, and neither the journal nor who told it knows of it any more."""
    data, folder = backed_up
    for told in (False, True):
        wiped(data)
        capsys.readouterr()
        if told:
            monkeypatch.setenv("GONGZHI_BUS_URL", "amqp://guest@127.0.0.1:9/")
        assert backup.restore(folder, [], data) == 0
        assert ("RabbitMQ" in capsys.readouterr().out) is told


def test_who_is_no_service_isnt_restored_alone(
    backed_up: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    data, folder = backed_up
    assert "没有服务 gateway" in refused(capsys, "restore", folder, GATEWAY, "--data-dir", data)


# One service alone


async def set_back(data: Path, folder: Path, service: str) -> None:
    for path in data.glob(f"{service}.db*"):
        path.unlink()
    if service == "whistle":
        for path in data.glob("reporters.db*"):
            path.unlink()
    assert backup.restore(folder, [service], data) == 0


@pytest.fixture
async def gone_on(tmp_path: Path, sqlite_url: str) -> tuple[Path, Path, dict[str, Any]]:
    """A platform that was backed up before the demo was played: its folder, the backup, and its figures."""
    data, folder = tmp_path / "data", tmp_path / "backup"
    async with inside(data) as running:
        await running.idle()
        backup.back_up(folder, data)
        await demo.need_to_scorecard(demo_cast.Cast(running.session, running.url, data))
        await running.idle()
        figures = await shown(running)
    return data, folder, figures


async def test_what_a_service_heard_comes_back_from_the_journal(
    gone_on: tuple[Path, Path, dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    data, folder, figures = gone_on
    await set_back(data, folder, "index")
    async with inside(data) as running:
        await running.idle()
        assert await shown(running) != figures
        assert await catch_up.catch_up(running.url, data, "index", "演练") == 0
        assert "0 条与日志不同；搁置消息 0 条" in capsys.readouterr().out
        assert await shown(running) == figures
        # Once more: who has heard everything hears nothing new.
        before = await marks(running)
        assert await catch_up.catch_up(running.url, data, "index", "演练") == 0
        after = await marks(running)
        del before["gateway caught_up/index"], after["gateway caught_up/index"]
        assert after == before
        kept = await running("district_admin").get("/api/v1/gateway/caught-up/index")
        assert kept["state"]["reason"] == "演练" and kept["version"] == 2


async def test_what_a_service_did_itself_is_named(
    gone_on: tuple[Path, Path, dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    data, folder, _ = gone_on
    await set_back(data, folder, "whistle")
    async with inside(data) as running:
        feed = await running("district_admin").get("/api/v1/events", limit=500)
        [whistle] = {
            item["event"]["subject"]
            for item in feed["items"]
            if item["event"]["type"] == "whistle.closed.v1"
        }
        assert await catch_up.catch_up(running.url, data, "whistle", "演练") == 1
        [line] = [one for one in capsys.readouterr().out.splitlines() if whistle in one]
        assert "不存在" in line and "whistle.blown.v1" in line and "whistle.closed.v1" in line


async def test_whoever_is_no_administrator_catches_nobody_up(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with inside(tmp_path, only=("housing", "whistle")) as running:
        body = {"reason": "演练"}
        for who, service, status in (
            ("command_centre", "whistle", 403),
            ("district_admin", "journal", 404),
            ("district_admin", "nobody", 404),
        ):
            path = f"{running.url}/api/v1/gateway/catch-up/{service}"
            headers = {"authorization": f"Bearer {keys.token(tmp_path, who)}"}
            headers["idempotency-key"] = f"{who}-{service}"
            async with running.session.post(path, json=body, headers=headers) as answer:
                assert answer.status == status, await answer.text()


def test_a_record_further_on_or_otherwise_in_the_journal_is_told_apart() -> None:
    def told(mark: str) -> dict[str, Any]:
        return {"type": "toy.put.v1", "time": "2026-01-01T00:00:00Z", "trailhead": mark}

    heads = {"toy a/1": {1: told("m1"), 3: told("m3")}, "toy a/2": {1: told("x")}}
    found = list(catch_up.differing({"toy a/1": ["m1", "m2"], "toy a/2": ["y"]}, heads))
    assert found == [
        "toy a/1  停在版本 2，日志所记到版本 3：toy.put.v1 2026-01-01T00:00:00Z",
        "toy a/2  版本 1 与日志所记不同",
    ]
    assert not list(catch_up.differing({"toy a/1": ["m1", "m2", "m3"], "toy a/2": ["x"]}, heads))


def test_C_24_what_went_by_its_term_is_not_missed_of_a_service_that_was_set_back() -> None:
    told = {1: {"type": "toy.put.v1", "time": "2026-01-01T00:00:00Z", "trailhead": "m1"}}
    heads, removal = {"toy a/1": told}, verify.removal_of("toy a/1")
    assert list(catch_up.differing({}, heads)) == [
        "toy a/1  不存在，日志所记到版本 1：toy.put.v1 2026-01-01T00:00:00Z"
    ]
    assert not list(catch_up.differing({removal: ["r1"]}, heads))
    assert list(catch_up.differing({removal: ["r1"], "toy a/1": ["n1"]}, heads)), "it is there"
