"""What a start reads: what is still open, and nothing that grows from year to year."""

from collections import Counter
from dataclasses import replace
from typing import Any

from chassis.store import Document
from services.whistle.desk.registers import whistle_of
from services.whistle.main import seed
from tests.support.memory import MemoryStore

from .cases import MONDAY, blown, withdrawn
from .test_W_01_problems import collected
from .test_W_16_reporters import CAUSE, WHO, desk


class Counting(MemoryStore):
    def __init__(self) -> None:
        super().__init__()
        self.read: Counter[str] = Counter()

    async def find(self, collection: str, *asked: Any, **more: Any) -> list[Document]:
        found = await super().find(collection, *asked, **more)
        self.read[collection] += len(found)
        return found


async def test_W_01_a_start_reads_no_case_that_is_over_and_no_reporter() -> None:
    store, apart = Counting(), Counting()
    there = desk(store, apart)
    for n in range(3):
        problem = f"p-{n}"
        await there.problems.once(problem, [replace(collected, has_reporter=True)], CAUSE)
        await there.reporters.keep(problem, WHO, CAUSE)
        called = replace(blown, problem=problem)
        await there.whistles.once(whistle_of(problem, 0), [called, withdrawn], CAUSE)
    await seed(there, MONDAY)
    assert store.read["whistles"] == apart.read["reporters"] == 0
