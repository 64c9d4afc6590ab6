"""How declared totals are shown."""

from datetime import date, datetime

from pydantic import BaseModel

from services.housing.domain.declaration import Declaration
from services.housing.domain.statement import printed


class TotalsOut(BaseModel):
    agreements: int | None
    area_owed: str | None
    area_handed_over: str | None
    communities: int | None
    urban: int | None
    village_converted: int | None
    at_standard: int | None


class WithdrawnOut(BaseModel):
    reason: str
    at: datetime


class DeclarationOut(BaseModel):
    as_of: date
    street: str | None
    source: str
    totals: TotalsOut
    withdrawn: WithdrawnOut | None


def shown(kept: Declaration) -> DeclarationOut:
    totals = TotalsOut(
        agreements=kept.totals.agreements,
        area_owed=printed(kept.totals.area_owed),
        area_handed_over=printed(kept.totals.area_handed_over),
        communities=kept.totals.communities,
        urban=kept.totals.urban,
        village_converted=kept.totals.village_converted,
        at_standard=kept.totals.at_standard,
    )
    gone = kept.withdrawn
    return DeclarationOut(
        as_of=kept.as_of,
        street=kept.street,
        source=kept.source,
        totals=totals,
        withdrawn=WithdrawnOut(reason=gone.reason, at=gone.at) if gone else None,
    )
