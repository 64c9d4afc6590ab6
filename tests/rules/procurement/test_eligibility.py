"""What evaluations make of a supplier's eligibility."""

import json
from datetime import date, timedelta
from functools import reduce
from itertools import permutations
from typing import Any, get_args

import pytest

from chassis.documents import Codec
from contracts import procurement as told
from services.procurement import announce
from services.procurement.domain.eligibility import (
    Eligibility,
    EligibilityChanged,
    EligibilityEvent,
    Reason,
    Standing,
    State,
    evolve,
    hear,
    standing,
)
from services.procurement.domain.evaluation import Band, Stage
from tests.rules.procurement.cases import NOVEMBER, heard
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


class TestStanding:
    def test_P_08_names_every_reason_with_its_clause(self) -> None:
        known = listen(failed, heard("e-6", contract="c-2", points=100))
        now = standing(known, supplier="tongxin", project="elderly-care", year=2027)
        assert (now.state, now.may_bid) == (State.RESTRICTED, False)
        assert [reason.contract for reason in now.reasons] == ["c-1", "c-2"]
        assert now.reasons[0] == Reason(
            rule="P-07",
            clause=CLAUSE,
            text="2026 年度末期评估 599 分，低于合格。",
            until=date(2027, 12, 31),
            contract="c-1",
            points=599,
            evaluated_at=NOVEMBER,
            event="e-5",
        )

    @pytest.mark.parametrize(
        ("project", "year"),
        [("elderly-care", 2026), ("elderly-care", 2028), ("child-care", 2027)],
    )
    def test_P_08_without_a_reason_is_eligible(self, project: str, year: int) -> None:
        now = standing(listen(failed), supplier="tongxin", project=project, year=year)
        assert now == Standing(supplier="tongxin", project=project, year=year, state=State.ELIGIBLE)

    def test_P_08_of_whom_nothing_was_heard_is_eligible(self) -> None:
        now = standing(None, supplier="new", project="elderly-care", year=2027)
        assert (now.state, now.reasons) == (State.ELIGIBLE, ())


class TestTelling:
    def test_a_restriction_with_its_year_and_clause(self) -> None:
        after = listen(failed)
        assert announce.of_eligibilities(failed, after) is None
        assert announce.of_eligibilities(restricted, after) == told.EligibilityChanged(
            supplier="tongxin",
            state="restricted",
            project="elderly-care",
            year=2027,
            until="2027-12-31",
            rule="P-07",
            clause=CLAUSE,
        )
