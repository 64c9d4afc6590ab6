"""Our private events in the words we have promised others. Silence is a decision too."""

from datetime import date
from typing import Any, assert_never

from contracts import procurement as published
from contracts.event import Event

from .domain import (
    call_events,
    contract,
    eligibility,
    events,
    integrity,
    panel,
    passing,
    supervision_events,
)
from .domain import fund as funds
from .domain import plan as plans
from .domain import purchaser as purchasers
from .domain import report as reports
from .domain import supervision as supervisions
from .domain import supplier as suppliers
from .domain import survey as surveys
from .domain.call import Call
from .domain.purchaser import place_of
from .domain.resettling import Orphaned, Resettled
from .domain.rules import FRAUD, SUBCONTRACTING, UNQUALIFIED
from .domain.supplier import BY_CONTRACT, CLAUSES, Supplier


def of_suppliers(event: suppliers.SupplierEvent, after: Supplier) -> Event | None:
    match event:
        case (
            suppliers.SupplierRegistered()
            | suppliers.SupplierCorrected()
            | suppliers.SupplierLeft()
            | suppliers.SupplierReturned()
        ):
            if after.kind in BY_CONTRACT:
                return None
            return published.SupplierRegistered(
                supplier=after.code, kind=after.kind.value, left=after.left_at is not None
            )
        case suppliers.BarReviewed() if not event.lifted:
            return None
        case suppliers.Barred() | suppliers.BarReviewed() | suppliers.BarEnded():
            return _barred(after)
        case suppliers.FactFiled() | suppliers.BarAppealed():
            return None
        case _:
            assert_never(event)


def _barred(supplier: Supplier) -> Event | None:
    """P-07: by all the bars that stand, not only by the one that something happened to."""
    if (bar := supplier.barred_by) is not None:
        return published.EligibilityChanged(
            supplier=supplier.code,
            state="barred",
            until=bar.until.isoformat(),
            rule="P-07",
            clause=CLAUSES[bar.ground],
        )
    return published.EligibilityChanged(supplier=supplier.code, state="eligible", rule="P-07")


def of_contracts(event: events.ContractEvent, after: contract.Contract) -> Event | None:
    match event:
        case events.ContractSigned():
            return published.ContractSigned(**_about(after), year=after.year, needs=event.needs)
        case events.ProjectEvaluated():
            return published.ProjectEvaluated(
                **_about(after),
                year=after.year,
                stage=event.stage.value,
                points=event.points,
                band=event.band.value,
                evaluated_at=event.at,
            )
        case events.PaymentReleased():
            return published.PaymentReleased(
                **_about(after),
                instalment=event.instalment.value,
                amount=event.amount,
                due=event.due,
            )
        case events.PaymentMissed():
            return published.PaymentOverdue(
                **_about(after), instalment=event.instalment.value, due=event.due
            )
        case (
            events.ContractFiled()
            | events.CorrectionAsked()
            | events.CorrectionAnswered()
            | events.SelfAssessed()
            | events.SecondScored()
            | events.SchemeShown()
            | events.SchemeAnswered()
            | events.RenewalAgreed()
            | panel.PanelListed()
            | panel.PanelDrawn()
            | panel.ExpertRecused()
            | events.PerformanceAccepted()
            | events.PaymentOpened()
            | events.PaymentRenewed()
            | passing.PassingFound()
            | passing.PassingAnswered()
            | passing.PassingSettled()
            | Resettled()
            | Orphaned()
        ):
            return None
        case events.ContractEnded():
            return published.ContractEnded(**_about(after), year=after.year, why=event.why.value)
        case _:
            assert_never(event)


def of_plans(event: plans.PlanEvent, after: plans.Plan) -> Event | None:
    """Only what is public: an item that was settled later stands in its contract."""
    if not isinstance(event, plans.PlanPublished):
        return None
    bought = after.table
    return published.PlanPublished(
        **place_of(after.purchaser),
        plan=after.id,
        year=after.year,
        items=len(bought),
        amount=sum(one.amount for one in bought),
    )


