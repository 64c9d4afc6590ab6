"""A yearly edition of the index (I-08): computed once, reviewed by a third party, published, never changed.

    draft → under_review → published

What it was computed from is in it, so that anybody can compute it again.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from chassis.kernel.clock import local_date
from chassis.kernel.errors import OURS, RuleBroken, UnknownReference
from chassis.kernel.required import required_by
from chassis.vocabulary import word_of
from services.index.vocabulary import WORDS

from .computing import Input, Result
from .rules import EVALUATED, RULES, SYSTEM
from .sensitivity import Uncertainty
from .standing import Standings


class Stage(StrEnum):
    DRAFT = "draft"
    UNDER_REVIEW = "under_review"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionDrafted:
    """`number` counts the editions of its year; `reason` says why there is another one.

    `lowest_points`: how many of the lowest it asks about, with who is level with the last of them; `streets`: how sure
    their places of the year are.
    """

    edition: str
    year: int
    number: int
    system: str
    method: str
    least_covered: int
    inputs: tuple[Input, ...]
    result: Result
    hash: str
    uncertainty: Uncertainty | None = None
    lowest_points: int = 5
    streets: Standings | None = None
    reason: str | None = None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewBegun:
    """`reviewer`: the third party's code, as which it acts."""

    reviewer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentMade:
    """On a measuring point, or on the whole."""

    point: int | None = None
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentAnswered:
    comment: int
    answer: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOff:
    opinion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionPublished:
    by: str
    at: datetime


EditionEvent = (
    EditionDrafted | ReviewBegun | CommentMade | CommentAnswered | SignedOff | EditionPublished
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    number: int
    point: int | None = None
    text: str
    at: datetime
    answer: CommentAnswered | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    drafted: EditionDrafted
    stage: Stage = Stage.DRAFT
    reviewer: str | None = None
    comments: tuple[Comment, ...] = ()
    signed_off: SignedOff | None = None
    published: EditionPublished | None = None

    @property
    def unanswered(self) -> tuple[int, ...]:
        return tuple(comment.number for comment in self.comments if comment.answer is None)

    def may_begin_review(self) -> None:
        self._must_be(Stage.DRAFT, "送审")

    def begin_review(self, *, reviewer: str, sources: frozenset[str], now: datetime) -> ReviewBegun:
        """I-08: by a third party, which none of the data sources is."""
        self.may_begin_review()
        if reviewer in sources:
            raise RuleBroken(
                RULES["I-08"], "第三方不能是数据来源部门。", clause=OURS, field="reviewer"
            )
        return ReviewBegun(reviewer=reviewer, at=now)

    def may_comment(self) -> None:
        self._must_be(Stage.UNDER_REVIEW, "评审")
        if self.signed_off is not None:
            raise RuleBroken(RULES["I-08"], "第三方已经签署意见。", clause=OURS)

    def comment(self, *, point: int | None, text: str, now: datetime) -> CommentMade:
        self.may_comment()
        required_by(RULES["I-08"], text, "text", clause=OURS)
        if point is not None and point not in {line.point for line in self.drafted.result.points}:
            raise UnknownReference(f"没有这个测量点：{point}", field="point")
        return CommentMade(point=point, text=text, at=now)

    def may_answer(self) -> None:
        self._must_be(Stage.UNDER_REVIEW, "答复")
        if not self.unanswered:
            raise RuleBroken(RULES["I-08"], "没有待答复的意见。", clause=OURS)

    def answer(self, *, comment: int, answer: str, by: str, now: datetime) -> CommentAnswered:
        self.may_answer()
        if comment not in self.unanswered:
            raise RuleBroken(RULES["I-08"], "没有这条待答复的意见。", clause=OURS, field="comment")
        required_by(RULES["I-08"], answer, "answer", clause=OURS)
        return CommentAnswered(comment=comment, answer=answer, by=by, at=now)

    def may_sign_off(self) -> None:
        self.may_comment()
        self._all_answered()

    def sign_off(self, *, opinion: str, now: datetime) -> SignedOff:
        self.may_sign_off()
        required_by(RULES["I-08"], opinion, "opinion", clause=EVALUATED)
        return SignedOff(opinion=opinion, at=now)

    def may_publish(self, *, latest: bool, unlooked: int = 0) -> None:
        """`latest`: whether it is the last edition of its year, for which the others make way.

        `unlooked`: how many of last year's answers nobody has looked at again (I-24).
        """
        self._must_be(Stage.UNDER_REVIEW, "公布")
        if self.signed_off is None:
            raise RuleBroken(RULES["I-08"], "第三方签署意见之后才能公布。", clause=EVALUATED)
        if not latest:
            raise RuleBroken(RULES["I-08"], "本年已有更新的一版，旧版不再公布。", clause=OURS)

        if unlooked:
            detail = f"上年的短板答复还有 {unlooked} 项没有回看。"
            raise RuleBroken(RULES["I-24"], detail, clause=SYSTEM)

    def publish(
        self, *, latest: bool, unlooked: int = 0, by: str, now: datetime
    ) -> EditionPublished:
        self.may_publish(latest=latest, unlooked=unlooked)
        return EditionPublished(by=by, at=now)

    def _all_answered(self) -> None:
        if self.unanswered:
            waiting = "、".join(map(str, self.unanswered))
            raise RuleBroken(RULES["I-08"], f"意见须逐条答复；尚未答复：{waiting}。", clause=OURS)

    def _must_be(self, stage: Stage, step: str) -> None:
        if self.stage is not stage:
            raise RuleBroken(
                RULES["I-08"],
                f"当前状态为“{word_of(self.stage, WORDS)}”，不能{step}。",
                clause=OURS,
            )


def draft(drafted: EditionDrafted) -> EditionDrafted:
    """I-08: of a year that has begun, the first, or another one that says why."""
    if local_date(drafted.at).year < drafted.year:
        detail = f"{drafted.year} 年尚未开始，不能计算。"
        raise RuleBroken(RULES["I-08"], detail, clause=OURS, field="year")
    if drafted.number > 1 and not (drafted.reason or "").strip():
        raise RuleBroken(
            RULES["I-08"], "重新计算须写明理由；已公布的不变。", clause=OURS, field="reason"
        )
    return drafted


def evolve(edition: Edition | None, event: EditionEvent) -> Edition:
    if isinstance(event, EditionDrafted):
        return Edition(drafted=event)
    if edition is None:
        raise ValueError("an edition begins by being drafted")
    match event:
        case ReviewBegun():
            return replace(edition, stage=Stage.UNDER_REVIEW, reviewer=event.reviewer)
        case CommentMade():
            number = len(edition.comments) + 1
            made = Comment(number=number, point=event.point, text=event.text, at=event.at)
            return replace(edition, comments=(*edition.comments, made))
        case CommentAnswered():
            return replace(edition, comments=_answered(edition, event))
        case SignedOff():
            return replace(edition, signed_off=event)
        case EditionPublished():
            return replace(edition, stage=Stage.PUBLISHED, published=event)
        case _:
            assert_never(event)


def _answered(edition: Edition, event: CommentAnswered) -> tuple[Comment, ...]:
    return tuple(
        replace(comment, answer=event) if comment.number == event.comment else comment
        for comment in edition.comments
    )
