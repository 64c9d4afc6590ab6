"""Deny by default: what a subject may not see is not there for it, be it shown, listed or changed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from chassis.aggregates import Kind
from chassis.asking import Asking
from chassis.guarded import Guarded
from chassis.identity import Access, Subject, kinds
from chassis.kernel.errors import NotAllowed, NotFound
from chassis.store import Page, Store
from tests.support.stores import store
from tests.support.toy import KEY, Silent, cause

__all__ = ["store"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    street: str
    units: tuple[str, ...] = ()


def carried(parcel: Parcel) -> dict[str, Any]:
    return {"street": parcel.street, "units": parcel.units}


PARCELS: Kind[Parcel, Parcel] = Kind(
    service="toy",
    collection="parcels",
    state=Parcel,
    events=(Parcel,),
    evolve=lambda _, event: event,
    announce=lambda *_: None,
    keys=carried,
)
ACCESS = Access(
    sees_all=kinds("command_centre", "finance"),
    grants={"turn": kinds("street", "department", "command_centre")},
)
Parcels = Guarded[Parcel, Parcel]


def who(kind: str, code: str | None = None) -> Subject:
    return Subject(sub="s", kind=kind, code=code, scopes=frozenset())


LIUJIA, GUANDU = who("street", "liujia"), who("street", "guandu")
WATER, HEALTH = who("department", "water"), who("department", "health")
CENTRE, FINANCE, RESIDENT = who("command_centre"), who("finance"), who("resident")


@pytest.fixture
async def kept(store: Store) -> Parcels:
    made: Parcels = Guarded(PARCELS, store, KEY, Silent(), access=ACCESS, resource=carried)
    await made.prepare()
    for id, parcel in (
        ("p1", Parcel(street="liujia", units=("water",))),
        ("p2", Parcel(street="liujia", units=("water", "health"))),
        ("p3", Parcel(street="guandu", units=("health",))),
    ):
        await made.once(id, [parcel], cause())
    return made


def to(street: str) -> Any:
    def turned(parcel: Parcel) -> Iterable[Parcel]:
        return [replace(parcel, street=street)]

    return turned


@pytest.mark.parametrize("subject", [GUANDU, HEALTH, RESIDENT, who("community", "liujia")])
async def test_what_may_not_be_seen_is_not_found_and_not_changed(
    kept: Parcels, subject: Subject
) -> None:
    before = await kept.get("p1")
    with pytest.raises(NotFound):
        await kept.show("p1", subject)
    with pytest.raises(NotFound):
        await kept.show_history("p1", subject)
    with pytest.raises(NotFound):
        await kept.decide("p1", "turn", Asking(subject, cause()), to("guandu"))
    assert await kept.get("p1") == before


@pytest.mark.parametrize("subject", [LIUJIA, WATER, CENTRE, FINANCE])
async def test_whom_it_concerns_and_who_sees_all_are_shown_it_with_its_trail(
    kept: Parcels, subject: Subject
) -> None:
    held, entries = await kept.show_history("p1", subject)
    assert held == await kept.show("p1", subject) == await kept.get("p1")
    assert [entry["type"] for entry in entries] == ["Parcel"]


async def test_who_sees_may_do_only_what_is_granted(kept: Parcels) -> None:
    with pytest.raises(NotAllowed):
        await kept.decide("p1", "turn", Asking(FINANCE, cause()), to("guandu"))
    with pytest.raises(NotAllowed):
        await kept.decide("p1", "unheard_of", Asking(CENTRE, cause()), to("guandu"))
    assert (await kept.get("p1")).version == 1
    await kept.decide("p1", "turn", Asking(WATER, cause()), to("guandu"))
    assert (await kept.get("p1")).aggregate.street == "guandu"


async def test_on_whose_is_narrower_than_who_sees(kept: Parcels) -> None:
    def waters(_: Parcel) -> dict[str, Any]:
        return {"units": ("water",)}

    with pytest.raises(NotAllowed):
        await kept.decide("p2", "turn", Asking(HEALTH, cause()), to("guandu"), whose=waters)
    await kept.decide("p2", "turn", Asking(WATER, cause()), to("guandu"), whose=waters)
    assert (await kept.get("p2")).aggregate.street == "guandu"


LISTS = [
    (CENTRE, {}, "p1 p2 p3"),
    (CENTRE, {"street": None, "units": None}, "p1 p2 p3"),
    (CENTRE, {"street": "liujia"}, "p1 p2"),
    (CENTRE, {"units": "health"}, "p2 p3"),
    (LIUJIA, {}, "p1 p2"),
    (LIUJIA, {"street": "liujia"}, "p1 p2"),
    (LIUJIA, {"street": "guandu"}, ""),
    (LIUJIA, {"units": "health"}, "p2"),
    (WATER, {}, "p1 p2"),
    (WATER, {"units": "water"}, "p1 p2"),
    (WATER, {"units": "health"}, "p2"),
    (WATER, {"street": "guandu"}, ""),
    (RESIDENT, {}, ""),
    (RESIDENT, {"street": "liujia"}, ""),
]


@pytest.mark.parametrize(("subject", "wanted", "ids"), LISTS)
async def test_a_list_is_what_is_asked_for_within_what_may_be_seen(
    kept: Parcels, subject: Subject, wanted: dict[str, Any], ids: str
) -> None:
    found = await kept.list(subject, wanted, None, 10)
    assert [held.id for held in found] == ids.split()


async def test_a_list_goes_on_after_a_page(kept: Parcels) -> None:
    [first] = await kept.list(CENTRE, {}, None, 1)
    rest = await kept.list(CENTRE, {}, Page(first.id, first.id), 10)
    assert [held.id for held in (first, *rest)] == ["p1", "p2", "p3"]
