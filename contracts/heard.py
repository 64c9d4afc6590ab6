"""Which service consumes which events: part of the published language; every process declares the queues from it."""

from collections.abc import Mapping

from . import consultation, housing, index, mediation, organisations, partner, procurement, whistle
from .event import Event

HEARD: Mapping[str, tuple[type[Event], ...]] = {
    "housing": (
        housing.CommunityProfiled,
        housing.BoundaryChanged,
        housing.AgreementChanged,
        procurement.SupplierRegistered,
        procurement.EligibilityChanged,
        procurement.ContractSigned,
        procurement.ContractEnded,
        consultation.OutcomeReported,
    ),
    "procurement": (
        housing.CommunityProfiled,
        housing.YardsCounted,
        consultation.NeedIdentified,
        procurement.ProjectEvaluated,
        procurement.ContractEnded,
        consultation.OutcomeReported,
        whistle.UnitListed,
        partner.IntegrityReported,
        organisations.StandingChanged,
    ),
    "consultation": (
        housing.CommunityProfiled,
        consultation.MatterDeliberated,
        consultation.SessionHeld,
        consultation.MatterReferred,
        consultation.MatterClosed,
        whistle.ProblemSettled,
        whistle.Closed,
        whistle.Rejected,
        whistle.ProblemRepeated,
        whistle.AccountabilityOpened,
        whistle.UnitListed,
        index.WeaknessFlagged,
        procurement.ContractSigned,
        procurement.NeedsSurveyPublished,
        mediation.CaseEnded,
    ),
    "whistle": (
        housing.CommunityProfiled,
        housing.OutlineDrawn,
        housing.AgreementOverdue,
        housing.AgreementChanged,
        consultation.MatterReferred,
        index.WeaknessFlagged,
        partner.ProblemReported,
        whistle.ReportPlaced,
        whistle.Blown,
        whistle.Rejected,
        whistle.Withdrawn,
        whistle.Arrived,
        whistle.Handled,
        whistle.Closed,
        whistle.ProblemSettled,
        whistle.ProblemCollected,
        whistle.ProblemRepeated,
        whistle.AgreementNoted,
    ),
    "index": (
        housing.CommunityProfiled,
        whistle.UnitListed,
        whistle.Closed,
        whistle.Reopened,
        whistle.Rejected,
        whistle.Withdrawn,
        whistle.DeadlineMissed,
        whistle.AccountabilityOpened,
        consultation.MemberSeated,
        consultation.SeatEnded,
        consultation.PlanFiled,
        consultation.SessionHeld,
        consultation.OutcomeReported,
        consultation.OutcomeFollowed,
        consultation.MatterClosed,
        consultation.DateMissed,
        consultation.FactRecorded,
        procurement.PaymentReleased,
        procurement.PaymentOverdue,
        procurement.ProjectEvaluated,
        housing.StandardAssessed,
        housing.PremisesHandedOver,
        procurement.SupplierRegistered,
        organisations.Counted,
        partner.ObservationReported,
        mediation.CaseEnded,
    ),
    "mediation": (
        housing.CommunityProfiled,
        whistle.UnitListed,
        whistle.ProblemSettled,
        consultation.MatterReferred,
        partner.DisputeReported,
    ),
    "affairs": (
        housing.CommunityProfiled,
        whistle.UnitListed,
        consultation.OutcomeReported,
    ),
    "organisations": (
        housing.CommunityProfiled,
        whistle.UnitListed,
        procurement.ProjectEvaluated,
        procurement.EligibilityChanged,
        organisations.Registered,
        organisations.StandingChanged,
        organisations.GroupFiled,
        organisations.VolunteerCounted,
        partner.IntegrityReported,
    ),
    "journal": (),
}
"""Queue → what it hears. The journal hears everything, whatever stands here."""


def family(type: str) -> str:
    """An event type without its version: queues are bound to all versions of a type."""
    return type.rpartition(".v")[0]


def topology() -> dict[str, tuple[str, ...]]:
    return {queue: tuple(family(event.type) for event in events) for queue, events in HEARD.items()}
