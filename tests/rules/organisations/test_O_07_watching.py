"""O-07 to O-10: matters, yearly reports and checks, ratings, spot checks, and what the clock does."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.kernel.clock import Budget, begin_of, end_of, start
from chassis.kernel.errors import Malformed, NotFound
from contracts import organisations as published
from services.organisations import announce
from services.organisations.domain import clocks, listing, matters, ratings, yearly
from services.organisations.domain.events import (
    ClockRenewed,
    ListingProposed,
    MatterFollowed,
    MatterMissed,
    MatterReported,
    Rated,
    RatingEnded,
    SpotChecked,
    YearChecked,
    YearMissed,
    YearReported,
)
from services.organisations.domain.evolution import evolve
from services.organisations.domain.kinds import (
    CheckItem,
    CheckResult,
    Ground,
    Left,
    MatterKind,
    PartyForm,
)
from services.organisations.domain.parts import (
    Matter,
    Party,
    Rating,
    SpotCheck,
    YearCheck,
    YearReport,
)
from tests.support.calendars import lengthened
from tests.support.specification import past

from . import cases
from .cases import LATER, NUMBERS, WORK, given, on_register

TODAY = date(2026, 3, 22)
DAYS = Budget.working_days(NUMBERS.policy.matter_days)
MATTER = Matter(
    id="m1",
    kind=MatterKind.DONATION,
    what="接受大额捐赠",
    on=TODAY,
    reported_at=LATER,
    late=False,
    clock=start(DAYS, LATER, WORK),
)
matter = MatterReported(matter=MATTER)
PARTY = Party(form=PartyForm.LIAISON, members=1)
NEXT = datetime(2027, 2, 1, 2, tzinfo=UTC)
REPORT = YearReport(
    registration="无变更",
    rating="未评估",
    enforcement="无",
    activities="开展助老服务",
    income=1_000_000,
    spending=900_000,
    donations=0,
    donations_used="无",
    late=False,
    at=NEXT,
)
reported = YearReported(year=2026, report=REPORT)
CHECK = YearCheck(
    items=tuple(CheckItem),
    simplified=False,
    result=CheckResult.PASSED,
    opinion="合格",
    party=PARTY,
    at=NEXT,
)
checked = YearChecked(year=2026, check=CHECK)
RATING = Rating(grade=4, evaluator="评估中心", document="评-1", on=TODAY, until=date(2031, 3, 22))
rated = Rated(rating=RATING)
SPOT = SpotChecked(
    check=SpotCheck(by="department:education", on=TODAY, findings="正常", document="抽-1")
)


# Major matters


def report(on: date = TODAY, what: str = "接受大额捐赠") -> Any:
    return lambda o: matters.report(
        o, kind=MatterKind.DONATION, what=what, on=on, now=LATER, numbers=NUMBERS
    )


def test_O_07_before_or_as_it_happens_is_in_time_and_after_is_marked_late() -> None:
    on_register().when(report()).then(matter)
    [ahead] = on_register().when(report(TODAY + timedelta(days=9))).happened
    assert not ahead.matter.late
    assert ahead.matter.clock == start(DAYS, begin_of(TODAY + timedelta(days=9)), WORK)
    [behind] = on_register().when(report(TODAY - timedelta(days=1))).happened
    assert behind.matter.late
    assert behind.matter.clock == start(DAYS, LATER, WORK)
    on_register().when(report(what=" ")).breaks("O-07", field="what")
    given().when(report()).breaks("O-07")
    on_register().when(report(date(2099, 1, 1))).refused(Malformed, field="on")


def test_O_07_the_working_day_after_a_matter_is_the_first_of_the_ten() -> None:
    """Of a Sunday, 22 March, it is Monday; of Tuesday, 31 March, Wednesday, with a holiday between."""
    for on, last in ((TODAY, (4, 3)), (date(2026, 3, 31), (4, 15))):
        [event] = on_register().when(report(on)).happened
        assert event.matter.clock.due == datetime(2026, *last, 9, tzinfo=UTC)


def test_O_07_what_came_of_it_is_reported_after() -> None:
    def follow(after: str = "已入账", now: datetime = LATER) -> Any:
        return lambda o: matters.follow(o, "m1", after=after, now=now)

    known = on_register(matter)
    known.when(follow(" ")).breaks("O-07", field="after")
    done = known.when(follow()).then(MatterFollowed(matter="m1", after="已入账", at=LATER))
    done.when(follow()).breaks("O-07")
    coming = MatterReported(matter=replace(MATTER, on=TODAY + timedelta(days=9)))
    on_register(coming).when(follow()).breaks("O-07", says=f"定于 {coming.matter.on}")
    on_register().when(follow()).refused(NotFound)
    assert matters.missed(done.state, MATTER.clock.due + timedelta(days=1)) == ()


def test_O_07_what_isnt_reported_in_time_is_told_once_and_may_still_come() -> None:
    known = on_register(matter)
    assert known.state.next_due == MATTER.clock.due
    assert matters.missed(known.state, MATTER.clock.due) == ()
    late = MATTER.clock.due + timedelta(seconds=1)
    gone = known.when(lambda o: clocks.come_due(o, late, NUMBERS)).then(
        MatterMissed(matter="m1", due=MATTER.clock.due)
    )
    assert matters.missed(gone.state, late) == ()
    assert gone.state.due == MATTER.clock.due, "it is still owed"
    followed = past(gone.state, evolve, (MatterFollowed(matter="m1", after="已入账", at=LATER),))
    assert followed.state.due == end_of(date(2027, 6, 30))
    news = announce.of_organisations(MatterMissed(matter="m1", due=MATTER.clock.due), gone.state)
    assert isinstance(news, published.ReportMissed)
    assert (news.what, news.about) == ("matter", "m1")
    assert gone.when(lambda o: matters.follow(o, "m1", after="已入账", now=late)).happened


def test_O_07_after_its_time_it_is_missed_though_the_clock_has_not_come_for_it() -> None:
    late = MATTER.clock.due + timedelta(seconds=1)
    told_late = MatterFollowed(matter="m1", after="已入账", at=late)
    known = on_register(matter)
    known.when(lambda o: matters.follow(o, "m1", after="已入账", now=late)).then(
        MatterMissed(matter="m1", due=MATTER.clock.due), told_late
    )
    in_time = replace(told_late, at=MATTER.clock.due)
    known.when(lambda o: matters.follow(o, "m1", after="已入账", now=in_time.at)).then(in_time)


def test_O_07_another_calendar_moves_what_still_runs() -> None:
    """A further year's, an amended one; what was sure stays where a year is missing."""
    short = WORK.as_known_through(date(2025, 12, 31))
    since = datetime(2026, 2, 10, 2, tzinfo=UTC)
    assumed, sure = start(DAYS, since, short), start(DAYS, since, WORK)
    assert assumed.provisional and not sure.provisional and assumed.due < sure.due
    known = on_register(MatterReported(matter=replace(MATTER, clock=assumed)))
    known.when(lambda o: clocks.renew(o, short, since)).then()
    moved = known.when(lambda o: clocks.renew(o, WORK, since)).then(
        ClockRenewed(about="m1", clock=sure)
    )
    assert moved.state.matters[0].clock == sure
    longer = lengthened(date(2026, 2, 24))
    again = start(DAYS, since, longer)
    assert again.due > sure.due
    moved.when(lambda o: clocks.renew(o, longer, since)).then(ClockRenewed(about="m1", clock=again))
    moved.when(lambda o: clocks.renew(o, short, since)).then()
    moved.when(lambda o: clocks.renew(o, longer, sure.due + timedelta(seconds=1))).then()


