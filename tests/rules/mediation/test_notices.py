"""M-13: notified, talked to, listed, each with a date; the veto is the district's."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from pydantic import ValidationError

from chassis.cause import Cause
from chassis.kernel.errors import OURS, RuleBroken
from services.mediation.announce import of_notices
from services.mediation.domain import notice
from services.mediation.domain.dispute import Way
from services.mediation.domain.events import CaseHanded
from services.mediation.domain.notice import (
    Notice,
    NoticeAnswered,
    NoticeClimbed,
    NoticeEvent,
    NoticeIssued,
    NoticeLifted,
    NoticeMissed,
    NoticeWithdrawn,
    Rung,
    Standing,
    Vetoed,
    evolve,
)
from services.mediation.domain.waiting import of_notice
from services.mediation.main import desk_on
from services.mediation.steps.notices import NoticeIn
from tests.support.memory import MemoryStore
from tests.support.specification import Given, past
from tests.support.toy import Silent

from .lives import TAKEN, WORK

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
DAY = NOW.date()
SOON, DUE = date(2026, 3, 20), datetime(2026, 3, 20, 16, tzinfo=UTC)
ISSUED = NoticeIssued(
    office="street:guanshang",
    street="guanshang",
    quarter="2026-Q1",
    cases=31,
    reason="居高不下。",
    until=SOON,
    by="department:stability",
    at=NOW,
)
ANSWERED = NoticeAnswered(causes="物业更替。", measures="逐户走访。", at=NOW)
BY = "department:stability"


def given(*events: NoticeEvent) -> Given[Notice]:
    return past(None, evolve, (ISSUED, *events))


def test_M_13_a_notice_has_its_reason_and_a_date_to_come() -> None:
    assert notice.issue(ISSUED) == ISSUED
    for issued, field in (
        (replace(ISSUED, reason=" "), "reason"),
        (replace(ISSUED, until=DAY), "until"),
        (replace(ISSUED, quarter="2026-Q2"), "quarter"),
        (replace(ISSUED, quarter="2025-Q3"), "quarter"),
        (replace(ISSUED, quarter="2001-Q1"), "quarter"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            notice.issue(issued)
        assert (refusal.value.rule.id, refusal.value.field) == ("M-13", field)


def test_M_13_a_notice_may_be_of_the_quarter_that_is_over_and_of_none_before() -> None:
    """In January nobody has many disputes of the quarter that began yesterday."""
    before = replace(ISSUED, quarter="2025-Q4")
    assert notice.issue(before) == before
    first = datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert notice.issue(replace(before, at=first)).quarter == "2025-Q4"
    with pytest.raises(RuleBroken, match="本季度（2025-Q4）或上一季度（2025-Q3）") as ours:
        notice.issue(replace(before, quarter="2025-Q2", at=first - timedelta(seconds=1)))
    assert ours.value.clause is None
    assert NoticeIn(office="street:guanshang", reason="x", until=SOON).quarter is None
    for wrong in ("2025-Q5", "去年", "2025-Q44"):
        with pytest.raises(ValidationError):
            NoticeIn(office="street:guanshang", reason="x", until=SOON, quarter=wrong)


async def test_M_13_the_disputes_of_the_quarter_are_counted_into_it() -> None:
    """Of a department what came to it then, also what it has handed on since and what was registered before."""
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    health, court, april = (
        "department:health",
        "department:court",
        datetime(2026, 4, 20, tzinfo=UTC),
    )
    to_health = CaseHanded(
        office=health, way=Way.ADMINISTRATIVE, commission=False, reason="专业。", at=april
    )
    away = replace(to_health, office=court, way=Way.JUDICIAL)
    cause = Cause(actor="district", now=april)
    for number, happened in enumerate((TAKEN, (*TAKEN, to_health), (*TAKEN, to_health, away))):
        await desk.cases.once(f"case-{number}", list(happened), cause)
    counts = {
        (office, quarter): await desk.count_of(office, quarter)
        for office in ("street:guanshang", "street:taihe", health, court)
        for quarter in ("2026-Q1", "2026-Q2")
    }
    assert {key: count for key, count in counts.items() if count} == {
        ("street:guanshang", "2026-Q1"): 3,
        (health, "2026-Q2"): 2,
        (court, "2026-Q2"): 1,
    }


def test_M_13_the_unit_says_causes_and_measures_before_it_is_lifted() -> None:
    here = given()
    here.when(lambda n: notice.lift(n, "已下降。", BY, NOW)).breaks("M-13")
    here.when(lambda n: notice.answer(n, " ", "走访。", NOW)).breaks("M-13", field="causes")
    here.when(lambda n: notice.answer(n, "更替。", " ", NOW)).breaks("M-13", field="measures")
    said = here.when(lambda n: notice.answer(n, "物业更替。", "逐户走访。", NOW)).then(ANSWERED)
    said.when(lambda n: notice.lift(n, " ", BY, NOW)).breaks("M-13", field="result")
    lifted = said.when(lambda n: notice.lift(n, "已下降。", BY, NOW)).then(
        NoticeLifted(result="已下降。", by=BY, at=NOW)
    )
    assert lifted.state.next_due is None
    after = (
        partial(notice.answer, causes="x", measures="y", now=NOW),
        partial(notice.climb, reason="x", until=SOON, by=BY, now=NOW),
        partial(notice.lift, result="x", by=BY, now=NOW),
        partial(notice.veto, ground="x", now=NOW),
    )
    for step in after:
        lifted.when(step).breaks("M-13")


def test_M_13_one_that_was_issued_by_mistake_is_withdrawn_until_something_came_of_it() -> None:
    """Else the wrong office has to state causes and measures of what isn't its, or it is late for ever."""
    here = given()
    withdrawn = NoticeWithdrawn(reason="发错单位。", at=NOW)
    gone = here.when(lambda n: notice.withdraw(n, "发错单位。", NOW)).then(withdrawn)
    assert (gone.state.standing, gone.state.next_due) == (Standing.WITHDRAWN, None)
    assert of_notice(gone.state) == {}
    gone.when(lambda n: notice.answer(n, "x", "y", NOW)).breaks("M-13", clause=OURS)
    gone.when(lambda n: notice.withdraw(n, "发错单位。", NOW)).breaks("M-13", clause=OURS)
    here.when(lambda n: notice.withdraw(n, " ", NOW)).breaks("M-13", clause=OURS, field="reason")
    late = here.when(lambda n: notice.withdraw(n, "发错单位。", DUE)).happened
    assert late[0] == NoticeMissed(rung=Rung.NOTIFIED, due=DUE)
    climbed = NoticeClimbed(rung=Rung.TALKED, reason="未改。", until=SOON, by=BY, at=NOW)
    for came in (ANSWERED, climbed, Vetoed(ground="发生命案。", at=NOW)):
        given(came).when(lambda n: notice.withdraw(n, "发错单位。", NOW)).breaks(
            "M-13", clause=OURS
        )


