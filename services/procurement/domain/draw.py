"""A draw (抽签): who evaluates follows from a list, a secret and a seed alone, so that anyone may draw again.

The list is fixed first and committed to the secret, and the seed said afterwards by another office, in public.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

from chassis.kernel.draw import lot, lots

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

    The lot of a kind is drawn by its code, as an expert's is.
    """
    kinds: dict[Institution, list[str]] = {}
    for one in candidates:
        kinds.setdefault(one.institution, []).append(one.code)
    columns = [lots(seed, kinds[kind]) for kind in sorted(kinds, key=lambda kind: lot(seed, kind))]
    rows = zip_longest(*columns)
    return tuple(code for row in rows for code in row if code is not None)
