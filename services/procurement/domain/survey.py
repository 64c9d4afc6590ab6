"""The needs of a community in a year (需求清单): surveyed, published, and answered by plans."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, NotFound, RuleBroken
from chassis.kernel.required import required_by

from .plan import Plan
from .resettling import Orphaned, Resettled
from .rules import MATCHING, RULES


class NeedClass(StrEnum):
    """政策类, 支持类, 拓展类."""

    POLICY = "policy"
    SUPPORT = "support"
    EXTENSION = "extension"


class NeedRank(StrEnum):
    """基本需求, 特殊需求, 突出问题."""

    BASIC = "basic"
    SPECIAL = "special"
    PROBLEM = "problem"


class NeedSource(StrEnum):
    """入户调查, 居民清单, 协商议事, 群众反映."""

    SURVEY = "survey"
    LIST = "list"
    HEARING = "hearing"
    REPORT = "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What is needed by which `group` of people; `source_id` is the matter it came up in, where there is one.

    One that a session found has no group, class and rank before who surveys says them.
    """

    id: str
    group: str
    kind: NeedClass | None = None
    rank: NeedRank | None = None
    text: str
    source: NeedSource
    source_id: str | None = None
    struck: str | None = None
    """Why it counts no more: entered by mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRecorded:
    survey: str
    street: str
    community: str | None = None
    year: int
    need: Need
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedClassified:
    need: str
    group: str
    kind: NeedClass
    rank: NeedRank
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedStruck:
    need: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyPublished:
    at: datetime


SurveyEvent = NeedRecorded | NeedClassified | NeedStruck | SurveyPublished | Resettled | Orphaned


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Of a community, or of a street by itself; once published, what is added to it is public at once."""

    id: str
    street: str
    community: str | None = None
    successor: str | None = None
    year: int
    needs: tuple[Need, ...] = ()
    published_at: datetime | None = None
    orphaned: bool = False
    """Its community ended, and none goes on with it."""

    @property
    def standing(self) -> tuple[Need, ...]:
        return tuple(one for one in self.needs if one.struck is None)

    def strike(self, id: str, *, reason: str, planned: bool, now: datetime) -> NeedStruck:
        """P-37 (ours): what was entered by mistake and no plan answers (`planned`); it stays to be read."""
        self.may_strike(id)
        if planned:
            detail = "已有购买计划列入该需求，不得作废；尚未报送的计划先修改。"
            raise RuleBroken(RULES["P-37"], detail, clause=MATCHING)
        required_by(RULES["P-37"], reason, "reason", clause=MATCHING)
        return NeedStruck(need=id, reason=reason, at=now)

    def may_strike(self, id: str) -> None:
        """Not what a session decided, which waits to hear that it was answered."""
        self.may_classify(id)
        if any(one.id == id and one.source is NeedSource.HEARING for one in self.needs):
            raise RuleBroken(RULES["P-37"], "协商议定的需求不得作废。", clause=MATCHING)

    def classify(
        self, id: str, *, group: str, kind: NeedClass, rank: NeedRank, now: datetime
    ) -> NeedClassified:
        """P-37: of whom it is, and how pressing; also anew."""
        self.may_classify(id)
        required_by(RULES["P-37"], group, "group", clause=MATCHING)
        return NeedClassified(need=id, group=group, kind=kind, rank=rank, at=now)

    def may_classify(self, id: str) -> None:
        found = next((one for one in self.needs if one.id == id), None)
        if found is None:
            raise NotFound
        if found.struck is not None:
            raise RuleBroken(RULES["P-37"], "该需求已经作废。", clause=MATCHING)

    def publish(self, now: datetime) -> SurveyPublished:
        self.may_publish()
        return SurveyPublished(at=now)

    def may_publish(self) -> None:
        if self.published_at is not None:
            raise RuleBroken(RULES["P-02"], "该年度需求清单已经公布。", clause=OURS)
        if not self.standing:
            detail = "需求均已作废，没有可公布的需求。"
            raise RuleBroken(RULES["P-02"], detail, clause=OURS)


