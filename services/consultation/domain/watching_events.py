"""What can happen to a matter beside its course: a step kept with text or photographs, the assessment of its
risks, what members found of it and how that was answered, and its correction from above."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Stage(StrEnum):
    """The steps that a matter is walked by, of 2018 and of 2016."""

    TOPIC = "topic"
    SETTLING = "settling"
    INFORMING = "informing"
    RESEARCH = "research"
    DELIBERATION = "deliberation"
    FEEDBACK = "feedback"
    CARRYING_OUT = "carrying_out"
    SUPERVISION = "supervision"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageKept:
    """有图有真相: what there was on that day, in words or by photographs (their ids)."""

    stage: Stage
    on: date
    text: str | None = None
    photos: tuple[str, ...] = ()
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskAssessed:
    """重大决策社会稳定风险评估: that it was made, by whom and when, and the paper that says so."""

    made_by: str
    on: date
    document: str
    at: datetime


class Mark(StrEnum):
    """How a member finds that it is carried out."""

    WELL = "well"
    PARTLY = "partly"
    BADLY = "badly"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterInspected:
    """How it is carried out, as a member found it; `due`: by when that is answered, none before it was
    asked for; `days`, `provisional`: as of a clock, neither before they were kept."""

    seat: str
    finding: str
    mark: Mark | None = None
    due: datetime | None = None
    days: int | None = None
    provisional: bool = False
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRenewed:
    """By when it is answered, counted again once more of the working days are known."""

    inspection: int
    due: datetime
    provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionAnswered:
    """What was put right; `inspection`: which it was, counted from 0."""

    inspection: int
    answer: str
    at: datetime


class Fault(StrEnum):
    """Against procedure or substance (程序、实体), or against the law."""

    PROCEDURE = "procedure"
    SUBSTANCE = "substance"
    LAW = "law"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterCorrected:
    """From above, back to the step that was broken."""

    fault: Fault
    back_to: Stage
    reason: str
    at: datetime


WatchingEvent = (
    StageKept
    | RiskAssessed
    | MatterInspected
    | AnswerRenewed
    | InspectionAnswered
    | MatterCorrected
)
