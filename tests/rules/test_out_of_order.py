"""What is said of a step whose turn it isn't: the state in words, and steps by what they are called."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

from chassis.kernel.errors import OutOfOrder
from chassis.kernel.rule import Rule
from chassis.steps import Collection
from services.consultation.domain import matter, session_course
from services.housing.domain import agreement
from services.mediation.domain import case
from services.whistle.domain import accountability, course, problem

MATTERS = {step for procedure in matter.ALLOWED.values() for step in procedure}
ORDERED = {
    ("consultation", "matters"): MATTERS
    | {s for after in matter.STEPS_FOR.values() for s in after},
    ("consultation", "sessions"): set(session_course.ALLOWED),
    ("housing", "agreements"): set(agreement.ALLOWED),
    ("mediation", "cases"): set(case.ALLOWED),
    ("whistle", "accountability"): set(accountability.ALLOWED),
    ("whistle", "problems"): set(problem.ALLOWED) - set(problem.ELSEWHERE),
    ("whistle", "whistles"): set(course.ALLOWED) - set(course.ELSEWHERE),
}


def declared(service: str, name: str) -> Collection[object, object, object, object]:
    steps = import_module(f"services.{service}.steps")
    modules = [
        import_module(f"{steps.__name__}.{one.name}") for one in iter_modules(steps.__path__)
    ]
    held = (one for module in modules for one in vars(module).values())
    return next(one for one in held if isinstance(one, Collection) and one.name == name)


@pytest.mark.parametrize("where", ORDERED, ids="/".join)
def test_each_step_that_has_its_turn_is_called_something(where: tuple[str, str]) -> None:
    assert ORDERED[where] <= set(declared(*where).titles)


def test_a_refusal_calls_steps_by_their_titles_and_keeps_its_rule() -> None:
    rule = Rule(id="T-01", text="有章可循。", clauses=("一", "二"))
    refusal = OutOfOrder(rule, "已立项", "register", ["dispatch", "urge"], "二")
    told = refusal.called({"register": "立项", "dispatch": "派遣"})
    assert (told.rule, told.clause) == (rule, "二")
    assert told.detail == "当前状态为“已立项”，不能办理“立项”；允许的步骤：派遣、urge。"
    assert OutOfOrder(rule, "已办结", "x", []).detail.endswith("允许的步骤：无。")
