"""Whether an office is one of the district's, as far as a data folder shows: a token for any other grants nothing."""

import sqlite3
from contextlib import closing
from pathlib import Path

from chassis.settings import Misconfigured

from .keys import SCOPES

REGISTERS = {"community": ("housing.db", "communities"), "department": ("whistle.db", "units")}
"""By the kind of office: where the platform keeps those that there are."""
APART = frozenset(("reporter:read", "partner:events"))
"""What is good for more than a service's reading and writing."""


def look_at(data: Path, acts_as: str, scope: str | None) -> None:
    """Misconfigured where the register has no such office, or no service such a scope."""
    if strange := sorted(set((scope or "").split()) - APART - set(SCOPES.split())):
        raise Misconfigured(f"没有这种权限范围：{strange[0]}；可用的有 {SCOPES} {' '.join(APART)}")
    kind, _, code = acts_as.partition(":")
    known = _streets() if kind == "street" else _registered(data, kind)
    if known and code not in known:
        raise Misconfigured(f"登记册中没有 {acts_as}；{kind} 的代码例如 {min(known)}")


def _streets() -> frozenset[str]:
    # Imported only by the command that needs it: the others answer in a second.
    from services.housing.shipped import streets

    return frozenset(streets())


def _registered(data: Path, kind: str) -> frozenset[str]:
    """Empty where the folder keeps no such register, or none yet."""
    file, table = REGISTERS.get(kind, ("", ""))
    if not file or not (data / file).is_file():
        return frozenset()
    try:
        with closing(
            sqlite3.connect(f"{(data / file).resolve().as_uri()}?mode=ro", uri=True)
        ) as db:
            return frozenset(row[0] for row in db.execute(f"SELECT id FROM {table}"))
    except sqlite3.Error:
        return frozenset()
