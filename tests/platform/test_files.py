"""Files in the store: one that is whole, one in parts, and what is said of one that isn't there."""

from pathlib import Path

import pytest

from chassis import files
from chassis.files import Files, LongFiles, name_of, parts_of
from chassis.kernel.errors import NotFound
from chassis.store import Store
from tests.support.stores import store
from tests.support.toy import jars

__all__ = ["store"]


async def test_a_file_is_kept_under_its_content_and_another_is_not_found(store: Store) -> None:
    kept = Files(jars(store), "photos")
    await kept.prepare()
    for content in (b"one", b"one", b"other"):
        await kept.keep(content)
    assert [await kept.read(name_of(one)) for one in (b"one", b"other")] == [b"one", b"other"]
    with pytest.raises(NotFound):
        await kept.read("nothing")


async def test_a_long_file_comes_out_whole_or_not_at_all(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PART", 4)
    kept, path = LongFiles(store, "tables"), tmp_path / "table"
    await kept.prepare()
    path.write_bytes(b"0123456789")
    await kept.keep("a", path)
    assert parts_of(10) == 3 and parts_of(8) == 2 and parts_of(0) == 0
    async with kept.taken_out("a", 3) as copy:
        assert copy.read_bytes() == b"0123456789"
    with pytest.raises(NotFound):
        async with kept.taken_out("a", 4):
            pass
    await kept.remove("a", 3)
    assert await store.find("tables", {}) == []
