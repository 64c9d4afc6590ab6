"""What is kept sealed: AES-256-GCM, each box to the id of what it belongs to, so that none opens in another's place."""

import hmac
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .kernel.errors import Broken

NONCE = 12


class Seal:
    """Under a key of 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @classmethod
    def derived(cls, secret: bytes, purpose: str) -> "Seal":
        """Under a key made of the process's secret for one purpose; it never leaves the process."""
        return cls(hmac.digest(secret, purpose.encode(), "sha256"))

    def shut(self, id: str, said: Mapping[str, str]) -> str:
        nonce = os.urandom(NONCE)
        text = json.dumps(dict(said), ensure_ascii=False).encode()
        return b64encode(nonce + self._cipher.encrypt(nonce, text, id.encode())).decode()

    def open(self, id: str, box: str) -> dict[str, str]:
        """Broken where it was altered, is another's, or was shut under another key."""
        opened = json.loads(self._opened(id, box))
        return {str(name): str(value) for name, value in opened.items()}

    def _opened(self, id: str, box: str) -> bytes:
        try:
            raw = b64decode(box)
            return self._cipher.decrypt(raw[:NONCE], raw[NONCE:], id.encode())
        except (InvalidTag, ValueError):
            detail = "密封的内容已被改动、不属于此处，或密钥不符；请从备份恢复。"
            raise Broken(detail) from None
