"""Backups of the all-in-one: all files as of one moment, while the platform runs; and restoring them.

The keys aren't included: they are kept elsewhere. The manifest, written last, lists the backup's files.
"""

import hashlib
import json
import os
import shlex
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from chassis.settings import Misconfigured, Settings, path_of
from chassis.system import why
from contracts.event import instant

from . import keys
from .roster import GATEWAY, SERVICES

REPORTERS, BUS = "reporters", "bus"
MANIFEST = "manifest.json"
BUSY = 10.0
"""Seconds to wait for writers."""
OURS = 0o700


class Copied(BaseModel):
    model_config = ConfigDict(extra="forbid")

    bytes: int
    sha256: str


class Manifest(BaseModel):
    """`journal`: the last number that the events had; `keys`: the ids of those that it needs."""

    model_config = ConfigDict(extra="forbid")

    at: datetime
    journal: int
    keys: dict[str, tuple[str, ...]]
    files: dict[str, Copied]


def places(settings: Settings) -> dict[str, Path]:
    """Where each service's file is, the reporters' and the bus's; Misconfigured where they are none of ours."""
    reporters, _ = settings.reporters()
    if not all(url.startswith("sqlite:") for url in (settings.store_url, reporters)):
        raise Misconfigured("数据不在 SQLite 文件中：请用 mongodump（见 deploy/README.md）")
    found = {name: path_of(settings.store_url) / f"{name}.db" for name in (*SERVICES, GATEWAY)}
    found[REPORTERS] = path_of(reporters) / f"{REPORTERS}.db"
    if settings.bus_url.startswith("local:"):
        found[BUS] = path_of(settings.bus_url)
    return found


# Backing up


def back_up(folder: Path, data: Path) -> int:
    """0 when it is whole; until then there is no manifest."""
    settings = keys.settings_for(keys.of_a_platform(data))
    there = {name: path for name, path in places(settings).items() if path.is_file()}
    folder = folder.resolve()
    try:
        folder.mkdir(mode=OURS, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Misconfigured(f"{folder} 不是空文件夹：每个备份单独存放")
        with standing_still(there) as (at, sources):
            for name, source in sources.items():
                _copy(source, folder / f"{name}.db")
    except (OSError, sqlite3.Error) as error:
        said = why(error) if isinstance(error, OSError) else error
        raise Misconfigured(f"备份没有完成：{said}") from None
    files = {name: _copied(folder / f"{name}.db") for name in there}
    manifest = Manifest(
        at=at,
        journal=_journal(folder / f"{GATEWAY}.db"),
        keys=_needed(settings, folder / f"{REPORTERS}.db"),
        files=files,
    )
    _write(folder / MANIFEST, manifest.model_dump_json(indent=2))
    total = sum(one.bytes for one in files.values())
    print(f"已备份 {len(files)} 个文件，{total} 字节，截至 {instant(at)}：{folder}")
    print(f"密钥不在其中：{data.resolve() / 'keys'} 须另处保管")
    return 0


@contextmanager
def standing_still(
    files: dict[str, Path],
) -> Iterator[tuple[datetime, dict[str, sqlite3.Connection]]]:
    """All files as of the same moment: writes are blocked while the read transactions are opened, which takes
    milliseconds; later writes aren't seen, and aren't blocked.
    """
    with ExitStack() as held:
        sources = {name: held.enter_context(closing(_opened(path))) for name, path in files.items()}
        with ExitStack() as locks:
            for path in files.values():
                locks.enter_context(closing(_opened(path))).execute("BEGIN IMMEDIATE")
            for source in sources.values():
                source.execute("BEGIN")
                source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            at = datetime.now(UTC)
        yield at, sources


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=BUSY)


