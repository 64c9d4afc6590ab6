"""How long people are kept (O-04, O-12, O-15): until their term is over; not while they still answer for it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import Malformed, NotFound
from services.organisations.desk import OrganisationsDesk
from services.organisations.domain.complaint import Outcome
from services.organisations.domain.events import HeadLeft
from services.organisations.domain.policy import Retention, check
from services.organisations.domain.volunteer import VolunteerNamed, VolunteerRead
from services.organisations.main import desk_on
from tests.support.memory import MemoryStore
from tests.support.toy import Silent

from . import cases
from . import test_O_06_heads as heads
from . import test_O_12_complaints as complaints
from . import test_O_15_volunteers as volunteers
from .cases import LATER, MARCH, SHIPPED, WORK

KEY = b"k" * 32
TERMS = SHIPPED.retention
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
WHO = {"name": "演示甲", "number": "演示号", "phone": ""}


def cause(now: datetime) -> Cause:
    return Cause(actor="system:test", now=now)


async def desk() -> OrganisationsDesk:
    there = desk_on(MemoryStore(), KEY, Silent(), WORK)
    await there.policies.seed(MARCH)
    return there


async def go_through(there: OrganisationsDesk, now: datetime) -> None:
    for line in there.retention():
        await line.go_through("organisations", now)


async def removed(there: OrganisationsDesk) -> list[tuple[str, str]]:
    found = await there.removals.kept.find({})
    return [(one.aggregate.record, one.aggregate.line) for one in found]


async def test_O_04_who_a_head_was_goes_so_long_after_it_left_and_founders_stay() -> None:
    there = await desk()
    named = replace(heads.named, seat="f1")
    left = HeadLeft(seat="h1", on=LATER.date(), reason="届满", audit=heads.AUDIT)
    life: tuple[Any, ...] = (cases.applied, cases.examined, cases.registered, heads.publicised)
    life = (*life, named, heads.named, heads.seated)
    second = replace(heads.ONE, seat="h2", seated_on=LATER.date())
    life = (*life, replace(heads.publicised, head=second), replace(heads.named, seat="h2"))
    month_later = replace(left, seat="h2", on=left.on + 30 * DAY)
    await there.organisations.create("nuanyang", lambda: life, cause(LATER))
    for seat in ("f1", "h1", "h2"):
        await there.sealed.keeping("nuanyang", seat, WHO, cause(LATER))()
    await go_through(there, LATER + 20 * TERMS.person_days * DAY)
    assert await removed(there) == []
    await there.organisations.change("nuanyang", lambda _: [left, month_later], cause(LATER))
    end = datetime(LATER.year, LATER.month, LATER.day, 16, tzinfo=UTC) + TERMS.person_days * DAY
    await go_through(there, end - SECOND)
    assert await there.sealed.open("nuanyang", "h1") == WHO
    for later in (end, end + DAY):
        await go_through(there, later)
    with pytest.raises(NotFound):
        await there.sealed.open("nuanyang", "h1")
    for seat in ("f1", "h2"):
        assert await there.sealed.open("nuanyang", seat) == WHO
    assert await removed(there) == [("nuanyang/h1", "retention.person_days")]
    held, trail = await there.organisations.history("nuanyang")
    assert held.aggregate.named == ("f1", "h2")
    assert [entry["type"] for entry in trail].count("PeopleForgotten") == 1


async def test_O_12_who_complained_goes_so_long_after_the_decision_and_not_before() -> None:
    there = await desk()
    await there.complaints.create("k-1", lambda: [complaints.taken], cause(MARCH))
    await there.sealed.keeping("k-1", "reporter", {**WHO, "text": "演示"}, cause(MARCH))()
    term = TERMS.complainant_days * DAY
    await go_through(there, MARCH + 20 * term)
    assert await removed(there) == []
    await there.complaints.change("k-1", lambda _: [complaints.decided], cause(MARCH))
    await go_through(there, complaints.NOW + term - SECOND)
    assert (await there.sealed.open("k-1", "reporter"))["text"] == "演示"
    for later in (complaints.NOW + term, complaints.NOW + term + DAY):
        await go_through(there, later)
    happened = [entry["type"] for entry in await there.complaints.trail("k-1")]
    assert happened.count("ComplainantForgotten") == 1
    with pytest.raises(NotFound):
        await there.sealed.open("k-1", "reporter")
    assert await removed(there) == [("k-1/reporter", "retention.complainant_days")]
    assert (await there.complaints.get("k-1")).aggregate.outcome is Outcome.PENALTY


async def test_O_15_who_a_volunteer_was_goes_so_long_after_it_left() -> None:
    there = await desk()
    life = (volunteers.registered, VolunteerNamed(at=MARCH))
    await there.volunteers.create("v-1", lambda: life, cause(MARCH))
    await there.sealed.keeping("v-1", "volunteer", WHO, cause(MARCH))()
    term = TERMS.volunteer_days * DAY
    await go_through(there, MARCH + 20 * term)
    assert await removed(there) == []
    await there.volunteers.change("v-1", lambda _: [volunteers.left], cause(MARCH))
    await go_through(there, volunteers.left.at + term - SECOND)
    assert await there.sealed.open("v-1", "volunteer") == WHO
    for later in (volunteers.left.at + term, volunteers.left.at + term + DAY):
        await go_through(there, later)
    happened = [entry["type"] for entry in await there.volunteers.trail("v-1")]
    assert happened.count("VolunteerForgotten") == 1
    with pytest.raises(NotFound):
        await there.sealed.open("v-1", "volunteer")
    assert await removed(there) == [("v-1/volunteer", "retention.volunteer_days")]
    assert not (await there.volunteers.get("v-1")).aggregate.named


async def test_O_15_all_that_is_held_about_a_volunteer_is_exported_with_a_reason_on_record() -> (
    None
):
    there = await desk()
    life = (volunteers.registered, VolunteerNamed(at=MARCH))
    await there.volunteers.create("v-1", lambda: life, cause(MARCH))
    await there.sealed.keeping("v-1", "volunteer", WHO, cause(MARCH))()
    at = Cause(actor="community:haihua", now=MARCH)
    read = VolunteerRead(by=at.actor, reason="本人申请查阅")
    await there.volunteers.change("v-1", lambda _: [read], at)
    held = await there.held_about_volunteer("v-1")
    assert (held["person"], held["kept_until"]) == (WHO, None)
    assert [(one["by"], one["reason"]) for one in held["read"]] == [(read.by, read.reason)]
    await there.volunteers.change("v-1", lambda _: [volunteers.left], cause(MARCH))
    until = datetime.fromisoformat((await there.held_about_volunteer("v-1"))["kept_until"])
    assert until == volunteers.left.at + TERMS.volunteer_days * DAY


@pytest.mark.parametrize("line", ["person_days", "complainant_days", "volunteer_days"])
@pytest.mark.parametrize("days", [29, 10951])
def test_O_12_a_term_is_neither_too_short_nor_for_ever(line: str, days: int) -> None:
    terms: dict[str, int] = {
        "person_days": 365,
        "complainant_days": 365,
        "volunteer_days": 90,
        line: days,
    }
    with pytest.raises(Malformed) as refusal:
        check(replace(SHIPPED, retention=Retention(**terms)))
    assert refusal.value.field == f"retention.{line}"
