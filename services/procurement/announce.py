"""Our private events in the words we have promised others. Silence is a decision too."""

from typing import Any, assert_never

from contracts import procurement as told
from contracts.event import Event

from .domain import contract, eligibility, events
from .domain.rules import UNQUALIFIED
from .domain.supplier import Supplier, SupplierRegistered


def of_suppliers(event: SupplierRegistered, after: Supplier) -> Event | None:
    return told.SupplierRegistered(supplier=after.code, kind=after.kind.value)


def of_contracts(event: events.ContractEvent, after: contract.Contract) -> Event | None:
    match event:
        case events.ContractSigned():
            return told.ContractSigned(**_about(after), year=after.year)
        case events.ProjectEvaluated():
            return told.ProjectEvaluated(
                **_about(after),
                year=after.year,
                stage=event.stage.value,
                points=event.points,
                band=event.band.value,
                evaluated_at=event.at,
            )
        case events.PaymentReleased():
            return told.PaymentReleased(
                **_about(after),
                instalment=event.instalment.value,
                amount=event.amount,
                due=event.due,
            )
        case events.PaymentMissed():
            return told.PaymentOverdue(
                **_about(after), instalment=event.instalment.value, due=event.due
            )
        case (
            events.ContractFiled()
            | events.SchemeShown()
            | events.SchemeAnswered()
            | events.RenewalAgreed()
            | events.PerformanceAccepted()
            | events.PaymentOpened()
            | events.PaymentRenewed()
        ):
            return None
        case events.ContractEnded():
            return told.ContractEnded(**_about(after), why=event.why.value)
        case _:
            assert_never(event)


def of_eligibilities(
    event: eligibility.EligibilityEvent, after: eligibility.Eligibility
) -> Event | None:
    match event:
        case eligibility.ResultHeard():
            return None
        case eligibility.EligibilityChanged():
            return told.EligibilityChanged(
                supplier=after.supplier,
                state=event.state.value,
                project=event.project,
                year=event.year,
                until=eligibility.last_day(event.year).isoformat(),
                rule="P-07",
                clause=UNQUALIFIED,
            )
        case _:
            assert_never(event)


def _about(signed: contract.Contract) -> dict[str, Any]:
    return {
        "units": signed.units,
        "street": signed.street,
        "community": signed.community,
        "supplier": signed.supplier,
        "contract": signed.id,
        "project": signed.project,
    }