def of_calls(event: call_events.CallEvent, after: Call) -> Event | None:
    """What is scored stays with the call until its panel closes."""
    if isinstance(event, call_events.ResultMissed):
        return published.PublicationMissed(
            **place_of(after.purchaser), what="result", about=after.id, due=event.due
        )
    if not isinstance(event, call_events.CallOpened):
        return None
    return published.SolicitationOpened(
        **place_of(after.purchaser),
        call=after.id,
        plan=after.plan,
        project=after.project,
        year=after.year,
        way=after.item.way.value,
        closes=after.closes.isoformat(),
    )


def of_supervisions(
    event: supervision_events.SupervisionEvent, after: supervisions.Supervision
) -> Event | None:
    """Only what was missed; records and reports stay with their parties."""
    if not isinstance(event, supervision_events.SupervisionMissed):
        return None
    return published.SupervisionMissed(
        **place_of(after.purchaser) | {"street": after.street},
        community=after.community,
        supplier=after.supplier,
        contract=after.contract,
        supervisor=after.supervisor,
        what=event.what.value,
        month=event.month.isoformat(),
    )


def of_funds(event: funds.FundEvent, after: funds.Fund) -> Event | None:
    """Only an account that isn't public in time."""
    if not isinstance(event, funds.QuarterMissed):
        return None
    return published.PublicationMissed(
        street=after.street,
        community=after.community,
        what="fund",
        about=after.community,
        due=event.due,
    )


def of_surveys(event: surveys.SurveyEvent, after: surveys.Survey) -> Event | None:
    """That it is public; what is needed stands in the list."""
    if not isinstance(event, surveys.SurveyPublished):
        return None
    return published.NeedsSurveyPublished(
        street=after.street,
        community=after.community,
        survey=after.id,
        year=after.year,
        needs=len(after.standing),
    )


def of_reports(event: reports.ReportEvent, after: reports.Report) -> Event | None:
    """Only what was missed: an evaluation is told by its contract."""
    if not isinstance(event, reports.ReportMissed):
        return None
    return published.PublicationMissed(
        **place_of(after.purchaser) | {"street": after.street},
        community=after.community,
        supplier=after.supplier,
        what="evaluation",
        about=after.id,
        due=after.clock.due,
    )


def of_purchasers(event: purchasers.PurchaserEvent, after: purchasers.Purchaser) -> Event | None:
    match event:
        case purchasers.FindingRecorded():
            about, withdrawn = event.finding, False
        case purchasers.FindingWithdrawn():
            about = next(one for one in after.findings if one.id == event.finding)
            withdrawn = True
        case purchasers.FindingAnswered():
            return None
        case _:
            assert_never(event)
    return published.PurchaserRestricted(
        **place_of(after.office),
        year=about.year + 1,
        rule="P-32",
        clause=FRAUD,
        withdrawn=withdrawn,
    )


def of_eligibilities(
    event: eligibility.EligibilityEvent, after: eligibility.Eligibility
) -> Event | None:
    match event:
        case (
            eligibility.ResultHeard()
            | eligibility.BreachHeard()
            | eligibility.OrganisationHeard()
            | integrity.IntegrityHeard()
        ):
            return None
        case eligibility.StandingTold():
            barred = event.state is eligibility.State.BARRED
            return published.EligibilityChanged(
                supplier=after.supplier,
                state=event.state.value,
                until=event.until.isoformat() if event.until else None,
                rule="P-07" if barred else "P-06",
                clause=event.clause,
            )
        case eligibility.EligibilityChanged():
            return published.EligibilityChanged(
                supplier=after.supplier,
                state=event.state.value,
                project=event.project,
                year=event.year,
                until=date(event.year, 12, 31).isoformat(),
                rule=event.rule,
                clause=UNQUALIFIED if event.rule == "P-07" else SUBCONTRACTING,
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
