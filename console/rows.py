"""Rows of lists: what each is called, how it stands, when it is due, what may be done with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from .described import Listed
from .desk import Look
from .lamps import Lamp
from .parts import TITLES, brief, part_of
from .sections import column, reached, shows
from .shown import UUID, Showing

STATES = ("status", "state")
PLACES = ("community", "street")
WHOSE = ("community", "street", "purchaser", "supplier")
WHEN = ("year", "as_of")
"""By what a record without a title or a number is called, the first of each that it has."""
LEVEL = "level"
METHOD = "_method"
"""In the address of a form: how its step is taken, where others are taken at the same place."""
FEW = 4
"""Parts of a record whose buttons stand side by side (ours)."""


@dataclass(frozen=True, slots=True)
class Button:
    name: str
    title: str
    page: str
    open: bool = True
    why: str = ""
    rule: str = ""
    clause: str = ""
    part: str = ""
    """What it is called of which the step is one, where it is on a part of the record."""
    code: str = ""
    tells: bool = False
    """Whether something is said, or is put, that is one record's: it is taken on one at a time."""


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    page: str
    number: str
    title: str
    status: str
    place: str
    of: str
    cells: Sequence[str]
    lamp: Lamp | None
    buttons: Sequence[Button]
    back: bool = False
    urged: bool = False

    @property
    def steps(self) -> list[tuple[str, list[Button]]]:
        return together(self.buttons)


def buttons(
    look: Look, one: Listed, item: Mapping[str, Any], known: Mapping[str, str] = {}
) -> list[Button]:
    """`known`: what the records are called that are named in it."""
    page = f"{one.page}/{quote(item['id'], safe='')}"
    taken, found = dict(shows(one).taken), []
    showing = Showing(look.described, look.names, one.service, known=known)
    for action in item.get("actions") or ():
        part = part_of(showing, one, item, action)
        found.append(
            Button(
                name=action["name"],
                title=action["title"],
                page=f"{page}/{taken[action['name']]}"
                if action["name"] in taken
                else f"{page}/do?{urlencode(_step(action))}",
                open=action.get("open", True),
                why=readable(look, one, item, action.get("detail", "")),
                rule=action.get("rule", ""),
                clause=action.get("clause") or "",
                part=part.called if part else "",
                code=part.code if part else "",
                tells=look.described.tells(action["href"]) is not None,
            )
        )
    return found


def _step(action: Mapping[str, Any]) -> dict[str, str]:
    how = {} if action["method"] == "POST" else {METHOD: action["method"]}
    return {"step": action["href"], **how}


def together(steps: Sequence[Button]) -> list[tuple[str, list[Button]]]:
    """One after another; what may be done to many parts of it alike, as to each seat of a committee, stands once."""
    found: dict[str, list[Button]] = {}
    for step in steps:
        found.setdefault(step.title, []).append(step)
    return [
        (title, some)
        for title, every in found.items()
        for some in ([every] if len(every) > FEW else [[one] for one in every])
    ]


CODE = re.compile(r"(?<![A-Za-z0-9_:-])[a-z][a-z_]+(?![A-Za-z0-9_:-])")
"""A word of the platform's by itself: not the beginning of a code that people gave, nor a kind before its colon."""
ALLOWED = "允许的步骤："
"""What the platform says of a step out of turn: the codes of those that are in turn follow."""


def readable(look: Look, one: Listed, item: Mapping[str, Any], text: str) -> str:
    """With the titles of steps and the words of states in place of their codes."""
    if not CODE.search(text):
        return text
    known = dict(look.described.codes(one.service))
    known |= look.described.steps.get(one.key, {})
    known |= {action["name"]: action["title"] for action in item.get("actions") or ()}
    for name in STATES:
        known |= look.described.words(column(look.described, one, name))
    said, allowed, steps = text.partition(ALLOWED)
    # The visitor can take no step without a title: the platform takes those.
    named = [step for step in steps.rstrip("。").split("、") if step in known] if allowed else ()
    whole = f"{said}{allowed}{'、'.join(named) or '没有'}。" if allowed else text
    return CODE.sub(lambda found: known.get(found[0], found[0]), whole)


def called(showing: Showing, one: Listed, item: Mapping[str, Any]) -> str:
    """By its title or name, its own or of what it began with; else by what it is, and where."""
    state = item["state"]
    for name in TITLES:
        if state.get(name) and not isinstance(state[name], Mapping | list):
            return cell(showing, one, name, state)
    for inner in state.values():
        if isinstance(inner, Mapping):
            for name in TITLES:
                if isinstance(inner.get(name), str):
                    return str(inner[name])
    if item.get("number"):
        return " ".join((str(item["number"]), *_apart(showing, one, item)))
    said = "".join(_said(showing, one, name, state) for name in _first(state))
    if said:
        return " ".join((f"{said}{one.title}", *_apart(showing, one, item)))
    own = str(state.get("code") or ("" if UUID.fullmatch(item["id"]) else item["id"]))
    return f"{one.title} {showing.described.codes(one.service).get(own, own)}".strip()


def _apart(showing: Showing, one: Listed, item: Mapping[str, Any]) -> list[str]:
    """What tells people from one another, whose names are sealed: the code in a roll, the post, since when."""
    if not (wanted := shows(one).apart):
        return []
    own = [] if UUID.fullmatch(item["id"]) else [item["id"]]
    found = (
        brief(showing, column(showing.described, one, n), item["state"].get(n)) for n in wanted
    )
    return list(dict.fromkeys([*own, *filter(None, found)]))


def _first(state: Mapping[str, Any]) -> Sequence[str]:
    """What tells it from others where it has neither title nor number: whose it is and of when, its own or of
    what it began with.
    """
    parts: dict[str, Any] = {"": state}
    parts |= {f"{name}.": said for name, said in state.items() if isinstance(said, Mapping)}
    for under, part in parts.items():
        found = [next((name for name in names if part.get(name)), "") for names in (WHOSE, WHEN)]
        if told := [f"{under}{name}" for name in found if name]:
            return told
        if part.get(LEVEL):
            return [f"{under}{LEVEL}"]
    return ()


def _said(showing: Showing, one: Listed, name: str, state: Mapping[str, Any]) -> str:
    text = cell(showing, one, name, state)
    return f" {text}年" if name.rpartition(".")[2] == "year" else text


def cell(showing: Showing, one: Listed, name: str, state: Any) -> str:
    shape = column(showing.described, one, name)
    return showing.text(name.rpartition(".")[2], shape, reached(state, name))


def row(
    look: Look,
    one: Listed,
    item: Mapping[str, Any],
    lamp: Lamp | None,
    columns: Sequence[str] = (),
    *,
    back: bool = False,
) -> Row:
    showing, state = Showing(look.described, look.names, one.service), item["state"]
    place = next((cell(showing, one, name, state) for name in PLACES if state.get(name)), "")
    return Row(
        id=item["id"],
        page=f"{one.page}/{quote(item['id'], safe='')}" if one.single else "",
        number=item.get("number") or "",
        title=called(showing, one, item),
        status=next((cell(showing, one, name, state) for name in STATES if name in state), ""),
        place=place,
        of=one.title,
        cells=[cell(showing, one, name, state) for name in columns],
        lamp=lamp,
        buttons=buttons(look, one, item),
        back=back,
        urged=look.visitor.acts_as in (state.get("urged") or ()),
    )


def choices(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """What may be done with one or another of a page of a list."""
    found = {
        step.name: step.title
        for row in rows
        for step in row.buttons
        if step.open and not step.code and not step.tells
    }
    return list(found.items())
