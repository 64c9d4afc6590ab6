"""C-14: who sits on a seat is sealed, read with a reason, and forgotten."""

import json
from base64 import b64decode, b64encode
from datetime import timedelta

import pytest

from chassis.calendar import NationalCalendar
from chassis.cause import Cause
from chassis.kernel.clock import WorkTime, begin_of, local_date
from chassis.kernel.errors import Broken, Malformed, NotFound
from chassis.sealed import Sealed
from services.consultation.domain import naming, planning, roll
from services.consultation.domain.members import (
    CommitteeDissolved,
    Ended,
    MemberForgotten,
    MemberNamed,
    NameRead,
    SeatEnded,
)
from services.consultation.main import desk_on
from tests.support.memory import MemoryStore
from tests.support.toy import Silent

from .test_committee import MORNING
from .test_members import SEATED, sitting

PERSON = {"name": "张三", "phone": "13800000000"}
CAUSE = Cause(actor="platform", now=MORNING)


def test_C_14_a_name_is_read_with_a_reason_that_is_recorded() -> None:
    here = sitting()
    here.when(lambda c: naming.name(c, "f99", PERSON, 90)).refused(NotFound)
    here.when(lambda c: naming.name(c, "f1", {"name": " "}, 90)).refused(Malformed, field="name")
    here.when(lambda c: naming.read(c, "f1", "street:x", "通知开会。")).refused(NotFound)
    named = here.when(lambda c: naming.name(c, "f1", PERSON, 90)).then(MemberNamed(seat="f1"))
    named.when(lambda c: naming.read(c, "f1", "street:x", " ")).breaks("C-14", field="reason")
    named.when(lambda c: naming.read(c, "f1", "street:x", "通知开会。")).then(
        NameRead(seat="f1", by="street:x", reason="通知开会。")
    )
    after = named.when(lambda c: naming.forget(c, "f1")).then(MemberForgotten(seat="f1"))
    assert after.state.named == ()
    after.when(lambda c: naming.forget(c, "f1")).refused(NotFound)


NAMED = (MemberNamed(seat="f0", days=30), MemberNamed(seat="f1", days=30))
ENDED = SeatEnded(seat="f0", why=Ended.OWN_WISH, note="书面申请", at=MORNING)
DAY = timedelta(days=1)


def test_C_14_a_name_is_forgotten_so_long_after_its_seats_end() -> None:
    here = sitting(*NAMED, ENDED)
    due = begin_of(local_date(MORNING) + 30 * DAY)
    assert roll.next_due(here.state) == min(due, planning.next_due(here.state) or due)
    assert naming.next_due(here.state) == due
    assert naming.lapsed(here.state, due - timedelta(seconds=1)) == ()
    after = here.when(lambda c: naming.lapsed(c, due)).then(MemberForgotten(seat="f0"))
    assert after.state.named == ("f1",)


def test_C_14_of_a_term_that_ended_or_a_committee_dissolved_all_are() -> None:
    sits = sitting(*NAMED)
    over = begin_of(sits.state.term_ends + 30 * DAY)
    assert naming.next_due(sits.state) == over
    assert [one.seat for one in naming.lapsed(sits.state, over)] == ["f0", "f1"]
    gone = sitting(*NAMED, CommitteeDissolved(reason="撤销。", at=MORNING))
    due = begin_of(local_date(MORNING) + 30 * DAY)
    assert [one.seat for one in naming.lapsed(gone.state, due)] == ["f0", "f1"]
    assert naming.next_due(sitting().state) is None


async def test_C_14_the_clock_takes_the_name_away_and_the_trail_says_so() -> None:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WorkTime(days=NationalCalendar()))
    await desk.committees.once("c-1", [SEATED, *NAMED, ENDED], CAUSE)
    for seat in ("f0", "f1"):
        await desk.sealed.keeping("c-1", seat, PERSON, CAUSE)()
    await desk.committee_due("c-1", Cause(actor="platform", now=MORNING + 31 * DAY))
    with pytest.raises(NotFound):
        await desk.sealed.open("c-1", "f0")
    assert await desk.sealed.open("c-1", "f1") == PERSON
    held, trail = await desk.committees.history("c-1")
    assert (held.aggregate.named, trail[-1]["type"]) == (("f1",), "MemberForgotten")
    [noted] = await desk.removals.kept.find({})
    assert (noted.aggregate.record, noted.aggregate.line) == ("c-1/f0", "name_days")


async def test_a_name_is_in_no_document_and_opens_for_its_own_seat_only() -> None:
    store = MemoryStore()
    sealed = Sealed("consultation", store, bytes(32), Silent())
    await sealed.keeping("c-1", "s1", PERSON, CAUSE)()
    await sealed.keeping("c-1", "s2", {"name": "李四", "phone": ""}, CAUSE)()
    documents = [found async for found in sealed.kept._documents({})]
    assert len(documents) == 2
    for secret in ("张三", "13800000000", "李四"):
        assert secret not in json.dumps(documents, ensure_ascii=False, default=str)
    assert await sealed.open("c-1", "s1") == PERSON
    await sealed.forget("c-1", "s1")
    with pytest.raises(NotFound):
        await sealed.open("c-1", "s1")


async def test_C_14_any_byte_that_is_altered_in_a_sealed_name_is_found() -> None:
    store = MemoryStore()
    sealed = Sealed("consultation", store, bytes(32), Silent())
    await sealed.keeping("c-1", "s1", PERSON, CAUSE)()
    [document] = [found async for found in sealed.kept._documents({})]
    box = b64decode(document["state"]["box"])
    for place in range(len(box)):
        other = bytearray(box)
        other[place] ^= 1
        state = {**document["state"], "box": b64encode(other).decode()}
        rev = (await store.rev("sealed", document["id"])) or 0
        await store.replace("sealed", {**document, "state": state, "rev": rev + 1}, rev)
        with pytest.raises(Broken):
            await sealed.open("c-1", "s1")
