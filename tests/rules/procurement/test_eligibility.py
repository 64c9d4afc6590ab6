"""What evaluations make of a supplier's eligibility."""

import json
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from itertools import permutations
from typing import Any, get_args

import pytest

from chassis.documents import Codec
from contracts import procurement as published
from services.procurement import announce
from services.procurement.domain.eligibility import (
    Eligibility,
    EligibilityChanged,
    EligibilityEvent,
    State,
    evolve,
    hear,
)
from services.procurement.domain.evaluation import Band, Stage
from tests.rules.procurement.cases import NOVEMBER, heard, stands
from tests.support.specification import past

CLAUSE = "官社建办通〔2018〕15号 二.5.6"
CODEC: Codec[Eligibility, Any] = Codec(Eligibility, get_args(EligibilityEvent))

failed = heard("e-5")
restricted = EligibilityChanged(state=State.RESTRICTED, project="elderly-care", year=2027)


def listen(*results: Any) -> Eligibility:
    """As the desk does: hears each, and only what that leads to changes it."""

    def one(known: Eligibility | None, result: Any) -> Eligibility | None:
        return reduce(evolve, hear(known, result), known)

    after = reduce(one, results, None)
    assert after is not None
    return after


class TestHearing:
    def test_P_07_a_failed_project_restricts_its_supplier_for_the_next_year(self) -> None:
        past(None, evolve, ()).when(lambda e: tuple(hear(e, failed))).then(failed, restricted)

    @pytest.mark.parametrize(
        "result",
        [
            heard("e-1", stage=Stage.BEFORE),
            heard("e-2", stage=Stage.MID),
            heard("e-3", points=600, band=Band.QUALIFIED),
            heard("e-4", points=1000, band=Band.EXCELLENT),
        ],
    )
    def test_P_07_nothing_else_restricts(self, result: Any) -> None:
        past(None, evolve, ()).when(lambda e: tuple(hear(e, result))).then(result)
        assert listen(result).restricted == frozenset()

    def test_P_07_what_fails_after_its_year_restricts_from_then_on_and_in_the_year_after(
        self,
    ) -> None:
        """A contract of 2026 that is judged late isn't let off because 2027 is over by then."""
        for failed_in, sat_out in (
            (2025, [2027]),
            (2026, [2027]),
            (2027, [2027, 2028]),
            (2028, [2028, 2029]),
        ):
            late = heard("e-5", at=datetime(failed_in, 11, 20, tzinfo=UTC))
            told_of = [one.year for one in hear(None, late) if isinstance(one, EligibilityChanged)]
            assert told_of == sat_out
            known = listen(late)
            barred = [year for year in range(2026, 2031) if not stands(known, year=year).may_bid]
            assert barred == sat_out
            [reason] = stands(known, year=sat_out[-1]).reasons
            assert reason.until == date(sat_out[-1], 12, 31)
        assert reason.text == "2026 年度合同 2028-11-20 末期评估 599 分，低于合格。"

    def test_P_07_the_year_it_failed_in_is_the_districts(self) -> None:
        new_year = datetime(2026, 12, 31, 16, tzinfo=UTC)
        assert listen(heard("e-5", at=new_year)).restricted == {
            ("elderly-care", 2027),
            ("elderly-care", 2028),
        }

    def test_P_08_an_evaluation_counts_once(self) -> None:
        past(None, evolve, (failed, restricted)).when(lambda e: tuple(hear(e, failed))).then()

    def test_P_08_a_restriction_is_told_when_it_begins(self) -> None:
        another = heard("e-6", contract="c-2", points=100)
        past(None, evolve, (failed, restricted)).when(lambda e: tuple(hear(e, another))).then(
            another
        )

    def test_P_08_the_order_and_number_of_deliveries_dont_show(self) -> None:
        results = [
            heard("e-1", stage=Stage.BEFORE, at=NOVEMBER - timedelta(days=90)),
            failed,
            heard("e-4", contract="c-2", points=700, band=Band.QUALIFIED),
            heard("e-9", contract="c-3", year=2025, at=NOVEMBER - timedelta(days=300)),
        ]
        stored = {
            json.dumps(CODEC.dump_state(listen(*order, *order)), ensure_ascii=False)
            for order in permutations([*results, failed])
        }
        assert len(stored) == 1
        [text] = stored
        events = [one["event"] for one in json.loads(text)["heard"]]
        assert events == ["e-9", "e-1", "e-4", "e-5"]


class TestTelling:
    def test_a_restriction_with_its_year_and_clause(self) -> None:
        after = listen(failed)
        assert announce.of_eligibilities(failed, after) is None
        assert announce.of_eligibilities(restricted, after) == published.EligibilityChanged(
            supplier="tongxin",
            state="restricted",
            project="elderly-care",
            year=2027,
            until="2027-12-31",
            rule="P-07",
            clause=CLAUSE,
        )
