"""Which lanes this run went through, said in its very last lines.

A suite that quietly leaves out a database or a broker looks exactly like one that passed on it.
So every lane is named at the end of every run, with what it ran on, or as not run.
"""

from collections.abc import Mapping
from typing import Any

import pytest

NOT_RUN = "not run"

_lanes: dict[str, list[str]] = {
    "SQLite": [],
    "MongoDB": [],
    "RabbitMQ": [],
    "Chromium": [],
}
_notes: list[str] = []


def ran(lane: str, on: str) -> None:
    """Records that a lane was used, and on what: ran("RabbitMQ", "3.10.8 (private node)")."""
    seen = _lanes.setdefault(lane, [])
    if on not in seen:
        seen.append(on)


def note(line: str) -> None:
    """One more line for the end of the run: note("rules covered: 63/63")."""
    if line not in _notes:
        _notes.append(line)


def said() -> dict[str, Any]:
    """For the process that ends the run, by one that ran some of it."""
    return {"lanes": _lanes, "notes": _notes}


def heard(said: Mapping[str, Any]) -> None:
    """What another process ran, too."""
    for lane, seen in said["lanes"].items():
        for on in seen:
            ran(lane, on)
    for line in said["notes"]:
        note(line)


def lines() -> list[str]:
    return [*_notes, "lanes: " + " | ".join(_said(lane, on) for lane, on in _lanes.items())]


def _said(lane: str, on: list[str]) -> str:
    what = " and ".join(on) or NOT_RUN
    return f"{lane} {what}" if what[0].isdigit() else f"{lane}: {what}"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Also to be imported: one of several processes hands on what it ran."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["lanes"] = said()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """The third: what one of several processes has handed on."""
    heard(getattr(node, "workeroutput", {}).get("lanes", {"lanes": {}, "notes": []}))


def pytest_unconfigure(config: pytest.Config) -> None:
    """To be imported by the root conftest. pytest_terminal_summary would come before the list of
    failures and the count of tests, and so not be the end.
    """
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is None or config.option.collectonly:
        return
    for line in lines():
        terminal.write_line(line)