# Every year


def said(changed: YearReport = REPORT, year: int = 2026, now: datetime = NEXT) -> Any:
    return lambda o: yearly.report(o, year, changed, now, NUMBERS)


def test_O_08_each_year_is_reported_once_it_is_over() -> None:
    after = on_register().when(said()).then(reported)
    after.when(said()).breaks("O-08", field="year")
    on_register().when(said(year=2027)).breaks("O-08", field="year")
    on_register().when(said(year=2025)).refused(Malformed, field="year")
    given().when(said()).breaks("O-08")


@pytest.mark.parametrize("field", yearly.TOLD)
def test_O_08_a_report_says_all_that_is_open_to_the_public(field: str) -> None:
    blank: Any = {field: " "}
    on_register().when(said(replace(REPORT, **blank))).breaks("O-08", field=field)


def test_O_08_a_year_that_is_missed_leads_to_the_abnormal_list() -> None:
    due = end_of(date(2027, 6, 30))
    known = on_register()
    assert known.state.next_due == due
    assert yearly.missed(known.state, due - timedelta(seconds=1), NUMBERS) == ()
    gone, proposed = yearly.missed(known.state, due, NUMBERS)
    assert gone == YearMissed(year=2026, due=due)
    assert isinstance(proposed, ListingProposed)
    assert proposed.listing.ground is Ground.REPORT_MISSED
    after = past(known.state, evolve, (gone, proposed))
    assert after.state.next_due == end_of(date(2028, 6, 30))
    assert after.state.due == due, "it is still owed"
    news = announce.of_organisations(gone, after.state)
    assert isinstance(news, published.ReportMissed)
    assert (news.what, news.year, news.due) == ("yearly", 2026, due)
    [again] = yearly.missed(after.state, end_of(date(2028, 6, 30)), NUMBERS)
    assert again == YearMissed(year=2027, due=end_of(date(2028, 6, 30)))
    [late] = after.when(said(now=due)).happened
    assert late.report.late
    assert past(after.state, evolve, (late,)).state.due == end_of(date(2028, 6, 30))
    assert yearly.missed(on_register(reported).state, due, NUMBERS) == ()


