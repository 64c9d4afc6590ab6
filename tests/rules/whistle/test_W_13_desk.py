"""A river matter stays one when its category has been struck from the list (W-13, W-01)."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from chassis.copies import Told
from chassis.kernel.errors import RuleBroken
from services.whistle.desk import WhistleDesk
from services.whistle.domain.unit import UnitEntered
from services.whistle.queries import Queries
from tests.support.memory import MemoryStore

from . import test_W_05_outcomes_and_competence as disputes
from .cases import MONDAY, UNITS, blown
from .test_consumers import strike
from .test_W_01_problems import collected
from .test_W_16_reporters import CAUSE, asking, desk

STREET = asking("street", "liujia").subject


@pytest.fixture
async def there() -> WhistleDesk:
    ready = desk(MemoryStore(), MemoryStore())
    await ready.policies.seed(MONDAY)
    data = {"code": "haihua", "name": "海华", "valid_from": "2018-12-01", "listed": 1}
    told = Told(event="e-1", sequence=1, data={**data, "street": "liujia"})
    await ready.communities.aggregates.create("haihua", lambda: [told], CAUSE)
    return ready


async def test_W_13_a_river_matter_goes_to_the_chief_also_when_its_category_has_been_struck(
    there: WhistleDesk,
) -> None:
    chief = UNITS["baoxiang_chief"]
    await there.units.create(chief.code, lambda: [UnitEntered(**asdict(chief))], CAUSE)
    river, plain = replace(blown, category="water"), replace(blown, category="noise")
    for struck in ("dispute", "water", "noise"):
        await strike(there, struck)
        assert await there.chiefs(river, MONDAY) == [chief.code]
        assert await there.chiefs(plain, MONDAY) == ()
    assert await there.chiefs(replace(blown, category="potholes"), MONDAY) == ()


async def test_W_05_for_a_problem_whose_category_has_been_struck_it_is_said_who_usually_answers(
    there: WhistleDesk,
) -> None:
    lists = Queries.of(there).lists
    happened = replace(collected, category="water", community="haihua", street="liujia")
    await there.problems.create("p-1", lambda: [happened], CAUSE)
    await strike(there, "water")
    usual = {"unit": "water", "usual": "water"}
    assert await lists.suggested("water", "haihua", "p-1", STREET) == usual
    with pytest.raises(RuleBroken, match="没有这个类别") as refusal:
        await lists.suggested("water", "haihua", None, STREET)
    assert (refusal.value.rule.id, refusal.value.field) == ("W-01", "category")


async def test_W_05_what_was_decided_at_a_place_whose_id_had_no_key_is_still_suggested(
    there: WhistleDesk,
) -> None:
    made = await there.problems.create("p-1", lambda: [collected], CAUSE)
    happened: list[Any] = [*disputes.ARRIVED, disputes.second, disputes.decided]
    for spot in (there.spot_ids.before(made.aggregate), there.spot_ids.of(made.aggregate)):
        happened[0] = replace(happened[0], spot=spot, community="other", street="other")
        await there.whistles.once(str(spot), happened, CAUSE)
        asked = ("parking", "haihua", "p-1", STREET)
        suggested = await Queries.of(there).lists.suggested(*asked)
        assert suggested["unit"] == "justice"
        await there.whistles.store.delete("whistles", str(spot))
