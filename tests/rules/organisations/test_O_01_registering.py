"""O-01 to O-04: what comes onto the register, and what doesn't."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.kernel.clock import working_days_after
from chassis.kernel.errors import OURS, Malformed
from services.organisations.domain import registering
from services.organisations.domain.events import (
    RegistrationRefused,
    SupervisorSaid,
)
from services.organisations.domain.evolution import evolve
from services.organisations.domain.kinds import Exclusion, Item, Kind, PartyForm, Sector, Status
from services.organisations.domain.parts import Approval, Founder, Licensed, Party
from tests.support.specification import Given, past

from .cases import (
    LATER,
    MARCH,
    NUMBERS,
    WORK,
    applied,
    entered,
    examination,
    examined,
    given,
    other,
    registered,
)

APPROVED_FIRST = "官办通〔2017〕52号 （二）2"
nothing: Given[Any] = past(None, evolve, ())
agreed = SupervisorSaid(approval=Approval(document="教〔2026〕1号", agreed=True, at=MARCH))


@pytest.mark.parametrize("sector", [one for one in Sector if one is not Sector.OTHER])
def test_O_01_four_sectors_are_registered_directly(sector: Sector) -> None:
    direct = replace(applied, sector=sector)
    nothing.when(lambda o: registering.apply(o, direct)).then(direct)
    with_unit = replace(direct, supervising="education")
    nothing.when(lambda o: registering.apply(o, with_unit)).breaks("O-01", field="supervising")
    given().when(
        lambda o: registering.supervise(o, document="教〔2026〕1号", agreed=True, now=MARCH)
    ).breaks("O-01")


def test_O_01_every_other_kind_needs_its_supervising_units_paper_first() -> None:
    bare = replace(other, supervising=None)
    nothing.when(lambda o: registering.apply(o, bare)).breaks(
        "O-01", clause=APPROVED_FIRST, field="supervising"
    )
    waiting = past(None, evolve, (other,))
    waiting.when(lambda o: registering.examine(o, examination, NUMBERS)).breaks(
        "O-01", clause=APPROVED_FIRST
    )
    waiting.when(lambda o: registering.supervise(o, document=" ", agreed=True, now=MARCH)).breaks(
        "O-01", clause=APPROVED_FIRST, field="document"
    )
    said = waiting.when(
        lambda o: registering.supervise(o, document="教〔2026〕1号", agreed=True, now=MARCH)
    ).then(agreed)
    said.when(
        lambda o: registering.supervise(o, document="教〔2026〕2号", agreed=False, now=MARCH)
    ).breaks("O-01", clause=OURS)
    said.when(lambda o: registering.examine(o, examination, NUMBERS)).then(examined)
    against = replace(agreed, approval=replace(agreed.approval, agreed=False))
    past(None, evolve, (other, against)).when(
        lambda o: registering.examine(o, examination, NUMBERS)
    ).breaks("O-01", clause=APPROVED_FIRST)


@pytest.mark.parametrize("item", list(Item))
def test_O_02_every_item_is_examined(item: Item) -> None:
    without = replace(examination, items=tuple(one for one in Item if one is not item))
    given().when(lambda o: registering.examine(o, without, NUMBERS)).breaks("O-02", field="items")


@pytest.mark.parametrize(
    ("lacking", "field"),
    [
        ({"heard": " "}, "heard"),
        ({"departments": ()}, "departments"),
        ({"experts_needed": True}, "experts"),
        ({"opinion": ""}, "opinion"),
    ],
)
def test_O_02_others_are_heard_and_experts_where_needed(lacking: Any, field: str) -> None:
    short = replace(examination, **lacking)
    given().when(lambda o: registering.examine(o, short, NUMBERS)).breaks("O-02", field=field)
    asked = replace(examination, experts_needed=True, experts="论证通过")
    assert given().when(lambda o: registering.examine(o, asked, NUMBERS)).happened


def test_O_02_a_registration_is_never_an_instant_matter() -> None:
    def register(now: Any) -> Any:
        return given(examined).when(
            lambda o: registering.register(
                o, certificate="证-1", on=date(2026, 3, 9), now=now, numbers=NUMBERS
            )
        )

    earliest = working_days_after(MARCH, NUMBERS.policy.examination_days, WORK)
    register(earliest - timedelta(microseconds=1)).breaks("O-02")
    assert register(earliest).happened
    given().when(
        lambda o: registering.register(
            o, certificate="证-1", on=date(2026, 3, 20), now=LATER, numbers=NUMBERS
        )
    ).breaks("O-02")


def test_O_02_scope_is_clear_and_what_needs_a_licence_waits_for_it() -> None:
    def apply(**changed: Any) -> Any:
        return nothing.when(lambda o: registering.apply(o, replace(applied, **changed)))

    for field in ("name", "purpose", "scope"):
        apply(**{field: " "}).breaks("O-02", field=field)
    apply(licensed=(Licensed(matter="托育"),)).breaks("O-02", field="licensed")
    assert apply(licensed=(Licensed(matter="托育", licence="许-1"),)).happened
    apply(kind=Kind.FOUNDATION).breaks("O-02", field="grants")
    assert apply(kind=Kind.FOUNDATION, grants=True).happened


def test_O_02_a_certificate_has_its_number_and_its_day() -> None:
    def register(certificate: str, on: date) -> Any:
        return given(examined).when(
            lambda o: registering.register(
                o, certificate=certificate, on=on, now=LATER, numbers=NUMBERS
            )
        )

    register("证-1", date(2026, 3, 20)).then(registered)
    register(" ", date(2026, 3, 20)).breaks("O-02", field="certificate")
    register("证-1", date(2026, 4, 1)).breaks("O-02", field="on")


def test_O_02_no_certificate_is_dated_before_the_examination_may_end() -> None:
    """The fifth working day after Monday, 2 March, is Monday, 9 March."""

    def register(on: date) -> Any:
        return given(examined).when(
            lambda o: registering.register(o, certificate="证-1", on=on, now=LATER, numbers=NUMBERS)
        )

    register(date(2026, 3, 2)).breaks("O-02", field="on")
    register(date(2026, 3, 8)).breaks("O-02", field="on")
    register(date(2026, 3, 9)).then(replace(registered, on=date(2026, 3, 9)))


@pytest.mark.parametrize("found", list(Exclusion))
def test_O_03_what_isnt_registered(found: Exclusion) -> None:
    against = replace(examined, examination=replace(examination, excluded=(found,)))
    after = given(against)
    after.when(
        lambda o: registering.register(
            o, certificate="证-1", on=date(2026, 3, 20), now=LATER, numbers=NUMBERS
        )
    ).breaks("O-03")
    refused = RegistrationRefused(excluded=(found,), reason="不予登记", at=LATER)
    gone = after.when(
        lambda o: registering.refuse(o, excluded=(found,), reason="不予登记", now=LATER)
    ).then(refused)
    assert gone.state.status is Status.REFUSED
    gone.when(lambda o: registering.refuse(o, excluded=(), reason="再", now=LATER)).breaks("O-02")


def test_O_03_a_refusal_says_why() -> None:
    given().when(lambda o: registering.refuse(o, excluded=(), reason=" ", now=LATER)).breaks(
        "O-02", field="reason"
    )


@pytest.mark.parametrize(
    ("founders", "rule"),
    [
        ((), "O-04"),
        ((Founder(seat="f1"),), "O-04"),
        ((Founder(seat="f1", main=True), Founder(seat="f2", main=True)), "O-04"),
        ((Founder(seat="f1", main=True, defaulter=True),), "O-04"),
        ((Founder(seat="f1", main=True, official=True),), "O-04"),
        ((Founder(seat="f1", main=True, official=True, approval=" "),), "O-04"),
    ],
)
def test_O_04_founders(founders: Any, rule: str) -> None:
    bad = replace(applied, founders=founders)
    nothing.when(lambda o: registering.apply(o, bad)).breaks(rule, field="founders")


def test_O_04_founders_answer_for_their_papers() -> None:
    restricted = replace(applied, founders=(Founder(seat="f1", main=True, defaulter=True),))
    nothing.when(lambda o: registering.apply(o, restricted)).breaks("O-04", clause=OURS)
    unsigned = replace(applied, pledge=" ")
    nothing.when(lambda o: registering.apply(o, unsigned)).breaks("O-04", field="pledge")
    twice = replace(applied, founders=(Founder(seat="f1", main=True), Founder(seat="f1")))
    nothing.when(lambda o: registering.apply(o, twice)).refused(Malformed, field="founders")
    approved = Founder(seat="f1", main=True, official=True, approval="组干〔2026〕1号")
    fine = replace(applied, founders=(approved,))
    nothing.when(lambda o: registering.apply(o, fine)).then(fine)


def test_O_01_a_code_is_given_once() -> None:
    given().when(lambda o: registering.apply(o, applied)).refused(Malformed, field="code")


def test_O_01_what_was_on_the_register_before_is_entered_with_its_certificate() -> None:
    after = nothing.when(lambda o: registering.enter(o, entered)).then(entered)
    assert (after.state.status, after.state.owed) == (Status.REGISTERED, 2025)
    after.when(lambda o: registering.enter(o, entered)).refused(Malformed, field="code")

    def enter(**changed: Any) -> Any:
        return nothing.when(lambda o: registering.enter(o, replace(entered, **changed)))

    enter(supervising=None).breaks("O-01", clause=APPROVED_FIRST, field="supervising")
    enter(name=" ").breaks("O-01", field="name")
    enter(certificate=" ").breaks("O-01", field="certificate")
    enter(on=date(2026, 3, 3)).refused(Malformed, field="on")
    enter(on=date(1949, 9, 30)).refused(Malformed, field="on")
    first = replace(entered, on=date(1949, 10, 1))
    enter(on=first.on).then(first)


@pytest.mark.parametrize(
    ("form", "members", "fine"),
    [
        (PartyForm.BRANCH, 2, False),
        (PartyForm.BRANCH, 3, True),
        (PartyForm.NOT_DUE, 2, True),
        (PartyForm.NOT_DUE, 3, False),
        (PartyForm.JOINT, 3, True),
        (PartyForm.LIAISON, 0, True),
    ],
)
def test_O_13_the_party_is_checked_at_registration(
    form: PartyForm, members: int, fine: bool
) -> None:
    with_it = replace(examination, party=Party(form=form, members=members))
    when = given().when(lambda o: registering.examine(o, with_it, NUMBERS))
    if fine:
        assert when.leads_to().state.party == with_it.party
    else:
        when.breaks("O-13", field="party")


def test_O_02_an_application_is_examined_once_and_not_after_its_refusal() -> None:
    refused = RegistrationRefused(excluded=(), reason="不予登记", at=LATER)
    for state in (given(examined), given(refused)):
        state.when(lambda o: registering.examine(o, examination, NUMBERS)).breaks("O-02")
