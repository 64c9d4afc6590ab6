"""The envelope every published event travels in (CloudEvents 1.0, structured JSON), and the base of its data.

Ids and facts only: never free text from a resident, never personal data.
"""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    StringConstraints,
)

from .text import Unfit

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
"""A code of the registers: a pinyin or English slug."""

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$")]
"""The id of an aggregate: opaque, fit for a path."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=120)]
"""Of a community, unit or matter as it is publicised; never of a person."""

MAX_BYTES = 256 * 1024
"""The largest event that travels; a file is stored and referred to."""


def instant(at: datetime) -> str:
    """UTC text of fixed width with microseconds, so that text order is time order."""
    there = at if at.tzinfo is UTC else at.astimezone(UTC)
    return there.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]")


FIRST, LAST = 1900, 9000
"""The years that one can count with on either side."""


def of_our_time(at: datetime) -> datetime:
    if not FIRST <= at.year <= LAST:
        raise Unfit(f"时间应在 {FIRST} 年至 {LAST} 年之间", "is not a time of ours")
    return at


def _written_out(value: Any) -> Any:
    """A number would pass for seconds since 1970."""
    if isinstance(value, datetime) or (isinstance(value, str) and WRITTEN.match(value)):
        return value
    raise Unfit("时间写作 2026-01-01T00:00:00+08:00", "a time is written 2026-01-01T00:00:00+08:00")


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(of_our_time)]
"""An instant as it comes in: with its offset, and far enough from the ends of time to count with."""

Instant = Annotated[Moment, PlainSerializer(instant, return_type=str)]


def _in_the_calendar(written: str) -> str:
    """2026-02-30 is written like a day, and whoever counts with it would fail."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise Unfit("没有这一天", "is no day of the calendar") from None
    if not FIRST <= day.year <= LAST:
        raise Unfit(f"日期应在 {FIRST} 年至 {LAST} 年之间", "is not a day of ours")
    return written


Day = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    AfterValidator(_in_the_calendar),
]
"""A day of Asia/Shanghai."""


class Event(BaseModel):
    """A published fact. Fields may be added with a default; never renamed, retyped or removed.

    The codes say whom it concerns: feed and stream are filtered by them.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    type: ClassVar[str]

    street: Code | None = None
    community: Code | None = None
    units: tuple[Code, ...] = ()
    supplier: Id | None = None


class Envelope(BaseModel):
    """CloudEvents 1.0 attributes, ours included; `data` is one `Event`, told apart by `type`."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    specversion: Literal["1.0"] = "1.0"
    id: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    source: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    type: Annotated[str, StringConstraints(pattern=r"^[a-z]+\.[a-z_]+\.v[1-9][0-9]*$")]
    subject: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    time: Instant
    datacontenttype: Literal["application/json"] = "application/json"
    sequence: Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]
    """The aggregate's version at this event; leading zeros make text order its order."""
    correlationid: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    """The case that started it all."""
    causationid: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    traceparent: str | None = None
    trailhead: str | None = None
    """The latest mark of the aggregate's trail, so that whoever keeps events can witness it."""
    data: dict[str, Any]

    @property
    def about(self) -> str:
        """The id of the aggregate it is about."""
        return self.subject.rpartition("/")[2]

    def wire(self) -> bytes:
        return self.model_dump_json(exclude_none=True).encode()
