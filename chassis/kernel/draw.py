"""Drawing by lot: the result follows from a list and a seed alone, so that anybody can repeat it."""

from collections.abc import Iterable
from hashlib import sha256


def lot(seed: str, code: str) -> bytes:
    """The SHA-256 of the seed, a stroke, and the code, in UTF-8."""
    return sha256(f"{seed}|{code}".encode()).digest()


def lots(seed: str, codes: Iterable[str]) -> tuple[str, ...]:
    """All of them in the order of their lots."""
    return tuple(sorted(codes, key=lambda code: lot(seed, code)))
