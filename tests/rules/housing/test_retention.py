"""How long evidence is kept (H-04): until its agreements are done with, and then so long."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import NotFound
from services.housing.desk import HousingDesk
from services.housing.domain import agreement as agreements
from services.housing.main import desk_on
from tests.support.memory import MemoryStore
from tests.support.toy import Silent

from .test_agreement import (
    SIGNED_AT,
    accepted_bare,
    bare,
    cancelled,
    fulfilled,
    given,
    remedied,
    replaced,
    signed,
)

PHOTO = b"\xff\xd8\xff\xe0 a hall"
SECOND = timedelta(seconds=1)
CAUSE = Cause(actor="street:yiliu", now=SIGNED_AT)


async def desk(*agreements: str) -> tuple[HousingDesk, str]:
    """The same photograph, filed for each."""
    there = desk_on(MemoryStore(), bytes(32), Silent())
    await there.policies.seed(SIGNED_AT)
    for id in agreements:
        one = replace(signed, agreement=id)
        await there.agreements.create(id, partial(list, (one,)), CAUSE)
        file = (await there.file(id, PHOTO, CAUSE)).id
    return there, file


async def left(there: HousingDesk, after: timedelta) -> int:
    for line in there.retention():
        await line.go_through("housing", SIGNED_AT + after)
    return len(await there.evidence.find({}))


async def term(there: HousingDesk) -> timedelta:
    return timedelta(days=(await there.policies.current())[1].retention.evidence_days)


async def test_H_04_evidence_goes_so_long_after_the_last_of_all_its_agreements() -> None:
    there, file = await desk("a1", "a3")
    days = await term(there)
    await there.agreements.change("a1", lambda _: [cancelled], CAUSE)
    assert await left(there, 20 * days) == 1, "the other is open"
    later = replace(CAUSE, now=SIGNED_AT + SECOND)
    await there.agreements.change("a3", lambda _: [cancelled], later)
    assert await left(there, days) == 1
    assert await left(there, days + SECOND) == 0
    with pytest.raises(NotFound):
        await there.files.read(file)
    [noted] = await there.removals.kept.find({})
    assert (noted.aggregate.record, noted.aggregate.line) == (file, "retention.evidence_days")


@pytest.mark.parametrize("collection", ["evidence_files", "evidence"])
async def test_H_04_what_is_filed_for_another_agreement_while_it_goes_stays(
    collection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, file = await desk("a1")
    await there.agreements.change("a1", lambda _: [cancelled], CAUSE)
    other = replace(signed, agreement="a3")
    await there.agreements.create("a3", lambda: [other], CAUSE)
    delete = there.evidence.store.delete

    async def overtaken(where: str, id: str, rev: int | None = None) -> bool:
        if where == collection:
            monkeypatch.undo()
            await there.file("a3", PHOTO, CAUSE)
        return await delete(where, id, rev)

    monkeypatch.setattr(there.evidence.store, "delete", overtaken)
    assert await left(there, await term(there)) == 1
    assert await there.files.read(file) == PHOTO
    assert (await there.evidence.get(file)).aggregate.is_for("a3")


async def test_H_04_of_a_replaced_agreement_it_stays_until_the_other_is_done_with() -> None:
    there, _ = await desk("a1")
    days = await term(there)
    await there.agreements.change("a1", lambda _: [replaced], CAUSE)
    await there.succeed("a1", CAUSE)
    assert await left(there, 20 * days) == 1
    await there.agreements.change("a2", lambda _: [cancelled], CAUSE)
    assert await left(there, days) == 0


def test_H_04_nothing_is_done_with_while_something_is_to_be_put_right() -> None:
    there = given(bare, accepted_bare, fulfilled)
    assert (there.state.to_remedy != (), there.state.done_with) == (True, False)
    assert given(bare, accepted_bare, fulfilled, remedied).state.done_with
    assert not given().state.done_with and not given(replaced).state.done_with
    assert agreements.Status.FULFILLED is there.state.status
