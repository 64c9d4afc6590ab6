"""What requests here say in common."""

from typing import Annotated

from pydantic import Field

from chassis.words import Whole

Year = Annotated[Whole, Field(ge=2000, le=2100)]
MOST_COUNTED = 10_000_000
Count = Annotated[Whole, Field(ge=0, le=MOST_COUNTED)]
Fen = Annotated[Whole, Field(ge=0, le=10**13)]
