"""A problem (问题): a need somebody collected. Small matters end here; the others become a whistle."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

from chassis.kernel.errors import OURS, NotAllowed, NotFound, OutOfOrder, RuleBroken
from chassis.kernel.required import required
from chassis.vocabulary import word_of
from services.whistle.vocabulary import WORDS

from .course import CENTRE
from .events import Kind
from .rules import RULES

PARTNER = "partner:"
"""How the origin of what a partner told begins."""


class Channel(StrEnum):
    """The five ways a problem comes in."""

    SECRETARY = "secretary"
    CONSULTATION = "consultation"
    DIGITAL = "digital"
    VISIT = "visit"
    PETITION = "petition"


class Urgency(StrEnum):
    NORMAL = "normal"
    URGENT = "urgent"
    EMERGENCY = "emergency"


class Difficulty(StrEnum):
    EASY = "easy"
    HARD = "hard"


class Handling(StrEnum):
    """即时办理, 联合办理 or 上报."""

    IMMEDIATE = "immediate"
    JOINT = "joint"
    ESCALATED = "escalated"


class ProblemStatus(StrEnum):
    COLLECTED = "collected"
    TRIAGED = "triaged"
    SETTLED = "settled"
    WHISTLED = "whistled"


ALLOWED: Mapping[str, frozenset[ProblemStatus]] = {
    "correct": frozenset({ProblemStatus.COLLECTED, ProblemStatus.TRIAGED}),
    "triage": frozenset({ProblemStatus.COLLECTED, ProblemStatus.TRIAGED}),
    "settle": frozenset({ProblemStatus.TRIAGED}),
    "blow": frozenset({ProblemStatus.TRIAGED, ProblemStatus.WHISTLED}),
}
ELSEWHERE = {"blow": "吹哨"}
"""What is a whistle's step, and what it is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemCollected:
    channel: Channel
    street: str
    community: str
    category: str
    title: str
    place: str | None = None
    origin: str | None = None
    reference: str | None = None
    by: str | None = None
    has_reporter: bool = False
    arose_at: datetime | None = None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemCorrected:
    """How it stands now, whichever of it was wrong."""

    category: str
    title: str
    place: str | None = None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemTriaged:
    kind: Kind
    urgency: Urgency
    difficulty: Difficulty
    handling: Handling


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemSettled:
    how: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleFollowed:
    whistle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhistleDropped:
    """It was rejected or withdrawn: nobody was called, and the matter is where it was before."""

    whistle: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterRead:
    """Somebody looked at who reported it, and why."""

    by: str
    reason: str


