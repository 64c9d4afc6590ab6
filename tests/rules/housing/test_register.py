"""The rules of the register, and what it is seeded with."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.kernel.errors import Malformed, UnknownReference
from chassis.kernel.holding import HELD_FOR
from services.housing.domain import naming
from services.housing.domain.community import (
    Community,
    CommunityEntered,
    CommunityKind,
    enter,
    evolve,
)
from services.housing.domain.naming import NameHeld
from services.housing.shipped import named_communities, streets
from tests.support.specification import past

STREETS = {"yiliu", "guandu"}
NOON = datetime(2026, 3, 9, 4, tzinfo=UTC)

seeded = CommunityEntered(
    code="shijicheng",
    name="世纪城",
    valid_from=date(2026, 3, 2),
    reason="官民函〔2022〕61号",
    listed=15,
)
entered = CommunityEntered(
    code="shijicheng",
    name="世纪城",
    street="guandu",
    kind=CommunityKind.URBAN,
    households=5200,
    valid_from=date(2026, 3, 9),
    reason="区民政局核定",
    listed=15,
)

closed = replace(entered, valid_to=date(2026, 6, 30), reason="并入关上中心区")


def entering(entry: CommunityEntered) -> Any:
    return lambda known: enter(known, entry, STREETS)


def test_H_11_an_entry_replaces_the_one_before_from_its_day_on() -> None:
    after = past(None, evolve, [seeded]).when(entering(entered)).then(entered)
    assert after.state == Community(
        code="shijicheng",
        name="世纪城",
        street="guandu",
        kind=CommunityKind.URBAN,
        households=5200,
        valid_from=date(2026, 3, 9),
        reason="区民政局核定",
        listed=15,
    )


@pytest.mark.parametrize("happened", [(), (seeded,)])
@pytest.mark.parametrize("reason", ["", " "])
def test_H_11_a_new_entry_and_a_changed_one_say_why(
    happened: tuple[CommunityEntered, ...], reason: str
) -> None:
    past(None, evolve, happened).when(entering(replace(entered, reason=reason))).breaks(
        "H-11", field="reason"
    )


def test_what_changes_nothing_is_no_new_entry() -> None:
    again = replace(entered, valid_from=date(2026, 4, 1), reason="再次核对")
    past(None, evolve, [entered]).when(entering(again)).then()
    past(None, evolve, [entered]).when(entering(replace(again, households=5201))).then(
        replace(again, households=5201)
    )


def test_one_whose_street_nobody_knows_yet_stays_as_it_is_until_something_is_said_of_it() -> None:
    again = replace(seeded, valid_from=date(2026, 4, 1), reason="再次核对")
    past(None, evolve, [seeded]).when(entering(again)).then()
    past(None, evolve, [seeded]).when(entering(replace(again, households=5200))).refused(
        UnknownReference, field="street"
    )


@pytest.mark.parametrize("street", [None, "nowhere"])
def test_a_community_lies_in_a_street_of_the_district(street: str | None) -> None:
    past(None, evolve, ()).when(entering(replace(entered, street=street))).refused(
        UnknownReference, field="street"
    )


def test_a_community_has_a_name() -> None:
    past(None, evolve, ()).when(entering(replace(entered, name=" "))).refused(
        Malformed, field="name"
    )


def test_the_fifteen_that_the_documents_name_four_of_them_without_a_street() -> None:
    named = {code: (name, street, source) for code, name, street, source in named_communities()}
    assert len(named) == 15
    assert named["haihua"] == ("海华", "liujia", "官社建办通〔2018〕15号 附件4")
    assert named["shijicheng"] == ("世纪城", None, "官民函〔2022〕61号")
    assert {code for code, (_, street, _) in named.items() if street is None} == {
        "shijicheng",
        "xinyazhoutiyucheng",
        "luosiwan",
        "fenghuangshan",
    }


def test_the_nine_streets_with_their_116_communities() -> None:
    known = streets()
    assert {code: street.communities for code, street in known.items()} == {
        "guanshang": 12,
        "taihe": 8,
        "wujing": 11,
        "jinma": 13,
        "guandu": 12,
        "xiaobanqiao": 11,
        "liujia": 11,
        "yiliu": 18,
        "dabanqiao": 20,
    }
    assert known["yiliu"].name == "矣六街道"
    assert sum(street.communities for street in known.values()) == 116
    assert {street for _, _, street, _ in named_communities() if street} <= set(known)


def test_H_11_a_name_is_one_community_s_while_its_record_is_being_written() -> None:
    def wanted(code: str, now: datetime = NOON, version: int = 0) -> NameHeld:
        return NameHeld(street="guandu", name="世纪城", code=code, version=version, at=now)

    def hold(
        known: NameHeld | None, by: NameHeld, *, version: int = 0, has: bool = False
    ) -> tuple[NameHeld, ...]:
        return naming.hold(known, by, known, version, has)

    mine, other = wanted("shijicheng"), wanted("xincheng")
    assert hold(None, mine) == (mine,)
    assert hold(mine, wanted("shijicheng", version=3), has=True) == ()
    late = wanted("xincheng", NOON + HELD_FOR)
    assert hold(mine, late) == (late,)
    renamed_since = hold(mine, other, version=1)
    assert renamed_since == (other,)
    for by, has, seen in ((other, False, mine), (late, True, mine), (late, False, None)):
        with pytest.raises(Malformed) as refusal:
            naming.hold(mine, by, seen, 0, has)
        assert refusal.value.field == "name"
