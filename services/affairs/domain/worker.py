"""A-12, A-24: a community worker: posts, proven service, certificates, training. Who it is, is sealed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar, assert_never

from chassis.kernel.clock import end_of, local_date
from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.required import required_by

from .keeping import PersonForgotten
from .rules import PAPERS, RULES, SERVED, TRAINING
from .scale import BORNE_ELSEWHERE, Post

T = TypeVar("T")


class Certificate(StrEnum):
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTOR = "doctor"
    JUNIOR = "junior"
    INTERMEDIATE = "intermediate"
    SENIOR = "senior"


class Honour(StrEnum):
    CITY = "city"
    PROVINCE = "province"
    MINISTRY = "ministry"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A post; `until` its last day; `community` where, None of what was kept before it was said here."""

    post: Post
    since: date
    until: date | None = None
    community: str | None = None

    def held_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A spell in some street or district, with its proof; `at`: when it was entered, None of one of before."""

    since: date
    until: date | None = None
    where: str
    proof: str
    at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """Its number is sealed; `at` as of a spell of service."""

    kind: Certificate
    on: date
    at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerTaken:
    """On record, with the first post."""

    street: str
    community: str
    post: Post
    since: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The name was sealed, in the place of another if there was one."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PostTaken:
    post: Post
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PostLeft:
    post: Post
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """To another community of the street, into this post; every post before ended the day before."""

    community: str
    post: Post
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    service: Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Awarded:
    """`papers_on`: the day its papers were handed in."""

    honour: Honour
    on: date
    papers_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    on: date
    hours: int
    subject: str
    certificate: str = ""


Entry = Holding | Service | Certified | Awarded | Trained


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck:
    """It was entered by mistake."""

    entry: Entry
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerRead:
    by: str
    reason: str
    at: datetime


WorkerEvent = (
    WorkerTaken
    | Named
    | PostTaken
    | PostLeft
    | Moved
    | Served
    | Certified
    | Awarded
    | Trained
    | Struck
    | WorkerRead
    | PersonForgotten
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    street: str
    community: str
    taken_at: datetime
    posts: tuple[Holding, ...]
    services: tuple[Service, ...] = ()
    certificates: tuple[Certified, ...] = ()
    awards: tuple[Awarded, ...] = ()
    training: tuple[Trained, ...] = ()
    strikes: tuple[Struck, ...] = ()
    forgotten_at: datetime | None = None

    @property
    def over(self) -> datetime | None:
        """The end of the last day in any post, or of that on which his only one was struck; None while one is held, or
        nothing is kept of him.
        """
        if self.forgotten_at is not None:
            return None
        if not self.posts:
            return end_of(local_date(self.strikes[-1].at))
        ends = [one.until for one in self.posts]
        known = [until for until in ends if until is not None]
        return end_of(max(known)) if len(known) == len(ends) else None

    def in_post(self, day: date) -> bool:
        return any(one.held_on(day) for one in self.posts)

    def paid_posts(self, day: date) -> tuple[Holding, ...]:
        """Not those that the community or the group itself pays: who holds no other is no worker of the street's."""
        its = (one for one in self.posts if one.post not in BORNE_ELSEWHERE)
        return tuple(one for one in its if one.held_on(day))

    def community_on(self, day: date) -> str:
        """Where he was in post that day, whatever he moved to since."""
        there = next((one.community for one in self.paid_posts(day)), None)
        return there or self.community

    def held_since(self, holding: Holding) -> date:
        """A post that goes on without a gap in another community is no new one."""
        since = holding.since
        same = [one for one in self.posts if one.post is holding.post]
        for one in sorted(same, key=lambda each: each.since, reverse=True):
            if one.since < since and one.held_on(since - timedelta(days=1)):
                since = one.since
        return since

    def has_seat(self, community: str, day: date) -> bool:
        """A-12: of the number that is approved for it, which is of who is paid."""
        posts = self.paid_posts(day)
        return any((one.community or self.community) == community for one in posts)

    @property
    def open_posts(self) -> tuple[Post, ...]:
        return tuple(one.post for one in self.posts if one.until is None)

    def trained_in(self, year: int) -> bool:
        return any(one.on.year == year for one in self.training)


def take_post(known: Worker, post: Post, since: date) -> PostTaken:
    """A second one, or one again."""
    if post in known.open_posts:
        raise RuleBroken(RULES["A-12"], "已任该岗位。", clause=OURS, field="post")
    if any(one.post is post and one.held_on(since) for one in known.posts):
        raise RuleBroken(RULES["A-12"], "该日尚任该岗位。", clause=OURS, field="since")
    return PostTaken(post=post, since=since)


def may_leave(known: Worker) -> None:
    if not known.open_posts:
        raise RuleBroken(RULES["A-12"], "已不在岗。", clause=OURS)


def leave_post(known: Worker, post: Post, until: date) -> PostLeft:
    may_leave(known)
    held = next((one for one in known.posts if one.post is post and one.until is None), None)
    if held is None:
        raise RuleBroken(RULES["A-12"], "未任该岗位。", clause=OURS, field="post")
    if until < held.since:
        raise Malformed("离任日期不得早于任职日期。", field="until")
    return PostLeft(post=post, until=until)


def move(known: Worker, street: str, community: str, post: Post, since: date) -> Moved:
    """Within the street that pays; into another, who leaves here is taken on record there."""
    may_leave(known)
    if street != known.street:
        detail = "跨街道的，先在本街道离任，再由接收街道建档。"
        raise RuleBroken(RULES["A-12"], detail, clause=OURS, field="community")
    if community == known.community:
        raise Malformed("已在该社区。", field="community")
    if any(one.until is None and since <= one.since for one in known.posts):
        raise Malformed("调任日期须晚于现岗位的任职日期。", field="since")
    return Moved(community=community, post=post, since=since)


