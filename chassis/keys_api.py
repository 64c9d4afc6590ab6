"""Which keys a service knows, and how much is sealed under each: ids and counts, never a key."""

from collections.abc import Iterable

from pydantic import BaseModel

from .http import Door
from .identity import Subject, kinds
from .keyring import Keyring
from .resealing import Boxes
from .routes import Routes

ADMIN = kinds("district_admin")


class SealedUnder(BaseModel):
    """So many records of a collection under one key; `stale` where there is a newer one."""

    collection: str
    key: str
    boxes: int
    stale: bool


class KeysOut(BaseModel):
    """`trail`: the ids of the keys that trails are marked with, the newest last."""

    trail: list[str]
    sealed: list[SealedUnder]


def keys_router(trail: Keyring, boxes: Iterable[Boxes], door: Door) -> Routes:
    api, reading, kept = Routes(tags=["密钥"]), door.reading(), tuple(boxes)

    @api.get("/keys", summary="各密钥下的记录数")
    async def known(reader: Subject = reading) -> KeysOut:
        reader.must_be(ADMIN)
        for ring in (trail, *(one.seal.keys for one in kept)):
            ring.look()
        sealed = [
            SealedUnder(
                collection=one.aggregates.kind.collection,
                key=key,
                boxes=count,
                stale=key != one.seal.keys.newest[0],
            )
            for one in kept
            for key, count in sorted((await one.count()).items())
        ]
        return KeysOut(trail=list(trail.ids), sealed=sealed)

    return api