def test_O_08_after_its_day_a_report_is_late_though_the_clock_has_not_come_for_it() -> None:
    """It is told and listed as it would have been; and of two years both are missed."""
    due, later = end_of(date(2027, 6, 30)), end_of(date(2028, 6, 30))
    gone, proposed, late = on_register().when(said(now=due)).happened
    assert (gone, late.report.late) == (YearMissed(year=2026, due=due), True)
    assert proposed.listing.ground is Ground.REPORT_MISSED
    [in_time] = on_register().when(said(now=due - timedelta(seconds=1))).happened
    assert not in_time.report.late
    happened = on_register().when(said(year=2027, now=later)).happened
    assert [one.year for one in happened if isinstance(one, YearMissed)] == [2026, 2027]
    assert happened[-1].report.late


@pytest.mark.parametrize(
    ("entered", "registered", "owed"),
    [
        (date(2026, 11, 30), date(2015, 6, 1), 2026),
        (date(2026, 6, 30), date(2015, 6, 1), 2025),
        (date(2026, 7, 1), date(2015, 6, 1), 2026),
        (date(2026, 3, 2), date(2026, 1, 5), 2026),
        (date(2026, 3, 2), date(2025, 1, 5), 2025),
    ],
)
def test_O_08_no_year_is_missed_that_was_over_before_the_organisation_was_on_record_here(
    entered: date, registered: date, owed: int
) -> None:
    at = begin_of(entered)
    known = past(None, evolve, (replace(cases.entered, on=registered, at=at),))
    due = end_of(date(owed + 1, 6, 30))
    assert (known.state.owed, known.state.next_due) == (owed, due)
    assert yearly.missed(known.state, due - timedelta(seconds=1), NUMBERS) == ()
    gone, _ = yearly.missed(known.state, due, NUMBERS)
    assert gone == YearMissed(year=owed, due=due)


