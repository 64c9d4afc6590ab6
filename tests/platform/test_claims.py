"""Claims: a key stands for one request, whichever document that is about."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chassis import claims
from chassis.cause import Cause
from chassis.documents import KEYS_KEPT, seen_as
from chassis.kernel.errors import KeyReused, Refusal
from chassis.retention import EVERY
from chassis.store import Store
from tests.support.buses import until
from tests.support.inside import HeldClock, inside
from tests.support.stores import store
from tests.support.toy import NOON, PutIn, cause, jars

__all__ = ["store"]


def asked(fingerprint: str, **more: object) -> Cause:
    return cause(key="anna key-0001", fingerprint=fingerprint, claims=True, **more)


async def test_the_same_key_about_another_document_is_refused_and_changes_nothing(
    store: Store,
) -> None:
    kept = jars(store)
    await kept.prepare()
    await claims.prepare(store)
    first = await kept.record("one", lambda _: [PutIn(amount=1, at=NOON)], asked("a"))
    with pytest.raises(KeyReused):
        await kept.record("other", lambda _: [PutIn(amount=2, at=NOON)], asked("b"))
    assert await kept.look("other") is None
    again = await kept.record("one", lambda _: [PutIn(amount=1, at=NOON)], asked("a"))
    assert again.repeated and again.version == first.version


async def test_unclaimed_one_key_on_two_documents_is_two_effects(store: Store) -> None:
    kept = jars(store)
    await kept.prepare()
    await claims.prepare(store)
    for id, fingerprint in (("one", "a"), ("other", "b")):
        why = replace(asked(fingerprint), claims=False)
        await kept.record(id, lambda _: [PutIn(amount=1, at=NOON)], why)
    assert await kept.count({}) == 2


async def test_what_was_refused_claims_nothing(store: Store) -> None:
    kept = jars(store)
    await kept.prepare()
    await claims.prepare(store)

    def refuse(_: object) -> list[PutIn]:
        raise Refusal("没有。")

    with pytest.raises(Refusal):
        await kept.record("one", refuse, asked("a"))
    assert (await kept.record("one", lambda _: [PutIn(amount=2, at=NOON)], asked("b"))).version == 1


async def test_a_key_that_stands_for_another_request_is_said_before_any_rule(store: Store) -> None:
    kept = jars(store)
    await kept.prepare()
    await claims.prepare(store)
    await kept.record("one", lambda _: [PutIn(amount=1, at=NOON)], asked("a"))

    def refuse(_: object) -> list[PutIn]:
        raise Refusal("没有。")

    with pytest.raises(KeyReused):
        await kept.record("other", refuse, asked("b"))


async def test_a_claim_lasts_as_long_as_a_document_remembers_a_key(store: Store) -> None:
    kept = jars(store)
    await kept.prepare()
    await claims.prepare(store)
    await kept.record("one", lambda _: [PutIn(amount=1, at=NOON)], asked("a"))
    late = NOON + KEYS_KEPT + timedelta(seconds=1)
    await kept.record("other", lambda _: [PutIn(amount=2, at=NOON)], asked("b", now=late))
    with pytest.raises(KeyReused):
        await kept.record("third", lambda _: [PutIn(amount=3, at=NOON)], asked("a", now=late))


async def test_a_claim_that_has_lapsed_goes_and_one_that_was_taken_anew_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "PAGE", 2)
    await claims.prepare(store)
    late, keys = NOON + KEYS_KEPT + timedelta(seconds=1), [f"anna key-{n}" for n in range(5)]
    for key in keys:
        await claims.take(store, replace(asked("a"), key=key))
    await claims.take(store, replace(asked("b"), key="anna key-later", now=late))
    await claims.Lapsed([store]).go_through("toy", NOON + KEYS_KEPT)
    assert len(await store.find(claims.CLAIMS, {})) == 6, "none is over yet"
    delete, anew = store.delete, []

    async def overtaken(collection: str, id: str, rev: int | None = None) -> bool:
        monkeypatch.setattr(store, "delete", delete)
        anew.append(next(key for key in keys if seen_as(key) == id))
        await claims.take(store, replace(asked("c", now=late), key=anew[0]))
        return await delete(collection, id, rev)

    monkeypatch.setattr(store, "delete", overtaken)
    await claims.Lapsed([store]).go_through("toy", late)
    left = await store.find(claims.CLAIMS, {})
    assert {one["id"] for one in left} == {seen_as(anew[0]), seen_as("anna key-later")}
    with pytest.raises(KeyReused):
        await claims.check(store, replace(asked("a", now=late), key=anew[0]))


async def test_a_service_s_claims_go_with_what_else_it_keeps_no_longer(
    tmp_path: Path, sqlite_url: str
) -> None:
    clock = HeldClock(NOON)
    async with inside(tmp_path, only=("housing",), clock=clock) as here:
        [store] = here.services["housing"].stores
        await claims.take(store, asked("a"))
        clock.now += KEYS_KEPT + EVERY

        async def gone() -> bool:
            return await store.find(claims.CLAIMS, {}) == []

        await until(gone)
