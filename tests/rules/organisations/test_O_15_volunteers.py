"""O-15: service recorded, confirmed and reversed; the time bank; points."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.kernel.errors import OURS, Malformed, NotFound
from contracts import organisations as published
from services.organisations import announce
from services.organisations.domain import need as needs
from services.organisations.domain import serving
from services.organisations.domain.need import (
    Need,
    NeedAsked,
    NeedCancelled,
    NeedCovered,
    NeedMatched,
    NeedMet,
    NeedReopened,
    NeedRestored,
    NeedStatus,
    NeedUncovered,
)
from services.organisations.domain.resettling import Resettled, Transferred
from services.organisations.domain.volunteer import (
    AccountMoved,
    Assessment,
    BenefitAssessed,
    BenefitCorrected,
    Entry,
    EntryKind,
    OffersChanged,
    Service,
    ServiceConfirmed,
    ServiceKind,
    ServiceRecorded,
    ServiceRejected,
    ServiceReversed,
    ServiceWithdrawn,
    Volunteer,
    VolunteerLeft,
    VolunteerNamed,
    VolunteerRead,
    VolunteerRegistered,
    VolunteerReturned,
    evolve,
)
from services.organisations.happened import HAPPENED
from tests.support.specification import Given, past

from .cases import SHIPPED

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
BEGAN = NOW - timedelta(hours=5)
VOLUNTEERS, BANK = "官办通〔2017〕51号 三（三）3", "官社建办通〔2018〕15号 二（三）2"
OWN, OTHER = "community:haihua", "supplier:nuanyang"
registered = VolunteerRegistered(
    id="v-1",
    street="guanshang",
    community="haihua",
    organisation="nuanyang",
    offers=(ServiceKind.ELDERLY,),
    at=NOW - timedelta(days=90),
)
SERVICE = Service(
    id="s1",
    kind=ServiceKind.ELDERLY,
    begins=BEGAN,
    ends=BEGAN + timedelta(minutes=90),
    receiver=OWN,
    recorded_by=OTHER,
    recorded_at=NOW,
)
recorded = ServiceRecorded(service=SERVICE)
EARNED = Entry(id="e1", kind=EntryKind.EARNED, of="s1", minutes=90, points=150, at=NOW)
confirmed = ServiceConfirmed(service="s1", by=OWN, entry=EARNED)
rejected = ServiceRejected(service="s1", by=OWN, reason="未到场")
withdrawn = ServiceWithdrawn(service="s1", by=OTHER, reason="接受方有误")
BACK = Entry(
    id="e2", kind=EntryKind.REVERSED, of="s1", minutes=-90, points=-150, at=NOW, reason="重复"
)
reversed_ = ServiceReversed(service="s1", entry=BACK)
drawn = AccountMoved(
    entry=Entry(id="e2", kind=EntryKind.DRAWN, of="n-1", minutes=-60, points=0, at=NOW)
)
left = VolunteerLeft(reason="搬离", at=NOW)
returned = VolunteerReturned(at=NOW)


def given(*happened: Any) -> Given[Volunteer]:
    return past(None, evolve, (registered, *happened))


def record(**said: Any) -> Any:
    asked: dict[str, Any] = {
        "kind": ServiceKind.ELDERLY,
        "begins": SERVICE.begins,
        "ends": SERVICE.ends,
        "receiver": OWN,
        "need": None,
        "by": OTHER,
        "now": NOW,
        **said,
    }
    return lambda v: serving.record(v, **asked)


def confirm(by: str = OWN, paper: str | None = None, **policy: Any) -> Any:
    numbers = replace(SHIPPED, **policy)
    return lambda v: serving.confirm(v, "s1", by=by, paper=paper, policy=numbers, now=NOW)


def reverse(reason: str = "重复") -> Any:
    return lambda v: serving.reverse(v, "s1", reason=reason, now=NOW)


def test_O_15_service_is_recorded_after_it_was_given() -> None:
    given().when(record()).then(recorded)
    given().when(record(ends=NOW + timedelta(minutes=1))).refused(Malformed, field="ends")
    given().when(record(ends=SERVICE.begins)).refused(Malformed, field="ends")
    given(left).when(record()).breaks("O-15")


@pytest.mark.parametrize(
    ("begins", "minutes", "fine"),
    [
        (timedelta(minutes=89), 10, False),
        (timedelta(minutes=-10), 11, False),
        (timedelta(minutes=-10), 200, False),
        (timedelta(minutes=90), 10, True),
        (timedelta(minutes=-10), 10, True),
    ],
)
def test_O_15_no_time_is_given_twice(begins: timedelta, minutes: int, fine: bool) -> None:
    since = BEGAN + begins
    second = record(begins=since, ends=since + timedelta(minutes=minutes))
    if fine:
        assert given(recorded).when(second).happened
    else:
        given(recorded).when(second).breaks("O-15", field="begins")
    assert given(recorded, rejected).when(second).happened
    assert given(recorded, withdrawn).when(second).happened
    assert given(recorded, confirmed, reversed_).when(second).happened


def test_O_15_no_more_than_24_hours_a_day() -> None:
    since = NOW - timedelta(hours=30)
    day = timedelta(hours=24)
    assert given().when(record(begins=since, ends=since + day)).happened
    longer = record(begins=since, ends=since + day + timedelta(seconds=1))
    given().when(longer).breaks("O-15", field="ends")


def test_O_15_no_service_is_older_than_who_gave_it_is_registered() -> None:
    first = registered.at.replace(hour=1)
    given().when(record(begins=first, ends=first + timedelta(hours=1))).leads_to()
    before = first - timedelta(days=1)
    given().when(record(begins=before, ends=before + timedelta(hours=1))).breaks(
        "O-15", field="begins"
    )


def test_O_15_nobody_confirms_for_oneself() -> None:
    given().when(record(receiver=OTHER)).breaks("O-15", field="receiver")
    given().when(record(receiver="volunteer:v-1")).breaks("O-15", field="receiver")
    given(recorded).when(confirm(OTHER)).breaks("O-15")
    given(recorded).when(confirm("community:wujing")).breaks("O-15")
    given(recorded).when(lambda v: serving.reject(v, "s1", by=OTHER, reason="x")).breaks("O-15")
    after = given(recorded).when(confirm()).then(confirmed)
    after.when(confirm()).breaks("O-15")
    assert (after.state.balance, after.state.points, after.state.given) == (90, 150, 90)


def test_O_15_the_document_says_who_confirms_and_the_platform_that_no_hour_counts_twice() -> None:
    given(recorded).when(confirm("community:wujing")).breaks("O-15", clause=VOLUNTEERS)
    given(recorded).when(record()).breaks("O-15", clause=OURS, field="begins")
    given(recorded).when(withdraw(reason=" ")).breaks("O-15", clause=OURS, field="reason")


def withdraw(by: str = OTHER, reason: str = "接受方有误") -> Any:
    return lambda v: serving.withdraw(v, "s1", by=by, reason=reason)


def test_O_15_who_recorded_it_withdraws_what_nobody_confirmed() -> None:
    after = given(recorded).when(withdraw()).then(withdrawn)
    for step in (withdraw(), confirm(), lambda v: serving.reject(v, "s1", by=OWN, reason="x")):
        after.when(step).breaks("O-15")
    given(recorded).when(withdraw(OWN)).breaks("O-15")
    given(recorded).when(withdraw(reason=" ")).breaks("O-15", field="reason")
    for settled in (rejected, confirmed):
        given(recorded, settled).when(withdraw()).breaks("O-15")
    assert not after.state.services[0].waits and after.state.given == 0


def test_O_15_for_a_person_the_community_confirms_by_what_was_signed() -> None:
    to_a_person = ServiceRecorded(service=replace(SERVICE, receiver="resident"))
    given(to_a_person).when(confirm()).breaks("O-15", field="paper")
    given(to_a_person).when(confirm(OTHER, "单-1")).breaks("O-15")
    assert given(to_a_person).when(confirm(OWN, "单-1")).happened
    another = ServiceRecorded(service=replace(SERVICE, receiver="volunteer:v-2"))
    given(another).when(confirm()).breaks("O-15", field="paper")


def test_O_15_who_received_nothing_says_so_and_the_time_is_free_again() -> None:
    def reject(reason: str) -> Any:
        return lambda v: serving.reject(v, "s1", by=OWN, reason=reason)

    given(recorded).when(reject(" ")).breaks("O-15", field="reason")
    gone = given(recorded).when(reject("未到场")).then(rejected)
    gone.when(confirm()).breaks("O-15")
    assert gone.state.balance == 0
    given().when(confirm()).refused(NotFound)


def test_O_15_a_reversal_is_an_entry_of_its_own() -> None:
    given(recorded).when(reverse()).breaks("O-15")
    known = given(recorded, confirmed)
    known.when(reverse(" ")).breaks("O-15", field="reason")
    after = known.when(reverse()).then(reversed_)
    assert (after.state.balance, after.state.points, after.state.given) == (0, 0, 0)
    assert [one.id for one in after.state.entries] == ["e1", "e2"]
    after.when(reverse()).breaks("O-15")


def test_O_15_the_account_never_goes_below_zero() -> None:
    def draw(minutes: int) -> Any:
        return lambda v: serving.draw(v, minutes=minutes, need="n-1", now=NOW)

    known = given(recorded, confirmed)
    known.when(draw(91)).breaks("O-15", clause=BANK, field="minutes")
    after = known.when(draw(60)).then(drawn)
    after.when(draw(31)).breaks("O-15", field="minutes")
    after.when(reverse()).breaks("O-15", clause=BANK)
    assert (after.state.balance, after.state.given) == (30, 90)
    back = after.when(lambda v: serving.settle(v, need="n-1", received=0, now=NOW)).leads_to()
    assert back.state.balance == 90
    assert serving.settle(back.state, need="n-1", received=0, now=NOW) == ()
    assert back.when(reverse()).happened
    given(recorded, confirmed, left).when(draw(1)).breaks("O-15")


def test_O_15_points_rewards_levels_and_expiry_are_policy() -> None:
    [event] = given(recorded).when(confirm(points_per_hour=3)).happened
    assert (event.entry.points, event.entry.expires) == (450, None)
    [event] = given(recorded).when(confirm(points_expire_days=30)).happened
    assert event.entry.expires == NOW + timedelta(days=30)
    lapsing = given(recorded, event)
    assert serving.next_expiry(lapsing.state) == NOW + timedelta(days=30)
    assert serving.expire(lapsing.state, NOW + timedelta(days=29)) == ()
    over = lapsing.when(lambda v: serving.expire(v, NOW + timedelta(days=30))).leads_to()
    assert (over.state.points, over.state.balance) == (0, 90)
    assert serving.expire(over.state, NOW + timedelta(days=60)) == ()
    assert serving.next_expiry(over.state) is None
    assert over.when(reverse()).leads_to().state.points == 0

    reward = SHIPPED.rewards["training"]
    one_point = replace(SHIPPED, rewards={"pen": replace(reward, points=1)}, levels={"one": 1})

    def redeem(which: str) -> Any:
        return lambda v: serving.redeem(v, reward=which, policy=one_point, now=NOW)

    known = given(recorded, confirmed)
    spent = known.when(redeem("pen")).leads_to()
    assert (spent.state.points, spent.state.balance) == (50, 90)
    spent.when(redeem("pen")).breaks("O-15", field="reward")
    known.when(redeem("house")).refused(Malformed, field="reward")
    assert serving.level(spent.state, one_point) == "one"
    assert serving.level(given(recorded).state, one_point) is None
    undone = spent.when(reverse()).leads_to()
    assert (undone.state.points, serving.level(undone.state, one_point)) == (0, None)


def test_O_15_points_whose_time_is_over_buy_nothing_though_the_clock_has_not_come() -> None:
    second = replace(EARNED, id="e2", of="s2", points=50)
    ends = NOW + timedelta(days=30)
    lapsing = ServiceConfirmed(service="s1", by=OWN, entry=replace(EARNED, expires=ends))
    again = replace(SERVICE, id="s2", begins=NOW - timedelta(hours=2), ends=NOW)
    known = given(
        recorded,
        lapsing,
        ServiceRecorded(service=again),
        ServiceConfirmed(service="s2", by=OWN, entry=second),
    )
    pen, pens = (replace(SHIPPED.rewards["training"], points=one) for one in (0, 1))
    policy = replace(SHIPPED, rewards={"pen": pen, "pens": pens})

    def redeem(which: str, now: datetime) -> Any:
        return lambda v: serving.redeem(v, reward=which, policy=policy, now=now)

    known.when(redeem("pens", ends - timedelta(seconds=1))).leads_to()
    known.when(redeem("pens", ends)).breaks("O-15", field="reward")
    expired, _ = known.when(redeem("pen", ends)).happened
    assert (expired.entry.kind, expired.entry.points) == (EntryKind.EXPIRED, -150)


def test_O_15_a_reversal_takes_no_points_again_that_have_expired() -> None:
    """Of 150 points 50 were spent and 100 expired: what a second service earned is cut by the 50 alone."""
    again = replace(SERVICE, id="s2", begins=NOW - timedelta(hours=2), ends=NOW)
    spent = replace(EARNED, id="e2", kind=EntryKind.REDEEMED, of="pen", minutes=0, points=-50)
    over = replace(spent, id="e3", kind=EntryKind.EXPIRED, of="s1", points=-100)
    second = replace(EARNED, id="e4", of="s2", minutes=120, points=200)
    known = given(
        recorded,
        confirmed,
        AccountMoved(entry=spent),
        AccountMoved(entry=over),
        ServiceRecorded(service=again),
        ServiceConfirmed(service="s2", by=OWN, entry=second),
    )
    undone = known.when(reverse()).then(
        ServiceReversed(service="s1", entry=replace(BACK, id="e5", points=-50))
    )
    assert undone.state.points == 150


def test_O_15_what_goes_out_goes_from_the_oldest() -> None:
    second = replace(EARNED, id="e2", of="s2", points=100)
    out = replace(EARNED, id="e3", kind=EntryKind.REDEEMED, of="pen", minutes=0, points=-200)
    assert [left for _, left in serving.lots((EARNED, second, out))] == [0, 50]
    own = replace(EARNED, id="e3", kind=EntryKind.REVERSED, of="s2", minutes=0, points=-100)
    assert [left for _, left in serving.lots((EARNED, second, own))] == [150, 0]


def test_O_15_thousands_of_points_that_expire_hold_up_nobody() -> None:
    """Of one who has served each day for years: what is left of each is counted at each step and each expiry. It took
    seven seconds, in which the service answered nobody.
    """
    earned = [replace(EARNED, id=f"e{n}", of=f"s{n}", points=100) for n in range(3000)]
    over = [
        replace(EARNED, id=f"x{n}", kind=EntryKind.EXPIRED, of=f"s{n}", minutes=0, points=-100)
        for n in range(3000)
    ]
    began = time.process_time()
    assert not any(left for _, left in serving.lots((*earned, *over)))
    assert time.process_time() - began < 1


def test_O_15_what_it_brought_is_assessed_once_a_year_by_each() -> None:
    def assess(year: int = 2026, benefit: str = "老人满意") -> Any:
        return lambda v: serving.assess(v, year=year, by=OWN, benefit=benefit, mark=5, now=NOW)

    found = BenefitAssessed(assessment=Assessment(year=2026, by=OWN, benefit="老人满意", mark=5))
    given(recorded).when(assess()).breaks("O-15", field="year")
    known = given(recorded, confirmed)
    known.when(assess(benefit=" ")).breaks("O-15", field="benefit")
    known.when(assess(2025)).breaks("O-15", field="year")
    after = known.when(assess()).then(found)
    after.when(assess()).breaks("O-15", field="year")


corrected = BenefitCorrected(
    assessment=Assessment(year=2026, by=OWN, benefit="老人基本满意", mark=4), reason="评分误录"
)


def test_O_15_an_assessment_that_was_wrong_is_put_right_by_who_gave_it() -> None:
    first = Assessment(year=2026, by=OWN, benefit="老人满意", mark=5)
    street = replace(first, by="street:liujia", mark=3)

    def correct(**other_than: Any) -> Any:
        right = corrected.assessment
        said: dict[str, Any] = {"year": 2026, "by": OWN}
        said |= {"benefit": right.benefit, "mark": right.mark}
        said |= {"reason": corrected.reason, **other_than}
        return lambda v: serving.correct(v, **said)

    given(recorded, confirmed).when(correct()).breaks("O-15", clause=OURS)
    assessed = (BenefitAssessed(assessment=first), BenefitAssessed(assessment=street))
    known = given(recorded, confirmed, *assessed)
    after = known.when(correct()).then(corrected).state
    assert after.assessments == (street, corrected.assessment)
    known.when(correct(by="community:wula")).breaks("O-15", clause=OURS)
    known.when(correct(year=2025)).breaks("O-15", clause=OURS, field="year")
    known.when(correct(benefit=" ")).breaks("O-15", field="benefit")
    known.when(correct(reason=" ")).breaks("O-15", clause=OURS, field="reason")
    known.when(correct(benefit="老人满意", mark=5)).breaks("O-15", field="benefit")


@pytest.mark.parametrize(
    "to",
    [
        Transferred(street="guanshang", community="wula", at=NOW),
        Resettled(before="haihua", community="wula", street="guanshang", at=NOW),
    ],
)
def test_O_15_what_was_assessed_before_a_transfer_or_merger_is_put_right_where_the_volunteer_is(
    to: Transferred | Resettled,
) -> None:
    first = Assessment(year=2026, by=OWN, benefit="老人满意", mark=5)
    street = replace(first, by="street:liujia", mark=3)
    assessed = (BenefitAssessed(assessment=first), BenefitAssessed(assessment=street))
    known = given(recorded, confirmed, *assessed, to)

    def correct(by: str, assessed_by: str | None = None) -> Any:
        said: dict[str, Any] = {"year": 2026, "benefit": "老人基本满意", "mark": 4}
        return lambda v: serving.correct(
            v, **said, by=by, assessed_by=assessed_by, reason="评分误录"
        )

    after = known.when(correct("community:wula")).then(corrected).state
    assert after.assessments == (street, corrected.assessment)
    right = replace(street, benefit="老人基本满意", mark=4)
    known.when(correct("street:guanshang")).then(replace(corrected, assessment=right))
    known.when(correct("community:elsewhere")).breaks("O-15", clause=OURS)
    known.when(correct(OTHER)).breaks("O-15", clause=OURS)
    own = replace(first, by="community:wula", mark=2)
    both = given(recorded, confirmed, *assessed, to, BenefitAssessed(assessment=own))
    corrects = replace(own, benefit="老人基本满意", mark=4)
    both.when(correct("community:wula")).then(replace(corrected, assessment=corrects))
    both.when(correct("community:wula", assessed_by=OWN)).then(corrected)
    for other in (street.by, "community:elsewhere"):
        wrong = correct("community:wula", assessed_by=other)
        both.when(wrong).breaks("O-15", clause=OURS, field="assessed_by")


def test_O_15_the_rest_of_the_record() -> None:
    offers = (ServiceKind.SAFETY,)
    given().when(lambda v: serving.offer(v, offers)).then(OffersChanged(offers=offers))
    given(left).when(lambda v: serving.offer(v, offers)).breaks("O-15")
    given().when(lambda v: serving.leave(v, reason=" ", now=NOW)).breaks("O-15", field="reason")
    gone = given().when(lambda v: serving.leave(v, reason="搬离", now=NOW)).then(left)
    gone.when(lambda v: serving.leave(v, reason="搬离", now=NOW)).breaks("O-15")
    given().when(lambda v: serving.come_back(v, NOW)).breaks("O-15")
    known = given(VolunteerNamed(at=NOW))
    known.when(lambda v: serving.read(v, by=OWN, reason="联系")).then(
        VolunteerRead(by=OWN, reason="联系")
    )
    known.when(lambda v: serving.read(v, by=OWN, reason=" ")).breaks("O-15", field="reason")
    given().when(lambda v: serving.read(v, by=OWN, reason="联系")).refused(NotFound)


@pytest.mark.parametrize("offers", [(), (ServiceKind.SAFETY, ServiceKind.SAFETY)])
def test_O_15_a_volunteer_offers_something_and_each_once(offers: tuple[ServiceKind, ...]) -> None:
    nothing: Given[Any] = past(None, evolve, ())
    nothing.when(lambda _: serving.register(registered)).then(registered)
    unfit = replace(registered, offers=offers)
    nothing.when(lambda _: serving.register(unfit)).breaks("O-15", field="offers")
    given().when(lambda v: serving.offer(v, offers)).breaks("O-15", field="offers")


@pytest.mark.parametrize("field", ["name", "number"])
@pytest.mark.parametrize("blank", ["", " "])
def test_O_15_a_volunteer_is_somebody_who_has_a_name_and_a_number(field: str, blank: str) -> None:
    who = {"name": "某某（虚构）", "number": "1"}
    given().when(lambda _: serving.name(**who, now=NOW)).then(VolunteerNamed(at=NOW))
    wrong = {**who, field: blank}
    given().when(lambda _: serving.name(**wrong, now=NOW)).refused(Malformed, field=field)


@pytest.mark.parametrize(
    ("happened", "active", "minutes"),
    [
        ((), True, 0),
        ((recorded, confirmed), True, 90),
        ((recorded, confirmed, reversed_), True, 0),
        ((recorded, confirmed, left), False, 90),
        ((recorded, confirmed, left, returned), True, 90),
    ],
)
def test_O_15_counts_are_told_and_nobody(happened: Any, active: bool, minutes: int) -> None:
    event = happened[-1] if happened else registered
    assert announce.of_volunteers(event, given(*happened).state) == published.VolunteerCounted(
        street="guanshang",
        community="haihua",
        supplier="nuanyang",
        active=active,
        minutes=minutes,
    )
    assert announce.of_volunteers(recorded, given(recorded).state) is None
    assert announce.of_volunteers(drawn, given(recorded, confirmed, drawn).state) is None


# Offers and needs

asked = NeedAsked(
    id="n-1",
    street="guanshang",
    community="haihua",
    kind=ServiceKind.ELDERLY,
    what="陪同就医",
    minutes=60,
    account="v-2",
    at=NOW,
)
covered = NeedCovered(at=NOW)
matched = NeedMatched(volunteer="v-1", at=NOW)
met = NeedMet(service="s1", minutes=60, at=NOW)
reopened = NeedReopened(at=NOW)
uncovered = NeedUncovered(reason="账户不足", at=NOW)
restored = NeedRestored(at=NOW)
cancelled = NeedCancelled(reason="不再需要", at=NOW)
VOLUNTEER = given().state
SPENT = (Entry(id="e3", kind=EntryKind.DRAWN, of="n-2", minutes=-30, points=0, at=NOW),)


def needing(*happened: Any) -> Given[Need]:
    return past(None, needs.evolve, (asked, covered, *happened))


def test_O_15_a_need_is_matched_with_who_offers_it() -> None:
    nothing: Given[Any] = past(None, needs.evolve, ())
    nothing.when(lambda _: needs.ask(asked)).then(asked)
    nothing.when(lambda _: needs.ask(replace(asked, what=" "))).breaks("O-15", field="what")
    nothing.when(lambda _: needs.ask(replace(asked, minutes=0))).refused(Malformed, field="minutes")

    def match(**changed: Any) -> Any:
        return lambda n: needs.match(n, replace(VOLUNTEER, **changed), NOW)

    needing().when(match(id="v-2")).breaks("O-15", field="volunteer")
    needing().when(match(offers=())).breaks("O-15", clause=BANK, field="volunteer")
    needing().when(match(left_at=NOW)).breaks("O-15", field="volunteer")
    needing().when(match(street="wujing")).breaks("O-15", clause=OURS, field="volunteer")
    after = needing().when(match()).then(matched)
    after.when(match()).breaks("O-15")


def test_O_15_a_need_waits_until_its_account_has_given() -> None:
    waits: Given[Need] = past(None, needs.evolve, (asked,))
    assert (waits.state.status, waits.state.next_due) == (NeedStatus.ASKED, NOW)
    waits.when(lambda n: needs.match(n, VOLUNTEER, NOW)).breaks("O-15")
    waits.when(lambda n: needs.cancel(n, reason="不再需要", now=NOW)).breaks("O-15")
    after = waits.when(lambda n: needs.covered(n, NOW)).then(covered)
    assert (after.state.status, after.state.next_due) == (NeedStatus.OPEN, None)
    after.when(lambda n: needs.covered(n, NOW)).then()
    after.when(lambda n: needs.uncovered(n, "余额不足", NOW)).then()
    short = waits.when(lambda n: needs.uncovered(n, "账户不足", NOW)).then(uncovered)
    assert (short.state.status, short.state.next_due) == (NeedStatus.CANCELLED, None)
    short.when(lambda n: needs.restored(n, NOW)).then()
    gone = needing(cancelled)
    assert gone.state.next_due == NOW
    given_back = gone.when(lambda n: needs.restored(n, NOW)).then(restored)
    assert given_back.state.next_due is None
    given_back.when(lambda n: needs.restored(n, NOW)).then()
    of_others = past(None, needs.evolve, (replace(asked, account=None),))
    assert (of_others.state.status, of_others.state.next_due) == (NeedStatus.OPEN, None)


def test_O_15_a_need_is_met_by_the_confirmed_service_that_names_it() -> None:
    for_it = ServiceRecorded(service=replace(SERVICE, need="n-1"))
    served = given(for_it, confirmed).state
    needing().when(lambda n: needs.meet(n, served, "s1", NOW)).breaks("O-15")
    known = needing(matched)
    known.when(lambda n: needs.meet(n, given(for_it).state, "s1", NOW)).breaks("O-15")
    another = given(recorded, confirmed).state
    known.when(lambda n: needs.meet(n, another, "s1", NOW)).breaks("O-15", field="service")
    undone = given(for_it, confirmed, reversed_).state
    known.when(lambda n: needs.meet(n, undone, "s1", NOW)).breaks("O-15", field="service")
    known.when(lambda n: needs.meet(n, served, "s9", NOW)).breaks("O-15", field="service")
    after = known.when(lambda n: needs.meet(n, served, "s1", NOW)).then(met)
    after.when(lambda n: needs.cancel(n, reason="不再需要", now=NOW)).breaks("O-15")
    known.when(lambda n: needs.cancel(n, reason=" ", now=NOW)).breaks("O-15", field="reason")
    known.when(lambda n: needs.cancel(n, reason="不再需要", now=NOW)).then(cancelled)


def test_O_15_of_an_account_goes_what_was_received_and_no_more() -> None:
    """Ten minutes don't cost an hour; and an hour and a half for a need of one costs the one."""
    for_it = replace(SERVICE, need="n-1")
    short = replace(for_it, ends=BEGAN + timedelta(minutes=10))
    again = replace(short, id="s2", begins=BEGAN + timedelta(hours=2))
    for one, received in ((for_it, 60), (short, 10)):
        after = needing(matched).when(_meeting("s1", one))
        done = after.then(replace(met, minutes=received)).state
        assert (done.received, done.next_due) == (received, NOW)
        assert needs.evolve(done, restored).next_due is None
    half = replace(again, ends=again.begins + timedelta(minutes=30))
    needing(matched).when(_meeting("s2", short, half)).then(replace(met, service="s2", minutes=40))
    account = given(recorded, confirmed, drawn)
    back = account.when(lambda v: serving.settle(v, need="n-1", received=10, now=NOW)).leads_to()
    assert back.state.balance == 80
    assert serving.settle(back.state, need="n-1", received=10, now=NOW) == ()
    more = back.when(lambda v: serving.settle(v, need="n-1", received=60, now=NOW)).leads_to()
    assert more.state.balance == 30
    poor = given(recorded, confirmed, drawn, *(AccountMoved(entry=one) for one in SPENT))
    assert poor.state.balance == 0
    assert serving.settle(poor.state, need="n-1", received=90, now=NOW) == ()


