"""Pictures as small as they may be, with and without what a camera writes beside them."""

import struct
import zlib


def jpeg(told: bytes, size: int = 0) -> bytes:
    """One that no viewer opens: its frame of segments, and a scan of `size` bytes."""
    names = (
        (0xE0, b"JFXX\0\x13\x0a\x0a"),
        (0xE0, b"II\x1a\0\0\0HEAPJPGM"),
        (0xE1, b"Exif\0\0"),
        (0xE2, b"MPF\0"),
        (0xE2, b"FPXR\0"),
        (0xEB, b"JP"),
        (0xEE, b"Ducky"),
        (0xF5, b""),
        (0xFE, b""),
    )
    beside = b"".join(_segment(kind, name + told) for kind, name in names) if told else b""
    small = bytes((1, len(told) // 3)) + told if told else b"\0\0"
    return (
        b"\xff\xd8"
        + _segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01" + small)
        + beside
        + _segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01" + told)
        + _segment(0xE2, b"ICC_PROFILE\0")
        + b"\xff\xda\x00\x04\x01\x02"
        + b"\r\n--" * (size // 4)
        + b"\xff\xd9"
    )


def _segment(kind: int, content: bytes) -> bytes:
    return bytes((0xFF, kind)) + struct.pack(">H", len(content) + 2) + content


def png(told: bytes = b"") -> bytes:
    """One grey point."""
    names = (b"tEXt", b"eXIf", b"caBX", b"zxIf")
    beside = b"".join(_chunk(name, told) for name in names) if told else b""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    point = _chunk(b"IDAT", zlib.compress(b"\0\x80"))
    return b"\x89PNG\r\n\x1a\n" + head + beside + point + _chunk(b"IEND", b"")


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )
