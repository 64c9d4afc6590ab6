"""O-01, O-02, O-06: what the register says of an organisation is put right, or follows a change of it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chassis.asking import Asking
from chassis.cause import Cause
from chassis.copies import Told
from chassis.kernel.errors import OURS, Malformed
from chassis.store_sqlite import SqliteStore
from contracts import organisations as published
from services.organisations import announce
from services.organisations.domain import changing
from services.organisations.domain.events import RegistrationChanged
from services.organisations.domain.evolution import evolve
from services.organisations.domain.kinds import Kind, Post, Sector
from services.organisations.domain.parts import Approval, Licensed
from services.organisations.main import desk_on
from services.organisations.steps import organisations
from services.organisations.steps.organisations import RegistrationChangedIn
from tests.support.specification import Given, past
from tests.support.taking import take
from tests.support.toy import Silent
from tests.support.walks import person

from . import test_O_06_heads as heads
from .cases import (
    LATER,
    MARCH,
    NUMBERS,
    WORK,
    applied,
    entered,
    examined,
    given,
    on_register,
    other,
    registered,
)

APPROVED_FIRST = "官办通〔2017〕52号 （二）2"
PAPER = Approval(document="教〔2026〕8号", agreed=True, at=LATER)
TODAY = date(2026, 3, 22)
CAUSE = Cause(actor="platform", now=MARCH)


def asked(**said: Any) -> RegistrationChanged:
    return RegistrationChanged(**{"reason": "更名", "at": LATER, **said})


def change(state: Given[Any], **said: Any) -> Any:
    return state.when(lambda one: changing.change(one, asked(**said), NUMBERS))


def test_O_02_what_the_register_says_is_put_right_and_follows_a_change() -> None:
    state = on_register()
    what: dict[str, Any] = {
        "name": "暖阳助老服务中心",
        "scope": "助老",
        "purpose": "助老",
        "funds": 1,
        "certificate": "证-2",
        "licensed": (Licensed(matter="诊疗", licence="卫-1"),),
        "registered_on": date(2026, 3, 21),
    }
    happened = asked(**what)
    after = change(state, **what, kind=applied.kind, sector=applied.sector).then(happened)
    assert after.state == replace(state.state, **what)
    renamed = asked(name="暖阳", on=TODAY)
    assert change(state, name="暖阳", on=TODAY).then(renamed).state.name == "暖阳"
    told = announce.of_organisations(happened, after.state)
    assert isinstance(told, published.Registered) and told.supplier == "nuanyang"


def test_O_02_a_change_says_something_else_with_its_reason_and_a_day_that_may_be() -> None:
    for same in ({}, {"name": applied.name}, {"street": "guanshang", "community": "haihua"}):
        change(on_register(), **same).breaks("O-02", clause=OURS, field="name")
    change(on_register(), name="暖阳", reason=" ").refused(Malformed, field="reason")
    for field in ("name", "purpose", "scope", "certificate"):
        change(on_register(), **{field: " "}).breaks("O-02", field=field)
    for field, on in (
        ("on", date(2026, 3, 19)),
        ("on", date(2026, 3, 23)),
        ("registered_on", date(2026, 3, 6)),
        ("registered_on", date(2026, 3, 23)),
    ):
        change(on_register(), **{"name": "暖阳", field: on}).refused(Malformed, field=field)
    before = change(past(None, evolve, (entered,)), registered_on=date(1949, 9, 30))
    before.refused(Malformed, field="registered_on")


def test_O_02_the_rules_of_registering_hold_of_what_changes() -> None:
    change(on_register(), kind=Kind.FOUNDATION).breaks("O-02", field="grants")
    assert change(on_register(), kind=Kind.FOUNDATION, grants=True).happened
    change(on_register(), licensed=(Licensed(matter="诊疗"),)).breaks("O-02", field="licensed")


def test_O_02_what_is_being_registered_is_put_right_until_it_is_examined() -> None:
    agreed = replace(other, name="误")
    supervised = past(None, evolve, (agreed,)).state
    waiting = past(replace(supervised, approval=PAPER), evolve, ())
    found = change(waiting, name="暖阳").leads_to().state
    assert (found.name, found.approval) == ("暖阳", None)
    assert announce.of_organisations(asked(name="暖阳"), found) is None
    for field, said in (
        ("certificate", {"certificate": "证-1"}),
        ("registered_on", {"registered_on": TODAY}),
        ("on", {"on": TODAY}),
        ("document", {"approval": PAPER}),
    ):
        change(given(), name="暖阳", **said).refused(Malformed, field=field)
    change(given(examined), name="暖阳").breaks("O-02", clause=OURS, field=None)


def test_O_01_another_sector_or_supervising_unit_is_approved_first() -> None:
    change(on_register(), sector=Sector.OTHER).breaks("O-01", field="supervising")
    change(on_register(), supervising="education").breaks("O-01", field="supervising")
    both = {"sector": Sector.OTHER, "supervising": "education"}
    change(on_register(), **both, on=TODAY).breaks("O-01", clause=APPROVED_FIRST, field="document")
    since = change(on_register(), **both, on=TODAY, approval=PAPER).leads_to().state
    assert (since.supervising, since.approval) == ("education", PAPER)
    put_right = change(past(None, evolve, (entered,)), supervising="health").leads_to().state
    assert put_right.supervising == "health"


def test_O_01_what_is_registered_directly_has_no_supervising_unit_any_more() -> None:
    state = past(None, evolve, (entered,))
    direct = change(state, sector=Sector.WELFARE).leads_to()
    assert (direct.state.sector, direct.state.supervising) == (Sector.WELFARE, None)
    odd = past(None, evolve, (replace(entered, sector=Sector.WELFARE),))
    assert change(odd, sector=Sector.WELFARE).leads_to().state.supervising is None


def test_O_06_no_civil_servant_heads_it_by_another_kind() -> None:
    servant = replace(heads.ONE, post=Post.LEGAL, civil_servant=True)
    association = replace(on_register().state, kind=Kind.ASSOCIATION, heads=(servant,))
    there = past(association, evolve, ())
    change(there, kind=Kind.SERVICE_INSTITUTION).breaks("O-06", field="kind")
    left = past(replace(association, heads=(replace(servant, left_on=TODAY),)), evolve, ())
    assert change(left, kind=Kind.SERVICE_INSTITUTION).happened


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    kept = SqliteStore(tmp_path / "kept.db")
    yield kept
    await kept.close()


async def test_O_05_an_organisation_that_moved_is_counted_where_it_is_now(
    store: SqliteStore,
) -> None:
    desk = desk_on(store, bytes(32), Silent(), WORK)
    copies = (desk.communities.aggregates, desk.units.aggregates)
    kept_here = (desk.organisations, desk.groups, desk.volunteers, desk.counts)
    for kept in (*kept_here, desk.policies.aggregates, *copies):
        await kept.prepare()
    await desk.policies.seed(MARCH)
    for sequence, code in enumerate(("haihua", "wula"), 1):
        data = {
            "code": code,
            "name": code,
            "street": "guanshang",
            "valid_from": "2018-01-01",
            "listed": 1,
        }
        told = Told(event=f"e-{sequence}", sequence=sequence, data=data)
        await desk.communities.aggregates.once(code, [told], CAUSE)
    await desk.organisations.once("nuanyang", [applied, examined, registered], CAUSE)
    await desk.recount("haihua", CAUSE)
    civil = Asking(subject=person("department:civil_affairs"), cause=replace(CAUSE, now=LATER))
    said = RegistrationChangedIn(community="wula", reason="迁址")
    await take(organisations.change, desk, civil, said, id="nuanyang")
    counted = [await desk.counts.look(code) for code in ("haihua", "wula")]
    assert [one and one.aggregate.figures.organisations for one in counted] == [0, 1]
