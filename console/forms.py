"""A form from a JSON schema: what is asked for, in the words of the people who are asked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .described import KEYS, Described, Schema
from .registers import FIELDS, OFFICES, REGISTER_OF, Names
from .shown import MONEY, for_field, yuan

LONG = 120
"""Letters from which a text gets several lines."""
SPARE = 1
"""Rows of a list that are offered empty."""
MORE = "_more"
"""A list's own button, which asks for the form once more, with a row more of it."""
DEEP = 6
HINTS = {
    "^[a-z0-9][a-z0-9_-]{0,63}$": "代码：小写字母、数字、_ 和 -",
    "^20[0-9]{2}-Q[1-4]$": "例如 2026-Q1",
    "^20[0-9]{2}-(0[1-9]|1[0-2])$": "例如 2026-01",
}
NOTHING_YET = "现在没有可选的。"
"""What is said where a list has nothing that could be chosen."""
UNREAD = {
    "money": "请只写金额，以元为单位，至多两位小数，例如 12800.50",
    "number": "请只写数字，例如 12",
    "year": "请只写年份，例如 2026",
}
"""What is said of what can't be read as such: the schema would speak of JSON."""
SHAPE, LENGTH = "应为", "长度至少"
"""How the platform begins where it says what a code looks like, or how long a list is."""
OWN = "x-own"
"""What says of a field by which of what is one's own (`Names.own`), or the record's, its codes are kept to."""
NOBODY = "x-nobody"
"""What it says where none of them is."""
FOLLOWS = "x-follows"
"""What says of a field from which other it follows: where that is given, it isn't asked for."""
MUST = "x-must"
"""What says of a text that its rule refuses none, though the schema would let it be empty."""
OFFICE = "x-office"
"""What says of a text that it is an office as it acts."""
KIND, CODE, RECEIVER = "kind", "code", "receiver"
PARTIES = {**REGISTER_OF, "supplier": "supplier"}
MOST = 400
"""Parties that are offered; where there are more, the code is written (ours)."""
ONLY = frozenset(("whistle", "consultation"))
"""The services whose categories stand in the register of categories."""


def longer(more: str, said: Mapping[str, Any]) -> dict[str, int]:
    """How many rows are shown of the list whose button was pressed."""
    return {more: len(said.get(more, ())) + 2} if more else {}


