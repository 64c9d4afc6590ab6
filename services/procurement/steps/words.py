"""What requests here say in common."""

from typing import Annotated

from pydantic import Field, Strict

from chassis.words import Whole

Year = Annotated[int, Field(ge=2000, le=2100)]
"""In an address; a body says it as a number."""
YearSaid = Annotated[Year, Strict()]
Fen = Annotated[Whole, Field(gt=0, le=10**13)]
