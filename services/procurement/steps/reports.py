"""Evaluation reports, and making them public."""

from typing import get_args

from chassis.at import At
from chassis.kernel.clock import soonest
from chassis.lists import DUE, Filter, by, due
from chassis.steps import Collection, nothing
from services.procurement import announce
from services.procurement.access import ACCESS, PURCHASERS
from services.procurement.desk import ProcurementDesk
from services.procurement.domain import report as reports
from services.procurement.domain import waiting
from services.procurement.domain.purchaser import place_of
from services.procurement.domain.report import Report, ReportEvent
from services.procurement.domain.resettling import carried_by
from services.procurement.steps.words import Year


def resource(report: Report) -> dict[str, object]:
    return {
        "street": report.street,
        "community": carried_by(report),
        "supplier": report.supplier,
        "units": place_of(report.purchaser)["units"],
    }


REPORTS: Collection[Report, ReportEvent, ProcurementDesk, None] = Collection(
    service="procurement",
    name="reports",
    title="评估报告",
    path="/reports",
    state=Report,
    events=get_args(ReportEvent),
    evolve=reports.evolve,
    announce=announce.of_reports,
    resource=resource,
    access=ACCESS,
    keys=lambda report: {
        **resource(report),
        "contract": report.contract,
        "year": report.year,
        "missed": report.missed,
        "public": report.published_at is not None,
        "due": due(soonest(waiting.of_report(report), report.next_due)),
    },
    awaits=waiting.of_report,
    runs=lambda report, _: waiting.coming(report.next_due),
    indexes=("street+due", "units[]", "supplier+due", "contract", "year", "due"),
    words=lambda report: report.title,
    sorts={"due": DUE},
    filters={
        **by("street", "community", "supplier"),
        "year": Filter(key="year", type=Year),
        "missed": Filter(key="missed", type=bool),
        "public": Filter(key="public", type=bool),
    },
    next_due=lambda report: report.next_due,
    of=lambda desk: desk.reports,
    knows=nothing,
)


@REPORTS.step(
    "公开评估报告",
    who=PURCHASERS,
    rules="P-24 P-36",
    opens=lambda report, at: report.may_publish(at.by),
)
def publish(report: Report, at: At[None]) -> tuple[ReportEvent, ...]:
    return report.publish(by=at.by, now=at.now)


STEPS = (publish,)