Fault = tuple[str, str, str]
"""A field's id, what it is called in its form, and what is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that is asked for; a group has `parts`, a list `rows` of them."""

    name: str
    title: str
    kind: str
    required: bool = False
    value: Any = ""
    options: Sequence[tuple[str, str]] = ()
    hint: str = ""
    error: str = ""
    parts: Sequence["Field"] = ()
    of: str = ""
    """Which form it stands in, where a page has several."""

    @property
    def id(self) -> str:
        return f"f-{self.of}{self.name}".replace(".", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """What a form is made of: the description, the registers, what was said before and what was wrong with it."""

    described: Described
    names: Names
    service: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Of a register the codes that the visitor may act for, if they aren't all."""
    more: Mapping[str, int] = field(default_factory=dict)
    """How many rows of a list are shown, by its name."""
    records: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    """What can be referred to in a field of that name; of a mapping, what its keys can be."""
    suggested: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    """What is written in a field of that name, for the most part, and what it is called."""

    def fields(self, schema: Schema, said: Mapping[str, Any], under: str = "") -> list[Field]:
        """Of an object, in the order of its declaration."""
        required = frozenset(schema.get("required", ()))
        found = [
            self.one(
                f"{under}{name}",
                shape,
                said.get(name),
                required=name in required or MUST in self.described.plain(shape)[0],
                beside=said,
            )
            for name, shape in schema.get("properties", {}).items()
            if said.get(name) or not said.get(self.described.plain(shape)[0].get(FOLLOWS, ""))
        ]
        properties = schema.get("properties", {})
        parties, receivers = self._parties(properties, KIND), self._parties(properties, RECEIVER)
        if parties and self._all_known(properties):
            found = [
                replace(one, kind="choice", options=parties, hint="")
                if one.name == f"{under}{CODE}"
                else one
                for one in found
            ]
        received = f"{under}{RECEIVER}_{CODE}"
        return [replace(one, options=receivers) if one.name == received else one for one in found]

    def faults(self, fields: Sequence[Field]) -> list[Fault]:
        """What is wrong, in the order of the form; nothing where not all of it stands at a field."""
        found = _faults(fields)
        return found if len(found) >= len(self.errors) else []

    def _kinds(self, properties: Mapping[str, Schema], kind: str) -> Sequence[str]:
        found: Sequence[str] = self.described.plain(properties.get(kind, {}))[0].get("enum", ())
        return found

    def _all_known(self, properties: Mapping[str, Schema]) -> bool:
        """Whether all that may be meant stand in registers: else a code is written, too."""
        return CODE in properties and all(one in PARTIES for one in self._kinds(properties, KIND))

    def _parties(self, properties: Mapping[str, Schema], kind: str) -> tuple[tuple[str, str], ...]:
        """Who can be meant by a kind of office and a code, of the kinds that stand in registers."""
        kinds = [one for one in self._kinds(properties, kind) if one in PARTIES]
        of = [(OFFICES[one], PARTIES[one]) for one in kinds]
        found = tuple(
            (code, f"{office} · {name}")
            for office, register in of
            for code, name in self.names.of.get(register, {}).items()
        )
        return found if len(found) <= MOST else ()

    def one(
        self,
        name: str,
        shape: Schema,
        said: Any,
        *,
        required: bool,
        beside: Mapping[str, Any] = {},
    ) -> Field:
        plain, absent = self.described.plain(shape)
        title = str(plain.get("title") or shape.get("title") or name.rpartition(".")[2])
        if KEYS in plain or self._keys(name, plain, said):
            return self._named(name, title, plain, said, beside)
        kind, options = self._kind(name, plain)
        if name.rpartition(".")[2] in self.records:
            options = _with(options, _codes(kind, said))
        if kind == "group":
            return self._group(name, title, plain, said, required=required and not absent)
        if kind == "rows":
            return self._rows(name, title, plain, said, required=required)
        given = plain.get("default", shape.get("default")) if said is None else said
        if given is None and required and len(options) == 1 and self._bounds(name, plain):
            only = options[0][0]  # the only one that is one's own
            given = [only] if kind == "many" else only
        return Field(
            name=name,
            title=title.replace("（分）", "（元）") if kind == "money" else title,
            kind=kind,
            required=required and not absent and kind != "many",
            value=_written(kind, given),
            options=options,
            hint=self._hint(name, kind, plain),
            error=_plainly(_read_as(name, kind), said, self._wrong(name)),
        )

    def _kind(self, name: str, plain: Schema) -> tuple[str, Sequence[tuple[str, str]]]:
        if words := self._words(name, plain):
            return "choice", words
        if plain.get("type") == "array":
            item, _ = self.described.plain(plain.get("items", {}))
            if item.get("type") == "object":
                return "rows", ()
            options = self._words(name, item) or self._register(name, plain)
            none = self._none(name, plain)
            return ("many", options) if options or none else ("lines", ())
        if "properties" in plain:
            return "group", ()
        if plain.get("type") == "object":
            return "json", ()
        if plain.get(OFFICE) and (offices := self.names.offices()):
            return "choice", offices
        if plain.get("type") == "string":
            options = self._register(name, plain)
            if options or not self.records.get(name.rpartition(".")[2], True):
                return "choice", options
        if plain.get("type") == "integer" and (there := self.records.get(name)):
            return "choice", tuple(there)
        return _simple(plain), tuple(self.suggested.get(name, ()))

    def _hint(self, name: str, kind: str, plain: Schema) -> str:
        if self._none(name, plain):
            return str(plain.get(NOBODY) or NOTHING_YET)
        if kind == "lines":
            return "每行一个"
        return HINTS.get(plain.get("pattern", ""), "") if kind == "text" else ""

    def _keys(self, name: str, plain: Schema, said: Any) -> Sequence[tuple[str, str]]:
        """What may stand under a mapping: the codes of its keys, those of a record, those that were said before."""
        if self.described.by_keys(plain) is None:
            return ()
        named, _ = self.described.plain(plain.get("propertyNames", {}))
        known = dict(self.described.words(named)) or dict(self.records.get(name, ()))
        before = said if isinstance(said, Mapping) else {}
        return tuple({**{key: key for key in before}, **known}.items())

    def _named(
        self, name: str, title: str, plain: Schema, said: Any, beside: Mapping[str, Any]
    ) -> Field:
        """A field for each key, none of which has to be filled in: what is wanting, its rule says."""
        under = self.described.by_keys(plain) or {}
        known = said if isinstance(said, Mapping) else {}
        parts = [
            self.one(f"{name}.{key}", {**under, "title": word}, known.get(key), required=False)
            for key, word in self._keys(name, plain, said)
        ]
        by = plain.get(KEYS, {}).get("by", "")
        return Field(
            name=name,
            title=title,
            kind="named",
            parts=parts,
            value=str(beside.get(by) or ""),
            hint="各项随上面所填的而定，填好后点“显示各项”。"
            if by in beside or not parts and by
            else "",
            error=self.errors.get(name, ""),
        )

    def _wrong(self, name: str) -> str:
        """Of a list in one field, also what is wrong with one of it."""
        of_one = (said for field, said in self.errors.items() if field.startswith(f"{name}."))
        return self.errors.get(name) or next(of_one, "")

    def _none(self, name: str, plain: Schema) -> bool:
        """Whether there are such codes, and none of them is one's own; or a list of such, and nothing is in it."""
        there = self.records.get(name.rpartition(".")[2], True)
        return not there or not self.own.get(plain.get(OWN, ""), True)

    def _bounds(self, name: str, plain: Schema) -> Collection[str] | None:
        """Of the codes of a register those that are one's own, if they aren't all."""
        return self.own.get(plain.get(OWN) or FIELDS.get(name.rpartition(".")[2], ""))

    def _words(self, name: str, plain: Schema) -> tuple[tuple[str, str], ...]:
        """Of one of several: those that the record has, where it says which."""
        there = dict(self.records.get(name.rpartition(".")[2], ()))
        words = tuple(self.described.words(plain).items())
        return tuple(one for one in words if one[0] in there) or words

    def _register(self, name: str, plain: Schema) -> tuple[tuple[str, str], ...]:
        last = name.rpartition(".")[2]
        if FIELDS.get(last) == "category" and self.service not in ONLY:
            return ()
        if there := self.records.get(last):
            among = self.own.get(plain.get(OWN, ""))
            return tuple(one for one in there if among is None or one[0] in among)
        known, own = self.names.register(last), self._bounds(name, plain)
        return tuple((code, name) for code, name in known.items() if own is None or code in own)

    def _group(self, name: str, title: str, plain: Schema, said: Any, *, required: bool) -> Field:
        known = said if isinstance(said, Mapping) else {}
        parts = self.fields(plain, known, f"{name}.") if name.count(".") < DEEP else []
        if not required:
            parts = [_optional(part, blank=not known) for part in parts]
        return Field(
            name=name,
            title=title,
            kind="group",
            required=required,
            parts=parts,
            error=self.errors.get(name, ""),
        )

    def _rows(self, name: str, title: str, plain: Schema, said: Any, *, required: bool) -> Field:
        item, _ = self.described.plain(plain.get("items", {}))
        known = list(said) if isinstance(said, Sequence) and not isinstance(said, str) else []
        count = max(len(known) + SPARE, self.more.get(name, 0)) if name.count(".") < DEEP else 0
        rows = []
        for number in range(count):
            row = known[number] if number < len(known) else {}
            optional = number or not required
            made = self._group(f"{name}.{number}", f"第 {number + 1} 项", item, row, required=True)
            blank = number >= len(known)
            parts = (
                [_optional(part, blank=blank) for part in made.parts] if optional else made.parts
            )
            rows.append(
                Field(name=made.name, title=made.title, kind="group", parts=parts, required=True)
            )
        return Field(
            name=name,
            title=title,
            kind="rows",
            required=required,
            parts=rows,
            error=_plainly("rows", known, self.errors.get(name, "")),
        )


def _faults(fields: Sequence[Field], within: str = "") -> list[Fault]:
    found = []
    for one in fields:
        called = f"{within}{one.title}"
        found += [(one.id, called, one.error)] if one.error else []
        found += _faults(one.parts, f"{called} › ")
    return found


def _read_as(name: str, kind: str) -> str:
    return "year" if kind == "number" and name.endswith("year") else kind


def _plainly(kind: str, said: Any, error: str) -> str:
    """To who fills in a form: what is to be done, and not what its JSON would have to look like."""
    if error and kind in UNREAD and isinstance(said, str):
        return UNREAD[kind]
    if not said and error.startswith((SHAPE, LENGTH)):
        return {"choice": "请选择", "many": "请至少选一项"}.get(kind, "请填写")
    return error


def _codes(kind: str, said: Any) -> Sequence[str]:
    """What was said where something is chosen."""
    if kind == "choice":
        return () if said in (None, "") else (str(said),)
    several = kind == "many" and isinstance(said, Sequence) and not isinstance(said, str)
    return [str(one) for one in said] if several else ()


def _with(options: Sequence[tuple[str, str]], said: Sequence[str]) -> Sequence[tuple[str, str]]:
    """What was said before stays, though it isn't among them any more."""
    return (*options, *((code, code) for code in said if code not in dict(options)))


def _optional(part: Field, *, blank: bool) -> Field:
    """Nothing in it has to be filled in: whether it is there at all is decided by filling it in."""
    nothing = [] if part.kind == "many" else ""
    return Field(
        name=part.name,
        title=part.title,
        kind=part.kind,
        value=nothing if blank else part.value,
        options=part.options,
        hint=part.hint,
        error=part.error,
        parts=[_optional(one, blank=blank) for one in part.parts],
    )


def _simple(plain: Schema) -> str:
    type, form = plain.get("type"), plain.get("format")
    if type == "integer":
        return "money" if MONEY in str(plain.get("title", "")) else "number"
    if type == "string" and form in ("date", "date-time"):
        return "date" if form == "date" else "time"
    kinds = {"boolean": "yes", "number": "number"}
    if type in kinds:
        return kinds[str(type)]
    return "long" if plain.get("maxLength", 0) > LONG else "text"


def _written(kind: str, value: Any) -> Any:
    """As it stands in the field."""
    if kind == "many":
        return [str(one) for one in value or ()]
    if value is None:
        return ""
    if kind == "lines":
        return "\n".join(str(one) for one in value)
    if kind == "money" and isinstance(value, int):
        return yuan(value)
    if kind == "yes" and isinstance(value, bool):
        return "yes" if value else "no"
    if kind == "time":
        return for_field(str(value))
    return value if isinstance(value, str) else str(value)
