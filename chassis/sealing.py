"""What is kept sealed: AES-256-GCM, each box to the id of what it belongs to, so that none opens in another's place."""

import hmac
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


class Seal:
    """Under a key of 32 bytes. Opening what was altered, or is another's, is an `InvalidTag`."""

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
        raw = b64decode(box)
        opened = json.loads(self._cipher.decrypt(raw[:NONCE], raw[NONCE:], id.encode()))
        return {str(name): str(value) for name, value in opened.items()}
