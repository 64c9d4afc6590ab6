"""What is filed goes whole when its term is over, and what was filed again meanwhile stays whole."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from chassis.aggregates import Aggregates
from chassis.begun import LEFT
from chassis.beside import Beside
from chassis.files import Files, name_of
from chassis.kernel.errors import NotFound, Unavailable
from chassis.kind import Held, Kind
from chassis.removals import Removals
from chassis.store import Document
from tests.support.memory import MemoryStore
from tests.support.toy import KEY, NOON, Silent, cause

CONTENT = b"photo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    file: str


FILED: Kind[Picture, Filed] = Kind(
    service="toy",
    collection="filed",
    state=Picture,
    events=(Filed,),
    evolve=lambda _, event: Picture(file=event.file),
    announce=lambda *_: None,
    keys=lambda picture: {"file": picture.file},
    indexes=("file",),
)


class Pictures:
    def __init__(self) -> None:
        self.store = MemoryStore()
        self.kept = Aggregates(FILED, self.store, KEY, Silent())
        self.files = Files(self.kept, "contents")
        self.removals = Removals("toy", self.store, KEY, Silent())

    async def file(self, id: str) -> Held[Picture]:
        async def filed(file: str, beside: Beside) -> Any:
            return await self.kept.once(id, [Filed(file=file)], cause(), beside=beside)

        await self.files.filed(CONTENT, filed, NOON)
        return await self.kept.get(id)

    async def remove(self, held: Held[Picture]) -> None:
        names = [held.aggregate.file]
        await self.removals.remove_filed(self.files, held, names, "toy_days", cause())

    async def kept_without_end(self) -> int:
        """What is noted as begun, and contents that no record refers to."""
        contents = await self.store.find("contents", {})
        referred = {held.aggregate.file for held in await self.kept.find({})}
        begun = await self.store.find("contents_begun", {})
        return len(begun) + len([one for one in contents if one["id"] not in referred])


async def test_content_goes_with_the_last_record_of_it_and_not_before() -> None:
    there = Pictures()
    first, second = await there.file("1"), await there.file("2")
    await there.remove(first)
    assert await there.files.read(second.aggregate.file) == CONTENT
    await there.remove(second)
    with pytest.raises(NotFound):
        await there.files.read(second.aggregate.file)
    assert await there.kept.find({}) == [] and len(await there.removals.kept.find({})) == 2


@pytest.mark.parametrize("fails_at", ["contents", "filed"])
async def test_what_could_not_go_whole_is_met_again(
    fails_at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Pictures()
    held, delete = await there.file("1"), there.store.delete

    async def failing(collection: str, id: str, rev: int | None = None) -> bool:
        if collection == fails_at:
            raise Unavailable("存储暂时不可用，请稍后再试。")
        return await delete(collection, id, rev)

    with monkeypatch.context() as patched:
        patched.setattr(there.store, "delete", failing)
        with pytest.raises(Unavailable):
            await there.remove(held)
    [again] = await there.kept.find({})
    await there.remove(again)
    assert await there.kept.find({}) == [] and await there.files.look(held.aggregate.file) is None
    assert len(await there.removals.kept.find({})) == 1


@pytest.mark.parametrize("when", ["before", "after"])
async def test_what_is_filed_again_while_the_same_goes_keeps_its_content(
    when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Pictures()
    held, delete = await there.file("1"), there.store.delete

    async def overtaken(collection: str, id: str, rev: int | None = None) -> bool:
        if collection == "contents" and when == "before":
            await there.file("2")
        return await delete(collection, id, rev)

    monkeypatch.setattr(there.store, "delete", overtaken)
    if when == "before":
        await there.remove(held)
    else:
        insert = there.store.insert

        async def late(collection: str, document: Document, **how: bool) -> None:
            if collection == "filed":
                await there.remove(held)
            await insert(collection, document, **how)

        monkeypatch.setattr(there.store, "insert", late)
        await there.file("2")
    [second] = await there.kept.find({})
    assert second.id == "2" and await there.files.read(second.aggregate.file) == CONTENT
    assert await there.kept_without_end() == 0


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("there_already", [True, False])
async def test_content_whose_record_was_never_written_goes_after_an_hour_and_no_other(
    there_already: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Pictures()
    if there_already:
        await there.file("1")
    insert = there.store.insert

    async def killed(collection: str, document: Document, **how: bool) -> None:
        if collection == "filed":
            raise Killed
        await insert(collection, document, **how)

    with monkeypatch.context() as patched:
        patched.setattr(there.store, "insert", killed)
        with pytest.raises(Killed):
            await there.file("2")
    file = name_of(CONTENT)
    await there.files.go_through("toy", NOON + LEFT - timedelta(seconds=1))
    assert await there.files.read(file) == CONTENT, "who files it may still be at it"
    await there.files.go_through("toy", NOON + LEFT)
    assert await there.files.look(file) == (CONTENT if there_already else None)
    assert await there.kept_without_end() == 0


async def test_what_is_filed_again_while_what_was_left_of_it_goes_has_its_content(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = Pictures()
    await there.files.begun.note(name_of(CONTENT), NOON)
    await there.files.keep(CONTENT)
    delete = there.store.delete

    async def overtaken(collection: str, id: str, rev: int | None = None) -> bool:
        monkeypatch.undo()
        await there.file("1")
        return await delete(collection, id, rev)

    monkeypatch.setattr(there.store, "delete", overtaken)
    await there.files.go_through("toy", NOON + LEFT)
    assert await there.files.read(name_of(CONTENT)) == CONTENT
    assert await there.kept_without_end() == 0


async def test_what_is_refused_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    there = Pictures()

    async def refused(collection: str, document: Document, **how: bool) -> None:
        if collection == "filed":
            raise Unavailable("存储暂时不可用，请稍后再试。")
        await insert(collection, document, **how)

    insert = there.store.insert
    monkeypatch.setattr(there.store, "insert", refused)
    with pytest.raises(Unavailable):
        await there.file("1")
    assert await there.files.look(name_of(CONTENT)) is None
    assert await there.kept_without_end() == 0
