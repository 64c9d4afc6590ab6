"""C-15: what a street records of its year for annex 9."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.kernel.errors import Malformed
from services.consultation import announce
from services.consultation.domain import fact as facts
from services.consultation.domain.fact import (
    Fact,
    FactCorrected,
    FactRecorded,
    Figures,
    Item,
    Taken,
)
from tests.support.specification import Given, past

AT = datetime(2026, 3, 20, 1, 0, tzinfo=UTC)
CLAUSE = "官办通〔2018〕58号 附件9"
WELL: dict[Item, Figures] = {
    Item.LEADING_GROUP: Figures(document="文件1号"),
    Item.MECHANISM: Figures(document="文件2号"),
    Item.PLACE: Figures(document="照片", fixed=True, walls=3),
    Item.MADE_PUBLIC: Figures(document="清单", made=4, published=3),
    Item.MEMBERS_RATING: Figures(document="评价表", mark=92, signed=True),
    Item.FRIENDS_RATING: Figures(document="评价表", mark=88, signed=True),
    Item.BONUS: Figures(document="采用通知", piece="p1", taken=Taken.CITY),
}
NOTHING: Given[Fact | None] = past(None, facts.evolve, [])


def recorded(item: Item, **figures: Any) -> FactRecorded:
    said = replace(WELL[item], **figures)
    return FactRecorded(street="guanshang", year=2025, item=item, figures=said, at=AT)


@pytest.mark.parametrize("item", Item)
def test_C_15_each_item_is_recorded_once_with_what_it_asks_for(item: Item) -> None:
    first = recorded(item)
    after = NOTHING.when(lambda known: facts.record(known, first)).then(first)
    after.when(lambda known: facts.record(known, first)).breaks("C-15", clause=CLAUSE, field="item")
    unshown = recorded(item, document=" ")
    NOTHING.when(lambda known: facts.record(known, unshown)).breaks("C-15", field="document")


@pytest.mark.parametrize(
    ("item", "figures", "field"),
    [
        (Item.PLACE, {"walls": None}, "walls"),
        (Item.PLACE, {"fixed": False}, "walls"),
        (Item.MADE_PUBLIC, {"made": None}, "made"),
        (Item.MEMBERS_RATING, {"signed": False}, "signed"),
        (Item.FRIENDS_RATING, {"mark": None}, "mark"),
        (Item.BONUS, {"piece": None}, "piece"),
        (Item.BONUS, {"taken": None}, "taken"),
    ],
)
def test_C_15_an_item_without_its_figures_is_none(
    item: Item, figures: dict[str, Any], field: str
) -> None:
    fact = recorded(item, **figures)
    NOTHING.when(lambda known: facts.record(known, fact)).breaks("C-15", clause=CLAUSE, field=field)


@pytest.mark.parametrize(
    ("item", "figures", "field"),
    [
        (Item.PLACE, {"walls": 4}, "walls"),
        (Item.MADE_PUBLIC, {"published": 5}, "published"),
        (Item.MEMBERS_RATING, {"mark": 101}, "mark"),
        (Item.LEADING_GROUP, {"mark": 50}, "mark"),
    ],
)
def test_figures_are_within_bounds_and_an_items_own(
    item: Item, figures: dict[str, Any], field: str
) -> None:
    fact = recorded(item, **figures)
    NOTHING.when(lambda known: facts.record(known, fact)).refused(Malformed, field=field)


@pytest.mark.parametrize("year", [2017, 2027])
def test_a_fact_is_of_a_year_that_has_come(year: int) -> None:
    fact = replace(recorded(Item.PLACE), year=year)
    NOTHING.when(lambda known: facts.record(known, fact)).refused(Malformed, field="year")


def test_C_15_what_was_wrong_is_corrected_with_a_reason() -> None:
    held: Given[Fact] = past(None, facts.evolve, [recorded(Item.PLACE)])
    two = replace(WELL[Item.PLACE], walls=2)
    held.when(lambda f: facts.correct(f, two, " ", AT)).breaks("C-15", field="reason")
    corrected = FactCorrected(figures=two, reason="制度墙已拆除。", at=AT)
    after = held.when(lambda f: facts.correct(f, two, corrected.reason, AT)).then(corrected)
    assert (after.state.figures.walls, after.state.corrections) == (2, ("制度墙已拆除。",))
    piece: Given[Fact] = past(None, facts.evolve, [recorded(Item.BONUS)])
    other = replace(WELL[Item.BONUS], piece="p2")
    piece.when(lambda f: facts.correct(f, other, "写错。", AT)).refused(Malformed, field="piece")


def test_a_piece_of_information_is_a_fact_of_its_own() -> None:
    assert facts.id_of("guanshang", 2025, Item.BONUS, "p1") == "guanshang.2025.bonus.p1"
    assert facts.id_of("guanshang", 2025, Item.PLACE, "p1") == "guanshang.2025.place"


def test_a_fact_is_told_by_its_figures_only() -> None:
    first = recorded(Item.MADE_PUBLIC)
    fact = facts.evolve(None, first)
    said = announce.of_facts(first, fact).model_dump(mode="json", exclude_defaults=True)
    assert said == {
        "street": "guanshang",
        "year": 2025,
        "item": 8,
        "made": 4,
        "published": 3,
        "at": "2026-03-20T01:00:00.000000Z",
    }
    again = FactCorrected(figures=fact.figures, reason="更正。", at=AT)
    assert announce.of_facts(again, fact).model_dump()["corrected"]
