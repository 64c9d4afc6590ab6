"""P-24, P-36: an evaluation report, to its parties at once and to everybody in its days."""

from datetime import timedelta
from typing import Any

from contracts import procurement as told
from services.procurement import announce
from services.procurement.domain.contract import Contract
from services.procurement.domain.evaluation import Stage
from services.procurement.domain.events import SecondScored
from services.procurement.domain.evolution import evolve as evolve_contract
from services.procurement.domain.report import (
    Report,
    ReportMissed,
    ReportPublished,
    ReportRenewed,
    evolve,
    give,
    printed,
)
from tests.support.specification import Given, past

from .cases import JUNE, WORK, before, mid, ready, shown, signed

SO_FAR = (signed, *ready, before, shown, mid)
CONTRACT: Contract = past(None, evolve_contract, SO_FAR).state
PURCHASER = signed.purchaser
[given_] = give(None, CONTRACT, Stage.MID, days=10, work=WORK)
DUE = given_.clock.due


def given(*happened: Any) -> Given[Report]:
    return past(None, evolve, (given_, *happened))


def test_P_16_the_printed_report_shows_the_second_score_and_never_who_gave_it() -> None:
    report = given().state
    assert printed(report, CONTRACT).second is None
    again = SecondScored(stage=Stage.MID, by="expert:8", points=760, apart=40, at=JUNE)
    scored = past(None, evolve_contract, (*SO_FAR, again)).state
    second = printed(report, scored).second
    assert second is not None and (second.points, second.apart) == (760, 40)
    assert "expert" not in repr(second)


def test_P_24_it_is_given_once_with_the_evaluation() -> None:
    assert (given_.stage, given_.at, given_.supplier) == (Stage.MID, JUNE, "tongxin")
    assert give(given().state, CONTRACT, Stage.MID, days=10, work=WORK) == ()
    assert given().state.id == "c-1.mid"


def test_P_24_who_bought_makes_it_public_once() -> None:
    publish = lambda report: report.publish(by=PURCHASER, now=JUNE)  # noqa: E731
    given().when(publish).then(ReportPublished(at=JUNE))
    given().when(lambda report: report.publish(by="street:taihe", now=JUNE)).breaks(
        "P-24", clause="官办通〔2019〕77号 附件1 八"
    )
    given().when(publish).leads_to().when(publish).breaks(
        "P-36", clause="官政办通〔2016〕40号 二.5.2"
    )


def test_P_36_ten_working_days_and_then_it_is_missed_once() -> None:
    late = DUE + timedelta(seconds=1)
    assert DUE - JUNE > timedelta(days=13)
    assert not given().when(lambda report: report.miss(DUE)).happened
    found = given().when(lambda report: report.miss(late))
    found.then(ReportMissed(at=late))
    after = found.leads_to()
    assert (after.state.next_due, after.state.missed) == (None, True)
    assert not after.when(lambda report: report.miss(late)).happened
    [event] = found.happened
    missed = announce.of_reports(event, after.state)
    assert isinstance(missed, told.PublicationMissed)
    assert (missed.what, missed.about, missed.due) == ("evaluation", "c-1.mid", DUE)
    assert announce.of_reports(given_, after.state) is None
    published = after.when(lambda report: report.publish(by=PURCHASER, now=late))
    published.then(ReportPublished(at=late))


def test_P_36_late_is_found_before_it_is_published() -> None:
    late = DUE + timedelta(days=1)
    given().when(lambda report: report.publish(by=PURCHASER, now=late)).then(
        ReportMissed(at=late), ReportPublished(at=late)
    )
    published = given().when(lambda report: report.publish(by=PURCHASER, now=JUNE)).leads_to()
    assert not published.when(lambda report: report.miss(late)).happened


def test_P_36_the_days_are_counted_again_where_more_is_known() -> None:
    other = given().state.clock
    renewed = past(None, evolve, (given_, ReportRenewed(clock=other)))
    assert not renewed.when(lambda report: report.renew_calendar(WORK, JUNE)).happened


def test_P_24_it_says_each_indicator_and_never_who_judged() -> None:
    page = printed(given().state, CONTRACT)
    assert (page.evaluation.points, page.evaluation.by) == (800, None)
    assert [one.points for one in page.judged] == [200] * 4
    assert page.judged[0].evidence == "台账"
    assert "expert" not in repr(page)
