"""What a service's copy of the register of communities calls its places.

The copy is of an event with `code`, `name`, `street` and `street_name`, kept by `street`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .copies import Copies
from .kernel.errors import UnknownReference
from .numbers import prefix


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


def by_street(told: Mapping[str, Any]) -> dict[str, str]:
    """The key it is kept by."""
    return {"street": told.get("street") or ""}
