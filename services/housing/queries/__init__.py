"""The register, standards and statements: what is read and changes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from services.housing.access import ACCESS
from services.housing.desk import HousingDesk
from services.housing.shipped import COUNTED

from .register import RegisterQueries
from .standards import StandardQueries
from .statements import StatementQueries


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    register: RegisterQueries
    standards: StandardQueries
    statements: StatementQueries

    @classmethod
    def of(cls, desk: HousingDesk, clock: Callable[[], datetime]) -> "Queries":
        return cls(
            register=RegisterQueries(
                communities=desk.communities, changes=desk.changes, streets=desk.streets
            ),
            standards=StandardQueries(premises=desk.premises, clock=clock),
            statements=StatementQueries(
                communities=desk.communities,
                agreements=desk.agreements,
                premises=desk.premises,
                declarations=desk.declarations,
                streets=desk.streets,
                access=ACCESS,
                counted=COUNTED,
                clock=clock,
            ),
        )


async def names(desk: HousingDesk) -> Mapping[str, Mapping[str, str]]:
    """What codes are called, by the field that holds them."""
    return {
        "street": {code: street.name for code, street in desk.streets.items()},
        "community": {held.id: held.aggregate.name async for held in desk.communities.every({})},
    }
