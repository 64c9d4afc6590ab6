"""A-12, A-25: what is sealed about a person goes when its term is over, and nothing before."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import Malformed
from services.affairs.desk import NAME, PERSON, AffairsDesk
from services.affairs.domain import keeping, proof, worker
from services.affairs.domain.keeping import LOOK_AGAIN, PersonForgotten, PersonKept
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


def at(now: datetime) -> Cause:
    return Cause(actor="timer", now=now)


def test_A_12_a_term_is_looked_at_again_and_again_until_it_is_over() -> None:
    assert keeping.look(OVER, 730, OVER) == PersonKept(until=OVER + LOOK_AGAIN)
    near = OVER + 720 * DAYS
    assert keeping.look(OVER, 730, near) == PersonKept(until=OVER + 730 * DAYS)
    assert keeping.look(OVER, 730, OVER + 730 * DAYS) == PersonForgotten(at=OVER + 730 * DAYS)


def test_A_12_nothing_is_due_of_who_is_in_post_or_forgotten() -> None:
    assert (given().state.over_at, given().state.next_due) == (None, None)
    assert given(left).state.next_due == OVER
    kept = given(left, PersonKept(until=LATER + 30 * DAYS))
    assert kept.state.next_due == LATER + 30 * DAYS
    back = given(left, PersonKept(until=LATER), PostTaken(post=Post.CHIEF, since=WHEN + DAYS))
    assert (back.state.next_due, worker.look(back.state, 730, MARCH)) == (None, ())
    gone = given(left, PersonForgotten(at=LATER)).state
    assert (gone.next_due, worker.look(gone, 730, LATER)) == (None, ())
    broken("A-12", None, worker.read, gone, "x", "核对", LATER)
    again = given(left, PersonForgotten(at=LATER), Named(at=LATER)).state
    assert again.next_due == OVER
    broken("A-12", "name", worker.name, " ", LATER)


@pytest.mark.parametrize("field", ["worker_days", "asker_days"])
@pytest.mark.parametrize("days", [29, 3651])
def test_A_12_a_term_is_neither_too_short_nor_for_ever(field: str, days: int) -> None:
    terms = {"worker_days": 30, "asker_days": 3650}
    check(but(SHIPPED, retention=Retention(**terms)))
    with pytest.raises(Malformed) as refusal:
        check(but(SHIPPED, retention=Retention(**{**terms, field: days})))
    assert refusal.value.field == f"retention.{field}"


async def kept(desk: AffairsDesk, of: str, *kinds: str) -> list[str]:
    return sorted(await desk.sealed.read(of, {kind: kind for kind in kinds}))


async def noted(desk: AffairsDesk) -> list[str]:
    return [held.aggregate.line async for held in desk.removals.kept.every({})]


async def test_A_12_a_workers_name_and_certificates_go_and_his_record_stays() -> None:
    _, desk = await there()
    proven = Certified(kind=Certificate.JUNIOR, on=TODAY)
    events: list[Any] = [but(taken, since=date(2026, 1, 1)), proven, left]
    await desk.workers.once("w-1", events, CAUSE)
    for kind in (NAME, "junior"):
        await desk.sealed.keep("w-1", kind, {"said": "（虚构）"}, CAUSE)
    await desk.worker_due("w-1", at(OVER))
    held = (await desk.workers.get("w-1")).aggregate
    assert held.look_at == OVER + LOOK_AGAIN
    assert await kept(desk, "w-1", NAME, "junior") == ["junior", NAME]
    await desk.worker_due("w-1", at(OVER + 730 * DAYS))
    held = (await desk.workers.get("w-1")).aggregate
    assert (held.forgotten_at, held.next_due) == (OVER + 730 * DAYS, None)
    assert len(held.posts) == 1 and await kept(desk, "w-1", NAME, "junior") == []
    assert await noted(desk) == ["retention.worker_days"] * 2


async def test_A_12_who_is_back_in_post_is_kept() -> None:
    _, desk = await there()
    events: list[Any] = [taken, left, PostTaken(post=Post.CHIEF, since=WHEN + DAYS)]
    await desk.workers.once("w-1", events, CAUSE)
    await desk.sealed.keep("w-1", NAME, {"said": "（虚构）"}, CAUSE)
    await desk.worker_due("w-1", at(OVER + 900 * DAYS))
    assert await kept(desk, "w-1", NAME) == [NAME] and await noted(desk) == []


async def test_A_25_who_asked_goes_a_year_after_the_answer() -> None:
    _, desk = await there()
    await desk.proofs.once("p-1", [asked, ProofGiven(version=1, on=TODAY)], CAUSE)
    await desk.sealed.keep("p-1", PERSON, {PERSON: "（虚构）"}, CAUSE)
    over = (await desk.proofs.get("p-1")).aggregate.next_due
    assert over is not None
    await desk.proof_due("p-1", at(over))
    assert await kept(desk, "p-1", PERSON) == [PERSON]
    await desk.proof_due("p-1", at(over + 365 * DAYS))
    one = (await desk.proofs.get("p-1")).aggregate
    assert await kept(desk, "p-1", PERSON) == [] and await noted(desk) == ["retention.asker_days"]
    assert one.next_due is None
    broken("A-25", None, proof.read, one, "x", "核对", LATER)
    await desk.proofs.once("p-2", [asked], CAUSE)
    assert (await desk.proofs.get("p-2")).aggregate.next_due is None
    assert proof.look((await desk.proofs.get("p-2")).aggregate, 365, LATER) == ()
