"""M-11: what a quarter adds up to, and what is not shown."""

from dataclasses import replace
from datetime import date

import pytest

from chassis.kernel.errors import Malformed
from services.mediation.domain.case import Case, Clock
from services.mediation.domain.dispute import Awaited, Dispute, How, Remedy, Way
from services.mediation.domain.events import CaseEnded
from services.mediation.domain.figures import Share, days_of, figures

from .lives import DONE, LATER, MET, RECEIVED, given

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
    found = figures(cases, "2026-Q1", 5)
    assert found.found.total == 23
    assert found.found.by_street == {"guanshang": 11, "taihe": 12}
    assert found.found.by_dispute == {"neighbours": 18, "labour": 5}
    assert found.accepted.total == 16
    assert found.settled.by_way == {"people": 6, "judicial": 5}
    assert found.performed.total == 11
    assert (found.failed.total, found.failed.by_street) == (5, {"taihe": 5})
    assert (found.overdue.total, found.overdue.by_street) == (7, {"taihe": 7})
    assert found.success == Share(part=6, of=11)
    other = figures(cases, "2026-Q2", 5)
    assert (other.found.total, other.settled.total, other.success) == (0, 0, None)
    assert (other.failed.total, other.accepted.total, other.performed.total) == (0, 0, 0)


def test_M_11_what_is_too_small_is_not_shown_nor_to_be_computed() -> None:
    cases = [*at("guanshang", OPEN, 9), *at("taihe", OPEN, 6), *at("liujia", OPEN, 1)]
    found = figures(cases, "2026-Q1", 5).found
    assert found.total == 16
    assert found.by_street == {"guanshang": 9, "taihe": None, "liujia": None}


def test_M_11_the_success_rate_is_shown_of_however_few_as_the_index_shows_it() -> None:
    few = figures([*at("liujia", SETTLED, 1), *at("liujia", FAILED, 1)], "2026-Q1", 5)
    assert (few.found.total, few.settled.total) == (None, None)
    assert few.success == Share(part=1, of=2)
    assert figures(at("liujia", OPEN, 4), "2026-Q1", 5).success is None
