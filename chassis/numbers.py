"""What people say on the telephone and type into a search box: short case numbers, and search words."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime

from .kernel.clock import local_date

LETTERS = "23456789ACDEFGHJKMNPQRTUVWXY"
"""No two that look or sound alike: 0 and O, 1 and I and L, 5 and S, 2 and Z, 8 and B."""
WORD = re.compile(r"[^\W_]+")
LONGEST = 40
"""Characters of what is searched for that are looked at."""


def prefix(street: str, at: datetime) -> str:
    """`关上-1126`: of a street, by the Shanghai day."""
    day = local_date(at)
    return f"{street.removesuffix('街道')}-{day.month:02}{day.day:02}"


def number(prefix: str, id: str, attempt: int) -> str:
    """`关上-1126-4F7K`: from the id, without a counter; another where that is taken."""
    left = int.from_bytes(hashlib.sha256(f"{id}/{attempt}".encode()).digest()[:8])
    code = ""
    for _ in range(4):
        left, which = divmod(left, len(LETTERS))
        code += LETTERS[which]
    return f"{prefix}-{code}"


def _runs(text: str) -> Iterator[str]:
    for found in WORD.finditer(unicodedata.normalize("NFKC", text).upper()):
        yield found.group()


def tokens(text: str) -> list[str]:
    """Pairs of neighbouring characters: Chinese has no spaces, and a pair is a word as often as not."""
    pairs = (
        run[at : at + 2] for run in _runs(text) for at in range(len(run) - 1 if len(run) > 1 else 1)
    )
    return list(dict.fromkeys(pairs))


def sought(text: str) -> list[str]:
    """What has to be among a record's tokens: every pair of every word."""
    return tokens(text[:LONGEST])
