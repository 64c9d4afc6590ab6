"""Sealing: AES-256-GCM, each box bound to the id of what it belongs to, so that it can't be opened in another's place.

A box begins with the id of its key; one without is from before keys had ids.
"""

import hmac
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .kernel.errors import Broken
from .keyring import Keyring, UnknownKey, key_id

NONCE = 12


class Seal:
    """Under a key of 32 bytes, or the newest of several."""

    def __init__(self, key: bytes, purpose: str | None = None) -> None:
        self._ring = Keyring.of(key)
        self._purpose = purpose
        self._ciphers: dict[bytes, AESGCM] = {}

    @classmethod
    def derived(cls, secret: bytes, purpose: str) -> "Seal":
        """Under a key made of the process's secret for one purpose; it never leaves the process."""
        return cls(secret, purpose)

    def _cipher(self, key: bytes) -> AESGCM:
        """Made once for each of a few keys."""
        if key not in self._ciphers:
            own = hmac.digest(key, self._purpose.encode(), "sha256") if self._purpose else key
            self._ciphers[key] = AESGCM(own)
        return self._ciphers[key]

    @property
    def keys(self) -> Keyring:
        return self._ring

    def under(self, box: str) -> str:
        """The id of its key."""
        return box.rpartition(".")[0] or key_id(self._ring.named(None))

    def stale(self, box: str) -> bool:
        return self.under(box) != self._ring.newest[0]

    def shut(self, id: str, said: Mapping[str, str]) -> str:
        nonce, (name, key) = os.urandom(NONCE), self._ring.newest
        text = json.dumps(dict(said), ensure_ascii=False).encode()
        raw = nonce + self._cipher(key).encrypt(nonce, text, id.encode())
        return f"{name}.{b64encode(raw).decode()}"

    def open(self, id: str, box: str) -> dict[str, str]:
        """Broken where it was altered, is another's, or its key is not among ours."""
        name, _, text = box.rpartition(".")
        try:
            cipher = self._cipher(self._ring.named(name or None))
        except UnknownKey:
            raise Broken(f"现有密钥中没有 {name}；请恢复封存时的密钥。") from None
        try:
            raw = b64decode(text)
            opened = json.loads(cipher.decrypt(raw[:NONCE], raw[NONCE:], id.encode()))
        except (InvalidTag, ValueError):
            detail = "密封的内容已被改动、不属于此处，或密钥不符；请从备份恢复。"
            raise Broken(detail) from None
        return {str(name): str(value) for name, value in opened.items()}

    def again(self, id: str, box: str) -> str:
        """The same, under the newest."""
        return self.shut(id, self.open(id, box))
