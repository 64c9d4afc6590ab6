"""Evaluating a project: who may, when, and on which scale."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import Malformed
from services.procurement.domain.contract import Contract
from services.procurement.domain.evaluation import Band, Parts, Stage
from services.procurement.domain.evolution import evolve
from services.procurement.domain.policy import Bands, ProcurementPolicy, check
from tests.rules.procurement.cases import (
    GOOD,
    MARCH,
    NOVEMBER,
    POLICY,
    POOR,
    WORK,
    answered,
    before,
    ended_unqualified,
    failed,
    final_opened,
    found,
    mid,
    passed,
    ready,
    shown,
    signed,
)
from tests.support.specification import Given, past

EVALUATION = "官办通〔2019〕77号 附件1"


def given(*happened: Any) -> Given[Contract]:
    return past(None, evolve, (signed, *ready, shown, answered, *happened))


def evaluate(
    contract: Contract,
    stage: Stage,
    parts: Parts = GOOD,
    *,
    by: str = "expert:7",
    at: Any = NOVEMBER,
) -> Any:
    return contract.evaluate(by=by, findings=found(stage, parts), policy=POLICY, now=at, work=WORK)


class TestStages:
    def test_P_16_begin_before_the_project(self) -> None:
        given().when(lambda c: evaluate(c, Stage.BEFORE, at=MARCH)).then(before)

    def test_P_16_end_with_the_final_one(self) -> None:
        given(before, mid).when(lambda c: evaluate(c, Stage.FINAL)).then(passed, final_opened)

    @pytest.mark.parametrize(
        ("so_far", "stage"),
        [
            ((), "mid"),
            ((), "final"),
            ((before,), "before"),
            ((before,), "final"),
            ((before, mid), "mid"),
        ],
    )
    def test_P_16_follow_in_order_and_once(self, so_far: tuple[Any, ...], stage: str) -> None:
        given(*so_far).when(lambda c: evaluate(c, Stage(stage))).breaks(
            "P-16", clause=EVALUATION, field="stage"
        )

    def test_P_16_are_over_after_the_final_one(self) -> None:
        over = given(before, mid, passed)
        over.when(lambda c: evaluate(c, Stage.FINAL)).breaks("P-16", clause=EVALUATION)


class TestPoints:
    @pytest.mark.parametrize(
        ("management", "band"),
        [
            (250, Band.EXCELLENT),
            (150, Band.EXCELLENT),
            (149, Band.GOOD),
            (0, Band.GOOD),
        ],
    )
    def test_are_added_and_banded(self, management: int, band: Band) -> None:
        parts = Parts(professional=250, output=250, quality=250, management=management)
        [event] = given().when(lambda c: evaluate(c, Stage.BEFORE, parts)).happened
        assert (event.points, event.band, event.policy) == (750 + management, band, 3)

    @pytest.mark.parametrize(
        ("points", "band"),
        [
            (0, "unqualified"),
            (599, "unqualified"),
            (600, "qualified"),
            (749, "qualified"),
            (750, "good"),
            (899, "good"),
            (900, "excellent"),
            (1000, "excellent"),
        ],
    )
    def test_bands_begin_at_their_line(self, points: int, band: str) -> None:
        assert POLICY[1].bands.of(points) == band

    @pytest.mark.parametrize("part", ["professional", "output", "quality", "management"])
    @pytest.mark.parametrize("points", [-1, 251])
    def test_P_16_stay_within_their_part(self, part: str, points: int) -> None:
        parts = replace(GOOD, **{part: points})
        given().when(lambda c: evaluate(c, Stage.BEFORE, parts)).refused(
            Malformed, field=f"parts.{part}"
        )


class TestPolicy:
    def test_P_16_the_parts_make_a_thousand(self) -> None:
        number, policy = POLICY
        check(policy)
        off = replace(policy, parts=replace(policy.parts, quality=251))
        Given(off, evolve).when(check).breaks("P-16", clause=EVALUATION, field="parts")

    @pytest.mark.parametrize("parts", [(-100, 500, 300, 300), (1001, -1, 0, 0)])
    def test_no_part_is_negative(self, parts: tuple[int, int, int, int]) -> None:
        names = ("professional", "output", "quality", "management")
        odd = ProcurementPolicy(
            parts=Parts(**dict(zip(names, parts, strict=True))), bands=POLICY[1].bands
        )
        Given(odd, evolve).when(check).refused(Malformed)

    @pytest.mark.parametrize(
        "bands", [(900, 900, 600), (900, 600, 750), (1001, 750, 600), (900, 750, 0)]
    )
    def test_bands_descend_on_the_scale(self, bands: tuple[int, int, int]) -> None:
        excellent, good, qualified = bands
        odd = ProcurementPolicy(
            parts=POLICY[1].parts, bands=Bands(excellent=excellent, good=good, qualified=qualified)
        )
        Given(odd, evolve).when(check).refused(Malformed, field="bands")

    @pytest.mark.parametrize("years", [0, 11])
    def test_P_30_a_term_is_of_a_year_at_least(self, years: int) -> None:
        odd = replace(POLICY[1], term_years=years)
        Given(odd, evolve).when(check).refused(Malformed, field="term_years")


class TestIndependence:
    def test_an_outsider_may(self) -> None:
        given().when(lambda c: evaluate(c, Stage.BEFORE, at=MARCH)).then(before)

    @pytest.mark.parametrize(
        "by",
        [
            "supplier:tongxin",
            "street:guanshang",
            "community:haihua",
            "supplier:other",
            "street:taihe",
        ],
    )
    def test_P_11_who_delivers_or_benefits_may_not(self, by: str) -> None:
        given().when(lambda c: evaluate(c, Stage.BEFORE, by=by)).breaks("P-11", clause=EVALUATION)

    def test_P_11_who_bought_may_not(self) -> None:
        bought = replace(signed, purchaser="district_admin")
        past(None, evolve, [bought, *ready]).when(
            lambda c: evaluate(c, Stage.BEFORE, by="district_admin")
        ).breaks("P-11", clause=EVALUATION)


class TestFailing:
    def test_P_07_the_final_one_ends_the_contract_in_the_same_decision(self) -> None:
        given(before, mid).when(lambda c: evaluate(c, Stage.FINAL, POOR)).then(
            failed, ended_unqualified
        )

    def test_P_07_qualified_is_enough(self) -> None:
        enough = replace(POOR, management=150)
        event, _ = given(before, mid).when(lambda c: evaluate(c, Stage.FINAL, enough)).happened
        assert (event.points, event.band) == (600, Band.QUALIFIED)

    @pytest.mark.parametrize(("so_far", "stage"), [((), "before"), ((before,), "mid")])
    def test_P_07_an_earlier_one_ends_nothing(self, so_far: tuple[Any, ...], stage: str) -> None:
        [event] = given(*so_far).when(lambda c: evaluate(c, Stage(stage), POOR)).happened
        assert (event.stage, event.band) == (Stage(stage), Band.UNQUALIFIED)
