"""The secrets of draws: nobody is told one, and none is stored, before its draw."""

import hmac
from dataclasses import dataclass, field

from .kernel.draw import Commitment, commit
from .kernel.errors import Unavailable


@dataclass(frozen=True, slots=True)
class DrawSecrets:
    """Derived from the trail's key, the same through all keys that follow it."""

    key: bytes = field(repr=False)

    def commit(self, list_id: str) -> Commitment:
        """To a secret of its own; no list before had this id."""
        return commit(list_id, self._secret(list_id))

    def tell(self, commitment: Commitment | None) -> str | None:
        """None where there was none; Unavailable under another key than it was made with."""
        if commitment is None:
            return None
        secret = self._secret(commitment.list_id)
        if not commitment.keeps(secret):
            raise Unavailable("现有密钥得不出编制名单时封存的随机数，请恢复当时的密钥。")
        return secret

    def _secret(self, list_id: str) -> str:
        key = hmac.digest(self.key, b"gongzhi: draws", "sha256")
        return hmac.digest(key, list_id.encode(), "sha256").hex()
