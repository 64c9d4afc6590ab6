"""Who reported it, and what was asked in full (W-16): in a store apart, sealed under a key of its own (AES-256-GCM)."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import assert_never, get_args

from chassis.aggregates import Aggregates, Outlet
from chassis.beside import Beside, Undo
from chassis.cause import Cause
from chassis.kernel.errors import NotFound
from chassis.keyring import Keyring
from chassis.kind import Kind
from chassis.resealing import Boxes
from chassis.sealing import Seal
from chassis.store import In, Store

ASKED = "asked"
"""What was asked stands beside the reporter: the full text is as confidential."""
CONTACT = "contact"
CODE = "receipt"
"""The code of the receipt: told once, and the same under whatever key."""
POINT = "point"
"""Where on the map he said it is: it may be his door, so it is as confidential."""
PLACE = "place"
"""Where he wrote that it is, until its community is known: then it is the problem's place, for whoever has to come."""
AGAIN = "again"
"""Why he asked for it to be handled anew, each time in a line: his words, as those before."""
APART = (ASKED, CODE, POINT, PLACE, AGAIN)
"""What is in the box, and nobody's identity."""
LATER = "要求重新办理："
SETTLED = datetime(1970, 1, 2, tzinfo=UTC)
"""When a record was written no longer matters once its problem is known to exist."""
TOLD = 1000
"""Codes that wait for their answer; of a problem that was refused there is none."""
ORPHAN_AFTER = timedelta(hours=1)
"""A record is written before its problem; one whose problem never came is removed after this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterKept:
    sealed: str
    receipt: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterClaimed:
    """Its problem exists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterLookedAt:
    """Whether its term is over: not before `next`."""

    next: datetime


