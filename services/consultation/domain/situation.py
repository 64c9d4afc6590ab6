"""C-31: new situations, reported to the district's office in the united-front department, and its answer."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from chassis.kernel.errors import RuleBroken
from chassis.kernel.required import required_by

from .resettling import Resettled
from .rules import ASSESSING, RULES

OFFICE = "united_front"


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationReported:
    street: str
    community: str | None = None
    title: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SituationAnswered:
    answer: str
    by: str
    at: datetime


SituationEvent = SituationReported | SituationAnswered | Resettled


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    reported: SituationReported
    answered: SituationAnswered | None = None


def report(reported: SituationReported) -> SituationReported:
    required_by(RULES["C-31"], reported.title, "title", "请写明新情况新问题的标题。", ASSESSING)
    required_by(RULES["C-31"], reported.text, "text", "请写明情况。", ASSESSING)
    return reported


def open_for(situation: Situation) -> None:
    if situation.answered is not None:
        raise RuleBroken(RULES["C-31"], "该报告已答复。", clause=ASSESSING)


def answer(situation: Situation, text: str, by: str, now: datetime) -> SituationAnswered:
    open_for(situation)
    required_by(RULES["C-31"], text, "answer", "请写明答复。", ASSESSING)
    return SituationAnswered(answer=text, by=by, at=now)


def evolve(situation: Situation | None, event: SituationEvent) -> Situation:
    if isinstance(event, SituationReported):
        return Situation(reported=event)
    if situation is None:
        raise ValueError("a situation begins by being reported")
    match event:
        case SituationAnswered():
            return replace(situation, answered=event)
        case Resettled():
            said = situation.reported
            here = event.community or said.community
            return replace(situation, reported=replace(said, street=event.street, community=here))
        case _:
            assert_never(event)
