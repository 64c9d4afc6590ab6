"""Drawing by lot: the result follows from a list, a secret and a seed alone, so that anybody can repeat it.

The secret is committed to when the list is fixed and comes out with the draw: who says the seed can try none before.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """The SHA-256 of the secret of a list."""

    list_id: str
    sha256: str

    def keeps(self, secret: str) -> bool:
        return sha256(secret.encode()).hexdigest() == self.sha256


def commit(list_id: str, secret: str) -> Commitment:
    return Commitment(list_id=list_id, sha256=sha256(secret.encode()).hexdigest())


def sown(seed: str, secret: str | None) -> str:
    """What the lots are drawn by; by the seed alone from a list that was fixed without a secret."""
    return seed if secret is None else f"{secret}|{seed}"


def lot(seed: str, code: str) -> bytes:
    """The SHA-256 of the seed, a stroke, and the code, in UTF-8."""
    return sha256(f"{seed}|{code}".encode()).digest()


def lots(seed: str, codes: Iterable[str]) -> tuple[str, ...]:
    """All of them in the order of their lots."""
    return tuple(sorted(codes, key=lambda code: lot(seed, code)))
