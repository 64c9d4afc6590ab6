"""Statements: from history, two kinds of line, and the figures the letters print."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st

from chassis.kernel.errors import RuleBroken
from services.housing.domain import agreement, community, premises
from services.housing.domain.declaration import (
    Declaration,
    Totals,
    TotalsDeclared,
    TotalsWithdrawn,
    declare,
    evolve,
    withdraw,
)
from services.housing.domain.statement import (
    DISTRICT,
    NAMES,
    By,
    Figures,
    Line,
    Record,
    difference,
    grouped,
    last_declared,
    lines,
    printed,
)
from services.housing.shipped import printed_totals, streets
from tests.support.specification import past

from .test_agreement import cancelled, half, replaced, signed
from .test_premises import listed, noted, second
from .test_register import entered

TODAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
STREETS = {code: street.name for code, street in streets().items()}
declared = TotalsDeclared(
    as_of=date(2021, 6, 30), source="官民函〔2021〕64号", totals=Totals(agreements=103), at=NOON
)
withdrawn = TotalsWithdrawn(reason="日期写错", at=NOON)
haihua = community.evolve(
    None, replace(entered, code="haihua", name="海华", street="liujia", households=1000)
)
no_street = community.evolve(
    None, replace(entered, code="luosiwan", name="螺蛳湾", street=None, households=None)
)
rooms = past(None, premises.evolve, (noted, listed, second)).state


def agreed(**how: Any) -> Any:
    return agreement.evolve(None, replace(signed, **how))


def record(**more: Any) -> Record:
    start: dict[str, Any] = {"communities": (haihua, no_street), "agreements": (), "premises": ()}
    return Record(day=TODAY, **{**start, **more})


def of_letters(day: date) -> Declaration:
    folded = [evolve(None, letter) for letter in printed_totals(NOON)]
    found = last_declared(folded, day)(DISTRICT)
    assert found is not None
    return found


class TestTheLetters:
    @pytest.mark.parametrize(
        ("day", "agreements", "owed", "handed_over", "kinds", "source"),
        [
            (date(2021, 6, 30), 103, "91000.27", "26351.67", (52, 47), "官民函〔2021〕64号"),
            (date(2022, 6, 29), 103, "91000.27", "26351.67", (52, 47), "官民函〔2021〕64号"),
            (date(2022, 6, 30), 100, "84580.32", "28729.65", (53, 46), "官民函〔2022〕58号"),
            (date(2026, 3, 2), 100, "84580.32", "28729.65", (53, 46), "官民函〔2022〕58号"),
        ],
    )
    def test_H_08_print_their_totals_to_the_hundredth(
        self,
        day: date,
        agreements: int,
        owed: str,
        handed_over: str,
        kinds: tuple[int, int],
        source: str,
    ) -> None:
        said = of_letters(day)
        assert (said.totals.agreements, said.source) == (agreements, source)
        assert printed(said.totals.area_owed) == owed
        assert printed(said.totals.area_handed_over) == handed_over
        assert (said.totals.communities, said.totals.at_standard) == (99, 86)
        assert (said.totals.urban, said.totals.village_converted) == kinds

    def test_of_two_of_one_day_the_later_recorded_is_shown(self) -> None:
        later = replace(declared, totals=Totals(agreements=104), at=NOON + timedelta(days=1))
        both = [evolve(None, later), evolve(None, declared)]
        found = last_declared(both, TODAY)(DISTRICT)
        assert found is not None and found.totals.agreements == 104

    def test_H_12_what_was_declared_of_a_wrong_day_is_withdrawn_and_stays_on_record(self) -> None:
        wrong = evolve(None, replace(declared, as_of=TODAY, totals=Totals(agreements=7)))
        with pytest.raises(RuleBroken) as refusal:
            withdraw(wrong, " ", NOON)
        assert (refusal.value.rule.id, refusal.value.field) == ("H-12", "reason")
        known = past(wrong, evolve, ()).when(lambda one: withdraw(one, "日期写错", NOON))
        gone = known.then(withdrawn)
        gone.when(lambda one: withdraw(one, "日期写错", NOON)).breaks("H-12")
        assert (gone.state.totals, gone.state.withdrawn) == (wrong.totals, withdrawn)
        found = last_declared([evolve(None, declared), gone.state], TODAY)(DISTRICT)
        assert found is not None and found.totals.agreements == 103

    def test_before_the_first_nothing_is_declared(self) -> None:
        folded = [evolve(None, letter) for letter in printed_totals(NOON)]
        assert last_declared(folded, date(2021, 6, 29))(DISTRICT) is None


class TestDeclaring:
    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"source": " "}, "source"),
            ({"as_of": date(2026, 3, 3)}, "as_of"),
            ({"totals": Totals()}, "totals"),
        ],
    )
    def test_H_12_every_figure_has_its_day_and_its_source(self, wrong: Any, field: str) -> None:
        with pytest.raises(RuleBroken) as refusal:
            declare(replace(declared, **wrong))
        assert (refusal.value.rule.id, refusal.value.field) == ("H-12", field)

    def test_H_12_totals_may_fall(self) -> None:
        first, second = (evolve(None, one) for one in printed_totals(NOON))
        assert (second.totals.agreements or 0) < (first.totals.agreements or 0)
        lower = replace(declared, totals=Totals(agreements=1))
        assert declare(lower) == (lower,)

    def test_a_total_of_the_day_itself_may_be_declared(self) -> None:
        today = replace(declared, as_of=TODAY)
        assert declare(today) == (today,)


class TestLines:
    def test_H_08_declared_and_computed_stand_side_by_side_with_their_difference(self) -> None:
        said = evolve(None, declared)
        found = lines(
            record(agreements=(agreed(community="haihua"),)),
            By.DISTRICT,
            STREETS,
            last_declared([said], TODAY),
        )
        assert [(line.line, line.as_of, line.figures.agreements) for line in found] == [
            (Line.DECLARED, date(2021, 6, 30), 103),
            (Line.COMPUTED, TODAY, 1),
            (Line.DIFFERENCE, TODAY, -102),
        ]
        assert found[2].figures.area_owed is None

    def test_H_08_without_a_declaration_there_is_only_what_is_computed(self) -> None:
        found = lines(record(), By.STREET, STREETS, last_declared([], TODAY))
        assert {line.line for line in found} == {Line.COMPUTED}
        assert len(found) == 10  # nine streets, and the community that has none yet

    def test_H_08_a_streets_declaration_is_the_streets_alone(self) -> None:
        own = replace(declared, street="liujia")
        known = last_declared([evolve(None, own)], TODAY)
        found = lines(record(), By.STREET, STREETS, known)
        assert [line.place.street for line in found if line.line is Line.DECLARED] == ["liujia"]
        found = lines(record(), By.DISTRICT, STREETS, known)
        assert [line.line for line in found] == [Line.COMPUTED]

    def test_H_08_what_a_community_has(self) -> None:
        taken = record(agreements=(agreed(community="haihua"),), premises=(rooms,))
        figures = taken.by_community()["haihua"]
        assert figures == Figures(
            agreements=1,
            area_owed=120_050,
            area_handed_over=0,
            communities=1,
            urban=1,
            village_converted=0,
            at_standard=1,
            households=1000,
            measured=40_000,
        )
        assert figures.per_hundred == 4000
        assert taken.by_community()["luosiwan"].per_hundred is None

    def test_H_08_what_an_ended_community_left_stays_in_its_street(self) -> None:
        taken = record(agreements=(agreed(community="gone"),))
        of_street = {place.street: figures for place, figures in grouped(taken, By.STREET, STREETS)}
        assert (of_street["yiliu"].agreements, of_street["yiliu"].communities) == (1, 0)
        by_code = {place.community: place for place, _ in grouped(taken, By.COMMUNITY, STREETS)}
        assert by_code["gone"].street == "yiliu"

    def test_H_12_a_replaced_one_counts_once_in_the_one_that_takes_its_place(self) -> None:
        old = past(agreed(community="haihua"), agreement.evolve, (half, replaced)).state
        new = agreement.evolve(None, old.successor(replaced))
        figures = record(agreements=(old, new)).by_community()["haihua"]
        assert (figures.agreements, figures.area_owed, figures.area_handed_over) == (
            1,
            90_000,
            60_000,
        )

    def test_H_12_a_cancelled_agreement_owes_nothing_and_what_it_gave_stays(self) -> None:
        gone = past(agreed(community="haihua"), agreement.evolve, (half, cancelled)).state
        figures = record(agreements=(gone,)).by_community()["haihua"]
        assert (figures.agreements, figures.area_owed, figures.area_handed_over) == (0, 0, 60_000)


CODES = st.sampled_from([f"c{n}" for n in range(8)])


@forall(
    st.dictionaries(
        CODES,
        st.tuples(
            st.sampled_from([None, *STREETS]),
            st.none() | st.integers(1, 10**6),
            st.integers(0, 10**8),
        ),
    ),
    st.lists(st.tuples(CODES, st.integers(1, 10**8), st.booleans()), max_size=20),
)
def test_H_09_the_parts_of_every_grouping_are_the_whole(
    known: dict[str, tuple[str | None, int | None, int]], owing: list[tuple[str, int, bool]]
) -> None:
    taken = Record(
        day=TODAY,
        communities=tuple(
            replace(haihua, code=code, street=street, households=households)
            for code, (street, households, _) in known.items()
        ),
        premises=tuple(
            replace(rooms, community=code, rooms=(replace(listed.room, area=area),))
            for code, (_, _, area) in known.items()
        ),
        agreements=tuple(
            past(
                agreed(community=code, area_owed=owed),
                agreement.evolve,
                (cancelled,) if over else (),
            ).state
            for code, owed, over in owing
        ),
    )
    whole = grouped(taken, By.DISTRICT, STREETS)
    assert len(whole) == 1
    assert whole[0][1].area_owed == sum(owed for _, owed, over in owing if not over)
    for by in (By.STREET, By.COMMUNITY):
        parts = [figures for _, figures in grouped(taken, by, STREETS)]
        for name in NAMES:
            assert sum(getattr(part, name) for part in parts) == getattr(whole[0][1], name)


def test_a_difference_is_empty_where_one_side_is_silent() -> None:
    assert difference(Figures(agreements=1, urban=2), Figures(agreements=3)) == Figures(
        agreements=-2
    )
