"""A-12, A-25: what is sealed about a person goes when its term is over, and nothing before."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import Malformed
from services.affairs.desk import NAME, PERSON, AffairsDesk
from services.affairs.domain import proof, worker
from services.affairs.domain.keeping import PersonForgotten
from services.affairs.domain.policy import Retention, check
from services.affairs.domain.proof import ProofGiven
from services.affairs.domain.scale import Post
from services.affairs.domain.worker import Certificate, Certified, Named, PostTaken

from .cases import LATER, MARCH, SHIPPED, TODAY, WHEN, broken, but
from .test_A_13_pay import given, left, taken
from .test_A_25_lists import asked
from .test_actions import there

OVER = datetime(2026, 3, 22, 16, 0, tzinfo=UTC)
"""The end of the last day in post."""
CAUSE = Cause(actor="timer", now=MARCH)
DAYS = timedelta(days=1)


def test_A_12_nothing_is_over_of_who_is_in_post_or_forgotten() -> None:
    assert (given().state.over, given(left).state.over) == (None, OVER)
    back = given(left, PostTaken(post=Post.CHIEF, since=WHEN + DAYS)).state
    assert (back.over, worker.forget(back, MARCH)) == (None, ())
    gone = given(left, PersonForgotten(at=LATER)).state
    assert (gone.over, worker.forget(gone, LATER)) == (None, ())
    broken("A-12", None, worker.read, gone, "x", "核对", LATER)
    assert given(left, PersonForgotten(at=LATER), Named(at=LATER)).state.over == OVER
    broken("A-12", "name", worker.name, " ", LATER)


@pytest.mark.parametrize("field", ["worker_days", "asker_days"])
@pytest.mark.parametrize("days", [29, 10951])
def test_A_12_a_term_is_neither_too_short_nor_for_ever(field: str, days: int) -> None:
    terms = {"worker_days": 30, "asker_days": 10950}
    check(but(SHIPPED, retention=Retention(**terms)))
    with pytest.raises(Malformed) as refusal:
        check(but(SHIPPED, retention=Retention(**{**terms, field: days})))
    assert refusal.value.field == f"retention.{field}"


async def kept(desk: AffairsDesk, of: str, *kinds: str) -> list[str]:
    return sorted(await desk.sealed.read(of, {kind: kind for kind in kinds}))


async def noted(desk: AffairsDesk) -> list[str]:
    return [held.aggregate.line async for held in desk.removals.kept.every({})]


async def lapsed(desk: AffairsDesk, now: datetime) -> None:
    for line in desk.retention():
        await line.go_through("affairs", now)


async def test_A_12_a_workers_name_and_certificates_go_and_his_record_stays() -> None:
    _, desk = await there()
    proven = Certified(kind=Certificate.JUNIOR, on=TODAY)
    events: list[Any] = [but(taken, since=date(2026, 1, 1)), proven, left]
    await desk.workers.once("w-1", events, CAUSE)
    for kind in (NAME, "junior"):
        await desk.sealed.keeping("w-1", kind, {"said": "（虚构）"}, CAUSE)()
    await lapsed(desk, OVER + 729 * DAYS)
    assert await kept(desk, "w-1", NAME, "junior") == ["junior", NAME]
    await lapsed(desk, OVER + 730 * DAYS)
    held = (await desk.workers.get("w-1")).aggregate
    assert (held.forgotten_at, held.over) == (OVER + 730 * DAYS, None)
    assert len(held.posts) == 1 and await kept(desk, "w-1", NAME, "junior") == []
    assert await noted(desk) == ["retention.worker_days"] * 2


async def test_A_12_the_number_of_a_struck_certificate_that_stayed_behind_goes_too() -> None:
    _, desk = await there()
    await desk.workers.once("w-1", [but(taken, since=date(2026, 1, 1)), left], CAUSE)
    await desk.sealed.keeping("w-1", "senior", {"said": "（虚构）"}, CAUSE)()
    await lapsed(desk, OVER + 730 * DAYS)
    assert await kept(desk, "w-1", "senior") == []


async def test_A_12_who_is_back_in_post_is_kept() -> None:
    _, desk = await there()
    events: list[Any] = [taken, left, PostTaken(post=Post.CHIEF, since=WHEN + DAYS)]
    await desk.workers.once("w-1", events, CAUSE)
    await desk.sealed.keeping("w-1", NAME, {"said": "（虚构）"}, CAUSE)()
    await lapsed(desk, OVER + 900 * DAYS)
    assert await kept(desk, "w-1", NAME) == [NAME] and await noted(desk) == []


async def test_A_25_who_asked_goes_a_year_after_the_answer() -> None:
    _, desk = await there()
    await desk.proofs.once("p-1", [asked, ProofGiven(version=1, on=TODAY)], CAUSE)
    await desk.proofs.once("p-2", [asked], CAUSE)
    for id in ("p-1", "p-2"):
        await desk.sealed.keeping(id, PERSON, {PERSON: "（虚构）"}, CAUSE)()
    over = (await desk.proofs.get("p-1")).aggregate.over
    assert over is not None
    await lapsed(desk, over + 364 * DAYS)
    assert await kept(desk, "p-1", PERSON) == [PERSON]
    await lapsed(desk, over + 365 * DAYS)
    one = (await desk.proofs.get("p-1")).aggregate
    assert await kept(desk, "p-1", PERSON) == [] and await noted(desk) == ["retention.asker_days"]
    assert one.over is None
    broken("A-25", None, proof.read, one, "x", "核对", LATER)
    # Who wasn't answered yet is kept, however long it takes.
    assert await kept(desk, "p-2", PERSON) == [PERSON]