def _copy(source: sqlite3.Connection, target: Path) -> None:
    """One file, whole in itself; OSError where it can't be read again."""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with closing(_opened(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        [said] = copy.execute("PRAGMA quick_check(1)").fetchone()
    if said != "ok":
        raise OSError(f"{target.name}：{said}")


def _copied(path: Path) -> Copied:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Copied(bytes=path.stat().st_size, sha256=digest)


def _journal(gateway: Path) -> int:
    with closing(_opened(gateway)) as copy:
        [last] = copy.execute("SELECT max(id) FROM events").fetchone()
    return int(last or 0)


def _known(settings: Settings) -> dict[str, tuple[str, ...]]:
    """The ids of the keys that are there, the oldest first."""
    _, reporters = settings.reporters()
    return {"trail": settings.trail_secret.ids, REPORTERS: reporters.ids}


def _needed(settings: Settings, reporters: Path) -> dict[str, tuple[str, ...]]:
    """Every trail key; of the reporters' the newest and those that something in the copy is still under: a leaked
    one under which nothing is left binds no backup.
    """
    known = _known(settings)
    under = _under(reporters, known[REPORTERS][0]) if reporters.is_file() else set()
    used = [id for id in known[REPORTERS] if id in under or id == known[REPORTERS][-1]]
    return {**known, REPORTERS: tuple(used)}


def _under(reporters: Path, oldest: str) -> set[str]:
    """The key ids of the boxes; a box without one is from before keys had ids, and so under the oldest key."""
    table = "SELECT 1 FROM sqlite_master WHERE name = 'reporters'"
    boxes = "SELECT json_extract(body, '$.state.sealed') AS box FROM reporters"
    with closing(_opened(reporters)) as copy:
        if not copy.execute(table).fetchone():
            return set()
        rows = copy.execute(
            f"SELECT DISTINCT substr(box, 1, max(instr(box, '.') - 1, 0)) FROM ({boxes})"
        )
        return {id or oldest for [id] in rows if id is not None}


def _write(path: Path, text: str) -> None:
    """Whole, or not at all."""
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(draft).replace(path)


# And back


def restore(folder: Path, services: Sequence[str], data: Path) -> int:
    """All of it, or the files of these services; nothing is touched before everything has been looked at."""
    if strange := sorted(set(services) - set(SERVICES)):
        raise Misconfigured(f"没有服务 {'、'.join(strange)}；服务有 {'、'.join(SERVICES)}")
    manifest = read(folder)
    settings = keys.settings_for(_keyed(data))
    targets = _targets(manifest, services, places(settings))
    needed = ["trail", *(name for name in targets if name == REPORTERS)]
    _same_keys(manifest, {name: _known(settings)[name] for name in needed}, data)
    drafts: dict[Path, Path] = {}
    try:
        for name, target in targets.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            drafts[target] = target.with_suffix(".restoring")
            shutil.copyfile(folder / f"{name}.db", drafts[target])
            drafts[target].chmod(0o600)
            if _copied(drafts[target]) != manifest.files[name]:
                raise OSError(f"{name}.db 与清单不符")
        for target, draft in drafts.items():
            draft.replace(target)
    except OSError as error:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
        raise Misconfigured(f"恢复没有完成：{why(error)}") from None
    print(f"已恢复 {'、'.join(targets)}，截至 {instant(manifest.at)}")
    for line in _next(manifest, services, data, settings):
        print(line)
    return 0


def _next(
    manifest: Manifest, services: Sequence[str], data: Path, settings: Settings
) -> Iterator[str]:
    """What is still to be done by somebody."""
    for name in services:
        yield (
            f"启动平台后补齐：gongzhi catch-up {name} --reason 恢复备份 "
            f"--data-dir {shlex.quote(str(data))}"
        )
    if services:
        return
    yield f"日志最后一条是 {manifest.journal} 号：已读到更后面的合作方须从该号起重新读取"
    if not settings.bus_url.startswith("local:"):
        yield (
            "RabbitMQ 中还有备份之后的事件：启动平台前先清空，启动后各服务执行 gongzhi catch-up"
            "（docs/runbooks/restoring.md）"
        )


def read(folder: Path) -> Manifest:
    """What the manifest says, every file compared with it; Misconfigured otherwise."""
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError, json.JSONDecodeError):
        raise Misconfigured(f"{folder} 不是完整的备份：没有可读的 {MANIFEST}") from None
    for name, said in manifest.files.items():
        path = folder / f"{name}.db"
        if not path.is_file() or _copied(path) != said:
            raise Misconfigured(f"备份已损坏：{path} 与清单不符；请用另一份备份")
    return manifest


def _keyed(data: Path) -> Path:
    """The folder, with the keys of the platform that comes back; Misconfigured where nobody put them there."""
    place = data / "keys"
    if not place.is_dir():
        raise Misconfigured(f"备份中没有密钥：请先把原平台的 keys 文件夹放到 {place} 再恢复")
    return keys.of_a_platform(data)


def _same_keys(manifest: Manifest, there: dict[str, tuple[str, ...]], data: Path) -> None:
    for name, known in there.items():
        if missing := [id for id in manifest.keys[name] if id not in known]:
            folder = data.resolve() / "keys"
            raise Misconfigured(
                f"{folder} 中没有这份备份所用的密钥 {name} {'、'.join(missing)}；请先放回保管的密钥"
            )


def _targets(
    manifest: Manifest, services: Sequence[str], known: dict[str, Path]
) -> dict[str, Path]:
    """What is to be put where; never over what is there. Whistle's own includes the reporters."""
    wanted = [name for name in known if not services or name in services]
    if "whistle" in services:
        wanted.append(REPORTERS)
    targets = {name: known[name] for name in wanted if name in manifest.files}
    for target in targets.values():
        for path in (target, *(Path(f"{target}{end}") for end in ("-wal", "-shm"))):
            if path.exists():
                raise Misconfigured(f"{path} 还在：请先停止平台，把它移到别处")
    return targets
