"""The residents' hearing of a project (居民听证), as consultation told what came of it."""

from dataclasses import dataclass
from datetime import datetime

USABLE = "usable_here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """`outcome` in consultation's words; only one that is usable here carries an application."""

    matter: str
    outcome: str
    at: datetime

    @property
    def carries(self) -> bool:
        return self.outcome == USABLE
