"""Every date that a service counts in working days, and what becomes of it where a notice comes out, or changes, later.

A count that isn't in the table is a new one: say what becomes of it.
"""

import ast
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from chassis.kernel import clock

SERVICES = Path(__file__).resolve().parents[2] / "services"
COUNTING = {
    one.__name__
    for one in (
        clock.due_after,
        clock.extend,
        clock.in_working_days,
        clock.resume,
        clock.shift,
        clock.start,
        clock.working_days_after,
    )
}
RECOUNTED = "a term of an office: counted again at a start, while it runs (`recounted`)"
ANNOUNCED = (
    "told to people who rely on it: never earlier, later over a day that is off (`announced`)"
)
AT_ITS_TIME = "counted again when its time comes, by the days as they are known then"
NOT_KEPT = "what a step asks for when it is taken, by the days as they are known then"
FATES = {
    "affairs/domain/admitting.py": {
        "_in_time": NOT_KEPT,
        "_review_due": RECOUNTED,
        "renew": RECOUNTED,
    },
    "consultation/domain/appointing.py": {"publicise": ANNOUNCED},
    "consultation/domain/following.py": {"started": RECOUNTED},
    "consultation/domain/matter.py": {"counted": RECOUNTED},
    "consultation/domain/session.py": {"_noticed": NOT_KEPT},
    "consultation/domain/watching.py": {"inspect": RECOUNTED, "renew": RECOUNTED},
    "mediation/domain/case.py": {"counted": RECOUNTED},
    "mediation/domain/clocks.py": {"started": RECOUNTED},
    "organisations/domain/heads.py": {"leave": RECOUNTED, "publicise": ANNOUNCED},
    "organisations/domain/listing.py": {"propose": ANNOUNCED},
    "organisations/domain/matters.py": {"report": RECOUNTED},
    "organisations/domain/registering.py": {"earliest": NOT_KEPT},
    "procurement/domain/application.py": {"_linkage": NOT_KEPT},
    "procurement/domain/contract.py": {"_anew": RECOUNTED, "_opened": RECOUNTED},
    "procurement/domain/remark.py": {"remark": RECOUNTED},
    "procurement/domain/report.py": {"give": RECOUNTED},
    "procurement/domain/supervision.py": {"record_due": AT_ITS_TIME},
    "procurement/steps/calls.py": {"close_panel": RECOUNTED},
    "whistle/desk/accountability.py": {"hold_to_account": RECOUNTED},
    "whistle/domain/blowing.py": {"dispatched": RECOUNTED},
    "whistle/domain/competence.py": {"decline": RECOUNTED},
    "whistle/domain/ladder.py": {"at": RECOUNTED},
    "whistle/domain/spot.py": {"times": NOT_KEPT},
    "whistle/domain/task.py": {"granted_extension": RECOUNTED},
    "whistle/domain/whistle.py": {"reopen": RECOUNTED, "resume": RECOUNTED, "send_back": RECOUNTED},
    "whistle/domain/yearly.py": {"appeal": RECOUNTED},
}

RECOUNTS = {
    "affairs/domain/admitting.py": {"affairs/domain/admitting.py"},
    "consultation/domain/following.py": {
        "consultation/domain/following.py",
        "consultation/domain/matter.py",
    },
    "consultation/domain/watching.py": {"consultation/domain/watching.py"},
    "mediation/domain/clocks.py": {"mediation/domain/case.py", "mediation/domain/clocks.py"},
    "organisations/domain/clocks.py": {
        "organisations/domain/heads.py",
        "organisations/domain/matters.py",
    },
    "procurement/domain/call.py": {"procurement/steps/calls.py"},
    "procurement/domain/contract.py": {"procurement/domain/contract.py"},
    "procurement/domain/remark.py": {"procurement/domain/remark.py"},
    "procurement/domain/report.py": {"procurement/domain/report.py"},
    "whistle/domain/accountability.py": {"whistle/desk/accountability.py"},
    "whistle/domain/judging.py": {
        "whistle/domain/blowing.py",
        "whistle/domain/competence.py",
        "whistle/domain/ladder.py",
        "whistle/domain/task.py",
        "whistle/domain/whistle.py",
    },
    "whistle/domain/yearly.py": {"whistle/domain/yearly.py"},
}
"""Where what was counted in which files is counted again."""


def called(text: str) -> Iterator[tuple[str, str]]:
    """Each function, and what it calls by its bare name; what `clock` gives under another name isn't found."""
    for function in ast.walk(ast.parse(text)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                    yield function.name, call.func.id


def imported(text: str) -> set[str]:
    return {
        name.name
        for one in ast.walk(ast.parse(text))
        if isinstance(one, ast.ImportFrom) and one.module == clock.__name__
        for name in one.names
    }


def renewed(text: str) -> Iterator[str]:
    """What a service has done to all of a collection at a start, by `renew`."""
    for call in ast.walk(ast.parse(text)):
        match call:
            case ast.Call(func=ast.Name(id="renew")):
                for inner in ast.walk(call):
                    match inner:
                        case ast.Call(func=ast.Attribute(attr=name)):
                            yield name


def test_what_becomes_of_each_date_in_working_days_is_said() -> None:
    found = {}
    for file in SERVICES.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        counting = imported(text) & COUNTING
        if by := {function for function, name in called(text) if name in counting}:
            found[file.relative_to(SERVICES).as_posix()] = by
    assert found == {file: set(fates) for file, fates in FATES.items()}


def fated(fate: str) -> set[str]:
    return {file for file, fates in FATES.items() if fate in fates.values()}


def test_where_what_is_to_be_recounted_is_counted_again_is_said_and_done_at_a_start() -> None:
    again, started = {}, []
    for file in SERVICES.rglob("*.py"):
        text, place = file.read_text(encoding="utf-8"), file.relative_to(SERVICES)
        service = place.parts[0]
        if "recounted" in imported(text):
            by = [function for function, name in called(text) if name == "recounted"]
            again[place.as_posix()] = [(service, function) for function in by]
        started += [(service, function) for function in renewed(text)]
    assert set(again) == set(RECOUNTS)
    assert set().union(*RECOUNTS.values()) == fated(RECOUNTED)
    assert sorted(started) == sorted(chain.from_iterable(again.values()))


def test_what_was_announced_is_counted_again_as_such_where_it_was_counted() -> None:
    for file in fated(ANNOUNCED):
        text = (SERVICES / file).read_text(encoding="utf-8")
        assert "announced" in {name for _, name in called(text)}, file
