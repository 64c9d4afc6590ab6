"""C-28: which unit has which bodies, and when it passes."""

from datetime import UTC, date, datetime

import pytest

from chassis.kernel.errors import Malformed, RuleBroken
from services.consultation.domain import unit as units
from services.consultation.domain.rules import CHECKING, UNITS
from services.consultation.domain.unit import (
    NEEDED,
    Body,
    BodyFormed,
    Unit,
    UnitKind,
    UnitPassed,
    UnitRegistered,
)
from tests.support.specification import Decision, Given, past

AT = datetime(2026, 3, 20, 1, 0, tzinfo=UTC)
DAY = date(2026, 3, 1)


def registered(kind: UnitKind) -> UnitRegistered:
    return UnitRegistered(street="guanshang", code="u1", name="某单位", kind=kind, at=AT)


def formed(body: Body, charter: bool = True) -> BodyFormed:
    return BodyFormed(body=body, on=DAY, charter=charter, elected=True, at=AT)


def unit(kind: UnitKind, *bodies: BodyFormed) -> Given[Unit]:
    return past(None, units.evolve, [registered(kind), *bodies])


def forming(here: Given[Unit], body: Body, elected: bool = True, on: date = DAY) -> Decision[Unit]:
    return here.when(lambda u: units.form(u, body, on, charter=True, elected=elected, now=AT))


@pytest.mark.parametrize("kind", UnitKind)
def test_C_28_a_unit_passes_with_all_its_bodies_and_their_charters(kind: UnitKind) -> None:
    needed = NEEDED[kind]
    assert unit(kind).state.lacks == needed
    for body in needed:
        others = [formed(one) for one in needed if one is not body]
        unit(kind, *others).when(lambda u: units.passes(u, AT)).breaks("C-28", field="body")
        unheld = unit(kind, *others, formed(body, charter=False))
        unheld.when(lambda u: units.passes(u, AT)).breaks("C-28", clause=UNITS, field="charter")
    whole = unit(kind, *map(formed, needed))
    after = whole.when(lambda u: units.passes(u, AT)).then(UnitPassed(at=AT))
    after.when(lambda u: units.passes(u, AT)).breaks("C-28", clause=CHECKING)
    again = forming(after, needed[0]).then(formed(needed[0]))
    assert (again.state.passed_at, len(again.state.bodies)) == (None, len(needed))


def test_C_28_what_a_unit_lacks_is_said_in_words() -> None:
    charterless = (formed(Body.STAFF_CONGRESS), formed(Body.STUDENT_UNION, charter=False))
    for happened, called in (((), "尚缺：职代会、学生会"), (charterless, "未写入章程：学生会")):
        with pytest.raises(RuleBroken, match=called):
            units.passes(unit(UnitKind.COLLEGE, *happened).state, AT)


def test_C_28_its_bodies_are_its_kind_s_and_elected() -> None:
    hospital = unit(UnitKind.HOSPITAL)
    forming(hospital, Body.STUDENT_UNION).breaks("C-28", field="body")
    forming(hospital, Body.HOSPITAL_COUNCIL, elected=False).breaks("C-28", field="elected")
    forming(hospital, Body.HOSPITAL_COUNCIL, on=date(2026, 3, 21)).refused(Malformed, field="on")


def test_a_unit_is_registered_once() -> None:
    again = unit(UnitKind.COLLEGE)
    again.when(lambda u: units.register(u, registered(UnitKind.COLLEGE))).refused(
        Malformed, field="code"
    )


@pytest.mark.parametrize(
    ("kind", "guide"),
    [
        (UnitKind.HOSPITAL, "health"),
        (UnitKind.COLLEGE, "education"),
        (UnitKind.ENTERPRISE, "trade_union"),
    ],
)
def test_C_28_each_has_its_guide(kind: UnitKind, guide: str) -> None:
    assert unit(kind).state.guide == guide
