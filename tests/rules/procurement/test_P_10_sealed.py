"""P-10: an application lies sealed from everybody but its applicant until its call is closed and opens all of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import RuleBroken
from chassis.keyring import Keyring
from chassis.kind import derived_id
from services.procurement.desk import ProcurementDesk
from services.procurement.domain import offer as offers
from services.procurement.domain import waiting
from services.procurement.domain.application import MOST_CHARACTERS, Application
from services.procurement.domain.call import Call
from services.procurement.domain.call_events import (
    ApplicationsClosed,
    ApplicationsOpened,
    CallCancelled,
)
from services.procurement.domain.events import Way
from services.procurement.domain.offer import OfferWithdrawn
from services.procurement.forms import Forms
from services.procurement.main import desk_on
from services.procurement.sealing import Seal
from tests.support.memory import MemoryStore
from tests.support.specification import Decision, Given
from tests.support.toy import Silent
from tests.support.walks import person

from .calling import (
    AFTER,
    APPLIED,
    CLOSES,
    TOGETHER,
    given,
    listing,
    mine,
    offered,
    opened,
    other,
    over,
    shut,
)
from .cases import FORM, MARCH, SERVICES, WORK, listed

A_SECOND = timedelta(seconds=1)
A_MINUTE = timedelta(minutes=1)
OPENED = AFTER + A_MINUTE
"""A minute after the clock found its closing day over."""
FILED = {"tongxin": mine, "other": replace(other, at=MARCH + timedelta(hours=1))}
unsealed = ApplicationsOpened(applications=tuple(FILED.values()), at=OPENED)


def opens_all(
    state: Given[Call], lying: Mapping[str, Application | None] = FILED
) -> Decision[Call]:
    return state.when(lambda call: call.open_applications(lying, OPENED))


def test_P_10_applications_are_opened_all_at_once_when_the_closing_day_is_over() -> None:
    assert not opens_all(given()).happened, "not while more may be filed"
    state = given().when(lambda call: call.come_due(signed=False, now=AFTER)).then(shut)
    assert (state.state.closed, state.state.next_due) == (False, OPENED), "it is to be opened"
    hasty = state.when(lambda call: call.open_applications(FILED, OPENED - A_SECOND))
    assert not hasty.happened, "not while what came in time may still be being written"
    state.when(listing).breaks("P-10", says="稍后")
    assert waiting.of_call(state.state) == {}
    after = opens_all(state, dict(reversed(FILED.items()))).then(unsealed)
    assert [one.supplier for one in after.state.applications] == ["tongxin", "other"]
    assert (after.state.closed, after.state.next_due) == (True, None)
    assert after.when(listing).happened
    assert not opens_all(after).happened, "once"


def test_P_10_what_was_withdrawn_is_opened_by_nobody() -> None:
    left = opens_all(given(shut), {**FILED, "other": None}).leads_to()
    assert [one.supplier for one in left.state.applications] == ["tongxin"]
    none = opens_all(given(shut), dict.fromkeys(FILED)).leads_to()
    none.when(listing).breaks("P-10")


def test_P_10_what_is_reviewed_or_cancelled_is_opened_no_more() -> None:
    assert not opens_all(given(*APPLIED, over, listed)).happened
    cancelled = CallCancelled(reason="取消", at=AFTER)
    assert not opens_all(given(shut, cancelled)).happened


def test_P_10_what_an_earlier_build_closed_is_opened_with_what_lay_sealed() -> None:
    """It said nothing of what is unopened, as while pods are replaced."""

    def looks(
        state: Given[Call], lying: Mapping[str, Application | None] = FILED
    ) -> Decision[Call]:
        return state.when(lambda call: call.left_sealed(lying, OPENED))

    again = looks(given(over)).then(ApplicationsClosed(unopened=True, at=OPENED))
    assert (again.state.closed, again.state.next_due) == (False, OPENED + A_MINUTE)
    withdrawn = {**FILED, "tongxin": None}
    assert looks(given(*APPLIED, over), withdrawn).happened, "what stood in it was withdrawn since"
    for nothing in (
        looks(given()),
        looks(given(shut)),
        looks(given(shut, unsealed)),
        looks(given(*APPLIED, over), {}),
        looks(given(*APPLIED, over, listed), withdrawn),
    ):
        assert not nothing.happened


def test_P_10_what_stood_in_its_call_before_is_opened_with_the_rest() -> None:
    """Of before applications lay sealed; who files anew is in it once."""
    again = {"tongxin": replace(mine, amount=1)}
    both = opens_all(given(*APPLIED, shut), again).leads_to().state.applications
    assert sorted((one.supplier, one.amount) for one in both) == [
        ("other", 20_000_000),
        ("tongxin", 1),
    ]
    old = given(*APPLIED, over).state
    assert (old.closed, old.next_due, len(old.applications)) == (True, None, 2)


def test_P_10_an_application_is_withdrawn_until_the_closing_day_is_over() -> None:
    last = AFTER - timedelta(seconds=1)
    offer = Given(offers.evolve(None, offered), offers.evolve)
    gone = offer.when(lambda one: one.withdraw(last)).then(OfferWithdrawn(at=last))
    assert gone.state.application is None
    gone.when(lambda one: one.withdraw(last)).breaks("P-10")
    offer.when(lambda one: one.withdraw(AFTER)).breaks("P-10", says=str(CLOSES))
    back = gone.when(lambda _: offered).leads_to().state
    assert (back.application, back.withdrawn_at) == (mine, None)


def test_P_10_what_an_application_is_called_follows_from_a_key_and_stays_through_all_of_them() -> (
    None
):
    call, first = given().state, bytes(32)
    mine_is = Seal(first).offer_id(call, "tongxin")
    assert Seal(Keyring([first, bytes([1]) * 32])).offer_id(call, "tongxin") == mine_is
    others = (
        Seal(bytes([1]) * 32).offer_id(call, "tongxin"),
        Seal(first).offer_id(call, "other"),
        Seal(first).offer_id(replace(call, opened_at=AFTER), "tongxin"),
        derived_id("application", call.id, MARCH.isoformat(), "tongxin"),
    )
    assert len({mine_is, *others}) == 5


def test_P_10_no_more_may_lie_than_their_call_can_open() -> None:
    full: dict[str, Application | None] = {f"s{nth}": mine for nth in range(offers.MOST)}
    offers.fits(full, "s1")
    offers.fits({**full, "s1": None}, "tongxin")
    with pytest.raises(RuleBroken) as broken:
        offers.fits(full, "tongxin")
    assert (broken.value.rule.id, broken.value.clause) == ("P-10", TOGETHER)


def longest() -> Application:
    """As long as it may be, in Chinese, with as many services as there may be."""
    services = tuple(replace(SERVICES[0], content="") for _ in range(60))
    bare = replace(mine, services=services, form=replace(FORM, background=""))
    left = MOST_CHARACTERS - bare.characters
    return replace(bare, form=replace(FORM, background="字" * left))


def test_P_10_an_application_says_so_much_at_most() -> None:
    longest().check(Way.PURCHASE, WORK, (), None)
    for field, form in (("form", FORM), ("services", None)):
        longer = replace(longest(), form=form, summary="字" * MOST_CHARACTERS)
        with pytest.raises(RuleBroken) as broken:
            longer.check(Way.PURCHASE, WORK, (), None)
        assert (broken.value.rule.id, broken.value.field) == ("P-10", field)
        assert broken.value.clause == TOGETHER


async def filled(desk: ProcurementDesk, time: int) -> None:
    """Called for once more, and as much filed for it as may be."""
    again = replace(opened, at=MARCH + timedelta(hours=time))
    await desk.calls.record("call-1", lambda _: [again], LAST)
    for nth in range(offers.MOST):
        said = replace(longest(), supplier=f"s{nth}")
        lies = replace(offered, opened_at=again.at, application=said)
        await desk.applications.once(f"a-{time}-{nth}", [lies], LAST)


async def test_P_10_a_call_opens_all_that_may_lie_for_it_and_again_when_it_is_called_for_anew() -> (
    None
):
    """16 MiB are the most that a document has on MongoDB."""
    store = MemoryStore()
    desk = desk_on(store, bytes(32), Silent(), WORK)
    for time in range(3):
        await filled(desk, time)
        for after in (timedelta(0), A_MINUTE):
            await desk.call_due("call-1", clock(after))
        assert len(await applied(desk)) == offers.MOST
    assert len(store.kept["solicitations", "call-1"].encode()) < 14 * 2**20, "and is scored"


LAST = Cause(actor="supplier:tongxin", now=AFTER - A_SECOND)
"""Of a request that came in time, however long it takes."""


def clock(after: timedelta = timedelta(0)) -> Cause:
    return Cause(actor="system:clock", now=AFTER + after)


@pytest.fixture
async def desk() -> ProcurementDesk:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await desk.calls.once("call-1", [opened], LAST)
    return desk


async def applied(desk: ProcurementDesk) -> set[str]:
    return {one.supplier for one in (await desk.calls.get("call-1")).aggregate.applications}


async def test_P_10_what_comes_or_goes_while_its_call_is_closed_counts_and_is_opened_once(
    desk: ProcurementDesk,
) -> None:
    earlier = replace(offered, opened_at=MARCH - timedelta(days=9))
    for id, lies in (
        ("a-1", offered),
        ("a-2", replace(offered, application=other)),
        ("a-3", replace(earlier, application=replace(mine, supplier="before"))),
    ):
        await desk.applications.once(id, [lies], LAST)
    await desk.withdraw("a-2", LAST)
    await desk.call_due("call-1", clock())
    assert await applied(desk) == set()
    late = replace(offered, application=replace(other, supplier="late"))
    await desk.applications.once("a-4", [late], LAST)
    await desk.withdraw("a-1", LAST)
    await desk.call_due("call-1", clock(A_MINUTE - A_SECOND))
    assert await applied(desk) == set(), "nobody is told of it while it is being written"
    await desk.call_due("call-1", clock(A_MINUTE))
    assert await applied(desk) == {"late"}, "as it is open now, and not withdrawn"
    assert (await desk.calls.get("call-1")).aggregate.next_due is None


def test_P_10_what_a_supplier_said_last_counts_under_whichever_id_it_lies() -> None:
    """An earlier build made ids otherwise, so that two of a supplier may lie for a call."""
    first = offers.evolve(None, offered)
    second = offers.evolve(
        None, replace(offered, application=replace(mine, amount=777, at=mine.at + A_MINUTE))
    )
    gone = offers.evolve(first, OfferWithdrawn(at=mine.at + 2 * A_MINUTE))
    call = given().state
    for lying, last in (((first, second), second.application), ((gone, second), None)):
        for found in (lying, lying[::-1]):
            assert offers.offered(call, found) == {"tongxin": last}


async def test_P_10_a_start_finds_what_an_earlier_build_closed_while_applications_lay_there(
    desk: ProcurementDesk,
) -> None:
    await desk.applications.once("a-1", [offered], LAST)
    await desk.calls.change("call-1", lambda _: [over], clock())
    await desk.find_left_sealed(AFTER)
    await desk.call_due("call-1", clock(A_MINUTE))
    assert await applied(desk) == {"tongxin"}
    before = (await desk.calls.get("call-1")).version
    await desk.find_left_sealed(OPENED)
    assert (await desk.calls.get("call-1")).version == before, "nothing is left"


async def test_P_34_what_is_printed_for_its_applicant_is_what_it_filed_last(
    desk: ProcurementDesk,
) -> None:
    """Also where one of before applications lay sealed stands in the call."""
    await desk.calls.change("call-1", lambda _: APPLIED, LAST)
    call = (await desk.calls.get("call-1")).aggregate
    again = replace(offered, application=replace(mine, amount=777))
    await desk.applications.once(desk.seal.offer_id(call, "tongxin"), [again], LAST)
    for who, amount in (("tongxin", 777), ("other", other.amount)):
        printed = await Forms(desk=desk).application("call-1", who, person(f"supplier:{who}"))
        assert printed["application"].amount == amount
