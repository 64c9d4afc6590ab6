"""What a step shows only once, to the person who took it: a receipt, a secret, a person's identity, sealed data.

It is in the answer and nowhere else, so it is shown at once, on a page that no cookie, address or cache keeps.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .described import Listed, Schema
from .shown import EMPTY, Group, Showing, clock_face, moment

ONCE = {
    "receipt": "回执码，请交给反映人：凭它查询办到哪一步；由部门办理的，办完可以评价，不满意可要求重新办理。",
    "secret": "签名密钥，请交给对方妥善保存：凭它核对签名。遗失了只能更换。",
}
"""What is said once and never again, and what it is for."""
FOURS = re.compile(r"(?<=\d)(?=(?:\d{4})+$)")
WHOLE = frozenset(("record", "case"))
"""Where the record stands in what is held about somebody."""
LEFT_OUT = frozenset(("problem", "next_at"))
"""Of that the platform's own bookkeeping."""
OF_PERSONS = {
    "name": "姓名",
    "record": "登记的情况",
    "case": "登记的情况",
    "read": "谁查看过",
    "told": "告知过什么",
    "by": "谁",
}
"""What has another name where it is said of a person."""
UNNAMED = {
    "person": "本人",
    "elsewhere": "在其他社会组织任职",
    "kept_until": "保存到",
    "moment": "告知的事",
    "due_at": "应告知时间",
    "sent_at": "告知时间",
    "tries": "未送达次数",
}
"""What is called nothing elsewhere."""
NUMBERED = re.compile(r"([a-z]+)-([0-9]+)")


def once(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What it is for, and what it is: digits in fours, as they are read out."""
    found = [(why, str(said[name])) for name, why in ONCE.items() if said.get(name)]
    return [(why, FOURS.sub(" ", text) if text.isdecimal() else text) for why, text in found]


def told(showing: Showing, one: Listed, shape: Schema, said: Any) -> Group:
    """By its schema where its fields are named; else by what such fields are called in that service."""
    if fields := shape.get("properties"):
        named = {name: each for name, each in fields.items() if name not in ONCE}
        return showing.record("", {**shape, "properties": named}, said)
    return Telling(showing, one).group("", said)


class Telling:
    """Of an answer whose fields nobody has named: what people wrote as they wrote it."""

    def __init__(self, showing: Showing, one: Listed) -> None:
        self._showing = showing
        self._one = one
        self._titles = showing.described.titles(showing.service)
        self._codes = showing.described.codes(showing.service)

    def group(self, title: str, said: Mapping[str, Any]) -> Group:
        facts: list[tuple[str, str, str]] = []
        groups: list[Group] = []
        for name, value in said.items():
            called = self._called(name)
            if value in EMPTY or name in LEFT_OUT:
                continue
            if isinstance(value, Mapping) and name in WHOLE:
                groups.append(self._showing.record(called, self._one.state, value))
            elif isinstance(value, Mapping) and set(value) == {name}:
                facts.append((called, self._text(name, value[name]), ""))
            elif isinstance(value, Mapping):
                groups.append(self.group(called, value))
            elif isinstance(value, Sequence) and not isinstance(value, str):
                groups += self._each(called, value)
            else:
                facts.append((called, self._text(name, value), self._showing.page(name, value)))
        return Group(title, facts, groups=groups)

    def _each(self, title: str, rows: Sequence[Mapping[str, Any]]) -> list[Group]:
        return [self.group(f"{title} {number}", row) for number, row in enumerate(rows, 1)]

    def _called(self, name: str) -> str:
        """One of several by its number, a party by its code."""
        if numbered := NUMBERED.fullmatch(name):
            return f"{self._called(numbered[1])} {numbered[2]}"
        titles, codes = self._titles, self._codes
        known = (OF_PERSONS, titles, codes, UNNAMED)
        plain = titles.get(f"{name}s") or f"{titles.get('party', '')} {name}".strip()
        return next((one[name] for one in known if name in one), plain)

    def _text(self, name: str, value: Any) -> str:
        if name == "by":
            return self._showing.names.office(str(value))
        if name == "moment":
            return self._codes.get(value, value)
        text = str(value)
        return clock_face(text) if moment(text) else text
