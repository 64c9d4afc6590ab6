"""A-08: work without approval is reported, verified, found once, and leaves."""

from datetime import date, datetime
from typing import Any

from chassis.kernel.errors import AlreadyThere
from services.affairs.announce import of_intrusions
from services.affairs.domain import intrusion
from services.affairs.domain.intrusion import (
    Finding,
    Intrusion,
    IntrusionReported,
    IntrusionVerified,
    IntrusionWithdrawn,
)
from tests.support.specification import Given, past

from .cases import LATER, MARCH, WHEN, broken, but, malformed

reported = IntrusionReported(
    street="guanshang",
    community="haihua",
    unit="health",
    item="居家养老需求调查",
    what="要求每户填表",
    at=MARCH,
)
found = IntrusionVerified(found=True, opinion="属实", at=LATER)
gone = IntrusionWithdrawn(on=WHEN, at=LATER)


def given(*happened: Any) -> Given[Intrusion]:
    return past(None, intrusion.evolve, (reported, *happened))


def verifying(one: Intrusion, yes: bool = True, opinion: str = "属实", **other: Any) -> Any:
    said = {"admitted": False, "listed": frozenset(), **other}
    return intrusion.verify(one, found=yes, opinion=opinion, now=LATER, **said)


def test_A_08_the_street_verifies_what_a_community_reports() -> None:
    for field in ("item", "what"):
        broken("A-08", field, intrusion.report, None, but(reported, **{field: " "}))
    given().when(verifying).then(found)
    given().when(lambda one: verifying(one, opinion="")).breaks("A-08", field="opinion")
    given(found).when(verifying).breaks("A-08")


def test_A_08_another_item_reported_at_once_is_asked_for_again_and_not_refused() -> None:
    """Both were to be the next of their row: the one that lost hasn't been reported before."""
    other = but(reported, item="满意度调查")
    given().when(lambda one: intrusion.report(one, other)).refused(AlreadyThere)
    again = but(reported, item=f"{reported.item} ")
    given().when(lambda one: intrusion.report(one, again)).breaks("A-08", field="item")


def test_A_08_what_stands_admitted_is_no_intrusion() -> None:
    given().when(lambda one: verifying(one, admitted=True)).breaks("A-08", field="found")
    no = given().when(lambda one: verifying(one, yes=False, admitted=True)).leads_to()
    assert no.state.status is Finding.UNFOUNDED
    assert of_intrusions(found, given(found).state) is not None
    assert no.state.verified and of_intrusions(no.state.verified, no.state) is None


def test_A_01_what_is_on_the_list_of_items_is_no_intrusion() -> None:
    listed = frozenset({reported.item})
    given().when(lambda one: verifying(one, listed=listed)).breaks("A-01", field="found")
    no = given().when(lambda one: verifying(one, yes=False, listed=listed)).leads_to()
    assert no.state.status is Finding.UNFOUNDED
    given().when(lambda one: verifying(one, listed=frozenset({"另一事项"}))).then(found)


def test_A_08_what_was_found_leaves() -> None:
    def leaving(one: Intrusion, on: date = WHEN, now: datetime = LATER) -> Any:
        return intrusion.withdraw(one, on, now)

    given().when(leaving).breaks("A-08")
    given(found).when(leaving).then(gone)
    for on in (date(2026, 3, 1), date(2026, 3, 23)):
        malformed("on", leaving, given(found).state, on)
    given(found, gone).when(leaving).breaks("A-08")
