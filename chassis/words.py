"""What a request may say: texts, numbers, days and times, each with its bounds.

A number is a JSON integer, a yes or no is a JSON boolean: neither is guessed from a text.
"""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, Strict, StringConstraints

from contracts.event import Moment as Instant
from contracts.text import Unfit, cleaned

from .kernel.measure import EXACT

__all__ = ["Area", "Day", "Flag", "Line", "Long", "Moment", "Passage", "Several", "Short", "Whole"]


WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _in_lines(text: str) -> str:
    return cleaned(text, lines=True)


Line = AfterValidator(cleaned)
Lines = AfterValidator(_in_lines)

Short = Annotated[str, Line, StringConstraints(max_length=80)]
"""A name or a title, on one line. Where it must say something, the rule that wants it says so."""
Long = Annotated[str, Lines, StringConstraints(max_length=1000)]
Passage = Annotated[str, Lines, StringConstraints(max_length=4000)]
Whole = Annotated[int, Strict(), Field(le=EXACT)]
"""What is counted: where it may be less than nothing, or must be more, its field or its rule says so."""
Flag = Annotated[bool, Strict()]
Several = Field(max_length=500)
"""A list that is typed in, of seats, units, cases (ours): nowhere are there so many."""
Area = Annotated[str, StringConstraints(max_length=12)]
"""m² with at most two decimals, as text: `"1200.50"`."""

Moment = Annotated[
    Instant,
    Field(ge=datetime(2000, 1, 1, tzinfo=UTC), le=datetime(2100, 1, 1, tzinfo=UTC)),
]


def _written_out(value: Any) -> Any:
    """A number of seconds or a time at midnight would pass for a day."""
    if isinstance(value, date) or (isinstance(value, str) and WRITTEN.fullmatch(value)):
        return value
    raise Unfit("日期写作 2026-01-01", "a day is written 2026-01-01")


Day = Annotated[
    date, BeforeValidator(_written_out), Field(ge=date(1900, 1, 1), le=date(2099, 12, 31))
]
Month = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
"""`"2026-03"`."""
