"""A-01, A-25: lists by version, and what is stamped or certified by them."""

from datetime import date
from typing import Any

from services.affairs.domain import listing, proof
from services.affairs.domain.listing import (
    CommunityList,
    Dropped,
    Entry,
    ListKind,
    Role,
    VersionAdopted,
)
from services.affairs.domain.proof import (
    Paper,
    Proof,
    ProofAsked,
    ProofDeclined,
    ProofGiven,
)
from services.affairs.shipped import shipped_certificates
from tests.support.specification import Given, past

from .cases import LATER, MARCH, TODAY, WHEN, broken, but
from .test_A_03_admission import applying

ENTRY = Entry(name="居住情况说明", basis="演示依据", department="民政", role=Role.DOES)
version = VersionAdopted(
    list=ListKind.SEAL, entries=(ENTRY,), document="官和社〔2026〕1号", since=TODAY, at=MARCH
)
second = but(version, entries=(but(ENTRY, name="收养公示"),), since=WHEN)


def kept(*versions: Any) -> CommunityList:
    return past(None, listing.evolve, versions).state


def test_A_01_lists_are_dated_versions_of_what_has_a_basis() -> None:
    assert listing.adopt(None, version) == version
    for kind, rule in (
        (ListKind.ITEMS, "A-01"),
        (ListKind.SEAL, "A-01"),
        (ListKind.DUTIES, "A-25"),
    ):
        one = but(version, list=kind)
        broken(rule, "document", listing.adopt, None, but(one, document=" "))
        broken(rule, "entries", listing.adopt, None, but(one, entries=()))
        broken(rule, "entries", listing.adopt, None, but(one, entries=(ENTRY, ENTRY)))
        for field in ("name", "basis"):
            bare = (but(ENTRY, **{field: " "}),)
            broken(rule, field, listing.adopt, None, but(one, entries=bare))
    broken("A-01", "since", listing.adopt, kept(version), version)
    assert listing.adopt(kept(version), second) == second
    broken("A-01", "since", listing.adopt, kept(version, second), but(second, at=LATER))
    mistyped = but(second, since=date(2099, 3, 22))
    right = listing.adopt(kept(version, mistyped), second)
    dropped = Dropped(document=second.document, since=date(2099, 3, 22))
    assert right == but(second, instead_of=(dropped,)), "it says what falls away"
    assert kept(version, mistyped, right).versions == (version, right), "it never began"
    both = kept(version, second)
    assert both.on(date(2026, 3, 1)) == (0, frozenset())
    assert both.on(TODAY) == (1, frozenset({"居住情况说明"}))
    assert both.on(WHEN) == (2, frozenset({"收养公示"}))


def test_A_01_what_stands_on_the_list_needs_no_admission() -> None:
    applying(listed=frozenset({"居家养老需求调查"})).breaks("A-01", field="item")
    assert applying(listed=frozenset({"别的"})).happened


asked = ProofAsked(
    street="guanshang", community="haihua", paper=Paper.SEAL, what="居住情况说明", at=MARCH
)
given = ProofGiven(version=1, on=TODAY)
declined = ProofDeclined(version=2, instead="派出所", on=WHEN)


def request(*happened: Any) -> Given[Proof]:
    return past(None, proof.evolve, (asked, *happened))


def test_A_01_outside_the_list_it_is_said_who_can_prove_it() -> None:
    held = kept(version, second)
    request().when(lambda one: proof.give(one, held, MARCH)).then(given)
    request().when(lambda one: proof.give(one, held, LATER)).breaks("A-01", field="what")
    request().when(lambda one: proof.give(one, None, MARCH)).breaks("A-01", field="what")
    request().when(lambda one: proof.decline(one, held, "派出所", MARCH)).breaks(
        "A-01", field="what"
    )
    request().when(lambda one: proof.decline(one, held, " ", LATER)).breaks("A-01", field="instead")
    request().when(lambda one: proof.decline(one, held, "派出所", LATER)).then(declined)
    for answer in (given, declined):
        over = request(answer)
        over.when(lambda one: proof.give(one, held, MARCH)).breaks("A-01")
        over.when(lambda one: proof.decline(one, held, "x", LATER)).breaks("A-01")
    broken("A-01", "what", proof.ask, but(asked, what=" "), "甲（虚构）")
    broken("A-01", "person", proof.ask, asked, " ")


def test_A_25_a_certificate_only_for_what_the_list_names() -> None:
    shipped = kept(shipped_certificates(MARCH))
    assert [one.name for one in shipped.versions[0].entries] == ["经济困难证明"]
    hardship = but(asked, paper=Paper.CERTIFICATE, what="经济困难证明")
    fine = past(None, proof.evolve, (hardship,))
    fine.when(lambda one: proof.give(one, shipped, MARCH)).then(given)
    other = past(None, proof.evolve, (but(hardship, what="婚姻状况证明"),))
    other.when(lambda one: proof.give(one, shipped, MARCH)).breaks("A-25", field="what")
    other.when(lambda one: proof.decline(one, shipped, "", MARCH)).breaks("A-25", field="instead")
    broken("A-25", "what", proof.ask, but(hardship, what=" "), "甲（虚构）")
    broken("A-25", "person", proof.ask, hardship, " ")
    assert proof.ask(hardship, "甲（虚构）") == hardship


def test_A_25_who_asked_is_read_with_a_reason() -> None:
    one = proof.evolve(None, asked)
    assert proof.read(one, "community:haihua", "核对", MARCH).by == "community:haihua"
    broken("A-25", "reason", proof.read, one, "community:haihua", " ", MARCH)
