"""What is filed goes whole when its term is over, and what was filed again meanwhile stays whole."""

from dataclasses import dataclass
from typing import Any

import pytest

from chassis.aggregates import Aggregates
from chassis.files import Files
from chassis.kernel.errors import NotFound, Unavailable
from chassis.kind import Held, Kind
from chassis.removals import Removals
from chassis.store import Document
from tests.support.memory import MemoryStore
from tests.support.toy import KEY, Silent, cause

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
        self.files = Files(self.store, "contents")
        self.removals = Removals("toy", self.store, KEY, Silent())

    async def file(self, id: str) -> Held[Picture]:
        async def filed(file: str) -> Any:
            return await self.kept.once(id, [Filed(file=file)], cause())

        await self.files.filed(CONTENT, filed)
        return await self.kept.get(id)

    async def remove(self, held: Held[Picture]) -> None:
        await self.removals.remove_filed(self.kept, self.files, held, "toy_days", cause())


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

    async def failing(collection: str, id: str) -> bool:
        if collection == fails_at:
            raise Unavailable("存储暂时不可用，请稍后再试。")
        return await delete(collection, id)

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

    async def overtaken(collection: str, id: str) -> bool:
        if collection == "contents" and when == "before":
            await there.file("2")
        return await delete(collection, id)

    monkeypatch.setattr(there.store, "delete", overtaken)
    if when == "before":
        await there.remove(held)
    else:
        insert = there.store.insert

        async def late(collection: str, document: Document) -> None:
            if collection == "filed":
                await there.remove(held)
            await insert(collection, document)

        monkeypatch.setattr(there.store, "insert", late)
        await there.file("2")
    [second] = await there.kept.find({})
    assert second.id == "2" and await there.files.read(second.aggregate.file) == CONTENT
