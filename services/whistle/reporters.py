"""Who reported it (W-16): in a store of its own, sealed under a key of its own (AES-256-GCM)."""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.aggregates import Aggregates, Kind, Outlet
from chassis.cause import Cause
from chassis.kernel.errors import NotFound
from chassis.store import Store

ORPHAN_AFTER = timedelta(hours=1)
"""A record is written before its problem; one whose problem never came is removed after this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterKept:
    sealed: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterClaimed:
    """Its problem exists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Sealed identity and full text; `orphan_at` until its problem is known to exist."""

    sealed: str
    orphan_at: datetime | None = None


def evolve(reporter: Reporter | None, event: ReporterKept | ReporterClaimed) -> Reporter:
    match event:
        case ReporterKept():
            return Reporter(sealed=event.sealed, orphan_at=event.at + ORPHAN_AFTER)
        case ReporterClaimed() if reporter is not None:
            return replace(reporter, orphan_at=None)
        case ReporterClaimed():
            raise ValueError("a reporter is kept first")
        case _:
            assert_never(event)


class Reporters:
    """By the problem's id, which is also what a record is sealed to."""

    def __init__(self, store: Store, key: bytes, trail_key: bytes, outlet: Outlet) -> None:
        self._cipher = AESGCM(key)
        kind: Kind[Reporter, ReporterKept | ReporterClaimed] = Kind(
            service="whistle",
            collection="reporters",
            state=Reporter,
            events=(ReporterKept, ReporterClaimed),
            evolve=evolve,
            announce=lambda *_: None,
            keys=lambda _: {},
            next_due=lambda reporter: reporter.orphan_at,
        )
        self.aggregates = Aggregates(kind, store, trail_key, outlet)

    async def keep(self, problem: str, reporter: Mapping[str, str], cause: Cause) -> None:
        """Before the problem itself, so that a crash leaves at most an unread orphan."""
        sealed = self._seal(problem, reporter)

        kept = ReporterKept(sealed=sealed, at=cause.now)
        await self.aggregates.once(problem, [kept], cause.unkeyed())

    async def read(self, problem: str) -> dict[str, str]:
        held = await self.aggregates.look(problem)
        if held is None:
            raise NotFound("没有反映人信息：该问题为匿名反映。")
        return self._open(problem, held.aggregate.sealed)

    async def claim(self, problem: str, cause: Cause) -> None:
        await self.aggregates.change(problem, lambda _: [ReporterClaimed()], cause)

    async def remove(self, problem: str) -> None:
        await self.aggregates.store.delete("reporters", problem)

    def _seal(self, problem: str, reporter: Mapping[str, str]) -> str:
        nonce = os.urandom(12)
        text = json.dumps(dict(reporter), ensure_ascii=False).encode()
        return b64encode(nonce + self._cipher.encrypt(nonce, text, problem.encode())).decode()

    def _open(self, problem: str, sealed: str) -> dict[str, str]:
        raw = b64decode(sealed)
        opened = json.loads(self._cipher.decrypt(raw[:12], raw[12:], problem.encode()))
        return {str(name): str(value) for name, value in opened.items()}
