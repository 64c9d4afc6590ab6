"""I-24: a published edition asks about its weak points; what is answered is looked at again a year later."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chassis.kernel.errors import RuleBroken
from services.index.domain.computing import LevelLine, PointLine, Result
from services.index.domain.edition import Edition, SignedOff, Stage
from services.index.domain.improvement import (
    Ask,
    Course,
    Improvement,
    ImprovementAnswered,
    ImprovementAsked,
    ImprovementLookedAt,
    Why,
    asks,
    evolve,
    with_level,
)

from .test_I_08_review import DRAFTED

NOW = datetime(2026, 12, 4, 2, tzinfo=UTC)
ASK = Ask(point=4, name="城镇登记失业率", why=Why.LOWEST, score=0)
ASKED = ImprovementAsked(year=2026, edition="e-1", ask=ASK, units=("human_resources",))
ANSWERED = ImprovementAnswered(what="增加培训", by="department:human_resources", at=NOW)
LOOKED_AT = ImprovementLookedAt(found="已开班", done=True, by="department:civil_affairs", at=NOW)
LIFE = (ASKED, ANSWERED, LOOKED_AT)


def line(point: int, score: int | None, attribute: str = "预期性") -> PointLine:
    return PointLine(point=point, name=f"p{point}", attribute=attribute, weight=1, score=score)


def test_I_24_asked_about_are_missed_binding_points_and_the_lowest_that_arent_full() -> None:
    scores = (9900, 10_000, None, 0, 5000, 0)
    result = Result(
        levels=(LevelLine(weight=10_000, coverage=10_000, score=1),),
        points=tuple(line(number, score) for number, score in enumerate(scores, start=1)),
        binding_missed=(1, 3),
    )
    found = asks(result, 2)
    assert [(ask.point, ask.why, ask.score) for ask in found] == [
        (1, Why.BINDING, 9900),
        (3, Why.BINDING, None),
        (4, Why.LOWEST, 0),
        (6, Why.LOWEST, 0),
    ]
    assert [ask.point for ask in asks(result, 42)] == [1, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("lowest", "asked"),
    [(0, []), (1, [2]), (2, [2, 3, 4, 6]), (4, [2, 3, 4, 6]), (5, [2, 3, 4, 6, 7])],
)
def test_I_24_who_is_level_with_the_last_of_the_lowest_is_asked_too(
    lowest: int, asked: list[int]
) -> None:
    scores = (10_000, 0, 500, 500, None, 500, 9900)
    result = Result(
        levels=(LevelLine(weight=10_000, coverage=10_000, score=1),),
        points=tuple(line(number, score) for number, score in enumerate(scores, start=1)),
        binding_missed=(),
    )
    assert [ask.point for ask in asks(result, with_level(result, lowest))] == asked
    assert with_level(result, 42) == 42


def refused(
    improvement: Improvement, *, next_year: bool = True, found: str = "已开班"
) -> str | None:
    with pytest.raises(RuleBroken) as refusal:
        improvement.look(replace(LOOKED_AT, found=found), next_year=next_year)
    assert refusal.value.rule.id == "I-24"
    return refusal.value.field


def test_I_24_an_answer_says_something_and_may_be_changed_until_it_is_looked_at() -> None:
    asked = evolve(None, ASKED)
    assert asked.course is Course.ASKED
    assert asked.answer(what="增加培训", by=ANSWERED.by, now=NOW) == ANSWERED
    with pytest.raises(RuleBroken) as refusal:
        asked.answer(what=" ", by=ANSWERED.by, now=NOW)
    assert (refusal.value.rule.id, refusal.value.field) == ("I-24", "what")
    answered = evolve(asked, ANSWERED)
    assert answered.answer(what="再增加", by=ANSWERED.by, now=NOW)
    over = evolve(answered, LOOKED_AT)
    assert (answered.course, over.course) == (Course.ANSWERED, Course.LOOKED_AT)
    with pytest.raises(RuleBroken):
        over.answer(what="再增加", by=ANSWERED.by, now=NOW)


def test_I_24_only_an_answer_is_looked_at_once_and_in_the_year_after() -> None:
    asked = evolve(None, ASKED)
    answered = evolve(asked, ANSWERED)
    assert refused(asked) is None
    assert refused(answered, next_year=False) is None
    assert refused(answered, found="") == "found"
    assert answered.look(LOOKED_AT, next_year=True) == LOOKED_AT
    assert refused(evolve(answered, LOOKED_AT)) is None


def test_I_24_the_next_edition_waits_until_last_years_answers_are_looked_at() -> None:
    signed = SignedOff(opinion="属实", at=NOW)
    edition = Edition(drafted=DRAFTED, stage=Stage.UNDER_REVIEW, signed_off=signed)
    edition.may_publish(latest=True, unlooked=0)
    with pytest.raises(RuleBroken) as refusal:
        edition.publish(latest=True, unlooked=1, by="district_admin", now=NOW)
    assert (refusal.value.rule.id, refusal.value.clause) == ("I-24", "官发〔2019〕3号 附件2")