ReporterEvent = ReporterKept | ReporterClaimed | ReporterLookedAt


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Sealed identity and full text; `orphan_at` until its problem is known to exist.

    `receipt` is the mark of the code with which the case is followed; the code itself is nowhere.
    """

    sealed: str
    receipt: str
    orphan_at: datetime | None = None
    look_at: datetime | None = None


def evolve(reporter: Reporter | None, event: ReporterEvent) -> Reporter:
    match event:
        case ReporterKept():
            return Reporter(
                sealed=event.sealed, receipt=event.receipt, orphan_at=event.at + ORPHAN_AFTER
            )
        case ReporterClaimed() if reporter is not None:
            return replace(reporter, orphan_at=None)
        case ReporterLookedAt() if reporter is not None:
            return replace(reporter, look_at=event.next)
        case ReporterClaimed() | ReporterLookedAt():
            raise ValueError("a reporter is kept first")
        case _:
            assert_never(event)


class Reporters:
    """By the problem's id, which is also what a record is sealed to."""

    def __init__(self, store: Store, key: bytes, trail_key: bytes, outlet: Outlet) -> None:
        self._seal = Seal(key)
        self._keys = Keyring.of(key)
        self._told: dict[str, str] = {}
        """The codes of what was kept just now, for its answer: no box is opened that has just been shut."""
        kind: Kind[Reporter, ReporterEvent] = Kind(
            service="whistle",
            collection="reporters",
            state=Reporter,
            events=get_args(ReporterEvent),
            evolve=evolve,
            announce=lambda *_: None,
            keys=lambda reporter: {"receipt": reporter.receipt},
            indexes=("receipt",),
            next_due=lambda reporter: reporter.orphan_at or reporter.look_at,
        )
        self.aggregates = Aggregates(kind, store, trail_key, outlet)
        self.boxes = Boxes(
            aggregates=self.aggregates,
            seal=self._seal,
            box=lambda reporter: str(reporter.sealed),
            again=self._again,
        )

    def _again(self, problem: str, kept: Reporter) -> Iterable[ReporterEvent]:
        """The same under the newest key, and the code as it was told."""
        code = self._code(problem, kept)
        yield from self._boxed(problem, kept, {**self._seal.open(problem, kept.sealed), CODE: code})

    def _boxed(
        self, problem: str, kept: Reporter, said: Mapping[str, str]
    ) -> Iterable[ReporterEvent]:
        """In a box of its own, with what else stands of the record."""
        code = said[CODE]
        sealed, receipt = self._seal.shut(problem, said), self._marked(code, self._keys.newest[1])
        written = (kept.orphan_at or SETTLED) - ORPHAN_AFTER
        yield ReporterKept(sealed=sealed, receipt=receipt, at=written)
        if kept.orphan_at is None:
            yield ReporterClaimed()
        if kept.look_at is not None:
            yield ReporterLookedAt(next=kept.look_at)

    async def keep(self, problem: str, reporter: Mapping[str, str], cause: Cause) -> None:
        """Before the problem itself, so that a crash leaves at most an unread orphan."""
        key = self._keys.newest[1]
        code = self._made(problem, key)
        sealed = self._seal.shut(problem, {**reporter, CODE: code})
        kept = ReporterKept(sealed=sealed, receipt=self._marked(code, key), at=cause.now)
        done = await self.aggregates.once(problem, [kept], cause.unkeyed())
        if done.events:  # the same request again may come under another key
            if len(self._told) >= TOLD:
                self._told.clear()
            self._told[problem] = code

    def adding(self, problem: str, words: str, cause: Cause) -> Beside:
        """What he says later, put with his first words beside the change that it leads to."""

        async def put() -> Undo:
            before = await self._sealed(problem)
            said = {
                **before,
                AGAIN: "\n".join(filter(None, (before.get(AGAIN), f"{LATER}{words}"))),
            }
            await self._put(problem, said, cause)
            return lambda: self._put(problem, before, cause)

        return put

    async def said_last(self, problem: str, words: str) -> bool:
        """Whether that is what he said last."""
        return (await self._sealed(problem)).get(AGAIN, "").endswith(f"{LATER}{words}")

    async def _put(self, problem: str, said: Mapping[str, str], cause: Cause) -> None:
        def boxed(kept: Reporter) -> Iterable[ReporterEvent]:
            return self._boxed(problem, kept, {**said, CODE: self._code(problem, kept)})

        await self.aggregates.change(problem, boxed, cause.unkeyed())

    async def read(self, problem: str) -> dict[str, str]:
        """Who reported it, and in which words."""
        sealed = await self._sealed(problem)
        who = {name: text for name, text in sealed.items() if name not in APART}
        if not who:
            raise NotFound("没有反映人信息：该问题为匿名反映，或已过保存期。")
        return who

    async def contact(self, problem: str) -> str | None:
        """How the reporter can be reached, where he said so."""
        return (await self._sealed(problem)).get(CONTACT) or None

    async def asked(self, problem: str) -> str | None:
        """What was asked, in full, and what was said of it later."""
        said = await self._sealed(problem)
        return "\n".join(text for name in (ASKED, AGAIN) if (text := said.get(name))) or None

    async def point(self, problem: str) -> str | None:
        """Where on the map it is, where that was said."""
        return (await self._sealed(problem)).get(POINT)

    async def place(self, problem: str) -> str | None:
        """Where he wrote that it is, of a report that came without a community."""
        return (await self._sealed(problem)).get(PLACE)

    async def _sealed(self, problem: str) -> dict[str, str]:
        held = await self.aggregates.look(problem)
        return self._seal.open(problem, held.aggregate.sealed) if held else {}

    async def receipt(self, problem: str) -> str:
        """The code of a problem, 16 digits: the same when the same request is answered again."""
        told = self._told.pop(problem, None)
        return told or self._code(problem, (await self.aggregates.get(problem)).aggregate)

    def _code(self, problem: str, kept: Reporter) -> str:
        """As it stands in the box; of one of before, made again under its key."""
        said = self._seal.open(problem, kept.sealed).get(CODE)
        return said or self._made(problem, self._keys.named(self._seal.under(kept.sealed)))

    async def problem_of(self, code: str) -> str | None:
        marks = [self._marked(code, key) for key in self._keys.every]
        found = await self.aggregates.find({"receipt": In(marks)}, limit=1)
        return found[0].id if found else None

    @classmethod
    def _made(cls, problem: str, key: bytes) -> str:
        return f"{int(cls._hmac(f'receipt-code/{problem}', key), 16) % 10**16:016d}"

    @classmethod
    def _marked(cls, code: str, key: bytes) -> str:
        return cls._hmac(f"receipt/{code}", key)

    @staticmethod
    def _hmac(text: str, key: bytes) -> str:
        return hmac.digest(key, text.encode(), "sha256").hex()

    async def claim(self, problem: str, next: datetime, cause: Cause) -> None:
        """Its problem exists; its term is looked at again then."""

        def claimed(known: Reporter) -> list[ReporterEvent]:
            first: list[ReporterEvent] = [ReporterClaimed()] if known.orphan_at else []
            return [*first, ReporterLookedAt(next=next)]

        await self.aggregates.change(problem, claimed, cause)

    async def remove(self, problem: str) -> None:
        await self.aggregates.store.delete("reporters", problem)
