"""How agreements are shown: with the figures that follow from them, areas as decimal text."""

from datetime import date, datetime

from pydantic import BaseModel

from chassis.kernel.measure import as_decimal
from services.housing.domain.agreement import Agreement, Status
from services.housing.domain.inspection import Finding, Inspection, Remedy


class InspectionOut(BaseModel):
    number: int
    area: str
    first: str
    second: str
    findings: tuple[Finding, ...]
    at: datetime


class HandoverOut(BaseModel):
    area: str
    at: datetime
    inspection: int | None
    remedies: tuple[Remedy, ...]


class AgreementOut(BaseModel):
    """An agreement with the figures that follow from it."""

    status: Status
    project: str
    community: str
    street: str
    developer: str
    households: int
    area_owed: str
    area_accepted: str
    area_outstanding: str
    area_surplus: str
    due: date
    overdue: bool
    missed: tuple[date, ...]
    replaces: str | None
    replaced_by: str | None
    inspections: tuple[InspectionOut, ...]
    handovers: tuple[HandoverOut, ...]
    signed_at: datetime
    next_steps: list[str]


def _inspection(one: Inspection) -> InspectionOut:
    return InspectionOut(
        number=one.number,
        area=as_decimal(one.area),
        first=as_decimal(one.first),
        second=as_decimal(one.second),
        findings=one.findings,
        at=one.at,
    )


def shown(kept: Agreement) -> AgreementOut:
    return AgreementOut(
        status=kept.status,
        project=kept.project,
        community=kept.community,
        street=kept.street,
        developer=kept.developer,
        households=kept.households,
        area_owed=as_decimal(kept.area_owed),
        area_accepted=as_decimal(kept.accepted),
        area_outstanding=as_decimal(kept.outstanding),
        area_surplus=as_decimal(kept.surplus),
        due=kept.due,
        overdue=kept.overdue,
        missed=kept.missed,
        replaces=kept.replaces,
        replaced_by=kept.replacement.by if kept.replacement else None,
        inspections=tuple(_inspection(one) for one in kept.inspections),
        handovers=tuple(
            HandoverOut(
                area=as_decimal(part.area),
                at=part.at,
                inspection=part.inspection,
                remedies=part.remedies,
            )
            for part in kept.handovers
        ),
        signed_at=kept.signed_at,
        next_steps=kept.next_steps(),
    )
