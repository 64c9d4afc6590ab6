"""Evidence (佐证): a file known by the hash of its content, and the agreements it was filed for."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.kernel.errors import Malformed


class Media(StrEnum):
    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


BEGINNINGS = {
    b"\xff\xd8\xff": Media.JPEG,
    b"\x89PNG\r\n\x1a\n": Media.PNG,
    b"%PDF-": Media.PDF,
}
"""A file is what its first bytes say, whatever its name or its sender say."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    media: Media
    size: int
    filed: tuple[Filed, ...] = ()

    def is_for(self, agreement: str) -> bool:
        return any(one.agreement == agreement for one in self.filed)


def recognised(content: bytes, *, at_most: int) -> Media:
    if len(content) > at_most:
        raise Malformed(f"文件超过 {at_most} 字节。", field="body")
    for beginning, media in BEGINNINGS.items():
        if content.startswith(beginning):
            return media
    raise Malformed("只接受 JPEG、PNG 或 PDF 文件。", field="body")


def file(known: Evidence | None, filed: EvidenceFiled) -> tuple[EvidenceFiled, ...]:
    return () if known and known.is_for(filed.agreement) else (filed,)


def evolve(evidence: Evidence | None, event: EvidenceFiled) -> Evidence:
    known = evidence or Evidence(media=event.media, size=event.size)
    one = Filed(agreement=event.agreement, street=event.street, community=event.community)
    return replace(known, filed=(*known.filed, one))
