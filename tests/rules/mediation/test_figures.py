"""M-11: what a quarter adds up to, and what is not shown."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.kernel.errors import Malformed
from services.mediation.domain.case import Case, Clock
from services.mediation.domain.dispute import Awaited, Dispute, How, Remedy, Way
from services.mediation.domain.events import (
    CaseAccepted,
    CaseAssigned,
    CaseEnded,
    CaseEvent,
    CaseHanded,
    CaseReturned,
    CaseScreened,
    CaseVisited,
    CaseVoided,
    ChargeTaken,
)
from services.mediation.domain.evolution import evolve
from services.mediation.domain.figures import Share, concerned, days_of, figures
from services.mediation.domain.screening import Level
from services.mediation.steps.cases import CASES

from .lives import (
    COMMUNITY,
    DONE,
    LATER,
    MET,
    MORNING,
    PERFORMED,
    RECEIVED,
    REGISTERED,
    SIGNED,
    TAKEN,
    given,
)

DISTRICT = "district_admin"
ADMINISTRATIVE = Way.ADMINISTRATIVE
SETTLED = given((*DONE, CaseEnded(how=How.SETTLED, at=LATER))).state
FAILED = given((*MET, CaseEnded(how=How.NO_AGREEMENT, told=(Remedy.COURT,), at=LATER))).state
OPEN = given(RECEIVED).state
LATE = replace(OPEN, clocks=(Clock(awaited=Awaited.RESPONSE, due=LATER, missed=True),))


def at(street: str, case: Case, count: int) -> list[Case]:
    return [replace(case, street=street)] * count


def test_M_11_a_quarter_has_its_days() -> None:
    assert days_of("2026-Q1") == (date(2026, 1, 1), date(2026, 3, 31))
    assert days_of("2026-Q4") == (date(2026, 10, 1), date(2026, 12, 31))
    for wrong in ("2026-Q5", "2026", "2026-Q1 "):
        with pytest.raises(Malformed) as refusal:
            days_of(wrong)
        assert refusal.value.field == "quarter"


def test_M_11_found_accepted_settled_performed_failed_and_open_past_their_date() -> None:
    cases = [
        *at("guanshang", SETTLED, 6),
        *at("taihe", FAILED, 5),
        *at("taihe", LATE, 7),
        *at("guanshang", replace(SETTLED, way=Way.JUDICIAL, dispute=Dispute.LABOUR), 5),
    ]
    found = figures(cases, "2026-Q1", 5, DISTRICT)
    assert found.found.total == 23
    assert found.found.by_street == {"guanshang": 11, "taihe": 12}
    assert found.found.by_dispute == {"neighbours": 18, "labour": 5}
    assert found.accepted.total == 16
    assert found.settled.by_way == {"people": 6, "judicial": 5}
    assert found.performed.total == 11
    assert (found.failed.total, found.failed.by_street) == (5, {"taihe": 5})
    assert (found.overdue.total, found.overdue.by_street) == (7, {"taihe": 7})
    assert found.success == Share(part=6, of=11)
    other = figures(cases, "2026-Q2", 5, DISTRICT)
    assert (other.found.total, other.settled.total, other.success) == (0, 0, None)
    assert (other.failed.total, other.accepted.total, other.performed.total) == (0, 0, 0)


def test_M_11_what_was_entered_by_mistake_counts_as_none() -> None:
    gone = given((*RECEIVED, CaseVoided(reason="重复登记。", at=LATER))).state
    found = figures([*at("taihe", OPEN, 5), *at("taihe", gone, 6)], "2026-Q1", 5, DISTRICT)
    assert (found.found.total, found.overdue.total) == (5, 0)
    keys = CASES.kind.keys
    assert (keys(gone)["opened_on"], keys(OPEN)["opened_on"]) == (None, MORNING.date())


def test_M_11_what_is_too_small_is_not_shown_nor_to_be_computed() -> None:
    cases = [*at("guanshang", OPEN, 9), *at("taihe", OPEN, 6), *at("liujia", OPEN, 1)]
    found = figures(cases, "2026-Q1", 5, DISTRICT).found
    assert found.total == 16
    assert found.by_street == {"guanshang": 9, "taihe": None, "liujia": None}


def test_M_11_the_success_rate_is_shown_of_however_few_as_the_index_shows_it() -> None:
    few = figures([*at("liujia", SETTLED, 1), *at("liujia", FAILED, 1)], "2026-Q1", 5, DISTRICT)
    assert (few.found.total, few.settled.total) == (None, None)
    assert few.success == Share(part=1, of=2)
    assert figures(at("liujia", OPEN, 4), "2026-Q1", 5, DISTRICT).success is None


def test_M_11_what_happens_after_a_quarter_changes_none_of_its_figures() -> None:
    """Handed on and accepted again, by another way; found open again at the visit, performed again, ended."""
    april = datetime(2026, 4, 20, 2, 0, tzinfo=UTC)
    handed = CaseHanded(
        office="department:health", way=ADMINISTRATIVE, commission=False, reason="x", at=april
    )
    again = CaseAccepted(way=ADMINISTRATIVE, at=april)
    passed_on: tuple[CaseEvent, ...] = (*MET, handed, again)
    open_again = CaseVisited(on=april.date(), settled=False, box="b", at=april)
    done_again = replace(PERFORMED, on=april.date(), at=april)
    performed: tuple[CaseEvent, ...] = (*DONE, open_again, handed, again, SIGNED, done_again)

    def of(quarter: str, *events: CaseEvent) -> tuple[Any, ...]:
        found = figures([given(events).state] * 5, quarter, 5, DISTRICT)
        return tuple(one.by_way for one in (found.found, found.accepted, found.performed))

    people, nothing = {"people": 5}, dict[str, int]()
    assert of("2026-Q1", *MET) == of("2026-Q1", *passed_on) == (people, people, nothing)
    assert of("2026-Q2", *passed_on) == (nothing, nothing, nothing)
    assert of("2026-Q1", *DONE) == of("2026-Q1", *performed) == (people, people, people)
    assert of("2026-Q2", *performed) == (nothing, nothing, {"administrative": 5})


def test_M_11_of_what_was_kept_before_the_latest_is_known() -> None:
    kept = replace(given(DONE).state, came_by=None, first_accepted=None, performances=())
    found = figures([kept] * 5, "2026-Q1", 5, DISTRICT)
    assert (found.found.total, found.accepted.total, found.performed.total) == (5, 5, 5)
    visited = CaseVisited(on=LATER.date(), settled=False, box="b", at=LATER)
    after = evolve(kept, visited)
    assert figures([after] * 5, "2026-Q1", 5, DISTRICT).performed.total == 5


HEALTH, JUSTICE, COURT = "department:health", "department:justice", "department:court"
APRIL = datetime(2026, 4, 20, 2, 0, tzinfo=UTC)
TO_HEALTH = CaseHanded(
    office=HEALTH, way=ADMINISTRATIVE, commission=False, reason="专业。", at=APRIL
)
SENT_BACK = CaseReturned(office=COMMUNITY, to=HEALTH, reason="专业。", way=ADMINISTRATIVE, at=APRIL)
MET_APRIL = CaseScreened(
    level=Level.DISTRICT, on=APRIL.date(), minutes="纪要4号", office=HEALTH, at=APRIL
)
CHARGED = ChargeTaken(office=HEALTH, by="street:guanshang", at=APRIL)
ASSIGNED = CaseAssigned(
    office=HEALTH,
    way=ADMINISTRATIVE,
    by="street:guanshang",
    reason="属专业纠纷。",
    on=APRIL.date(),
    at=APRIL,
)
TWICE = (
    replace(SENT_BACK, to=JUSTICE, at=MORNING),
    replace(SENT_BACK, office=JUSTICE, to=HEALTH, at=MORNING),
)


def found(office: str, quarter: str, *events: CaseEvent) -> int | None:
    return figures([given(events).state] * 5, quarter, 5, office).found.total


@pytest.mark.parametrize(
    "came",
    [
        (*TAKEN, TO_HEALTH),
        (*RECEIVED, SENT_BACK),
        (*RECEIVED, *TWICE, ASSIGNED),
        (*MET, CaseEnded(how=How.NO_AGREEMENT, told=(Remedy.COURT,), at=LATER), MET_APRIL),
        (*RECEIVED, CHARGED),
    ],
)
def test_M_11_a_department_has_no_figures_of_before_a_case_came_to_it(
    came: tuple[CaseEvent, ...],
) -> None:
    """What was found, failed or settled in a quarter that is over is no more for who hears of it later."""
    case = given(came).state
    assert HEALTH in case.offices
    ours = figures([case] * 5, "2026-Q1", 5, HEALTH)
    assert (ours.found.total, ours.failed.total, ours.success) == (0, 0, None)
    for office in ("department:stability", "street:guanshang", DISTRICT):
        assert figures([case] * 5, "2026-Q1", 5, office).found.total == 5
    assert concerned(case, HEALTH, APRIL.date())


def test_M_11_who_had_a_case_first_has_its_figures_also_when_it_comes_back() -> None:
    at_health = replace(REGISTERED, office=HEALTH, way=ADMINISTRATIVE)
    away = replace(TO_HEALTH, office=COURT, way=Way.JUDICIAL)
    taken = (at_health, *TAKEN[1:])
    assert found(HEALTH, "2026-Q1", *taken, away, TAKEN[2], TO_HEALTH) == 5
    assert found(COURT, "2026-Q1", *taken, away, TAKEN[2], TO_HEALTH) == 0
    back = replace(SENT_BACK, office=HEALTH, to=JUSTICE)
    assert found(HEALTH, "2026-Q1", at_health, TAKEN[1], back) == 5
    assert found(HEALTH, "2026-Q1", replace(REGISTERED, by=HEALTH), TAKEN[1], TO_HEALTH) == 5
    late = replace(LATE, handed=(TO_HEALTH,), handed_by=(COMMUNITY,), office=HEALTH)
    assert figures([late] * 5, "2026-Q1", 5, HEALTH).overdue.total == 5, "of now"


def test_M_11_what_was_decided_before_its_day_was_kept_counts_from_the_beginning() -> None:
    """As it did then."""
    undated = given((*RECEIVED, *TWICE, replace(ASSIGNED, on=None)))
    assert undated.state.assigned == ()
    assert concerned(undated.state, HEALTH, LATER.date())
