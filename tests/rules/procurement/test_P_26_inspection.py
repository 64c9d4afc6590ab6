"""P-26: which projects the leading group inspects, drawn by lot from a seed said by another office."""

import json
from collections import Counter
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chassis.kernel.draw import lots, sown
from chassis.kernel.errors import OURS, Malformed
from gongzhi import verify_draw
from services.procurement.domain.inspection import (
    Inspection,
    InspectionDrawn,
    InspectionListed,
    evolve,
    found_by,
    inspects,
    list_up,
)
from tests.support.specification import Decision, Given, past

from .cases import COMMITTED, MARCH, SECRET

CLAUSE = "官社建办通〔2018〕15号 二.5.5"
RUNNING = tuple(f"c-{number}" for number in range(8))
listed = InspectionListed(by="finance", size=2, candidates=RUNNING, commitment=COMMITTED, at=MARCH)
drawn = InspectionDrawn(
    seed="8024", secret=SECRET, drawn=lots(sown("8024", SECRET), RUNNING), at=MARCH
)


def given(*happened: Any) -> Given[Inspection]:
    return past(None, evolve, (listed, *happened))


def draws(
    state: Given[Inspection], by: str = "discipline", seed: str = "8024"
) -> Decision[Inspection]:
    return state.when(lambda one: one.draw(by=by, seed=seed, secret=SECRET, now=MARCH))


def test_P_26_the_list_is_every_project_that_runs() -> None:
    backwards = reversed(RUNNING)
    assert list_up(backwards, by="finance", size=2, commitment=COMMITTED, now=MARCH) == listed
    few = Given(RUNNING[:1], evolve)
    few.when(
        lambda running: list_up(running, by="finance", size=2, commitment=COMMITTED, now=MARCH)
    ).breaks("P-26", clause=CLAUSE, field="size")


def test_P_26_another_office_draws_once_from_a_seed_that_is_said() -> None:
    draws(given()).then(drawn)
    draws(given(), by="finance").breaks("P-26", clause=OURS)
    draws(given(), seed=" ").refused(Malformed, field="seed")
    draws(given(drawn)).breaks("P-26", clause=CLAUSE)


def test_P_26_the_leading_group_finds_only_where_the_lot_fell() -> None:
    state = given(drawn).state
    assert len(state.inspected) == 2
    for contract in RUNNING:
        asked = Given(state, evolve).when(partial(inspects, contract=contract))
        if contract in state.inspected:
            assert asked.decide(state) is None
        else:
            asked.breaks("P-26", clause=CLAUSE, field="inspection")
    given().when(lambda one: inspects(one, "c-0")).breaks("P-26", field="inspection")
    Given(None, evolve).when(lambda one: inspects(one, "c-0")).breaks("P-26")


def test_P_26_what_is_missing_is_said_before_the_lot_is_looked_up() -> None:
    for what in ("活动记录缺失", " "):
        asked = Given(None, evolve).when(partial(found_by, what=what))
        asked.breaks("P-26", clause=CLAUSE, field="inspection")
    Given("d-1", evolve).when(lambda one: found_by(one, " ")).refused(Malformed, field="what")
    assert found_by("d-1", "活动记录缺失") == "d-1"


def test_P_26_over_ten_thousand_seeds_no_project_is_favoured() -> None:
    """Chi-square of how often each of 8 is among the 2 drawn, 7 degrees of freedom, 0.1 %: 24.32."""
    seeds, size = 10_000, 2
    count = Counter(one for seed in range(seeds) for one in lots(f"s{seed}", RUNNING)[:size])
    expected = seeds * size / len(RUNNING)
    assert len(count) == len(RUNNING)
    assert sum((n - expected) ** 2 / expected for n in count.values()) < 24.32


def test_P_26_it_is_drawn_again_from_its_file_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "draw.json"

    def checked(**changed: Any) -> int:
        said = {**asdict(given(drawn).state), **changed}
        file.write_text(json.dumps(said, default=str), encoding="utf-8")
        return verify_draw.run(file)

    assert checked() == 0
    assert "前 2 个抽中" in capsys.readouterr().out
    assert checked(seed="8025") == 1
    assert checked(candidates=RUNNING[1:]) == 1
    assert checked(secret="2" * 64, drawn=lots(sown("8024", "2" * 64), RUNNING)) == 1
    plain = {"commitment": None, "secret": None, "drawn": lots("8024", RUNNING)}
    assert checked(**plain) == 0
