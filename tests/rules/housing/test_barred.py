"""H-10: who is barred books no room, whoever bars it, in whatever order that is heard."""

from datetime import UTC, date, datetime
from itertools import permutations

import pytest

from chassis.subscriptions import Heard
from contracts.event import Envelope, Event
from contracts.procurement import ContractSigned, EligibilityChanged, SupplierRegistered
from services.housing.consumers import subscriptions
from services.housing.desk import HousingDesk
from services.housing.main import desk_on
from tests.support.memory import MemoryStore
from tests.support.toy import Silent, cause

NOW = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 30)
Told = tuple[str, int, EligibilityChanged]


def said(state: str, **other: object) -> EligibilityChanged:
    asked = {"supplier": "tongxin", "state": state, "rule": "P-07", **other}
    return EligibilityChanged.model_validate(asked)


BARRED: Told = ("suppliers", 2, said("barred", until="2029-03-01"))
LIFTED: Told = ("suppliers", 3, said("eligible"))
LISTED: Told = ("eligibilities", 7, said("barred"))
CLEARED: Told = ("eligibilities", 9, said("eligible", rule="P-06"))
FAILED: Told = ("eligibilities", 8, said("restricted", project="elderly", year=2027))


async def hear(desk: HousingDesk, subject: str, sequence: int, event: Event) -> None:
    envelope = Envelope(
        id=f"{subject}-{sequence}-{event.type}",
        source="/gongzhi/procurement",
        type=event.type,
        subject=subject,
        time=NOW,
        sequence=f"{sequence:012d}",
        correlationid="tongxin",
        data={},
    )
    [react] = [one.react for one in subscriptions(desk) if one.event is type(event)]
    await react(Heard(event, envelope, cause(key=f"event:{envelope.id}", now=NOW)))


async def may_book(*told: Told, on: date = TODAY) -> bool:
    """Whether it may, at work under a contract in the street, after what was told."""
    desk = desk_on(MemoryStore(), bytes(32), Silent())
    known = SupplierRegistered(supplier="tongxin", kind="social_organisation")
    await hear(desk, "suppliers/tongxin", 1, known)
    signed = ContractSigned(
        supplier="tongxin", street="guanshang", contract="c-1", project="elderly", year=2026
    )
    await hear(desk, "contracts/c-1", 1, signed)
    for teller, sequence, event in told:
        await hear(desk, f"{teller}/tongxin", sequence, event)
    return await desk.may_book("tongxin", "guanshang", "jinma", on)


@pytest.mark.parametrize(
    ("told", "may"),
    [
        ((), True),
        ((BARRED,), False),
        ((BARRED, FAILED), False),
        ((BARRED, CLEARED), False),
        ((BARRED, LIFTED), True),
        ((BARRED, LIFTED, LISTED), False),
        ((LISTED, FAILED), False),
        ((LISTED, CLEARED), True),
        ((FAILED,), True),
    ],
)
async def test_H_10_who_is_barred_by_one_is_not_let_in_by_another(
    told: tuple[Told, ...], may: bool
) -> None:
    for order in permutations(told):
        assert await may_book(*order) is may, order


async def test_H_10_a_bar_that_has_a_last_day_is_over_after_it() -> None:
    assert not await may_book(BARRED, on=date(2029, 3, 1))
    assert await may_book(BARRED, on=date(2029, 3, 2))
