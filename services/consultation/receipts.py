"""The code a resident follows a proposal with: made from its id under a key, kept as a mark only."""

import hashlib
import hmac


class Receipts:
    """`secret`: the service's own; codes are made under a key that is only for them."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"consultation receipts", hashlib.sha256)

    def code(self, id: str) -> str:
        """16 digits: the same for the same proposal."""
        return f"{int(self._hmac(f'code/{id}'), 16) % 10**16:016d}"

    def mark(self, code: str) -> str:
        return self._hmac(f"mark/{code}")

    def _hmac(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()
