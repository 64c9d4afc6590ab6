"""W-18: who blew urges whom it waits on, once in a working day; nothing is due sooner for it."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from chassis.kernel.errors import Malformed, NotAllowed, RuleBroken
from services.whistle.domain.events import Kind, Level, Urged
from services.whistle.domain.policy import Urging, check
from services.whistle.domain.urging import urge, waits_on
from services.whistle.domain.whistle import Whistle
from services.whistle.steps.whistles import keys

from .cases import (
    CALLED,
    CENTRE,
    COMMUNITY,
    EVALUATED,
    HANDLED,
    NUMBERS,
    STREET,
    VERIFIED,
    WORK,
    at,
    blown,
    came,
    done,
    filed,
    given,
    grid_80,
    not_done,
    registered,
    state,
    street_90,
)
from .test_W_05_outcomes_and_competence import ARRIVED, second

FRIDAY, SUNDAY, MONDAY = at("03-06 16:00"), at("03-08 10:00"), at("03-09 09:10")
UNITS = tuple(f"department:{unit}" for unit in ("water", "transport", "health"))


def urges(
    w: Whistle, by: str = STREET, when: Any = FRIDAY, under: Urging = NUMBERS.urging
) -> Urged:
    return urge(w, by=by, now=when, work=WORK, under=under)


@pytest.mark.parametrize(
    ("happened", "whom"),
    [
        ((blown,), (CENTRE,)),
        ((blown, registered), (CENTRE,)),
        (CALLED, UNITS),
        ((*CALLED, came("water"), filed("water")), UNITS[1:]),
        ((*HANDLED, done), (CENTRE,)),
        ((*HANDLED, not_done), (CENTRE,)),
        (VERIFIED, (CENTRE,)),
    ],
)
def test_W_18_it_is_said_to_whom_it_waits_on(
    happened: tuple[Any, ...], whom: tuple[str, ...]
) -> None:
    given(*happened).when(urges).then(Urged(whom=whom, at=FRIDAY))


def test_W_18_a_community_urges_whom_its_own_whistle_waits_on() -> None:
    own = replace(state(VERIFIED), level=Level.COMMUNITY, blower=COMMUNITY)
    assert waits_on(own) == (STREET,)
    assert waits_on(replace(state((*HANDLED, done)), level=Level.COMMUNITY)) == ()


def test_W_18_what_waits_for_who_blew_is_not_urged() -> None:
    given(*HANDLED).when(urges).breaks("W-18")


def test_W_18_what_waits_for_the_blowers_own_mark_is_not_urged() -> None:
    given(*VERIFIED, grid_80).when(urges).breaks("W-18", says="正等吹哨单位自己办理")
    given(*VERIFIED, grid_80, street_90).when(urges).then(Urged(whom=(CENTRE,), at=FRIDAY))


def test_W_18_who_has_yet_to_decide_whose_it_is_is_urged_beside_the_units() -> None:
    parties = ("department:water", "department:justice", CENTRE)
    given(*ARRIVED, second).when(urges).then(Urged(whom=parties, at=FRIDAY))


def test_W_17_what_waits_for_nobody_is_not_urged() -> None:
    given(*EVALUATED).when(urges).breaks("W-17")


def test_W_18_only_who_blew_urges() -> None:
    for other in (CENTRE, COMMUNITY, "street:taihe"):
        given(*CALLED).when(partial(urges, by=other)).refused(NotAllowed)


def test_W_18_once_in_a_working_day() -> None:
    """On days when nobody works the one of before still holds."""
    once = (*CALLED, Urged(whom=UNITS, at=FRIDAY))
    for again in (FRIDAY, SUNDAY):
        given(*once).when(partial(urges, when=again)).breaks("W-18")
    given(*once).when(partial(urges, when=MONDAY)).then(Urged(whom=UNITS, at=MONDAY))


def test_W_18_an_emergency_is_urged_every_day_also_in_the_holidays() -> None:
    """W-06: its clock runs by the wall; 15 to 23 February 2026 is Spring Festival."""
    new_years_eve, midnight = at("02-16 21:00"), at("02-17 00:00")
    called = (replace(blown, kind=Kind.EMERGENCY), *CALLED[1:])
    once = given(*called, Urged(whom=UNITS, at=new_years_eve))
    with pytest.raises(RuleBroken, match="满 1 天可再催办") as refusal:
        urges(once.state, when=at("02-16 23:59"))
    assert refusal.value.rule.id == "W-18"
    once.when(partial(urges, when=midnight)).then(Urged(whom=UNITS, at=midnight))
    usual = given(*CALLED, Urged(whom=UNITS, at=new_years_eve))
    usual.when(partial(urges, when=at("02-23 10:00"))).breaks("W-18")
    usual.when(partial(urges, when=at("02-24 00:00"))).leads_to()


def test_W_18_it_moves_no_deadline() -> None:
    before, after = state(CALLED), state((*CALLED, Urged(whom=UNITS, at=FRIDAY)))
    assert after.tasks == before.tasks
    assert keys(after) == keys(before)
    assert (after.urged, after.urged_at) == (UNITS, FRIDAY)


def test_W_18_of_which_kinds_and_how_often_is_the_policys() -> None:
    under = replace(NUMBERS.urging, kinds=(Kind.EMERGENCY,))
    given(*CALLED).when(partial(urges, under=under)).breaks("W-18")
    rarely = replace(NUMBERS.urging, days=2)
    once = given(*CALLED, Urged(whom=UNITS, at=FRIDAY))
    once.when(partial(urges, when=MONDAY, under=rarely)).breaks("W-18")
    once.when(partial(urges, when=at("03-10 09:10"), under=rarely)).then(
        Urged(whom=UNITS, at=at("03-10 09:10"))
    )
    for days in (0, 11):
        with pytest.raises(Malformed):
            check(replace(NUMBERS, urging=replace(NUMBERS.urging, days=days)))
