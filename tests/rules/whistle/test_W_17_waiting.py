"""W-17: whose move it is. Each step of a life has one whom it waits for, by his own deadline; what is over, nobody."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from chassis.kernel.clock import Budget, ends, start
from services.whistle.domain import accountability, problem, unplaced, waiting
from services.whistle.domain.accountability import CaseAnswered, CaseClosed
from services.whistle.domain.events import CompetenceDeclined, ExtensionAsked
from services.whistle.domain.problem import Problem, ProblemEvent
from services.whistle.domain.task import Which
from services.whistle.domain.unplaced import UnplacedTaken, UnplacedTurnedAway
from tests.support.specification import past

from .cases import (
    ANSWERED,
    ARRIVE_BY,
    CALLED,
    CALLED_BELOW,
    CENTRE,
    COMMUNITY,
    EVALUATED,
    HANDLE_BY,
    HANDLED,
    HANDLED_BELOW,
    MONDAY,
    RAISED,
    STREET,
    VERIFIED,
    WORK,
    blown,
    came,
    done,
    filed,
    grid_80,
    not_done,
    paused_pair,
    registered,
    rejected,
    state,
    street_90,
    verified,
    withdrawn,
)
from .test_W_01_problems import collected, followed, settled, small
from .test_W_12_repeated import opened

WATER, TRANSPORT, HEALTH = "department:water", "department:transport", "department:health"
asked = ExtensionAsked(
    unit="transport", which=Which.HANDLING, budget=Budget.working_days(2), reason="等配件"
)
undecided = CompetenceDeclined(
    unit="water",
    whose="justice",
    ground="非本单位职责",
    call=None,
    decision=start(Budget.working_days(1), MONDAY, WORK),
    at=MONDAY,
)


@pytest.mark.parametrize(
    ("happened", "offices"),
    [
        ((blown,), [CENTRE]),
        ((blown, registered), [CENTRE]),
        (CALLED, [WATER, TRANSPORT, HEALTH]),
        ((*CALLED, came("water"), filed("water")), [TRANSPORT, HEALTH]),
        ((*CALLED, asked), [WATER, TRANSPORT, HEALTH, CENTRE]),
        ((*CALLED, *paused_pair), [WATER, TRANSPORT, HEALTH, CENTRE]),
        ((*CALLED, came("water"), undecided), [WATER, TRANSPORT, HEALTH, CENTRE]),
        (HANDLED, [STREET]),
        ((*HANDLED, not_done), [CENTRE]),
        ((*HANDLED, done), [CENTRE]),
        (VERIFIED, [STREET, CENTRE]),
        ((*VERIFIED, grid_80), [STREET]),
        ((*VERIFIED, street_90), [CENTRE]),
        ((*VERIFIED, street_90, grid_80), [CENTRE]),
        (EVALUATED, [STREET]),
        (ANSWERED, []),
        ((blown, rejected), []),
        ((blown, withdrawn), []),
        (CALLED_BELOW, ["department:haihua_seven"]),
        (HANDLED_BELOW, [COMMUNITY]),
        ((*HANDLED_BELOW, done), [COMMUNITY]),
        ((*HANDLED_BELOW, done, verified), [STREET]),
        ((*HANDLED_BELOW, done, verified, street_90), [STREET]),
        (RAISED, [STREET]),
    ],
)
def test_W_17_a_whistle_waits_for_whose_step_is_next(
    happened: tuple[Any, ...], offices: list[str]
) -> None:
    assert list(waiting.of_whistle(state(happened))) == offices


def _by(happened: tuple[Any, ...], office: str) -> datetime | None:
    by = waiting.of_whistle(state(happened))[office]
    return by.due if by else None


def test_W_06_it_waits_for_each_by_his_own_deadline() -> None:
    here = (*CALLED, came("water"))
    assert _by(here, TRANSPORT) == ARRIVE_BY
    assert _by(here, WATER) == HANDLE_BY
    assert _by((*here, *paused_pair), HEALTH) is None
    assert _by((*here, asked), CENTRE) == HANDLE_BY
    assert _by((*here, undecided), CENTRE) == undecided.decision.due  # type: ignore[union-attr]
    assert _by((blown,), CENTRE) is None


def _problem(*happened: ProblemEvent) -> Problem:
    return past(None, problem.evolve, happened).state


def test_W_01_a_problem_waits_for_the_secretaries_of_its_place_until_something_is_done() -> None:
    there = ["community:haihua", "street:liujia"]
    of = waiting.of_problem
    told = replace(collected, origin="partner:hotline")
    assert list(of(_problem(collected))) == there
    assert list(of(_problem(told))) == [*there, CENTRE]
    assert list(of(_problem(told, small))) == there
    assert of(_problem(collected, small, settled)) == {}
    assert of(_problem(collected, small, followed)) == {}


def test_W_01_a_report_of_no_known_place_waits_for_the_command_centre() -> None:
    taken = unplaced.evolve(None, UnplacedTaken(category="water", at=MONDAY))
    assert list(waiting.of_unplaced(taken)) == [CENTRE]
    away = unplaced.evolve(taken, UnplacedTurnedAway(reason="在呈贡区", at=MONDAY))
    assert waiting.of_unplaced(away) == {}


def test_W_12_a_case_waits_for_its_holder_and_then_for_the_discipline_group() -> None:
    case = accountability.evolve(None, opened)
    assert waiting.of_case(case) == {case.holder: ends(case.answer_by)}
    heard = accountability.evolve(
        case, CaseAnswered(answer="已责成物业整改", by=case.holder, at=MONDAY)
    )
    assert waiting.of_case(heard) == {"discipline": None}
    over = CaseClosed(upheld=True, finding="推诿属实", by="discipline", at=MONDAY)
    assert waiting.of_case(accountability.evolve(heard, over)) == {}
