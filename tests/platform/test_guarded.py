"""Deny by default: what a subject may not see is not there for it, be it shown, listed or changed."""

from dataclasses import dataclass
from typing import Any

import pytest

from chassis.guarded import Guarded
from chassis.identity import Access, Subject, kinds
from chassis.kernel.errors import NotFound, UnknownReference
from chassis.kind import Kind
from chassis.store import In, Page, Store
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
ACCESS = Access(sees_all=kinds("command_centre", "finance"))
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


@pytest.mark.parametrize("subject", [GUANDU, HEALTH, RESIDENT, who("community", "liujia")])
async def test_what_may_not_be_seen_is_not_found(kept: Parcels, subject: Subject) -> None:
    before = await kept.get("p1")
    with pytest.raises(NotFound):
        await kept.show("p1", subject)
    with pytest.raises(NotFound):
        await kept.show_history("p1", subject)
    assert await kept.get("p1") == before


@pytest.mark.parametrize("subject", [LIUJIA, WATER, CENTRE, FINANCE])
async def test_whom_it_concerns_and_who_sees_all_are_shown_it_with_its_trail(
    kept: Parcels, subject: Subject
) -> None:
    held, entries = await kept.show_history("p1", subject)
    assert held == await kept.show("p1", subject) == await kept.get("p1")
    assert [entry["type"] for entry in entries] == ["Parcel"]


LISTS = [
    (CENTRE, {}, "p1 p2 p3"),
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
    (LIUJIA, {"street": In(["liujia", "guandu"])}, "p1 p2"),
    (LIUJIA, {"street": In(["guandu", "jinma"])}, ""),
    (WATER, {"street": In(["liujia", "guandu"])}, "p1 p2"),
    (CENTRE, {"street": In(["guandu", "liujia"])}, "p1 p2 p3"),
    (RESIDENT, {"street": In(["liujia"])}, ""),
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


async def test_figures_are_of_what_the_list_shows(kept: Parcels) -> None:
    for subject, wanted in ((LIUJIA, {}), (HEALTH, {}), (CENTRE, {"street": "guandu"})):
        listed = await kept.list(subject, wanted, None, 100)
        rows = await kept.tally_of(subject, wanted, by="street")
        assert sum(row["count"] for row in rows) == len(listed)
        assert {row["street"] for row in rows} == {one.aggregate.street for one in listed}
    assert await kept.tally_of(RESIDENT, {}) == []


async def test_what_a_request_names_and_isn_t_there_for_it_is_its_field_s(kept: Parcels) -> None:
    assert (await kept.named("p1", LIUJIA, "parcel")).id == "p1"
    for hidden, reader in (("p1", GUANDU), ("p9", LIUJIA)):
        with pytest.raises(UnknownReference) as refusal:
            await kept.named(hidden, reader, "parcel")
        assert refusal.value.field == "parcel"
