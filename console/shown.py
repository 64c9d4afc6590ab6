"""A record as tables, from its schema: titles, words, names, times, money, clocks. What is empty isn't shown."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chassis.kernel.clock import due_minute, local_minute

from .described import Described, Schema
from .registers import Names

MONEY = "（分）"
AREA = "（平方米）"
"""Whole numbers under either are hundredths."""
HUNDREDTHS = re.compile(r"（百分之一([^）]*)）")
"""Whole numbers under it are read in its unit."""
DEEP = 4
DIGEST = re.compile(r"[0-9a-f]{64}")
"""What a file is kept under: nobody reads it; the pages that show files know it."""
PART = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[0-9]+")
"""A part of a record, by its number."""
OWN_CODE = re.compile(r"[a-z][a-z0-9_-]*")
"""A code that the platform is told by, not one that people write: those of catalogues have capitals or points."""
CALLED = ("name", "title")
UNIT = "unit"
BY = "by_"
"""Of counts by something, before what they are by."""
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SEALED = re.compile(r"\{\".*\}", re.DOTALL)
"""A line as it was sealed, for whoever checks the file."""
LISTED, FORGOTTEN = "listed", "forgotten"
HIDDEN = frozenset(
    (
        "mark",
        "fingerprint",
        "policy",
        "calendar",
        "scored_calendar",
        "scored_under",
        LISTED,
        "next_steps",
    )
)
"""Fields that are the platform's own bookkeeping."""


def hidden(name: str, state: Mapping[str, Any]) -> bool:
    """Bookkeeping, and a code that has what it stands for beside it. What is listed is a count, or says
    why; that a name isn't gone goes without saying.
    """
    own = name == "code" and OWN_CODE.fullmatch(str(state.get(name)))
    said = name == LISTED and isinstance(state.get(name), Mapping)
    not_yet = name == FORGOTTEN and not state.get(name)
    return (
        not_yet
        or (name in HIDDEN and not said)
        or bool(own and any(state.get(one) for one in CALLED))
    )


EMPTY: tuple[Any, ...] = (None, "", [], {}, ())


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Group:
    """Facts, the tables and the groups below them."""

    title: str
    facts: Sequence[tuple[str, str, str]] = ()
    """Title, text, and the page of what it names, where there is one."""
    tables: Sequence[Table] = ()
    groups: Sequence["Group"] = field(default=())


