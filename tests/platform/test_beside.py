"""What belongs to a change and is kept apart: there with it, and as it was where the change is refused."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest

from chassis.aggregates import Aggregates
from chassis.beside import together
from chassis.cause import Cause
from chassis.kernel.errors import KeyReused, RuleBroken, Stale, Unavailable
from chassis.sealed import Sealed
from chassis.store import Document, Store
from tests.support.stores import store
from tests.support.toy import KEY, NOON, Jar, Lidded, PutIn, Silent, cause, jars

__all__ = ["store"]
NAME = "name"


class Named:
    """A jar whose owner is sealed beside it, as one process has it."""

    def __init__(self, store: Store) -> None:
        self.jars: Aggregates[Jar, PutIn | Lidded] = jars(store, Silent())
        self.sealed = Sealed("toy", store, KEY, Silent())

    async def name(self, owner: str, why: Cause, amount: int = 1) -> None:
        def put(jar: Jar) -> Iterable[PutIn]:
            return jar.put(amount, NOON)

        kept = self.sealed.keeping("jar", NAME, {NAME: owner}, why)
        await self.jars.change("jar", put, why, beside=kept)

    async def owner(self) -> str | None:
        found = await self.sealed.read("jar", {NAME: NAME})
        return found[NAME][NAME] if found else None


@pytest.fixture
async def one(store: Store) -> Named:
    named = Named(store)
    await named.jars.prepare()
    await named.sealed.kept.prepare()
    await named.jars.create("jar", lambda: Jar().put(1, NOON), cause())
    return named


async def test_what_is_refused_leaves_nothing_and_changes_nothing(one: Named) -> None:
    with pytest.raises(RuleBroken):
        await one.name("甲", cause(), amount=1000)
    assert await one.owner() is None
    await one.name("甲", cause(key="caller:k", fingerprint="f"))
    with pytest.raises(Stale):
        await one.name("乙", cause(expected=1))
    with pytest.raises(KeyReused):
        await one.name("丙", cause(key="caller:k", fingerprint="g"))
    assert await one.owner() == "甲"
    await one.name("丁", cause(key="caller:k", fingerprint="f"))
    assert (await one.owner(), (await one.jars.get("jar")).version) == ("甲", 2)
    await one.name("戊", cause(expected=2))
    assert await one.owner() == "戊"


@pytest.mark.parametrize("before", [None, "甲"])
@pytest.mark.parametrize("had_put", [True, False], ids=["had put before", "puts after"])
async def test_who_comes_second_between_processes_takes_back_what_he_put(
    one: Named, store: Store, monkeypatch: pytest.MonkeyPatch, before: str | None, had_put: bool
) -> None:
    if before:
        await one.name(before, cause())
    why = cause(expected=(await one.jars.get("jar")).version)
    other, replace, overtook = Named(store), store.replace, False
    if had_put:
        await other.sealed.keeping("jar", NAME, {NAME: "先"}, why)()

    async def overtaken(collection: str, document: Document, rev: int, **how: bool) -> bool:
        nonlocal overtook
        if collection == "jars" and not overtook:
            overtook = True
            if had_put:
                await other.jars.change("jar", lambda jar: jar.put(1, NOON), why)
            else:
                await other.name("先", why)
        return await replace(collection, document, rev, **how)

    monkeypatch.setattr(store, "replace", overtaken)
    with pytest.raises(Stale):
        await one.name("后", why)
    assert (overtook, await one.owner()) == (True, "先")


async def test_what_was_there_before_stays_when_the_first_put_nothing(
    one: Named, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, replace, overtook = jars(store, Silent()), store.replace, False

    async def overtaken(collection: str, document: Document, rev: int, **how: bool) -> bool:
        nonlocal overtook
        if collection == "jars" and not overtook:
            overtook = True
            await other.change("jar", lambda jar: jar.put(1, NOON), cause())
        return await replace(collection, document, rev, **how)

    monkeypatch.setattr(store, "replace", overtaken)
    with pytest.raises(Stale):
        await one.name("甲", cause(expected=1))
    assert (overtook, await one.owner()) == (True, None)


async def test_several_are_put_in_order_and_taken_back_in_reverse() -> None:
    seen: list[str] = []

    def noted(name: str) -> Any:
        async def back() -> None:
            seen.append(f"-{name}")

        async def put() -> Any:
            seen.append(name)
            return back

        return put

    await (await together(noted("a"), noted("b"))())()
    assert seen == ["a", "b", "-b", "-a"]


@pytest.mark.parametrize("before", [None, "甲"])
@pytest.mark.parametrize("written", [True, False], ids=["written all the same", "not written"])
async def test_a_record_that_could_not_be_written_has_nothing_new_beside_it(
    one: Named, store: Store, monkeypatch: pytest.MonkeyPatch, before: str | None, written: bool
) -> None:
    """Whoever is told that the store failed, and it had written nevertheless, finds both or neither."""
    if before:
        await one.name(before, cause())
    version, replace = (await one.jars.get("jar")).version, store.replace

    async def failed(collection: str, document: Document, rev: int, **how: bool) -> bool:
        if collection != "jars":
            return await replace(collection, document, rev, **how)
        if written:
            await replace(collection, document, rev, **how)
        raise Unavailable("存储暂时不可用，请稍后再试。")

    with monkeypatch.context() as patched:
        patched.setattr(store, "replace", failed)
        with pytest.raises(Unavailable):
            await one.name("后", cause())
    assert (await one.jars.get("jar")).version == version + written
    assert await one.owner() == ("后" if written else before)


async def test_of_several_nothing_stays_where_one_cannot_be_put() -> None:
    seen: list[str] = []

    def noted(name: str) -> Any:
        async def back() -> None:
            seen.append(f"-{name}")

        async def put() -> Any:
            if name == "c":
                raise Unavailable(name)
            return back

        return put

    with pytest.raises(Unavailable):
        await together(noted("a"), noted("b"), noted("c"))()
    assert seen == ["-b", "-a"]


@pytest.mark.parametrize("before", [None, "甲"])
@pytest.mark.parametrize("at", ["sealed", "jars"])
@pytest.mark.parametrize("written", [True, False], ids=["written all the same", "not written"])
async def test_who_is_cut_off_meanwhile_leaves_both_or_neither(
    one: Named,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    before: str | None,
    at: str,
    written: bool,
) -> None:
    """However often: by a timer, by a process that ends. What is under way gets to the store, or is undone."""
    if before:
        await one.name(before, cause())
    version = (await one.jars.get("jar")).version
    held, go_on = asyncio.Event(), asyncio.Event()

    def held_up(write: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def late(collection: str, *said: Any, **how: bool) -> Any:
            if collection == at:
                held.set()
                await go_on.wait()
            if collection == "jars" and not written:
                raise Unavailable("存储暂时不可用，请稍后再试。")
            return await write(collection, *said, **how)

        return late

    with monkeypatch.context() as patched:
        patched.setattr(store, "insert", held_up(store.insert))
        patched.setattr(store, "replace", held_up(store.replace))
        naming = asyncio.create_task(one.name("后", cause()))
        await held.wait()
        for _ in range(3):
            naming.cancel()
            await asyncio.sleep(0)
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await naming
    assert (await one.jars.get("jar")).version == version + written
    assert await one.owner() == ("后" if written else before)
