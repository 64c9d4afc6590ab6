"""A proof (佐证): a file that a unit has filed for its own task, to show its arrival or its result (W-05)."""

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel.media import Media


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """`file` is the hash of its content; `size` in bytes."""

    whistle: str
    unit: str
    file: str
    media: Media
    size: int
    filed_at: datetime | None = None

    def is_for(self, whistle: str, unit: str) -> bool:
        return (self.whistle, self.unit) == (whistle, unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofFiled:
    proof: Proof
    at: datetime


def evolve(_: Proof | None, event: ProofFiled) -> Proof:
    return replace(event.proof, filed_at=event.at)
