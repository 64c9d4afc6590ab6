"""C-33 delegates' contact days, C-31 communities assessed, C-29 how many consulted."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.kernel.errors import OURS, Malformed
from services.consultation.domain import contact as contacts
from services.consultation.domain import scheme as schemes
from services.consultation.domain.contact import (
    Contact,
    ContactBecameTopic,
    ContactHeld,
    ContactSettled,
    Delegate,
    DelegateClass,
)
from services.consultation.domain.coverage import Kind, Place, covered, target_of
from services.consultation.domain.rules import LINKED
from services.consultation.domain.scheme import (
    Assessor,
    CommunityAssessed,
    CommunityAssessment,
    MarksCorrected,
    Scheme,
    SchemeCorrected,
    SchemeItem,
    SchemeSet,
)
from tests.support.specification import Decision, Given, past

AT = datetime(2026, 3, 20, 1, 0, tzinfo=UTC)
DELEGATE = Delegate(delegate_class=DelegateClass.CONGRESS, number="r-12")
HELD = ContactHeld(
    street="guanshang",
    community="guanshangzhongxinqu",
    on=date(2026, 3, 19),
    delegates=(DELEGATE,),
    taken_up="老旧小区加装电梯。",
    at=AT,
)


# --- C-33


def test_C_33_a_contact_day_has_delegates_and_what_they_took_up() -> None:
    here: Given[Contact | None] = past(None, contacts.evolve, [])

    def holding(**about: Any) -> Decision[Contact | None]:
        return here.when(lambda _: contacts.hold(replace(HELD, **about)))

    holding().then(HELD)
    holding(delegates=()).breaks("C-33", clause=OURS, field="delegates")
    holding(taken_up=" ").breaks("C-33", clause=LINKED, field="taken_up")
    holding(delegates=(DELEGATE, DELEGATE)).refused(Malformed, field="delegates")
    holding(on=date(2026, 3, 21)).refused(Malformed, field="on")


def test_C_33_what_became_of_it_is_said_once_and_it_becomes_one_topic() -> None:
    day: Given[Contact] = past(None, contacts.evolve, [HELD])
    became = ContactBecameTopic(matter="m-1", at=AT)
    topic = day.when(lambda c: contacts.topic(c, "m-1", AT)).then(became)
    topic.when(lambda c: contacts.topic(c, "m-2", AT)).breaks("C-33")
    day.when(lambda c: contacts.settle(c, " ", AT)).breaks("C-33", field="result")
    settled = ContactSettled(result="已立项。", at=AT)
    after = topic.when(lambda c: contacts.settle(c, "已立项。", AT)).then(settled)
    after.when(lambda c: contacts.settle(c, "已立项。", AT)).breaks("C-33")
    assert (after.state.matter, after.state.result) == ("m-1", "已立项。")


# --- C-31

SCHEME_SET = SchemeSet(
    year=2025,
    items=(
        SchemeItem(code="a", title="制度", points=40),
        SchemeItem(code="b", title="实效", points=60),
    ),
    at=AT,
)
SCHEME = schemes.evolve_scheme(None, SCHEME_SET)
ASSESSED = CommunityAssessed(
    street="guanshang",
    community="guanshangzhongxinqu",
    year=2025,
    assessor=Assessor.STREET,
    marks={"a": 30, "b": 60},
    total=90,
    full=100,
    items=SCHEME_SET.items,
    at=AT,
)


RIGHT = MarksCorrected(
    assessor=Assessor.STREET, marks={"a": 3, "b": 60}, total=63, reason="制度一项录错。", at=AT
)


def assessing(
    known: CommunityAssessment | None = None, scheme: Scheme | None = SCHEME, **about: Any
) -> Decision[CommunityAssessment | None]:
    said = replace(ASSESSED, total=0, full=0, items=(), **about)
    here: Given[CommunityAssessment | None] = Given(known, schemes.evolve)
    return here.when(lambda k: schemes.assess(k, scheme, said))


def test_C_31_a_community_is_assessed_once_by_each_on_every_item() -> None:
    after = assessing().then(ASSESSED).state
    assessing(after).breaks("C-31", field="assessor")
    civil = assessing(after, assessor=Assessor.CIVIL_AFFAIRS).leads_to().state
    assert civil is not None and [one.total for one in civil.by] == [90, 90]
    assessing(scheme=None).breaks("C-31", field="year")
    for early in (datetime(2025, 11, 30, 15, 59, tzinfo=UTC), AT.replace(year=2025)):
        assessing(at=early).breaks("C-31", clause=OURS, field="year")
    assessing(at=datetime(2025, 11, 30, 16, 0, tzinfo=UTC)).leads_to()
    assessing(marks={"a": 30}).breaks("C-31", field="marks")
    assessing(marks={"a": 41, "b": 60}).refused(Malformed, field="marks.a")


SCHEME_RIGHT = SchemeCorrected(
    items=(SCHEME_SET.items[0], SchemeItem(code="b", title="实效", points=6)),
    reason="分值录错。",
    at=AT,
)


def test_C_31_a_scheme_is_put_right_until_somebody_was_assessed_under_it() -> None:
    def putting(
        items: tuple[SchemeItem, ...] = SCHEME_RIGHT.items,
        reason: str = "分值录错。",
        assessed: bool = False,
    ) -> Decision[Scheme]:
        here: Given[Scheme] = past(None, schemes.evolve_scheme, [SCHEME_SET])
        return here.when(lambda s: schemes.put_right(s, items, reason, assessed, AT))

    assert putting().then(SCHEME_RIGHT).state.items == SCHEME_RIGHT.items
    putting(SCHEME_SET.items).breaks("C-31", clause=OURS, field="items")
    putting(SCHEME_SET.items[:1] * 2).refused(Malformed, field="items")
    putting(reason=" ").breaks("C-31", clause=OURS, field="reason")
    putting(assessed=True).breaks("C-31", clause=OURS, field=None)


def test_C_31_a_mark_that_was_entered_wrongly_is_corrected_by_who_entered_it() -> None:
    both = assessing(assessing().then(ASSESSED).state, assessor=Assessor.CIVIL_AFFAIRS).leads_to()
    here: Given[CommunityAssessment] = past(
        None, schemes.evolve, both.state.by if both.state else ()
    )

    def correcting(
        marks: dict[str, int], note: str | None = None, reason: str = "制度一项录错。"
    ) -> Decision[CommunityAssessment]:
        return here.when(
            lambda k: schemes.correct(k, SCHEME, Assessor.STREET, marks, note, reason, AT)
        )

    after = correcting({"a": 3, "b": 60}).then(RIGHT).state
    assert [(one.assessor, one.total, one.at) for one in after.by] == [
        (Assessor.STREET, 63, AT),
        (Assessor.CIVIL_AFFAIRS, 90, AT),
    ]
    correcting({"a": 30, "b": 60}, note="补充说明。").leads_to()
    correcting({"a": 30, "b": 60}).breaks("C-31", clause=OURS, field="marks")
    correcting({"a": 30}).breaks("C-31", field="marks")
    correcting({"a": 41, "b": 60}).refused(Malformed, field="marks.a")
    correcting({"a": 3, "b": 60}, reason=" ").breaks("C-31", clause=OURS, field="reason")


def test_C_31_marks_are_put_right_on_the_items_they_were_given_on() -> None:
    """A scheme that is put right at the moment somebody is assessed under it changes neither items nor full marks."""
    here: Given[CommunityAssessment] = past(None, schemes.evolve, [ASSESSED])
    other = replace(SCHEME, items=SCHEME_RIGHT.items[:1])

    def correcting(marks: dict[str, int]) -> Decision[CommunityAssessment]:
        return here.when(
            lambda k: schemes.correct(k, other, Assessor.STREET, marks, None, "制度一项录错。", AT)
        )

    correcting({"a": 3, "b": 60}).then(RIGHT)
    correcting({"a": 3}).breaks("C-31", field="marks")


def test_C_31_what_an_office_did_not_assess_it_does_not_put_right() -> None:
    here: Given[CommunityAssessment] = past(None, schemes.evolve, [ASSESSED])
    civil, marks = Assessor.CIVIL_AFFAIRS, {"a": 3, "b": 60}
    here.when(lambda k: schemes.correct(k, SCHEME, civil, marks, None, "录错。", AT)).breaks(
        "C-31", clause=OURS, field=None
    )


def test_C_31_a_year_has_one_scheme() -> None:
    here: Given[Scheme | None] = Given(None, schemes.evolve_scheme)
    after = here.when(lambda s: schemes.lay_down(s, SCHEME_SET)).then(SCHEME_SET)
    after.when(lambda s: schemes.lay_down(s, SCHEME_SET)).breaks("C-31", field="year")
    twice = replace(SCHEME_SET, items=(SCHEME_SET.items[0],) * 2)
    nameless = replace(SCHEME_SET, items=(SchemeItem(code="a", title=" ", points=1),))
    nothing = replace(SCHEME_SET, items=(SchemeItem(code="a", title="制度", points=0),))
    here.when(lambda s: schemes.lay_down(s, twice)).refused(Malformed, field="items")
    here.when(lambda s: schemes.lay_down(s, nameless)).breaks("C-31", field="items")
    here.when(lambda s: schemes.lay_down(s, nothing)).refused(Malformed, field="items")


# --- C-29


@pytest.mark.parametrize(
    ("kind", "year", "target"),
    [
        ("urban", 2016, None),
        ("urban", 2017, 30),
        ("village_converted", 2017, 30),
        ("urban", 2018, 80),
        ("village_converted", 2019, 50),
        ("urban", 2020, 100),
        ("village_converted", 2026, 100),
        (None, 2020, None),
    ],
)
def test_C_29_each_year_has_its_target(kind: Kind | None, year: int, target: int | None) -> None:
    assert target_of(kind, year) == target


def test_C_29_coverage_is_by_street_and_kind() -> None:
    places = [
        *(Place(community=f"c{n}", street="guanshang", kind="urban") for n in range(5)),
        Place(community="v1", street="guanshang", kind="village_converted"),
        Place(community="x1", street="taihe", kind=None),
    ]
    rows = covered(places, {"c0", "c1", "c2", "c3", "elsewhere"}, 2018)
    assert [(r.kind, r.communities, r.consulted, r.percent, r.target, r.met) for r in rows] == [
        ("urban", 5, 4, 80, 80, True),
        ("village_converted", 1, 0, 0, 50, False),
        (None, 1, 0, 0, None, None),
    ]
    assert [row.street for row in rows] == ["guanshang", "guanshang", "taihe"]
