"""What requests here say in common."""

from typing import Annotated

from pydantic import Field

from chassis.words import Whole

Year = Annotated[Whole, Field(ge=2000, le=2100)]
Count = Annotated[Whole, Field(ge=0, le=10_000_000)]
Fen = Annotated[Whole, Field(ge=0, le=10**13)]