def record(
    known: Survey | None,
    *,
    id: str,
    street: str,
    community: str | None,
    year: int,
    need: Need,
    now: datetime,
) -> NeedRecorded:
    """P-37: every need with what it says, and of whom, unless a session found it; numbered as it comes.

    P-02: of the years that a plan may be made for, and of those gone by (ours).
    """
    if year > local_date(now).year + 1:
        detail = "需求最早提前一年登记。"
        raise RuleBroken(RULES["P-02"], detail, clause=OURS, field="year")
    if need.kind is not None:
        required_by(RULES["P-37"], need.group, "group", clause=MATCHING)
    required_by(RULES["P-37"], need.text, "text", clause=MATCHING)
    number = len(known.needs) + 1 if known else 1
    return NeedRecorded(
        survey=id,
        street=street,
        community=community,
        year=year,
        need=replace(need, id=f"{id}.{number}"),
        at=now,
    )


def evolve(survey: Survey | None, event: SurveyEvent) -> Survey:
    match event:
        case NeedRecorded():
            known = survey or Survey(
                id=event.survey, street=event.street, community=event.community, year=event.year
            )
            return replace(known, needs=(*known.needs, event.need))
        case NeedClassified():
            if survey is None:
                raise ValueError("a survey begins with a need")
            return replace(survey, needs=tuple(_classified(one, event) for one in survey.needs))
        case NeedStruck():
            if survey is None:
                raise ValueError("a survey begins with a need")
            return replace(
                survey,
                needs=tuple(
                    replace(one, struck=event.reason) if one.id == event.need else one
                    for one in survey.needs
                ),
            )
        case SurveyPublished():
            if survey is None:
                raise ValueError("a survey begins with a need")
            return replace(survey, published_at=event.at)
        case Resettled():
            if survey is None:
                raise ValueError("a survey begins with a need")
            return replace(
                survey,
                successor=event.community or survey.successor,
                street=event.street or survey.street,
            )
        case Orphaned():
            if survey is None:
                raise ValueError("a survey begins with a need")
            return replace(survey, orphaned=True)
        case _:
            assert_never(event)


def _classified(need: Need, event: NeedClassified) -> Need:
    if need.id != event.need:
        return need
    return replace(need, group=event.group, kind=event.kind, rank=event.rank)


def heard(
    known: Survey | None,
    *,
    id: str,
    street: str,
    community: str | None,
    year: int,
    need: Need,
    now: datetime,
) -> tuple[NeedRecorded, ...]:
    """P-37: what a session found, once, whoever tells it again."""
    if known is not None and any(one.source_id == need.source_id for one in known.needs):
        return ()
    found = record(known, id=id, street=street, community=community, year=year, need=need, now=now)
    return (found,)


def published(named: Iterable[str], surveys: Iterable[Survey]) -> None:
    """P-02 (ours): an item answers needs that were published before its plan."""
    public = {
        need.id for survey in surveys if survey.published_at is not None for need in survey.standing
    }
    if strange := sorted(set(named) - public):
        detail = f"没有公布过这些需求：{'、'.join(strange)}。"
        raise RuleBroken(RULES["P-02"], detail, clause=OURS, field="needs")


def known_as(needs: Iterable[str], surveys: Iterable[Survey]) -> tuple[str, ...]:
    """P-37: by the id under which each was heard, and else by its own."""
    heard = {
        need.id: need.source_id
        for survey in surveys
        for need in survey.needs
        if need.source is NeedSource.HEARING and need.source_id is not None
    }
    return tuple(heard.get(one, one) for one in needs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Of a street's published needs of a year: how many its plans answer, and which stay open."""

    street: str
    needs: int
    answered: int
    ranks: tuple[tuple[NeedRank, int], ...]
    """Of those that stay open, how many of each rank."""
    open: tuple[str, ...]


def answered(surveys: Iterable[Survey], plans: Iterable[Plan]) -> tuple[Answered, ...]:
    """P-37: by the items of published plans that finance let stand."""
    named = {need for plan in plans for item in plan.table for need in item.needs}
    streets: dict[str, list[Need]] = {}
    for survey in surveys:
        if survey.published_at is not None:
            streets.setdefault(survey.street, []).extend(survey.standing)
    found = []
    for street, needs in sorted(streets.items()):
        left = [need for need in needs if need.id not in named]
        ranks = Counter(need.rank for need in left)
        found.append(
            Answered(
                street=street,
                needs=len(needs),
                answered=len(needs) - len(left),
                ranks=tuple((rank, ranks[rank]) for rank in NeedRank),
                open=tuple(need.id for need in left),
            )
        )
    return tuple(found)
