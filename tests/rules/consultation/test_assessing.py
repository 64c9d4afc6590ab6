"""C-17: a member's year is assessed once, on what is counted of it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.kernel.errors import OURS, Malformed, NotFound
from services.consultation.domain import assessing
from services.consultation.domain.committee import Committee
from services.consultation.domain.matter import Status
from services.consultation.domain.members import (
    AssessmentCorrected,
    Ended,
    Grade,
    MemberAssessed,
    SeatEnded,
    Work,
)
from services.consultation.domain.rights import Came, MemberYear
from tests.support.specification import Decision, Given

from .test_members import sitting

DECEMBER = datetime(2025, 11, 30, 16, 0, tzinfo=UTC)
"""1 December in Shanghai."""
CLAUSE = "官办通〔2018〕58号 附件1 第6条"
YEAR = MemberYear(
    seat="f1",
    year=2025,
    sessions=4,
    attended=3,
    absent=1,
    spoke=2,
    researched=1,
    inspected=0,
    proposed=(Came(matter="m-1", title="停车", status=Status.CLOSED),),
)
WORK = Work(mediated=2, useful=1, outstanding="牵头加装电梯。")


def assessing_it(
    here: Given[Committee],
    year: MemberYear = YEAR,
    grade: Grade = Grade.EXCELLENT,
    work: Work = WORK,
    reward: str | None = None,
    now: datetime = DECEMBER,
) -> Decision[Committee]:
    return here.when(lambda c: assessing.assess(c, year, grade, work, reward, now))


ASSESSED = MemberAssessed(
    seat="f1",
    year=2025,
    grade=Grade.EXCELLENT,
    work=WORK,
    sessions=4,
    attended=3,
    spoke=2,
    proposed=1,
    reward="优秀委员",
    at=DECEMBER,
)
CORRECTED = AssessmentCorrected(
    assessed=replace(ASSESSED, grade=Grade.GOOD), reason="等次录错。", at=DECEMBER
)


def test_C_17_a_year_is_assessed_once_with_what_was_counted() -> None:
    after = assessing_it(sitting(), reward="优秀委员").then(ASSESSED)
    assert after.state.assessed == (ASSESSED,)
    assessing_it(after).breaks("C-17", clause=CLAUSE, field="year")


def correcting(
    here: Given[Committee],
    grade: Grade = Grade.GOOD,
    work: Work = WORK,
    reward: str | None = "优秀委员",
    reason: str = "等次录错。",
    year: str = "2025",
) -> Decision[Committee]:
    def decide(c: Committee) -> AssessmentCorrected:
        before = assessing.assessed_of(c, "f1", year)
        return assessing.correct(before, grade, work, reward, reason, DECEMBER)

    return here.when(decide)


def test_C_17_what_was_assessed_wrongly_is_corrected_on_the_same_counts() -> None:
    of_2026 = replace(ASSESSED, year=2026)
    here = sitting(ASSESSED, of_2026)
    after = correcting(here).then(CORRECTED).state
    assert set(after.assessed) == {CORRECTED.assessed, of_2026}
    correcting(here, grade=Grade.EXCELLENT).breaks("C-17", clause=OURS, field="grade")
    correcting(here, reason=" ").breaks("C-17", clause=OURS, field="reason")
    correcting(here, grade=Grade.FAIR).breaks("C-17", clause=CLAUSE, field="reward")
    correcting(here, work=replace(WORK, useful=2)).breaks(
        "C-17", clause=CLAUSE, field="work.useful"
    )
    correcting(here, year="2024").breaks("C-17", clause=OURS, field=None)
    ended = SeatEnded(seat="f1", why=Ended.OWN_WISH, note="迁出。", at=DECEMBER)
    correcting(sitting(ASSESSED, ended)).then(CORRECTED)


def test_C_17_a_year_is_assessed_when_it_is_nearly_over() -> None:
    november = datetime(2025, 11, 30, 15, 59, tzinfo=UTC)
    assessing_it(sitting(), now=november).breaks("C-17", clause=OURS, field="year")


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"work": Work(mediated=0, useful=2, outstanding="牵头。")}, "useful"),
        ({"work": Work(mediated=0, useful=0, outstanding=" ")}, "outstanding"),
        ({"grade": Grade.FAIR, "reward": "优秀委员"}, "reward"),
    ],
)
def test_C_17_what_is_said_of_it_holds(about: dict[str, Any], field: str) -> None:
    assessing_it(sitting(), **about).breaks("C-17", clause=CLAUSE, field=field)


def test_a_seat_and_its_counts_are_real() -> None:
    less = Work(mediated=-1, useful=0, outstanding="牵头。")
    assessing_it(sitting(), work=less).refused(Malformed, field="mediated")
    assessing_it(sitting(), year=replace(YEAR, seat="f99")).refused(NotFound)
