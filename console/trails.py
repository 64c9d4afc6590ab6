"""What a trail entry says of one of several deadlines: whose and which it is, from when to when, and why."""

from collections.abc import Mapping
from typing import Any

from .registers import Names
from .shown import clock_face, due_face

DAYS = "working_days"
CLOCKS = frozenset(("unit", "units", "which", "due", "budget", "deadline", "was"))
"""Of an entry what is said here."""


def clocks(names: Names, words: Mapping[str, str], data: Mapping[str, Any]) -> list[str]:
    """`words`: what the service's codes are called."""
    unit, units = data.get("unit"), data.get("units")
    every = [unit] if isinstance(unit, str) else units if isinstance(units, list) else []
    said = ["、".join(names.named("unit", code) for code in every if isinstance(code, str))]
    if which := data.get("which"):
        said.append(f"{words.get(str(which), str(which))}时限")
    if isinstance(due := data.get("due"), str):
        said.append(f"限 {due_face(due)}")
    if isinstance(budget := data.get("budget"), Mapping):
        said.append(_days(budget))
    if isinstance(deadline := data.get("deadline"), Mapping):
        said += _moved(deadline, str(data.get("was") or ""))
    return [one for one in said if one]


def _moved(deadline: Mapping[str, Any], was: str) -> list[str]:
    """An extension and a pause are added at the end of what stands in the clock; whichever came last moved it."""
    due = str(deadline.get("due"))
    changed = f"由 {due_face(was)} 改为 {due_face(due)}"
    said = [changed if was and was != due else f"限 {due_face(due)}"]
    paused, extended = _last(deadline, "pauses"), _last(deadline, "extensions")
    if paused and str(paused.get("until") or paused["since"]) >= str(extended.get("at") or ""):
        until = paused.get("until")
        span = f" 至 {clock_face(str(until))} " if until else " 起"
        said.append(f"{clock_face(str(paused['since']))}{span}暂停：{paused['reason']}")
    elif extended:
        said.append(f"延长 {_days(extended['budget'])}：{extended['reason']}")
    return said


def _last(deadline: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (deadline.get(name) or [{}])[-1]
    return found


def _days(budget: Mapping[str, Any]) -> str:
    return f"{budget['amount']} 个工作日" if budget.get("pace") == DAYS else ""
