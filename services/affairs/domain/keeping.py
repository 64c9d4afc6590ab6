"""Who is kept no longer than somebody needs it: workers, and who asked for a paper."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonForgotten:
    """What was sealed about him is gone; the record stays, without him."""

    at: datetime
