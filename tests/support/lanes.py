"""Which lanes this run went through, said in its very last lines.

A suite that quietly leaves out a database or a broker looks exactly like one that passed on it.
So every lane is named at the end of every run, with what it ran on, or as not run.
"""

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


def lines() -> list[str]:
    return [*_notes, "lanes: " + " | ".join(_said(lane, on) for lane, on in _lanes.items())]


def _said(lane: str, on: list[str]) -> str:
    what = " and ".join(on) or NOT_RUN
    return f"{lane} {what}" if what[0].isdigit() else f"{lane}: {what}"


def pytest_unconfigure(config: pytest.Config) -> None:
    """To be imported by the root conftest. pytest_terminal_summary would come before the list of
    failures and the count of tests, and so not be the end.
    """
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is None or config.option.collectonly:
        return
    for line in lines():
        terminal.write_line(line)