def test_O_08_what_was_found_missed_before_stays_and_the_next_year_is_owed() -> None:
    first = replace(cases.entered, on=date(2024, 6, 1), at=begin_of(date(2026, 11, 30)))
    found = [YearMissed(year=year, due=end_of(date(year + 1, 6, 30))) for year in (2024, 2025)]
    state = past(None, evolve, (first, *found)).state
    assert ([one.year for one in state.years], state.owed) == ([2024, 2025], 2026)


def check(items: tuple[CheckItem, ...] = tuple(CheckItem), **other: Any) -> Any:
    asked: dict[str, Any] = {
        "result": CheckResult.PASSED,
        "opinion": "合格",
        "party": PARTY,
        "now": NEXT,
        "numbers": NUMBERS,
        **other,
    }
    return lambda o: yearly.check(o, 2026, items=items, **asked)


def test_O_08_what_was_reported_is_checked() -> None:
    known = on_register(reported)
    on_register().when(check()).breaks("O-08")
    for item in CheckItem:
        without = tuple(one for one in CheckItem if one is not item)
        known.when(check(without)).breaks("O-08", field="items")
    known.when(check(opinion=" ")).breaks("O-08", field="opinion")
    after = known.when(check()).then(checked)
    after.when(check()).breaks("O-08")
    to_put_right = known.when(check(result=CheckResult.TO_PUT_RIGHT)).leads_to()
    assert to_put_right.when(check()).happened


def test_O_13_the_party_is_checked_at_the_yearly_check() -> None:
    due = Party(form=PartyForm.NOT_DUE, members=3)
    on_register(reported).when(check(party=due)).breaks("O-13", field="party")
    branch = Party(form=PartyForm.BRANCH, members=3)
    assert on_register(reported).when(check(party=branch)).leads_to().state.party == branch


# Ratings


def rate(**changed: Any) -> Any:
    asked: dict[str, Any] = {
        "grade": 4,
        "evaluator": "评估中心",
        "document": "评-1",
        "on": TODAY,
        "until": None,
        "now": LATER,
        "numbers": NUMBERS,
        **changed,
    }
    return lambda o: ratings.rate(o, **asked)


def test_O_09_a_rating_is_an_independent_evaluators_and_has_a_term() -> None:
    on_register().when(rate()).then(rated)
    given().when(rate()).breaks("O-09")
    on_register().when(rate(evaluator=" ")).breaks("O-09", field="evaluator")
    on_register().when(rate(evaluator="nuanyang")).breaks("O-09", field="evaluator")
    on_register().when(rate(document=" ")).breaks("O-09", field="document")
    on_register().when(rate(on=date(2026, 4, 1))).refused(Malformed, field="on")
    on_register().when(rate(until=date(2031, 3, 23))).breaks("O-09", field="until")
    on_register().when(rate(until=TODAY)).breaks("O-09", field="until")
    old = {"on": date(2025, 1, 1), "until": date(2026, 1, 1)}
    on_register().when(rate(**old)).refused(Malformed, field="until")


def test_O_09_an_older_rating_that_is_entered_late_takes_no_later_one_s_place() -> None:
    known, before = on_register(rated), TODAY - timedelta(days=400)
    known.when(rate(grade=2, document="评-0", on=before)).breaks("O-09", field="on")
    assert known.when(rate(grade=5, document="评-2")).happened, "of the same day"
    corrected = known.when(rate(on=before)).leads_to()
    assert corrected.state.rating is not None and corrected.state.rating.on == before
    over = on_register(rated, RatingEnded(on=TODAY))
    assert over.when(rate(grade=2, document="评-0", on=before)).happened


