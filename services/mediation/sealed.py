"""Who the parties are and what was said, sealed apart from the case (AES-256-GCM).

The key is derived from the trail's, and never leaves the process.
"""

import hmac
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.aggregates import Aggregates, Outlet
from chassis.cause import Cause
from chassis.kind import Kind, derived_id
from chassis.store import Store

COLLECTION = "sealed"
NONCE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    box: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    box: str


def evolve(_: Box | None, event: Kept) -> Box:
    return Box(box=event.box)


SEALED: Kind[Box, Kept] = Kind(
    service="mediation",
    collection=COLLECTION,
    state=Box,
    events=(Kept,),
    evolve=evolve,
    announce=lambda *_: None,
    keys=lambda _: {},
)


class Sealed:
    """By what it belongs to and what it is (a party, the text), to which a box is sealed."""

    def __init__(self, store: Store, secret: bytes, outlet: Outlet) -> None:
        self.kept = Aggregates(SEALED, store, secret, outlet)
        self._cipher = AESGCM(hmac.digest(secret, b"mediation: sealed", "sha256"))

    async def keep(self, of: str, what: str, said: Mapping[str, str], cause: Cause) -> None:
        id = _id(of, what)
        nonce = os.urandom(NONCE)
        text = json.dumps(dict(said), ensure_ascii=False).encode()
        box = b64encode(nonce + self._cipher.encrypt(nonce, text, id.encode())).decode()
        await self.kept.record(id, lambda _: [Kept(box=box)], cause.unkeyed())

    async def read(self, of: str, what: Mapping[str, str]) -> dict[str, dict[str, str]]:
        """What there is of these, under the names they are asked by."""
        found = {}
        for name, kept in what.items():
            id = _id(of, kept)
            held = await self.kept.look(id)
            if held is not None:
                found[name] = self._open(id, held.aggregate.box)
        return found

    async def forget(self, of: str, what: str) -> None:
        """The record with its trail."""
        await self.kept.store.delete(COLLECTION, _id(of, what))

    def _open(self, id: str, box: str) -> dict[str, str]:
        raw = b64decode(box)
        opened = json.loads(self._cipher.decrypt(raw[:NONCE], raw[NONCE:], id.encode()))
        return {str(name): str(value) for name, value in opened.items()}


def _id(of: str, what: str) -> str:
    return derived_id(COLLECTION, of, what)
