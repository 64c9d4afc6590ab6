"""How long proofs are kept (W-05): so long after the last in a whistle that is over, the content with the last."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.kernel.errors import Malformed, NotFound
from services.whistle.desk import WhistleDesk
from services.whistle.domain.policy import check
from tests.support.memory import MemoryStore

from .cases import MONDAY, NUMBERS, blown, withdrawn
from .test_W_16_reporters import CAUSE, desk

PHOTO = b"\xff\xd8\xff\xe0 a sluice"
TERM = NUMBERS.retention.proof_days * timedelta(days=1)
SECOND = timedelta(seconds=1)


async def go_through(there: WhistleDesk, after: timedelta) -> list[str]:
    """The files' records that are left."""
    for line in there.retention():
        await line.go_through("whistle", MONDAY + after)
    return [held.aggregate.whistle async for held in there.proofs.every({})]


async def test_W_05_a_proof_goes_so_long_after_the_last_of_its_whistle() -> None:
    there = desk(MemoryStore(), MemoryStore())
    await there.policies.seed(MONDAY)
    for id in ("w-1", "w-2"):
        await there.whistles.create(id, lambda: [blown], CAUSE)
        proof = await there.file_proof(id, "water", PHOTO, NUMBERS, CAUSE)
    file = proof.aggregate.file
    assert len(await go_through(there, 20 * TERM)) == 2, "neither is over"
    for id, later in (("w-1", timedelta()), ("w-2", 30 * SECOND)):
        cause = replace(CAUSE, now=MONDAY + later)
        await there.whistles.change(id, lambda _: [withdrawn], cause)
    assert len(await go_through(there, TERM - SECOND)) == 2
    assert await go_through(there, TERM) == ["w-2"]
    assert await there.files.read(file) == PHOTO, "it was filed for another"
    for _ in range(2):
        assert await go_through(there, TERM + 30 * SECOND) == []
    with pytest.raises(NotFound):
        await there.files.read(file)
    noted = [held.aggregate async for held in there.removals.kept.every({})]
    assert [(one.collection, one.line) for one in noted] == [("proofs", "retention.proof_days")] * 2


@pytest.mark.parametrize("days", [29, 10951])
def test_W_05_the_term_is_neither_too_short_nor_for_ever(days: int) -> None:
    with pytest.raises(Malformed) as refusal:
        check(replace(NUMBERS, retention=replace(NUMBERS.retention, proof_days=days)))
    assert refusal.value.field == "retention.proof_days"
