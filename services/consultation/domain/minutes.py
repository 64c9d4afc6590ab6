"""Minutes (纪要) as they are sealed: one line of canonical JSON for what was said of a session, for each
signature and for each annex, each with the hash of itself and of the line before; a last line closes them.

Whoever has the file can check it without the platform. Who rewrites all of it is found by the seal of its
first line, which was told when the session ended.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

FIRST = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """One line without its seal, and its seal (SHA-256, hex)."""

    text: str
    seal: str


def sealed(before: Sequence[Sealed], kind: str, body: Any) -> Sealed:
    """The next line."""
    prev = before[-1].seal if before else FIRST
    text = canonical({"n": len(before), "prev": prev, "kind": kind, "body": plain(body)})
    return Sealed(text=text, seal=_hash(text))


def written(lines: Sequence[Sealed]) -> bytes:
    """The file."""
    each = [canonical({**json.loads(line.text), "seal": line.seal}) for line in lines]
    end = canonical({"lines": len(lines), "head": lines[-1].seal})
    return "".join(f"{line}\n" for line in [*each, end]).encode()


def faults(content: bytes, seal: str | None = None) -> list[str]:
    """What isn't as it was sealed; `seal`: the one that was told of its first line."""
    try:
        *lines, last, nothing = content.decode().split("\n")
        entries = [json.loads(line) for line in lines]
        end = json.loads(last)
    except ValueError:
        return ["文件不完整或不是纪要文件"]
    if nothing or not entries or not all(isinstance(one, dict) for one in (*entries, end)):
        return ["文件不完整或不是纪要文件"]
    found, prev = [], FIRST
    for n, (line, entry) in enumerate(zip(lines, entries, strict=True)):
        if not _as_sealed(line, entry, n, prev):
            found.append(f"第 {n + 1} 行与封存时不符")
        prev = str(entry.get("seal"))
    if last != canonical({"lines": len(entries), "head": prev}):
        found.append("末行与封存时不符")
    if seal is not None and entries[0].get("seal") != seal:
        found.append("首行封印与已公布的不符")
    return found


def _as_sealed(line: str, entry: Mapping[str, Any], n: int, prev: str) -> bool:
    bare = {name: said for name, said in entry.items() if name != "seal"}
    in_place = (entry.get("n"), entry.get("prev")) == (n, prev)
    return in_place and line == canonical(entry) and entry.get("seal") == _hash(canonical(bare))


def canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value: Any) -> Any:
    """JSON values; times in UTC, what is empty left out."""
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case Enum():
            return value.value
        case Mapping():
            return {str(name): plain(said) for name, said in value.items() if said is not None}
        case list() | tuple():
            return [plain(one) for one in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            return plain({field.name: getattr(value, field.name) for field in fields(value)})
        case _:
            return value
