"""What a service's copy of the register of communities calls its places.

The copy is of an event with `code`, `name`, `street` and `street_name`, until when the community exists (`valid_to`)
and what it was merged into (`became`), indexed by `street`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, TypeVar

from contracts.event import Event

from .aggregates import Aggregates, Outlet
from .copies import Copies
from .kernel.errors import UnknownReference
from .numbers import prefix
from .store import Store

E = TypeVar("E", bound=Event)


def community_register(
    service: str, event: type[E], store: Store, trail_key: bytes, outlet: Outlet
) -> Copies[E]:
    return Copies(
        service,
        "communities",
        event,
        store,
        trail_key,
        outlet,
        keys=lambda profiled: {"street": profiled.get("street") or ""},
        indexes=("street",),
    )


async def numbered(register: Copies[Any], street: str, now: datetime) -> str:
    """How the number of a case of this street begins."""
    known = await register.find({"street": street}, limit=1)
    return prefix((known and known[0].street_name) or street, now)


async def named(register: Copies[Any]) -> Mapping[str, Mapping[str, str]]:
    """Streets and communities by their codes."""
    known = await register.every()
    return {
        "street": {one.street: one.street_name for one in known if one.street and one.street_name},
        "community": {one.code: one.name for one in known},
    }


async def known_street(register: Copies[Any], code: str, field: str = "street") -> str:
    """The code, of a street that has communities in the register; UnknownReference naming the field for another,
    Unavailable while the copy isn't whole.
    """
    if not await register.any({"street": code}):
        raise UnknownReference(f"没有这个街道：{code}", field=field)
    return code


async def standing_street(
    register: Copies[Any], code: str, today: date, field: str = "street"
) -> str:
    """Likewise of one in which something new begins: its communities haven't all ended."""
    await known_street(register, code, field)
    there = await register.every({"street": code})
    if all(one.valid_to is not None and one.valid_to < today.isoformat() for one in there):
        raise UnknownReference(f"该街道的社区均已终止：{code}", field=field)
    return code


async def standing(register: Copies[Any], code: str, today: date, field: str = "community") -> Any:
    """The community, of which something new begins: UnknownReference naming the field for one that has ended."""
    found = await register.known(code, field)
    if found.valid_to is not None and found.valid_to < today.isoformat():
        into = await register.look(found.became) if found.became else None
        instead = f"，并入{into.name}，请写明后者" if into else ""
        raise UnknownReference(f"{found.name} 已于 {found.valid_to} 终止{instead}。", field=field)
    return found


async def settled(register: Copies[Any], code: str) -> tuple[str, str] | None:
    """The community that it is now, merger by merger (each once), and its street; None while that isn't known."""
    street, met = None, {code}
    while (known := await register.look(code)) is not None:
        street = known.street or street
        if known.became is None or known.became in met:
            break
        code = known.became
        met.add(code)
    return (code, street) if street else None


async def astray(kept: Aggregates[Any, Any], before: str, community: str, street: str) -> list[str]:
    """The ids of what is kept under the community `before` elsewhere than where that is now; cheap where nothing is."""
    found: list[str] = []
    for row in await kept.tally({"community": before}, by="street"):
        if (row["street"], before) != (street, community):
            there = {"community": before, "street": row["street"]}
            found += [held.id async for held in kept.every(there)]
    return found