def serve(service: Service, now: datetime) -> Served:
    """A-13: over streets and districts, with proof."""
    required_by(RULES["A-13"], service.where, "where", "须写明服务地点。", SERVED)
    required_by(RULES["A-13"], service.proof, "proof", "服务年限须有证明。", SERVED)
    if service.since > local_date(now):
        raise Malformed("日期不得晚于今天。", field="since")
    if service.until is not None and service.until < service.since:
        raise Malformed("截止不得早于开始。", field="until")
    return Served(service=replace(service, at=now))


def certify(known: Worker, kind: Certificate, on: date, number: str, now: datetime) -> Certified:
    """Its number is kept apart."""
    required_by(RULES["A-14"], number, "number", "须写明证书编号。")
    if any(one.kind is kind for one in known.certificates):
        raise RuleBroken(RULES["A-14"], "该证书已登记。", field="kind")
    if on > local_date(now):
        raise Malformed("日期不得晚于今天。", field="on")
    return Certified(kind=kind, on=on, at=now)


def award(known: Worker, honour: Honour, on: date, papers_on: date, now: datetime) -> Awarded:
    """A-18: papers within the month of the award."""
    if papers_on > local_date(now) or papers_on < on:
        raise Malformed("材料日期在表彰之后、今天之前。", field="papers_on")
    if (papers_on.year, papers_on.month) != (on.year, on.month):
        detail = "表彰材料须在表彰当月报送。"
        raise RuleBroken(RULES["A-18"], detail, clause=PAPERS, field="papers_on")
    if any((one.honour, one.on) == (honour, on) for one in known.awards):
        raise RuleBroken(RULES["A-18"], "该表彰已登记。", clause=OURS, field="on")
    return Awarded(honour=honour, on=on, papers_on=papers_on)


def train(trained: Trained, now: datetime) -> Trained:
    required_by(RULES["A-24"], trained.subject, "subject", "须写明培训内容。", TRAINING)
    if trained.hours <= 0:
        raise RuleBroken(RULES["A-24"], "须写明学时。", clause=TRAINING, field="hours")
    if trained.on > local_date(now):
        raise Malformed("日期不得晚于今天。", field="on")
    return trained


def name(name: str, now: datetime) -> Named:
    required_by(RULES["A-12"], name, "name", "须写明姓名。", OURS)
    return Named(at=now)


def forget(known: Worker, now: datetime) -> Sequence[WorkerEvent]:
    """Nothing of one who is in post again, or whom nothing is kept of."""
    return () if known.over is None else (PersonForgotten(at=now),)


def read(known: Worker, by: str, reason: str, now: datetime) -> WorkerRead:
    if known.forgotten_at is not None:
        raise RuleBroken(RULES["A-12"], "姓名和证书已按保存期限删除。", clause=OURS)
    required_by(RULES["A-12"], reason, "reason", "查看须写明理由。", OURS)
    return WorkerRead(by=by, reason=reason, at=now)


def evolve(known: Worker | None, event: WorkerEvent) -> Worker:
    if isinstance(event, WorkerTaken):
        return Worker(
            street=event.street,
            community=event.community,
            taken_at=event.at,
            posts=(Holding(post=event.post, since=event.since, community=event.community),),
        )
    if known is None:
        raise ValueError("a worker begins by being taken on record")
    match event:
        case PostTaken() | PostLeft() | Moved():
            return _placed(known, event)
        case Named():
            return replace(known, forgotten_at=None)
        case PersonForgotten():
            return replace(known, forgotten_at=event.at)
        case Served():
            return replace(known, services=(*known.services, event.service))
        case Certified():
            return replace(known, certificates=(*known.certificates, event))
        case Awarded():
            return replace(known, awards=(*known.awards, event))
        case Trained():
            return replace(known, training=(*known.training, event))
        case Struck():
            return replace(_without(known, event.entry), strikes=(*known.strikes, event))
        case WorkerRead():
            return known
        case _:
            assert_never(event)


def _without(known: Worker, entry: Entry) -> Worker:
    match entry:
        case Holding():
            left = _less(known.posts, entry)
            last = max(left, key=lambda one: one.since, default=entry)
            return replace(known, posts=left, community=last.community or known.community)
        case Service():
            return replace(known, services=_less(known.services, entry))
        case Certified():
            return replace(known, certificates=_less(known.certificates, entry))
        case Awarded():
            return replace(known, awards=_less(known.awards, entry))
        case Trained():
            return replace(known, training=_less(known.training, entry))
        case _:
            assert_never(entry)


def _less(those: tuple[T, ...], one: T) -> tuple[T, ...]:
    """Once: what was entered twice stands once."""
    at = those.index(one)
    return (*those[:at], *those[at + 1 :])


def _placed(known: Worker, event: PostTaken | PostLeft | Moved) -> Worker:
    match event:
        case PostTaken():
            taken = Holding(post=event.post, since=event.since, community=known.community)
            return replace(known, posts=(*known.posts, taken))
        case PostLeft():
            posts = tuple(
                replace(one, until=event.until)
                if one.post is event.post and one.until is None
                else one
                for one in known.posts
            )
            return replace(known, posts=posts)
        case Moved():
            last = event.since - timedelta(days=1)
            ended = (
                replace(one, until=one.until or last, community=one.community or known.community)
                for one in known.posts
            )
            taken = Holding(post=event.post, since=event.since, community=event.community)
            return replace(known, community=event.community, posts=(*ended, taken))
        case _:
            assert_never(event)
