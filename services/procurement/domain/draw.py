"""A draw (抽签): who evaluates follows from a list and a seed alone, so that anyone may draw again.

The list is fixed first, and the seed said afterwards by another office, in public.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import zip_longest

from .expert import Institution


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    code: str
    institution: Institution


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """Left out of the list, with why."""

    code: str
    why: str


def order(seed: str, candidates: Iterable[Candidate]) -> tuple[str, ...]:
    """All of them as they are drawn: each kind of institution in turn, kinds and experts by their lot.

    A lot is the SHA-256 of the seed, a stroke, and the kind's or the expert's code, in UTF-8.
    """
    kinds: dict[Institution, list[str]] = {}
    for one in candidates:
        kinds.setdefault(one.institution, []).append(one.code)
    columns = [lots(seed, kinds[kind]) for kind in sorted(kinds, key=lambda kind: _lot(seed, kind))]
    rows = zip_longest(*columns)
    return tuple(code for row in rows for code in row if code is not None)


def lots(seed: str, codes: Iterable[str]) -> tuple[str, ...]:
    """All of them by their lot alone, where there are no kinds."""
    return tuple(sorted(codes, key=lambda code: _lot(seed, code)))


def _lot(seed: str, code: str) -> bytes:
    return sha256(f"{seed}|{code}".encode()).digest()
