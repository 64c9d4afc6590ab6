"""Numbers that stand in more than one request of this service."""

from typing import Annotated

from pydantic import Field

from chassis.words import Whole
from services.housing.domain.households import MOST

Households = Annotated[Whole, Field(ge=1, le=MOST)]
"""Of a community: what nobody knows is left out, and isn't none."""
