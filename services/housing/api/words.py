"""The words of a request, with their limits."""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Body
from pydantic import AwareDatetime, Field, StringConstraints

Short = Annotated[str, StringConstraints(max_length=80)]
Long = Annotated[str, StringConstraints(max_length=1000)]
Reason = Annotated[str, Body(embed=True, max_length=1000)]
Households = Annotated[int, Field(ge=0, le=1_000_000)]
Area = Annotated[str, StringConstraints(max_length=12)]
"""m² with at most two decimals, as text: `"1200.50"`."""
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2099, 12, 31))]
Moment = Annotated[AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC))]
