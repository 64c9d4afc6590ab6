"""M-06: what a community had, who it was merged into has, and the street that it lies in now stands in for it (ours).

Where a dispute arose stays what it was, and so do the figures.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Resettled:
    """Office `before` is `office` now, in `street`; they are one where the street alone is new."""

    before: str
    office: str
    street: str
    at: datetime

    def follows(self, office: str) -> str:
        return self.office if office == self.before else office
