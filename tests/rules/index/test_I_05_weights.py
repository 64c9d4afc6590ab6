"""I-05: siblings are equal unless the district says otherwise, for every child, and together 1."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chassis.kernel.errors import RuleBroken
from services.index.domain.decisions import Weight, WeightsSet
from services.index.domain.settling import children, weigh
from services.index.shipped import printed_systems

from .test_I_02_settling import after

PRINTED = printed_systems()["2019"]
TOP = ("社会服务", "社会活力", "社会安全", "社会环境")


def weights(parent: tuple[str, ...], **said: int) -> WeightsSet:
    return WeightsSet(
        parent=parent,
        weights=tuple(
            Weight(name=name.lstrip("_"), weight=weight) for name, weight in said.items()
        ),
        reason="2026年测评方案",
        by="district_admin",
        at=datetime(2026, 3, 2, 1, tzinfo=UTC),
    )


FAIR = weights((), 社会服务=3000, 社会活力=2000, 社会安全=3000, 社会环境=2000)


def refused(said: WeightsSet) -> str | None:
    with pytest.raises(RuleBroken) as refusal:
        weigh(PRINTED, said)
    assert refusal.value.rule.id == "I-05"
    return refusal.value.field


def test_I_05_every_level_has_its_children() -> None:
    assert children(PRINTED.points, ()) == TOP
    assert children(PRINTED.points, ("社会环境",)) == ("生态环境", "宜居条件")
    assert children(PRINTED.points, ("社会环境", "生态环境")) == ("空气绿地",)
    assert children(PRINTED.points, ("社会环境", "生态环境", "空气绿地")) == ("39", "40")
    assert children(PRINTED.points, ("社会环境", "生态环境", "空气绿地", "39")) == ()


def test_I_05_weights_that_sum_to_1_make_a_version() -> None:
    assert weigh(PRINTED, FAIR) == FAIR
    assert after(FAIR).weights == (FAIR,)
    points = weights(("社会环境", "生态环境", "空气绿地"), _39=2500, _40=7500)
    assert weigh(PRINTED, points) == points
    again = weights((), 社会服务=2500, 社会活力=2500, 社会安全=2500, 社会环境=2500)
    assert after(FAIR, again, points).weights == (again, points)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (weights((), 社会服务=3000, 社会活力=2000, 社会安全=3000, 社会环境=1999), "weights"),
        (weights((), 社会服务=3000, 社会活力=2000, 社会安全=3000, 社会环境=2001), "weights"),
        (weights((), 社会服务=3000, 社会活力=4000, 社会安全=3000), "weights"),
        (weights((), 社会服务=3000, 社会活力=4000, 社会安全=3000, 社会环境=0), "weight"),
        (weights(("社会",), 社会服务=10_000), "parent"),
        (weights(("社会环境", "生态环境"), 空气=10_000), "weights"),
        (replace(FAIR, reason=" "), "reason"),
        (replace(FAIR, weights=(*FAIR.weights, FAIR.weights[0])), "weights"),
    ],
)
def test_I_05_weights_that_do_not_are_refused(said: WeightsSet, field: str) -> None:
    assert refused(said) == field