def test_M_13_a_rung_at_a_time_each_with_a_date_that_is_missed_once() -> None:
    later = DUE + timedelta(days=1)
    next_day = later.date() + timedelta(days=10)
    here = given()
    assert (here.state.rung, here.state.next_due) == (Rung.NOTIFIED, DUE)
    assert notice.late(here.state, DUE - timedelta(seconds=1)) == ()
    missed = NoticeMissed(rung=Rung.NOTIFIED, due=DUE)
    assert notice.late(here.state, DUE) == (missed,)
    assert notice.late(given(missed).state, later) == ()
    climbed = NoticeClimbed(rung=Rung.TALKED, reason="未改。", until=next_day, by=BY, at=later)
    talked = here.when(lambda n: notice.climb(n, "未改。", next_day, BY, later)).then(
        missed, climbed
    )
    talked.when(lambda n: notice.climb(n, " ", next_day, BY, later)).breaks("M-13", field="reason")
    talked.when(lambda n: notice.climb(n, "x", later.date(), BY, later)).breaks(
        "M-13", field="until"
    )
    listed = talked.when(lambda n: notice.climb(n, "未改。", next_day, BY, later)).leads_to()
    assert listed.state.rung is Rung.LISTED
    listed.when(lambda n: notice.climb(n, "未改。", next_day, BY, later)).breaks("M-13")
    news = of_notices(missed, here.state)
    assert news is not None and news.model_dump(mode="json", exclude_none=True) == {
        "street": "guanshang",
        "units": ["stability"],
        "due": "2026-03-20T16:00:00.000000Z",
    }
    assert of_notices(climbed, talked.state) is None


def test_M_13_the_veto_has_its_ground_and_is_said_once() -> None:
    here = given()
    here.when(lambda n: notice.veto(n, " ", NOW)).breaks("M-13", field="ground")
    after = here.when(lambda n: notice.veto(n, "发生命案。", NOW)).then(
        Vetoed(ground="发生命案。", at=NOW)
    )
    after.when(lambda n: notice.veto(n, "发生命案。", NOW)).breaks("M-13")
