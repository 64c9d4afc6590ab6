"""How often each rule refused which step: counts by day, without the caller or the record.

Counted where a refusal is answered, and written in batches, so that a thousand refusals aren't a thousand writes;
counts not yet written when a process is killed are lost.
"""

import contextlib
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from datetime import date, datetime

from pydantic import BaseModel

from .http import Door
from .identity import Subject, kinds
from .kernel.clock import local_date
from .kernel.errors import Unavailable
from .routes import Routes
from .store import Document, DuplicateKey, Store

REFUSALS = "refusals"
EVERY = 60.0
"""Seconds between two times that counts are written down."""
ATTEMPTS = 5
OFFICES = kinds(
    "community",
    "street",
    "department",
    "command_centre",
    "finance",
    "party_committee",
    "discipline",
    "district_admin",
)
"""Who works by the rules; the counts are nobody else's (ours)."""


class AtStep(BaseModel):
    """`operation` as the API's description calls it."""

    operation: str
    refused: int


class RefusedByRule(BaseModel):
    """`refused` times since the day `since`, last on `last_on`."""

    rule: str
    refused: int
    since: date
    last_on: date
    by_step: list[AtStep]


class Refusals:
    """Of one service, in its own store; several processes add to the same counts."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._new: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def note(self, rule: str, operation: str) -> None:
        self._new[rule][operation] += 1

    async def prepare(self) -> None:
        await self._store.prepare(REFUSALS, [])

    async def stop(self) -> None:
        with contextlib.suppress(Unavailable):
            await self.write()

    async def write(self) -> None:
        """What was counted since it was last done."""
        for rule in tuple(self._new):
            counted = self._new.pop(rule)
            try:
                await self._add(rule, counted)
            except BaseException:
                self._new[rule] += counted
                raise

    async def known(self) -> list[RefusedByRule]:
        """Of all processes, what they have written down."""
        await self.write()
        found = await self._store.find(REFUSALS, {}, limit=1000)
        return [_shown(document) for document in found]

    async def _add(self, rule: str, counted: Mapping[str, int]) -> None:
        today = local_date(self._clock()).isoformat()
        for _ in range(ATTEMPTS):
            known = await self._store.get(REFUSALS, rule)
            if known is None:
                first = {"id": rule, "rev": 1, "since": today, **_counts(counted, today)}
                with contextlib.suppress(DuplicateKey):
                    await self._store.insert(REFUSALS, first)
                    return
                continue
            sums = Counter(dict(known["steps"])) + Counter(counted)
            again = {**known, "rev": known["rev"] + 1, **_counts(sums, max(known["last"], today))}
            if await self._store.replace(REFUSALS, again, known["rev"]):
                return
        raise Unavailable("存储暂时不可用，请稍后再试。")


def _counts(counted: Mapping[str, int], today: str) -> Document:
    """Pairs: the name of an operation has dots in it, which a field's may not."""
    return {"last": today, "steps": [[*one] for one in sorted(counted.items())]}


def _shown(document: Document) -> RefusedByRule:
    steps: list[tuple[str, int]] = [(one[0], one[1]) for one in document["steps"]]
    return RefusedByRule(
        rule=document["id"],
        refused=sum(count for _, count in steps),
        since=date.fromisoformat(document["since"]),
        last_on=date.fromisoformat(document["last"]),
        by_step=[AtStep(operation=name, refused=count) for name, count in steps],
    )


def refusals_router(refusals: Refusals, door: Door) -> Routes:
    api, reading = Routes(tags=["规则"]), door.reading()

    @api.get("/refusals", summary="各规则驳回的次数")
    async def refused(reader: Subject = reading) -> list[RefusedByRule]:
        """Of steps that were asked for; lines of imported files aren't counted."""
        reader.must_be(OFFICES)
        return await refusals.known()

    return api
