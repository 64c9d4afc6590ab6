"""Numbers that stand in more than one request of this service."""

from typing import Annotated

from pydantic import Field

from chassis.words import Whole

Households = Annotated[Whole, Field(ge=0, le=1_000_000)]
