"""What an uploaded file is: told by its first bytes, whatever its name or its sender say."""

from enum import StrEnum

from .errors import Malformed

LARGEST = 1024 * 1024
"""Bytes that a request may carry; a policy may allow less."""


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
        raise Malformed(f"文件超过 {at_most} 字节。", field="body")
    for beginning, media in BEGINNINGS.items():
        if content.startswith(beginning):
            return media
    raise Malformed("只接受 JPEG、PNG 或 PDF 文件。", field="body")
