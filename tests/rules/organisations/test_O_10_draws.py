"""O-10: which organisations are checked at random, drawn from a list and a seed that everybody may know."""

import json
from dataclasses import asdict, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chassis import step_taken
from chassis.asking import Asking
from chassis.at import At
from chassis.cause import Cause
from chassis.draw_secrets import DrawSecrets
from chassis.kernel.draw import lots, sown
from chassis.kernel.errors import OURS, RuleBroken
from gongzhi import verify_draw
from services.organisations.desk import OrganisationsDesk
from services.organisations.domain import draw, ratings
from services.organisations.domain.draw import ChecksDrawn, ChecksListed, Draw
from services.organisations.main import desk_on
from services.organisations.queries import OrganisationsQueries
from services.organisations.steps import draws as draws_
from services.organisations.steps import watching
from tests.support.memory import MemoryStore
from tests.support.specification import Given, past
from tests.support.toy import Silent
from tests.support.walks import person

from .cases import LATER, MARCH, WORK, applied, examined, on_register, other, registered

EDUCATION = "department:education"
CODES = tuple(f"o-{number}" for number in range(6))
CLAUSE = "官办通〔2019〕77号 四（五）2"
CAUSE = Cause(actor="platform", now=MARCH)
COMMITTED = DrawSecrets(bytes(32)).commit("list-1")
SECRET = DrawSecrets(bytes(32)).tell(COMMITTED)
LOTS = lots(sown("8024", SECRET), CODES)
listed = ChecksListed(
    unit="education",
    year=2026,
    size=2,
    candidates=CODES,
    by=EDUCATION,
    commitment=COMMITTED,
    at=MARCH,
)
drawn = ChecksDrawn(seed="8024", secret=SECRET, drawn=LOTS, by="department:civil_affairs", at=MARCH)
TODAY = date(2026, 3, 22)


def given(*happened: Any) -> Given[Draw]:
    return past(None, draw.evolve, (listed, *happened))


def draws(by: str = "department:civil_affairs", seed: str = "8024") -> Any:
    return partial(draw.draw, by=by, seed=seed, secret=SECRET, now=MARCH)


def test_O_10_the_list_is_of_all_an_office_answers_for_and_made_once_a_year() -> None:
    listing = partial(draw.list_up, unit="education", by=EDUCATION, commitment=COMMITTED, now=MARCH)
    assert listing(None, size=2, candidates=reversed(CODES)) == listed
    assert listing(None, size=6, candidates=CODES).size == 6
    given().when(lambda one: listing(one, size=2, candidates=CODES)).breaks("O-10", clause=OURS)
    few = Given(None, draw.evolve)
    few.when(lambda _: listing(None, size=7, candidates=CODES)).breaks(
        "O-10", clause=OURS, field="size"
    )


def test_O_10_another_office_draws_once_from_a_seed_that_is_said() -> None:
    given().when(draws()).then(drawn)
    given().when(draws(by=EDUCATION)).breaks("O-10", clause=OURS)
    given().when(draws(seed=" ")).breaks("O-10", clause=OURS, field="seed")
    given(drawn).when(draws()).breaks("O-10", clause=OURS)
    assert given(drawn).state.chosen == LOTS[:2]


