"""The use cases: load, decide, save. One public method per command, one file per business thing."""

from .accountability import AccountabilityDesk, case_resource
from .agreements import AgreementDesk
from .calling import CallingDesk
from .notices import NoticeDesk
from .photos import PhotoDesk
from .placing import PlacingDesk
from .registers import of_unit, problem_resource, whistle_resource, year_resource
from .units import UnitDesk
from .work import WorkDesk
from .yearly import YearlyDesk, answered_in, answered_within

__all__ = [
    "WhistleDesk",
    "answered_in",
    "answered_within",
    "case_resource",
    "of_unit",
    "problem_resource",
    "whistle_resource",
    "year_resource",
]


class WhistleDesk(
    PlacingDesk,
    CallingDesk,
    AgreementDesk,
    WorkDesk,
    PhotoDesk,
    YearlyDesk,
    AccountabilityDesk,
    UnitDesk,
    NoticeDesk,
):
    __slots__ = ()