def test_O_09_it_ends_by_itself_and_the_next_takes_its_place() -> None:
    known = on_register(rated, reported)
    end = end_of(date(2031, 3, 22))
    assert ratings.ended(known.state, end - timedelta(seconds=1)) == ()
    assert ratings.ended(known.state, end) == (RatingEnded(on=date(2031, 3, 23)),)
    assert clocks.come_due(known.state, end, NUMBERS)[0] == RatingEnded(on=date(2031, 3, 23))
    gone = past(known.state, evolve, ratings.ended(known.state, end))
    assert gone.state.rating is None
    assert ratings.ended(gone.state, end) == ()
    second = Rated(rating=replace(RATING, grade=5, document="评-2"))
    assert past(known.state, evolve, (second,)).state.rating == second.rating
    about = {"street": "guanshang", "community": "haihua", "supplier": "nuanyang"}
    clause = "官办通〔2017〕52号 （六）3"
    assert announce.of_organisations(rated, known.state) == published.StandingChanged(
        **about, change="rated", rating=4, rating_until="2031-03-22", rule="O-09", clause=clause
    )
    assert announce.of_organisations(
        RatingEnded(on=TODAY), gone.state
    ) == published.StandingChanged(**about, change="rating_ended", rule="O-09", clause=clause)


@pytest.mark.parametrize(("grade", "simple"), [(3, False), (4, True), (5, True)])
def test_O_09_from_four_a_on_the_yearly_check_is_simple(grade: int, simple: bool) -> None:
    known = on_register(Rated(rating=replace(RATING, grade=grade)), reported)
    when = known.when(check((CheckItem.FUNDS, CheckItem.PARTY)))
    if simple:
        assert when.happened[0].check.simplified
    else:
        when.breaks("O-08", field="items")


# Spot checks, and the file


def test_O_10_a_spot_check_is_on_record() -> None:
    def spot(findings: str = "正常", on: date = TODAY) -> Any:
        return lambda o: ratings.spot_check(
            o,
            by="department:education",
            findings=findings,
            document="抽-1",
            on=on,
            draw=None,
            now=LATER,
        )

    on_register().when(spot()).then(SPOT)
    on_register().when(spot(" ")).breaks(
        "O-10", clause="官办通〔2019〕77号 四（五）2", field="findings"
    )
    on_register().when(spot(on=date(2026, 4, 1))).refused(Malformed, field="on")
    given().when(spot()).breaks("O-10")


def test_O_10_a_listing_that_was_put_right_may_come_again() -> None:
    due = end_of(date(2027, 6, 30))
    gone, proposed = yearly.missed(on_register().state, due, NUMBERS)
    after = on_register(gone, proposed)
    [left] = after.when(lambda o: listing.lift(o, "1", why="已补报", now=due)).happened
    assert left.left is Left.DROPPED


def test_O_09_a_rating_s_end_is_waited_for() -> None:
    short = Rated(rating=replace(RATING, until=date(2026, 12, 31)))
    assert on_register(short).state.next_due == end_of(date(2026, 12, 31))
    assert on_register().state.next_due == end_of(date(2027, 6, 30))


def test_O_08_who_is_not_registered_owes_nothing() -> None:
    assert clocks.come_due(given().state, LATER + timedelta(days=900), NUMBERS) == ()


def test_O_07_what_came_of_one_matter_is_said_of_no_other() -> None:
    second = replace(matter, matter=replace(MATTER, id="m2"))
    after = on_register(matter, second).when(
        lambda o: matters.follow(o, "m2", after="已入账", now=LATER)
    )
    assert [one.after for one in after.leads_to().state.matters] == [None, "已入账"]
    known = on_register(matter, MatterFollowed(matter="m1", after="已入账", at=LATER), second)
    assert known.when(lambda o: matters.follow(o, "m2", after="已入账", now=LATER)).happened


def test_O_07_what_was_followed_or_missed_is_waited_for_no_more() -> None:
    assert on_register(matter).state.next_due == MATTER.clock.due
    for over in (
        MatterFollowed(matter="m1", after="已入账", at=LATER),
        MatterMissed(matter="m1", due=MATTER.clock.due),
    ):
        assert on_register(matter, over).state.next_due == end_of(date(2027, 6, 30))