def yuan(fen: int) -> str:
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def moment(text: str) -> datetime | None:
    """A time with its zone; None where it is none."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None


def clock_face(text: str) -> str:
    """In Shanghai, to the minute."""
    at = moment(text)
    return local_minute(at) if at else text


def due_face(text: str) -> str:
    """By when something is due, likewise."""
    at = moment(text)
    return due_minute(at) if at else text


def for_field(text: str) -> str:
    """As a field for a time takes it."""
    return clock_face(text).replace(" ", "T")


@dataclass(frozen=True, slots=True)
class Showing:
    described: Described
    names: Names
    service: str = ""
    beside: Mapping[str, str] = field(default_factory=dict)
    """What codes are called that stand with their titles in the same record."""
    known: Mapping[str, str] = field(default_factory=dict)
    """What the records are called that are named by their ids."""

    def record(self, title: str, schema: Schema, state: Any) -> Group:
        plain = self.described.plain(schema)[0]
        item = self._item(plain)
        if item is not None:
            return Group(title, tables=[self._table("", item, state)] if state else ())
        return self._group(title, plain, state, 0)

    def _group(self, title: str, schema: Schema, state: Any, deep: int) -> Group:
        facts: list[tuple[str, str, str]] = []
        tables: list[Table] = []
        groups: list[Group] = []
        here = replace(self, beside={**self.beside, **_titled(state)})
        for name, shape in schema.get("properties", {}).items():
            value = state.get(name) if isinstance(state, Mapping) else None
            if value in EMPTY or hidden(name, state):
                continue
            plain, _ = self.described.plain(shape)
            called = self.title(name, plain)
            item = self._item(plain)
            if item is not None and isinstance(value, Sequence):
                if deep < DEEP and self._has_parts(item, value):
                    groups += here._each(called, item, value, deep)
                else:
                    table = here._table(called, item, value)
                    tables += [table] if table.columns else []
            elif "properties" in plain and _is_clock(plain):
                facts.append((called, self.text(name, plain, value), self.page(name, value)))
            elif "properties" in plain and deep < DEEP:
                groups.append(here._group(called, plain, value, deep + 1))
            else:
                text, page = here.text(name, plain, value), self.page(name, value)
                facts += [(called, text, page)] if text or page else []
        return Group(title, facts, tables, groups)

    def _has_parts(self, item: Schema, rows: Sequence[Any]) -> bool:
        """Whether there are objects in its rows, that no cell has room for."""
        shapes = {
            name: self.described.plain(shape)[0] for name, shape in item["properties"].items()
        }
        return any(
            self._item(plain) is not None or ("properties" in plain and not _is_clock(plain))
            for name, plain in shapes.items()
            if name not in HIDDEN and any(_there(row, name) for row in rows)
        )

    def _each(self, title: str, item: Schema, rows: Sequence[Any], deep: int) -> list[Group]:
        return [
            self._group(f"{title} {number}{self._whose(row)}", item, row, deep + 1)
            for number, row in enumerate(rows, 1)
        ]

    def _whose(self, row: Any) -> str:
        """The unit that a part of a record is, as a task of a whistle."""
        unit = row.get(UNIT) if isinstance(row, Mapping) else None
        return f" · {self.names.named(UNIT, unit)}" if unit else ""

    def page(self, name: str, value: Any) -> str:
        """Of the record that an id in a field of that name leads to, in the same service."""
        one = self.described.lists.get(f"{self.service}.{name}s")
        linked = one is not None and one.single and isinstance(value, str) and UUID.fullmatch(value)
        return f"/console/{self.service}/{name}s/{value}" if linked else ""

    def title(self, name: str, plain: Schema) -> str:
        title = str(plain.get("title") or name).replace(MONEY, "（元）")
        return HUNDREDTHS.sub(lambda found: f"（{found[1]}）" if found[1] else "", title)

    def _item(self, plain: Schema) -> Schema | None:
        """What a list is of, where that is no single value."""
        if plain.get("type") != "array":
            return None
        item, _ = self.described.plain(plain.get("items", {}))
        return item if "properties" in item else None

    def _table(self, title: str, item: Schema, rows: Sequence[Any]) -> Table:
        """Columns that are empty in every row are left out."""
        shapes = {
            name: self.described.plain(shape)[0]
            for name, shape in item.get("properties", {}).items()
            if any(_there(row, name) and not hidden(name, row) for row in rows)
        }
        texts = {
            name: [self.text(name, plain, row.get(name)) for row in rows]
            for name, plain in shapes.items()
        }
        told = [name for name, column in texts.items() if any(column)]
        cells = list(zip(*(texts[name] for name in told), strict=True))
        return Table(title, [self.title(name, shapes[name]) for name in told], cells)

    def text(self, name: str, plain: Schema, value: Any) -> str:
        """One cell."""
        if value in EMPTY:
            return ""
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, Mapping):
            return self._clock(value) if _is_clock(plain) else self._inline(name, plain, value)
        if isinstance(value, Sequence) and not isinstance(value, str):
            item, _ = self.described.plain(plain.get("items", {}))
            if all(isinstance(one, str) and DIGEST.fullmatch(one) for one in value):
                return f"{len(value)} 份"
            joint = "；" if "properties" in item else "、"
            return joint.join(filter(None, (self.text(name, item, one) for one in value)))
        return self._word(name, plain, value)

    def _word(self, name: str, plain: Schema, value: Any) -> str:
        text = str(value)
        if text in self.known:
            return self.known[text]
        if any(one.fullmatch(text) for one in (UUID, PART, DIGEST, SEALED)):
            return ""  # of no use to a reader; if it leads anywhere, that is a link
        unit = str(plain.get("title", ""))
        if isinstance(value, int) and (MONEY in unit or AREA in unit or HUNDREDTHS.search(unit)):
            return yuan(value)
        if word := self.described.words(plain).get(text):
            return word
        if plain.get("format") == "date-time":
            return clock_face(text)
        if name == "code":
            word = self.names.register("unit").get(text)
            return word or self.described.codes(self.service).get(text, text)
        return self.names.named(name, text) if isinstance(value, str) else text

    def _inline(self, of: str, plain: Schema, value: Mapping[str, Any]) -> str:
        """An object in a cell."""
        parts = []
        for name, shape in plain.get("properties", {}).items():
            inner, _ = self.described.plain(shape)
            if not hidden(name, value) and (text := self.text(name, inner, value.get(name))):
                whole = isinstance(value.get(name), Mapping)
                parts.append(text if whole else f"{self.title(name, inner)}：{text}")
        if not plain.get("properties"):
            parts = [f"{self._key(of, key)}：{self._of(key, said)}" for key, said in value.items()]
        return "，".join(parts)

    def _key(self, of: str, key: str) -> str:
        """What something is counted by, or said of."""
        if key in self.beside:
            return self.beside[key]
        found = self.names.named(of.removeprefix(BY), key)
        return self.described.codes(self.service).get(key, key) if found == key else found

    def _of(self, key: str, said: Any) -> str:
        """Nothing is what isn't told: a count below the least that is shown."""
        return "—" if said is None else self.text(key, {}, said)

    def _clock(self, value: Mapping[str, Any]) -> str:
        deadline = value.get("deadline") or value
        text = f"限 {due_face(str(deadline['due']))}"
        if deadline.get("pauses") and deadline["pauses"][-1].get("until") is None:
            text += "，暂停中"
        if met := value.get("met_at"):
            late = "逾期完成" if str(met) > str(deadline["due"]) else "按时完成"
            text += f"，{clock_face(str(met))} {late}"
        if rungs := value.get("rungs"):
            text += f"，提醒 {rungs} 次" if met else f"，已逾期，提醒 {rungs} 次"
        return text + ("（暂定）" if deadline.get("provisional") else "")


def _titled(state: Any) -> dict[str, str]:
    """By their codes the titles in the lists of a record."""
    lists = state.values() if isinstance(state, Mapping) else ()
    return {
        str(row["code"]): str(row["title"])
        for rows in lists
        if isinstance(rows, Sequence) and not isinstance(rows, str)
        for row in rows
        if isinstance(row, Mapping) and row.get("code") and row.get("title")
    }


def _is_clock(plain: Schema) -> bool:
    inside = plain.get("properties", {})
    return "deadline" in inside or ("due" in inside and "budget" in inside)


def _there(row: Any, name: str) -> bool:
    """No is nothing that is told; a nought is."""
    value = row.get(name) if isinstance(row, Mapping) else None
    return value not in EMPTY and value is not False