ProblemEvent = (
    ProblemCollected
    | ProblemCorrected
    | ProblemTriaged
    | ProblemSettled
    | WhistleFollowed
    | WhistleDropped
    | ReporterRead
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What was collected and what became of it.

    Who reported it and what was asked in full are kept elsewhere, under another key (W-16).
    """

    status: ProblemStatus
    channel: Channel
    street: str
    community: str
    category: str
    title: str
    place: str | None = None
    origin: str | None = None
    reference: str | None = None
    """The partner's own number of it."""
    collected_by: str | None = None
    has_reporter: bool = False
    arose_at: datetime | None = None
    """When it was told elsewhere, or before its place was known; deadlines run from what happens here."""
    collected_at: datetime
    kind: Kind | None = None
    urgency: Urgency | None = None
    difficulty: Difficulty | None = None
    handling: Handling | None = None
    settled_how: str | None = None
    whistles: tuple[str, ...] = ()

    def may_correct(self, by: str, *, whistled: bool) -> None:
        """Whoever may triage it; of one that was blown the whistle says the same, and is withdrawn first."""
        self._walk("correct")
        self._sorted_by(by)
        if whistled:
            raise RuleBroken(RULES["W-08"], "该问题已经吹哨；撤回或驳回后方可更正。")

    def correct(
        self,
        *,
        category: str,
        title: str,
        place: str | None,
        reason: str,
        by: str,
        whistled: bool = False,
    ) -> ProblemCorrected:
        """W-01 (ours): what was entered wrong, with a reason.

        Where it was reported it counts as repeated (W-12): who is to be held to account corrects, too.
        """
        self.may_correct(by, whistled=whistled)
        required(reason, "reason", "请写明更正的理由。")
        corrected = ProblemCorrected(
            category=category, title=title, place=(place or "").strip() or None, reason=reason
        )
        _says("title", "标题", corrected.title)
        stands = (self.category, self.title, self.place)
        if (corrected.category, corrected.title, corrected.place) == stands:
            detail = "没有更正：请写明改正后的类别、标题或地点。"
            raise RuleBroken(RULES["W-01"], detail, field="title", clause=OURS)
        return corrected

    def may_triage(self, by: str) -> None:
        """A secretary's; the command centre's only where a partner told it."""
        self._walk("triage")
        self._sorted_by(by)

    def _sorted_by(self, by: str) -> None:
        if by == CENTRE and not (self.origin or "").startswith(PARTNER):
            raise RuleBroken(
                RULES["W-01"], "指挥中心只对合作方转来的问题分类或更正，其余由书记处理。"
            )

    def triage(self, *, by: str, as_: ProblemTriaged) -> ProblemTriaged:
        self.may_triage(by)
        return as_

    def may_settle(self, *, whistled: bool) -> None:
        """`whistled`: a whistle is out for it, even one whose news hasn't come yet (W-08)."""
        self._walk("settle")
        if self.handling is not Handling.IMMEDIATE:
            raise RuleBroken(RULES["W-01"], "只有分类为即时办理的小事可以在社区内办结。")
        if whistled:
            raise RuleBroken(RULES["W-08"], "该问题已经吹哨，随哨办结。")

    def settle(self, *, how: str, now: datetime, whistled: bool = False) -> ProblemSettled:
        self.may_settle(whistled=whistled)
        required(how, "how", "请写明办结情况。")
        return ProblemSettled(how=how, at=now)

    def ready_for_whistle(self) -> None:
        """W-01: triaged first; settled ones are over."""
        self._walk("blow")

    def follow(self, whistle: str) -> tuple[WhistleFollowed, ...]:
        """Once per whistle, however often its news arrives; what was settled meanwhile stays settled."""
        return () if whistle in self.whistles else (WhistleFollowed(whistle=whistle),)

    def drop(self, whistle: str) -> tuple[ProblemEvent, ...]:
        """W-01: what no whistle is out for any more is triaged, settled or blown again by whose it was.

        Once, and also where that is heard before there was a whistle at all.
        """
        followed = self.follow(whistle)
        latest = self.status is ProblemStatus.WHISTLED and self.whistles[-1:] == (whistle,)
        over = self.status is ProblemStatus.SETTLED
        back = (followed or latest) and not over
        return (*followed, WhistleDropped(whistle=whistle)) if back else followed

    def holder(self, blower: str | None) -> str:
        """The unit that blew; before any whistle who collected it, or the community it arose in."""
        return blower or self.collected_by or f"community:{self.community}"

    def may_read_reporter(self, by: str, blower: str | None) -> None:
        if by not in (self.holder(blower), CENTRE):
            raise NotAllowed("反映人只有吹哨单位和指挥中心可以查看。")
        if not self.has_reporter:
            raise NotFound("没有反映人信息：该问题为匿名反映。")

    def read_reporter(self, *, by: str, reason: str, blower: str | None) -> ReporterRead:
        self.may_read_reporter(by, blower)
        if not reason.strip():
            raise RuleBroken(RULES["W-16"], "查看反映人须写明理由。", field="reason")
        return ReporterRead(by=by, reason=reason)

    def next_steps(self) -> list[str]:
        return [step for step, statuses in ALLOWED.items() if self.status in statuses]

    def _walk(self, step: str) -> None:
        if self.status not in ALLOWED[step]:
            named = [ELSEWHERE.get(one, one) for one in self.next_steps()]
            raise OutOfOrder(RULES["W-17"], word_of(self.status, WORDS), step, named)


def collect(
    happened: ProblemCollected, asked: str, categories: Collection[str]
) -> ProblemCollected:
    """W-01: with a category of the list, a title, and what was asked."""
    listed(happened.category, categories)
    _says("title", "标题", happened.title)
    _says("asked", "反映内容", asked)
    return happened


def listed(category: str, categories: Collection[str]) -> None:
    if category not in categories:
        raise RuleBroken(RULES["W-01"], f"没有这个类别：{category}", field="category")


def _says(name: str, called: str, text: str) -> None:
    if not text.strip():
        raise RuleBroken(RULES["W-01"], f"问题须写明{called}。", field=name)


def reporter_kept_until(last: datetime, days: int) -> datetime:
    """W-16: so many days from the last that happened in a case that is over."""
    return last + timedelta(days=days)


def evolve(problem: Problem | None, event: ProblemEvent) -> Problem:
    if isinstance(event, ProblemCollected):
        return _collected(event)
    if problem is None:
        raise ValueError("a problem begins by being collected")
    match event:
        case ProblemCorrected():
            return replace(problem, category=event.category, title=event.title, place=event.place)
        case ProblemTriaged():
            return replace(
                problem,
                status=ProblemStatus.TRIAGED,
                kind=event.kind,
                urgency=event.urgency,
                difficulty=event.difficulty,
                handling=event.handling,
            )
        case ProblemSettled():
            return replace(problem, status=ProblemStatus.SETTLED, settled_how=event.how)
        case WhistleFollowed():
            over = problem.status is ProblemStatus.SETTLED
            return replace(
                problem,
                status=problem.status if over else ProblemStatus.WHISTLED,
                whistles=(*problem.whistles, event.whistle),
            )
        case WhistleDropped():
            return replace(problem, status=ProblemStatus.TRIAGED)
        case ReporterRead():
            return problem
        case _:
            assert_never(event)


def _collected(event: ProblemCollected) -> Problem:
    return Problem(
        status=ProblemStatus.COLLECTED,
        channel=event.channel,
        street=event.street,
        community=event.community,
        category=event.category,
        title=event.title,
        place=event.place,
        origin=event.origin,
        reference=event.reference,
        collected_by=event.by,
        has_reporter=event.has_reporter,
        arose_at=event.arose_at,
        collected_at=event.at,
    )
