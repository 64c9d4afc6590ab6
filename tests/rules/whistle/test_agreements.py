"""What changes about an agreement concerns the whistle of every date it missed, once each, while that is open."""

from dataclasses import replace

import pytest

from contracts import whistle as published
from services.whistle import announce
from services.whistle.desk import WhistleDesk
from services.whistle.desk.agreements import MissedDate
from services.whistle.domain.dealing import WhistleConcerned, concerned, evolve
from services.whistle.domain.events import Kind, Noted, WhistleEvent
from services.whistle.domain.whistle import Whistle
from tests.support.memory import MemoryStore
from tests.support.specification import past

from .cases import ANSWERED, CALLED, MONDAY, STREET, blown, rejected, withdrawn
from .test_W_16_reporters import CAUSE, desk

SPRING, SUMMER = "2026-03-31", "2026-06-30"
MISSED = MissedDate(agreement="a-1", due=SPRING, street="liujia", community="haihua")
extended = WhistleConcerned(
    agreement="a-1", street="liujia", community="haihua", due=SPRING, change="extended"
)


def changed(*missed: str) -> list[WhistleConcerned]:
    found = concerned(
        agreement="a-1", street="liujia", community="haihua", change="extended", missed=missed
    )
    return list(found)


def test_each_missed_date_is_concerned_once() -> None:
    both = [extended, replace(extended, due=SUMMER)]
    assert changed(SPRING, SUMMER) == changed(SPRING, SUMMER, SUMMER) == both
    assert changed() == []


def test_what_is_told_names_the_date_the_change_and_the_unit() -> None:
    after = past(None, evolve, (extended,)).state
    assert announce.of_dealings(extended, after) == published.AgreementNoted(
        street="liujia",
        community="haihua",
        units=("housing_construction",),
        agreement="a-1",
        due=SPRING,
        change="extended",
    )


async def whistle(there: WhistleDesk) -> Whistle:
    return (await there.whistles.get(MISSED.whistle)).aggregate


async def test_a_note_that_comes_first_blows_the_whistle_and_its_own_news_changes_nothing() -> None:
    there = desk(MemoryStore(), MemoryStore())
    await there.note_change(MISSED, "extended", replace(CAUSE, key="event:1"))
    await there.note_change(MISSED, "extended", replace(CAUSE, key="event:1"))
    noted = await whistle(there)
    assert (noted.kind, noted.blower, noted.notes) == (Kind.TACKLE, STREET, ("extended",))
    await there.blow_for_agreement(MISSED, CAUSE)
    assert await whistle(there) == noted


@pytest.mark.parametrize(
    ("happened", "notes"),
    [
        ((blown,), ("fulfilled",)),
        (CALLED, ("fulfilled",)),
        ((blown, Noted(what="extended", about="a-1")), ("extended", "fulfilled")),
        ((blown, rejected), ()),
        ((blown, withdrawn), ()),
        (ANSWERED, ()),
    ],
)
async def test_only_a_whistle_that_is_still_open_is_noted_on(
    happened: tuple[WhistleEvent, ...], notes: tuple[str, ...]
) -> None:
    there = desk(MemoryStore(), MemoryStore())
    await there.whistles.once(MISSED.whistle, happened, CAUSE)
    await there.note_change(MISSED, "fulfilled", replace(CAUSE, key="event:2", now=MONDAY))
    assert (await whistle(there)).notes == notes
