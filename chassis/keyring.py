"""Keys by their ids. An id is derived from its key and reveals nothing of it.

New data is written under the newest key and carries that key's id, under which it is read. Data without an id is from
before keys had ids, and so under the oldest.
"""

import hmac
import re
from collections.abc import Iterable
from pathlib import Path
from time import monotonic

import structlog

SECRET = re.compile(r"[0-9a-fA-F]{64}")
LOOK_AFTER = 1.0
"""Seconds for which what a file said is believed."""
log = structlog.get_logger()


class UnknownKey(Exception):
    """No key of ours has this id (any more, or yet)."""


def key_id(key: bytes) -> str:
    return hmac.digest(key, b"gongzhi: key id", "sha256").hex()[:8]


def read_keys(text: str) -> list[bytes]:
    """64 hex digits each, the oldest first, in lines or with commas; ValueError where it isn't that."""
    said = text.replace(",", " ").split()
    if not said or not all(SECRET.fullmatch(one) for one in said):
        raise ValueError("a file of keys has 64 hex digits in each line")
    return [bytes.fromhex(one) for one in dict.fromkeys(said)]


class Keyring(bytes):
    """Taken as bytes it is its oldest key, under which stands what has to stay the same through all of them.

    From a file it is read again when that changes; one that can't be read changes nothing.
    """

    _keys: dict[str, bytes]
    _file: Path | None
    _stamp: tuple[int, ...] | None
    _looked: float

    def __new__(cls, keys: Iterable[bytes], file: Path | None = None) -> "Keyring":
        known = {key_id(key): bytes(key) for key in keys}
        ring = super().__new__(cls, next(iter(known.values())))
        ring._keys, ring._file, ring._looked = known, file, monotonic()
        ring._stamp = _stamp(file) if file else None
        return ring

    @classmethod
    def of(cls, secret: bytes) -> "Keyring":
        return secret if isinstance(secret, Keyring) else cls([secret])

    @classmethod
    def read(cls, file: Path) -> "Keyring":
        """OSError or ValueError where it can't be."""
        return cls(read_keys(file.read_text(encoding="utf-8")), file)

    @property
    def ids(self) -> tuple[str, ...]:
        """The oldest first."""
        self._look()
        return tuple(self._keys)

    @property
    def every(self) -> tuple[bytes, ...]:
        self._look()
        return tuple(self._keys.values())

    @property
    def newest(self) -> tuple[str, bytes]:
        """Its id, and it."""
        self._look()
        return next(reversed(self._keys.items()))

    def named(self, id: str | None) -> bytes:
        """UnknownKey where there is none; another process may have it from the file already."""
        if id is None:
            return next(iter(self._keys.values()))
        if id not in self._keys:
            self.look()
        try:
            return self._keys[id]
        except KeyError:
            raise UnknownKey(id) from None

    def _look(self) -> None:
        if monotonic() - self._looked >= LOOK_AFTER:
            self.look()

    def look(self) -> None:
        """At the file, whether there is a newer one."""
        if self._file is None:
            return
        self._looked = monotonic()
        try:
            stamp = _stamp(self._file)
            if stamp != self._stamp:
                keys = read_keys(self._file.read_text(encoding="utf-8"))
                self._keys, self._stamp = {key_id(key): key for key in keys}, stamp
                log.info("keys_read", ids=list(self._keys))
        except (OSError, ValueError) as error:
            log.error("keys_not_read", file=str(self._file), error=type(error).__name__)

    def __repr__(self) -> str:
        return f"Keyring({', '.join(self._keys)})"

    __str__ = __repr__
    __hash__ = bytes.__hash__


def _stamp(file: Path) -> tuple[int, ...]:
    found = file.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino
