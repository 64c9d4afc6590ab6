"""What happens here besides the steps: news of others, what comes due, what ships; one file per thing."""

from .assessments import AssessmentDesk
from .duties import DutyDesk
from .editions import EditionDesk
from .feeds import FeedDesk
from .pilots import PilotDesk
from .registers import (
    duty_resource,
    edition_resource,
    filing_resource,
    finding_resource,
    improvement_resource,
    innovation_resource,
    observation_resource,
    pilot_resource,
    sheet_resource,
    survey_resource,
    task_resource,
    whose,
)

__all__ = [
    "IndexDesk",
    "duty_resource",
    "edition_resource",
    "filing_resource",
    "finding_resource",
    "improvement_resource",
    "innovation_resource",
    "observation_resource",
    "pilot_resource",
    "sheet_resource",
    "survey_resource",
    "task_resource",
    "whose",
]


class IndexDesk(EditionDesk, FeedDesk, DutyDesk, AssessmentDesk, PilotDesk):
    __slots__ = ()