def test_O_15_a_need_whose_service_is_reversed_is_open_again() -> None:
    for_it = replace(SERVICE, need="n-1")
    known = needing(matched, met)
    for volunteer, service in (("v-9", for_it), ("v-1", SERVICE)):
        assert needs.reopen(known.state, volunteer, service, NOW) == ()
    needing(matched).when(lambda n: needs.reopen(n, "v-1", for_it, NOW)).then()
    again = known.when(lambda n: needs.reopen(n, "v-1", for_it, NOW)).then(reopened)
    assert (again.state.status, again.state.service) == (NeedStatus.MATCHED, None)
    assert (again.state.received, again.state.next_due) == (None, None)


def test_O_15_a_need_is_open_again_whichever_of_its_services_is_reversed() -> None:
    """Or its account stayed charged for what it never had: met by the first, and the second is reversed."""
    short = replace(SERVICE, need="n-1", ends=BEGAN + timedelta(minutes=10))
    later = BEGAN + timedelta(hours=2)
    rest = replace(short, id="s2", begins=later, ends=later + timedelta(minutes=50))
    done = needing(matched).when(_meeting("s1", short, rest)).then(met)
    again = done.when(lambda n: needs.reopen(n, "v-1", rest, NOW)).then(reopened)
    left = again.when(_meeting("s1", short)).then(replace(met, minutes=10)).state
    assert (left.received, left.next_due) == (10, NOW)


def test_O_15_a_need_that_was_met_before_is_as_it_was() -> None:
    """Its account paid it whole, and is owed nothing."""
    done = needing(matched, replace(met, minutes=None)).state
    assert (done.status, done.received, done.next_due) == (NeedStatus.MET, None, None)


def test_O_15_the_trail_of_a_need_received_whole_says_of_no_minutes_that_they_came_back() -> None:
    account = given(recorded, confirmed, drawn).state
    assert serving.settle(account, need="n-1", received=60, now=NOW) == ()
    needing(matched, met).when(lambda n: needs.restored(n, NOW)).then(restored)
    assert HAPPENED["NeedRestored"] == "时间账户已结算"


def _meeting(service: str, *given: Service) -> Callable[[Need], NeedMet]:
    confirmed = tuple(replace(one, confirmed_by=OWN) for one in given)
    return lambda need: needs.meet(need, replace(VOLUNTEER, services=confirmed), service, NOW)
