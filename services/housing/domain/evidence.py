"""Evidence (佐证): a file known by the hash of its content, and the agreements it was filed for."""

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel.media import Media


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFiled:
    agreement: str
    street: str
    community: str
    media: Media
    size: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    agreement: str
    street: str
    community: str
    at: datetime | None = None
    """None where it was filed before that was kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    media: Media
    size: int
    filed: tuple[Filed, ...] = ()

    def is_for(self, agreement: str) -> bool:
        return any(one.agreement == agreement for one in self.filed)

    def since(self, agreement: str) -> datetime | None:
        """When it was filed for this one, where that is known."""
        return next((one.at for one in self.filed if one.agreement == agreement), None)


def file(known: Evidence | None, filed: EvidenceFiled) -> tuple[EvidenceFiled, ...]:
    return () if known and known.is_for(filed.agreement) else (filed,)


def evolve(evidence: Evidence | None, event: EvidenceFiled) -> Evidence:
    known = evidence or Evidence(media=event.media, size=event.size)
    one = Filed(
        agreement=event.agreement, street=event.street, community=event.community, at=event.at
    )
    return replace(known, filed=(*known.filed, one))
