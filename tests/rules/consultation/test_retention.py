"""How long photographs of a matter's steps and residents' proposals are kept (C-18, C-24, the terms are ours)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import Malformed, NotFound
from chassis.kind import Held
from services.consultation import keeping
from services.consultation.desk import ConsultationDesk
from services.consultation.domain.following_events import Came
from services.consultation.domain.photo import Photo
from services.consultation.domain.policy import check
from services.consultation.domain.topic import ProposalEvent
from services.consultation.main import desk_on
from services.consultation.queries import public
from services.consultation.receipts import Receipts
from tests.support.memory import MemoryStore
from tests.support.toy import Silent

from . import test_topics as topics
from .test_matter import CLOCKS, POLICY, PROPOSED, REFUSED
from .test_matter import MORNING as AT

PHOTO = b"\xff\xd8\xff\xe0 a photo"
LINE = "photo_days"
TERM = timedelta(days=1095)


def cause(now: datetime) -> Cause:
    return Cause(actor="system:test", now=now)


async def filed(*matters: str) -> tuple[ConsultationDesk, list[Held[Photo]]]:
    """The same photograph, filed for each."""
    desk = desk_on(MemoryStore(), b"k" * 32, Silent(), CLOCKS.work)
    await desk.policies.seed(AT)
    photos = []
    for matter in matters:
        await desk.matters.create(matter, lambda: [PROPOSED], cause(AT))
        photos.append(await desk.photos.file(matter, PHOTO, 1024, cause(AT)))
    return desk, photos


async def refuse(desk: ConsultationDesk, matter: str) -> None:
    await desk.matters.change(matter, lambda _: [REFUSED], cause(AT))


async def go_through(desk: ConsultationDesk, now: datetime) -> None:
    for line in keeping.lines(desk):
        await line.go_through("consultation", now)


async def test_C_18_a_photograph_goes_so_long_after_the_last_of_its_matter() -> None:
    desk, [photo] = await filed("m-1")
    await go_through(desk, AT + 20 * TERM)
    assert (await desk.photos.read("m-1", photo.id))[1] == PHOTO, "the matter isn't over"
    await refuse(desk, "m-1")
    await go_through(desk, AT + TERM - timedelta(seconds=1))
    assert (await desk.photos.read("m-1", photo.id))[1] == PHOTO
    await go_through(desk, AT + TERM)
    with pytest.raises(NotFound):
        await desk.photos.read("m-1", photo.id)
    with pytest.raises(NotFound):
        await desk.photos.files.read(photo.aggregate.file)
    [noted] = await desk.removals.kept.find({})
    assert (noted.aggregate.collection, noted.aggregate.record) == ("photos", photo.id)
    assert noted.aggregate.line == LINE


async def test_C_18_what_was_filed_for_another_matter_as_well_stays_there() -> None:
    desk, [gone, stays] = await filed("m-1", "m-2")
    await refuse(desk, "m-1")
    await go_through(desk, AT + TERM)
    with pytest.raises(NotFound):
        await desk.photos.read("m-1", gone.id)
    assert (await desk.photos.read("m-2", stays.id))[1] == PHOTO


RECEIPTS = Receipts(b"r" * 32)
CODE = RECEIPTS.code("p-1")
LATER = AT + timedelta(days=100)
KEPT = timedelta(days=365)
SECOND = timedelta(seconds=1)


async def proposal(*happened: ProposalEvent) -> tuple[ConsultationDesk, MemoryStore]:
    """One that was made, and what became of it later."""
    store = MemoryStore()
    desk = desk_on(store, b"k" * 32, Silent(), CLOCKS.work)
    await desk.policies.seed(AT)
    made = replace(topics.PROPOSED, receipt=RECEIPTS.mark(CODE), at=AT)
    await desk.proposals.create("p-1", lambda: [made], cause(AT))
    if happened:
        await desk.proposals.change("p-1", lambda _: happened, cause(LATER))
    return desk, store


async def test_C_24_a_proposal_goes_so_long_after_it_was_answered_and_nothing_of_it_is_left() -> (
    None
):
    desk, store = await proposal(topics.TURNED_DOWN)
    await go_through(desk, LATER + KEPT - SECOND)
    told = await public.case(desk, RECEIPTS, CODE)
    assert (told.reason, told.kept_days) == (topics.TURNED_DOWN.reason, KEPT.days)
    for later in (0, 1):
        await go_through(desk, LATER + KEPT + later * SECOND)
    with pytest.raises(public.UnknownReceipt):
        await public.case(desk, RECEIPTS, CODE)
    said = (topics.PROPOSED.title, topics.PROPOSED.text, topics.TURNED_DOWN.reason)
    assert not any(words in kept for kept in store.kept.values() for words in said)
    [noted] = await desk.removals.kept.find({})
    gone = noted.aggregate
    assert (gone.collection, gone.record, gone.line) == ("proposals", "p-1", "proposal_days")
    assert (gone.since, gone.at, noted.version) == (AT, LATER + KEPT, 1)


async def test_C_24_one_that_waits_for_its_answer_is_kept() -> None:
    desk, _ = await proposal()
    await go_through(desk, LATER + 20 * KEPT)
    assert (await public.case(desk, RECEIPTS, CODE)).status == "waiting"


async def test_C_24_one_that_was_taken_up_is_kept_as_long_as_its_matter_goes_on_and_that_stays() -> (
    None
):
    desk, _ = await proposal(topics.TAKEN_UP)
    await desk.matters.create("m-1", lambda: [PROPOSED], cause(AT))
    await go_through(desk, LATER + 20 * KEPT)
    assert (await public.case(desk, RECEIPTS, CODE)).matter == "proposed"
    closed = LATER + 30 * KEPT
    await desk.matters.change("m-1", lambda _: [REFUSED], cause(closed))
    await go_through(desk, closed + KEPT - SECOND)
    assert (await public.case(desk, RECEIPTS, CODE)).matter == "refused"
    await go_through(desk, closed + KEPT)
    with pytest.raises(NotFound):
        await desk.proposals.get("p-1")
    assert (await desk.matters.get("m-1")).aggregate.title == PROPOSED.title
    assert await desk.matters.check("m-1") == []


async def test_C_24_how_mediation_ended_is_read_as_long_and_changes_nothing_of_what_went() -> None:
    desk, _ = await proposal(topics.TURNED_DOWN)
    ended = LATER + KEPT - SECOND
    await desk.answer_dispute("p-1", "case-1", Came.SETTLED, cause(ended))
    await go_through(desk, ended + KEPT - SECOND)
    assert (await public.case(desk, RECEIPTS, CODE)).mediation == Came.SETTLED
    await go_through(desk, ended + KEPT)
    await desk.answer_dispute("p-1", "case-2", Came.SETTLED, cause(ended + KEPT))
    assert await desk.proposals.look("p-1") is None


@pytest.mark.parametrize("days", [0, 29, 10951])
@pytest.mark.parametrize("term", ["name_days", "photo_days", "proposal_days"])
def test_a_term_is_neither_too_short_nor_for_ever(term: str, days: int) -> None:
    least: dict[str, Any] = {term: 30}
    terms: dict[str, Any] = {term: days}
    sound = replace(POLICY, referred_head="order", street_heads=POLICY.community_heads)
    check(replace(sound, **least))
    with pytest.raises(Malformed) as refusal:
        check(replace(sound, **terms))
    assert refusal.value.field == term
