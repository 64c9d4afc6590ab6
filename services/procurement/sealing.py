"""Scores as nobody reads them until their panel closes: not in lists, exports, trails or the store (P-12); and the ids
of applications, by which nobody finds who applied (P-10).

The keys are derived from the trail's, and never leave the process.
"""

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from chassis.kernel.errors import RuleBroken
from chassis.keyring import Keyring
from chassis.kind import keyed_id

from .domain.call import Call
from .domain.call_events import Points
from .domain.rules import RULES

HEADER = {"alg": "dir", "enc": "A256GCM"}


@dataclass(frozen=True, slots=True)
class Seal:
    secret: bytes = field(repr=False)

    def offer_id(self, call: Call, supplier: str) -> str:
        """Of what a supplier files for a call as it is open now: the same through all keys, and made by nobody who
        knows the two, as whoever verifies all trails is told the ids of all."""
        opened = call.opened_at.isoformat() if call.opened_at else ""
        return keyed_id(self.secret, "procurement: applications", call.id, opened, supplier)

    def close(self, points: tuple[Points, ...]) -> str:
        """A box that only this platform opens."""
        text = json.dumps([asdict(one) for one in points], ensure_ascii=False)
        return jwe.encrypt_compact(HEADER, text.encode(), _key(Keyring.of(self.secret).newest[1]))

    def open(self, call: Call) -> Mapping[str, tuple[Points, ...]]:
        """What each member's box holds."""
        return {one.expert: self._points(one.box) for one in call.sealed}

    def _points(self, box: str) -> tuple[Points, ...]:
        for key in reversed(Keyring.of(self.secret).every):
            try:
                opened = jwe.decrypt_compact(box, _key(key))
            except JoseError:
                continue  # it may have been closed under an earlier one
            held: list[dict[str, Any]] = json.loads(opened.plaintext or b"[]")
            return tuple(Points(**one) for one in held)
        detail = "现有密钥打不开已密封的评分，请恢复封存时的密钥。"
        raise RuleBroken(RULES["P-12"], detail)


def _key(key: bytes) -> OctKey:
    return OctKey.import_key(hmac.digest(key, b"procurement: scores", "sha256"))
