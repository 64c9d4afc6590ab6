"""H-11: who has a name in a street. One document a name, so that of two that want it at once one has it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import Malformed
from chassis.kernel.holding import HELD_FOR


@dataclass(frozen=True, slots=True, kw_only=True)
class NameHeld:
    """For a community whose record is being written; `version` is what that was at before."""

    street: str
    name: str
    code: str
    version: int
    at: datetime


def hold(
    known: NameHeld | None, wanted: NameHeld, seen: NameHeld | None, version: int, has: bool
) -> tuple[NameHeld, ...]:
    """`seen`: who held it a moment ago; `version` and `has`: what that one's record is at, and whether it has
    the name."""
    if known is not None and known.code == wanted.code:
        return () if known == seen and has else (wanted,)
    if known is not None and (known != seen or has or _being_written(known, version, wanted.at)):
        taken((known.code,))
    return (wanted,)


def taken(others: Collection[str]) -> None:
    """By these communities, if any."""
    if others:
        raise Malformed(f"该街道已有同名社区：{min(others)}。", field="name")


def _being_written(held: NameHeld, version: int, now: datetime) -> bool:
    return version <= held.version and now - held.at < HELD_FOR


def evolve(_: NameHeld | None, event: NameHeld) -> NameHeld:
    return event