def test_O_10_a_check_by_lot_is_of_whom_the_lot_fell_on_by_whose_list_it_was() -> None:
    state = given(drawn).state
    chosen, spared = state.drawn[1], state.drawn[2]
    draw.fell_on(state, chosen, EDUCATION)
    for one, code, by in (
        (None, chosen, EDUCATION),
        (given().state, chosen, EDUCATION),
        (state, spared, EDUCATION),
        (state, chosen, "department:civil_affairs"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            draw.fell_on(one, code, by)
        assert (refusal.value.clause, refusal.value.field) == (CLAUSE, "draw")


def test_O_10_anybody_draws_again_without_the_platform(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "draw.json"
    said = {key: value for key, value in asdict(given(drawn).state).items() if key != "listed_at"}
    file.write_text(json.dumps(said), encoding="utf-8")
    assert verify_draw.run(file) == 0
    assert "与抽签结果一致，共 6 个，前 2 个抽中" in capsys.readouterr().out
    other = {"secret": "2" * 64, "drawn": lots(sown("8024", "2" * 64), CODES)}
    for wrong in ({"seed": "8025"}, other):
        file.write_text(json.dumps({**said, **wrong}), encoding="utf-8")
        assert verify_draw.run(file) == 1


async def test_O_10_whoever_draws_learns_the_secret_of_the_list_with_the_draw() -> None:
    desk = await there()
    listing = Asking(person("department:civil_affairs"), replace(CAUSE, actor="civil_affairs"))
    made, _ = await step_taken.take(draws_.list_up, desk, listing, {}, (draws_.ChecksIn(size=1),))
    [before] = await OrganisationsQueries(desk=desk).draws()
    assert before.secret is None and before.commitment is not None
    drawing = Asking(person("discipline"), replace(CAUSE, actor="discipline"))
    said = (draws_.SeedIn(seed="8024"),)
    await step_taken.take(draws_.draw, desk, drawing, {"id": made.id}, said)
    [after] = await OrganisationsQueries(desk=desk).draws()
    assert after.secret is not None and before.commitment.keeps(after.secret)
    assert after.drawn == lots(sown("8024", after.secret), after.candidates)


async def there() -> OrganisationsDesk:
    """One that education answers for, one that is registered directly, and one that isn't there yet."""
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await desk.policies.seed(MARCH)
    for code, events in (
        ("one", (replace(other, code="one"), examined, registered)),
        ("two", (replace(applied, code="two"), examined, registered)),
        ("three", (replace(other, code="three"),)),
    ):
        await desk.organisations.once(code, events, CAUSE)
    return desk


async def test_O_10_civil_affairs_answer_for_all_on_the_register_the_others_for_their_own() -> None:
    desk = await there()
    assert await desk.answered_for("civil_affairs") == ["one", "two"]
    assert await desk.answered_for("education") == ["one"]


async def test_O_10_a_check_that_names_a_draw_is_refused_where_the_lot_did_not_fall() -> None:
    desk = await there()
    first = replace(listed, candidates=("one",), size=1)
    await desk.draws.once("d-1", [first, replace(drawn, drawn=("one",))], CAUSE)
    said = watching.SpotCheckIn(findings="正常", document="抽-1", on=TODAY, draw="d-1")
    at = asked("one", EDUCATION)
    assert await watching.drawn(desk, at, said) is at.known
    assert await watching.drawn(desk, asked("two", EDUCATION), bare(said)) is not None
    with pytest.raises(RuleBroken):
        await watching.drawn(desk, asked("two", EDUCATION), said)


def asked(code: str, by: str) -> At[Any]:
    asking = Asking(person(by), replace(CAUSE, actor=by))
    return At(asking=asking, known=object(), path={"id": code})


def bare(said: watching.SpotCheckIn) -> watching.SpotCheckIn:
    return said.model_copy(update={"draw": None})


async def test_O_10_what_was_drawn_is_public_with_what_was_checked_since() -> None:
    desk = await there()
    first = replace(listed, candidates=("one", "two"))
    await desk.draws.once("d-1", [first, replace(drawn, drawn=("two", "one"))], CAUSE)
    checked = partial(
        ratings.spot_check, by=EDUCATION, findings="正常", document="抽-1", on=TODAY, now=LATER
    )
    await desk.organisations.change("two", lambda one: [checked(one, draw="d-1")], CAUSE)
    await desk.organisations.change("one", lambda one: [checked(one, draw=None)], CAUSE)
    [shown] = await OrganisationsQueries(desk=desk).draws()
    assert (shown.seed, shown.drawn, shown.checked) == ("8024", ("two", "one"), ("two",))
    [check] = on_register().when(lambda one: checked(one, draw="d-1")).leads_to().state.spot_checks
    assert check.draw == "d-1"
