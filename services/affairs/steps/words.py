"""What requests here say in common."""

from typing import Annotated

from pydantic import Field

from chassis.words import Whole

Fen = Annotated[Whole, Field(ge=0, le=10**13)]
Count = Annotated[Whole, Field(ge=0, le=10_000_000)]
Hundred = Annotated[Whole, Field(ge=0, le=100)]
MUST = Field(json_schema_extra={"x-must": True})
"""Beside a text that its rule wants said, and that may be empty for its shape alone: a form says so beforehand."""
Year = Annotated[Whole, Field(ge=2000, le=2100)]
