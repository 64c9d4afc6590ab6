"""The type of an uploaded file: detected by its first bytes, whatever its name or its sender say."""

from collections.abc import Iterator
from enum import StrEnum

from .errors import Malformed

LARGEST = 1024 * 1024
"""Bytes that a request may carry; a policy may allow less."""
LARGEST_PHOTO = 8_000_000
"""Bytes of a photograph as a phone takes it, on a path that takes whole files (ours); a policy may allow less."""


class Media(StrEnum):
    JPEG = "image/jpeg"
    PNG = "image/png"
    PDF = "application/pdf"


BEGINNINGS = {
    b"\xff\xd8\xff": Media.JPEG,
    b"\x89PNG\r\n\x1a\n": Media.PNG,
    b"%PDF-": Media.PDF,
}


def recognised(content: bytes, *, at_most: int) -> Media:
    """Malformed where it is larger than `at_most` bytes, or nothing we take."""
    if len(content) > at_most:
        raise Malformed(f"文件超过 {at_most / 1_000_000:.3g} MB。", field="body")
    for beginning, media in BEGINNINGS.items():
        if content.startswith(beginning):
            return media
    raise Malformed("只接受 JPEG、PNG 或 PDF 文件。", field="body")


# What is in a picture besides the picture

JPEG_START = b"\xff\xd8"
SCAN, END, FILLING = 0xDA, 0xD9, 0xFF
IN_A_SCAN = frozenset((0, *range(0xD0, 0xD8)))
"""What may follow an FF within a scan: a stuffed byte, a restart."""
JPEG_NEEDS = frozenset(range(0xC0, 0xDE))
"""Segments that it is drawn by: frames, tables, scans. All others may say something of it."""
COLOURS = 0xE2, b"ICC_PROFILE\0"
"""This one, too, where it begins so; others of its kind hold further pictures and what was written to them."""
JFIF, ADOBE = (0xE0, b"JFIF\0"), (0xEE, b"Adobe")
"""So do these: how large a point is, which may end in a small picture of it; by what colours it was kept."""
PLAIN = 12
"""Bytes of either that say so."""
PNG_NEEDS = frozenset(b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP bKGD pHYs".split())


def bare(content: bytes, media: Media) -> bytes:
    """The picture without what the camera wrote beside it: where, when and with what; Malformed where it is cut off."""
    match media:
        case Media.JPEG:
            return JPEG_START + b"".join(_jpeg(content))
        case Media.PNG:
            return content[:8] + b"".join(_png(content))
        case Media.PDF:
            return content


def _jpeg(content: bytes) -> Iterator[bytes]:
    """Its segments and scans up to the end, and nothing after it."""
    at = len(JPEG_START)
    while True:
        if content[at : at + 1] != b"\xff" or len(content) < at + 2:
            raise Malformed("图片不完整。", field="body")
        kind = content[at + 1]
        if kind == END:
            yield content[at : at + 2]
            return
        if kind == FILLING:
            at += 1
            continue
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if not at + 4 <= end <= len(content):
            raise Malformed("图片不完整。", field="body")
        if kind == SCAN:
            end = _scanned(content, end)
        yield _needed(kind, content[at:end])
        at = end


def _needed(kind: int, segment: bytes) -> bytes:
    """As much of a segment as it is drawn by."""

    def one_of(those: tuple[int, bytes]) -> bool:
        return kind == those[0] and said.startswith(those[1])

    said = segment[4:]
    if kind in JPEG_NEEDS or one_of(COLOURS):
        return segment
    if len(said) >= PLAIN and one_of(JFIF):
        return segment[:2] + b"\0\x10" + said[:PLAIN] + b"\0\0"
    if len(said) >= PLAIN and one_of(ADOBE):
        return segment[:2] + b"\0\x0e" + said[:PLAIN]
    return b""


def _scanned(content: bytes, at: int) -> int:
    """Where a scan ends that is under way."""
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        if content[at + 1] not in IN_A_SCAN:
            return at
        at += 2
    raise Malformed("图片不完整。", field="body")


def _png(content: bytes) -> Iterator[bytes]:
    """Chunks up to the end, and nothing after it."""
    at = 8
    while True:
        size, kind = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        end = at + 12 + size
        if len(content) < end or len(kind) < 4:
            raise Malformed("图片不完整。", field="body")
        if kind in PNG_NEEDS:
            yield content[at:end]
        if kind == b"IEND":
            return
        at = end
