"""O-10: the abnormal list and the blacklist."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from chassis.kernel.clock import (
    WorkTime,
    begin_of,
    end_of,
    local_date,
    local_minute,
    working_days_after,
)
from chassis.kernel.errors import OURS, Malformed, NotFound
from contracts import organisations as published
from services.organisations import announce
from services.organisations.domain import listing, yearly
from services.organisations.domain.events import (
    ListingAnswered,
    ListingEntered,
    ListingLeft,
    ListingProposed,
    YearReported,
)
from services.organisations.domain.evolution import evolve
from services.organisations.domain.kinds import Ground, Left, ListKind
from services.organisations.domain.parts import Listing
from services.organisations.domain.registering import Numbers
from tests.support.calendars import lengthened
from tests.support.specification import past

from .cases import LATER, NUMBERS, WORK, given, on_register
from .test_O_07_watching import REPORT

CLAUSE = "官办通〔2017〕52号 （三）3"
ANSWER_BY = working_days_after(LATER, NUMBERS.policy.answer_days, WORK)
proposed = ListingProposed(
    listing=Listing(
        id="1",
        list=ListKind.ABNORMAL,
        ground=Ground.UNREACHABLE,
        findings="住所无法联系",
        proposed_at=LATER,
        answer_by=ANSWER_BY,
        days=NUMBERS.policy.answer_days,
    )
)
answered = ListingAnswered(listing="1", answer="已搬迁", at=LATER)
TODAY = date(2026, 3, 22)
entered = ListingEntered(listing="1", on=TODAY, at=LATER)


def propose(kind: ListKind = ListKind.ABNORMAL, **said: Any) -> Any:
    asked: dict[str, Any] = {
        "kind": kind,
        "ground": Ground.UNREACHABLE,
        "findings": "住所无法联系",
        "until": None,
        "now": LATER,
        "numbers": NUMBERS,
        **said,
    }
    return lambda o: listing.propose(o, **asked)


def enter(id: str = "1", now: Any = LATER, numbers: Numbers = NUMBERS) -> Any:
    return lambda o: listing.enter(o, id, now=now, numbers=numbers)


def answer(text: str, now: datetime, work: WorkTime = WORK) -> Any:
    return lambda o: listing.answer(o, "1", text=text, now=now, work=work)


def test_O_10_a_listing_has_its_ground_and_is_told_first() -> None:
    on_register().when(propose()).then(proposed)
    on_register().when(propose(findings=" ")).breaks("O-10", field="findings")
    on_register(proposed).when(propose()).breaks("O-10", field="ground")
    given().when(propose()).breaks("O-10")
    on_register().when(propose(until=TODAY)).refused(Malformed, field="until")


def test_O_10_there_is_a_chance_to_answer_before_it_is_entered() -> None:
    told_of = on_register(proposed)
    told_of.when(enter(now=ANSWER_BY)).breaks("O-10", says=f"申辩期至 {local_minute(ANSWER_BY)}")
    late = ANSWER_BY + timedelta(microseconds=1)
    assert told_of.when(enter(now=late)).happened
    told_of.when(answer("已搬迁", late)).breaks("O-10")
    told_of.when(answer(" ", LATER)).breaks("O-10", field="answer")
    heard = told_of.when(answer("已搬迁", LATER)).then(answered)
    heard.when(answer("再说", LATER)).breaks("O-10")
    after = heard.when(enter()).then(entered)
    after.when(enter()).breaks("O-10")
    after.when(answer("再说", LATER)).breaks("O-10")
    after.when(enter("9")).refused(NotFound)


def test_O_10_the_time_to_answer_lasts_longer_over_a_day_that_turns_out_to_be_off_and_never_shorter() -> (
    None
):
    told_of, late = on_register(proposed), ANSWER_BY + timedelta(seconds=1)
    off = lengthened(local_date(ANSWER_BY))
    longer = working_days_after(LATER, NUMBERS.policy.answer_days, off)
    assert longer > ANSWER_BY
    amended = replace(NUMBERS, work=off)
    told_of.when(enter(now=late, numbers=amended)).breaks("O-10", says=local_minute(longer))
    assert told_of.when(answer("已搬迁", late, off)).happened
    told_of.when(answer("已搬迁", longer + timedelta(seconds=1), off)).breaks("O-10")
    shorter = replace(proposed.listing, answer_by=longer)
    assert on_register(replace(proposed, listing=shorter)).when(answer("已搬迁", longer)).happened
    unsaid = replace(proposed.listing, days=None)
    kept = on_register(replace(proposed, listing=unsaid))
    assert kept.when(enter(now=late, numbers=amended)).happened, "of an earlier build"


def test_O_10_the_document_gives_a_chance_to_answer_and_the_platform_its_days() -> None:
    told_of, late = on_register(proposed), ANSWER_BY + timedelta(microseconds=1)
    told_of.when(enter()).breaks("O-10", clause=CLAUSE)
    told_of.when(answer("已搬迁", late)).breaks("O-10", clause=OURS)
    on_register(proposed).when(propose()).breaks("O-10", clause=OURS, field="ground")


def test_O_10_what_was_entered_in_error_doesn_t_read_as_put_right() -> None:
    known = on_register(proposed, entered)
    wrong = known.when(lambda o: listing.lift(o, "1", why="同名", now=LATER, in_error=True))
    left = ListingLeft(listing="1", left=Left.IN_ERROR, on=TODAY, why="同名", at=LATER)
    after = wrong.then(left)
    assert not after.state.standing_on(ListKind.ABNORMAL)
    news = announce.of_organisations(left, after.state)
    assert isinstance(news, published.StandingChanged) and news.change == "abnormal_ended"
    never = on_register(proposed).when(
        lambda o: listing.lift(o, "1", why="同名", now=LATER, in_error=True)
    )
    assert never.leads_to().state.listing("1").left is Left.DROPPED


def test_O_10_it_is_left_when_put_right() -> None:
    after = on_register(proposed, answered, entered)
    after.when(lambda o: listing.lift(o, "1", why=" ", now=LATER)).breaks("O-10", field="reason")
    left = ListingLeft(listing="1", left=Left.PUT_RIGHT, on=TODAY, why="已更新住所", at=LATER)
    gone = after.when(lambda o: listing.lift(o, "1", why="已更新住所", now=LATER)).then(left)
    gone.when(lambda o: listing.lift(o, "1", why="再", now=LATER)).breaks("O-10")
    assert gone.when(propose()).happened
    dropped = ListingLeft(listing="1", left=Left.DROPPED, on=TODAY, why="申辩成立", at=LATER)
    on_register(proposed, answered).when(
        lambda o: listing.lift(o, "1", why="申辩成立", now=LATER)
    ).then(dropped)


def test_O_10_the_blacklist_has_a_term_and_ends_by_itself_once() -> None:
    [event] = on_register().when(propose(ListKind.BLACKLIST)).happened
    assert event.listing.until is None
    after = on_register(event, answered).when(enter()).leads_to()
    assert after.state.listing("1").until == date(2028, 3, 22)
    end = end_of(date(2028, 3, 22))
    assert listing.end_terms(after.state, end - timedelta(seconds=1)) == ()
    gone = after.when(lambda o: listing.end_terms(o, end)).then(
        ListingLeft(listing="1", left=Left.TERM, on=date(2028, 3, 23), why=None, at=end)
    )
    assert listing.end_terms(gone.state, end) == ()
    assert after.state.next_due == after.state.year_due(2026)
    waiting = on_register(event)
    assert listing.end_terms(waiting.state, begin_of(date(2030, 1, 1))) == ()


def test_O_10_the_term_of_the_blacklist_runs_from_the_decision_where_none_was_said() -> None:
    may = LATER + timedelta(days=45)
    for until, last in ((None, date(2028, 5, 6)), (date(2027, 1, 1), date(2027, 1, 1))):
        told_of = on_register().when(propose(ListKind.BLACKLIST, until=until)).leads_to()
        decided = ListingEntered(listing="1", on=date(2026, 5, 6), until=last, at=may)
        listed = told_of.when(enter(now=may)).then(decided)
        assert listed.state.listing("1").until == last
    abnormal = on_register(proposed).when(enter(now=may)).leads_to()
    assert abnormal.state.listing("1").until is None


def test_O_10_nothing_is_entered_whose_term_was_over_before_it_could_be() -> None:
    until = TODAY + timedelta(days=1)
    known = on_register().when(propose(until=until)).leads_to()
    known.when(enter(now=ANSWER_BY + timedelta(seconds=1))).breaks("O-10", field=None)
    heard = past(known.state, evolve, (answered,))
    assert heard.when(enter(now=end_of(until) - timedelta(seconds=1))).happened
    heard.when(enter(now=end_of(until))).breaks("O-10", field=None)


def test_O_10_a_listing_of_before_keeps_the_term_of_its_notice() -> None:
    kept = replace(proposed.listing, list=ListKind.BLACKLIST, until=date(2028, 3, 22))
    state = on_register(replace(proposed, listing=kept), answered, entered).state
    assert state.listing("1").until == date(2028, 3, 22)


def test_O_10_what_is_told_is_how_it_stands_now() -> None:
    state = on_register(proposed, answered, entered).state
    about = {"street": "guanshang", "community": "haihua", "supplier": "nuanyang"}
    assert announce.of_organisations(entered, state) == published.StandingChanged(
        **about, change="abnormal", abnormal=("unreachable",), rule="O-10", clause=CLAUSE
    )
    left = ListingLeft(listing="1", left=Left.PUT_RIGHT, on=TODAY, why="已更新住所", at=LATER)
    after = on_register(proposed, answered, entered, left).state
    assert announce.of_organisations(left, after) == published.StandingChanged(
        **about, change="abnormal_ended", rule="O-10", clause=CLAUSE
    )
    dropped = ListingLeft(listing="1", left=Left.DROPPED, on=TODAY, why="申辩成立", at=LATER)
    assert announce.of_organisations(dropped, on_register(proposed, dropped).state) is None


def test_O_10_a_listing_for_a_missed_report_is_not_put_right_while_another_year_is_missing() -> (
    None
):
    """The later year brought no listing of its own, because this one stood."""
    first, second = end_of(date(2027, 6, 30)), end_of(date(2028, 6, 30))
    gone, told_of = yearly.missed(on_register().state, first, NUMBERS)
    stands = on_register(gone, told_of, ListingEntered(listing="1", on=TODAY, at=first))
    [later] = yearly.missed(stands.state, second, NUMBERS)
    both = past(stands.state, evolve, (later,))

    def lift(now: datetime = second, in_error: bool = False) -> Any:
        return lambda o: listing.lift(o, "1", why="已补报", now=now, in_error=in_error)

    stands.when(lift(first)).breaks("O-10", field="reason")
    one = YearReported(year=2026, report=REPORT)
    reported = past(both.state, evolve, (one,))
    reported.when(lift()).breaks("O-10", field="reason")
    past(stands.state, evolve, (one,)).when(lift()).breaks("O-10", field="reason")
    assert past(stands.state, evolve, (one,)).when(lift(first)).happened
    assert past(reported.state, evolve, (replace(one, year=2027),)).when(lift()).happened
    assert both.when(lift(in_error=True)).happened
