"""Yearly editions of the index: computed, reviewed by a third party, published."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, get_args

from pydantic import Field

from chassis.at import At
from chassis.http import Asked
from chassis.kind import Changed
from chassis.lists import moment
from chassis.steps import Collection
from chassis.words import Long, Passage, Whole
from contracts.event import Code
from services.index import announce
from services.index.access import ACCESS, DISTRICT, LEADERS, THIRD_PARTY
from services.index.desk import IndexDesk, edition_resource
from services.index.domain import edition as editions
from services.index.domain.edition import (
    CommentAnswered,
    CommentMade,
    Edition,
    EditionEvent,
    EditionPublished,
    ReviewBegun,
    SignedOff,
)
from services.index.domain.offices import LEAD

Year = Annotated[int, Field(ge=2000, le=2099)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Whether it is its year's last edition, how many answers wait to be looked at, the data sources' codes."""

    latest: bool = False
    unlooked: int = 0
    sources: frozenset[str] = frozenset()


async def known(desk: IndexDesk, edition: Edition | None, at: At[None]) -> Known:
    if edition is None:
        return Known()
    system = await desk.systems.of_year(edition.drafted.year)
    return Known(
        latest=await desk.latest(edition.drafted.year) == edition.drafted.edition,
        unlooked=await desk.unlooked(edition.drafted.year - 1),
        sources=frozenset(unit for point in system.points for unit in point.units),
    )


def keys(edition: Edition) -> Mapping[str, Any]:
    return {
        **edition_resource(edition),
        "year": edition.drafted.year,
        "stage": edition.stage,
        "opened_at": moment(edition.drafted.at),
    }


EDITIONS: Collection[Edition, EditionEvent, IndexDesk, Known] = Collection(
    service="index",
    name="editions",
    title="指数版本",
    path="/editions",
    state=Edition,
    events=get_args(EditionEvent),
    evolve=editions.evolve,
    announce=announce.of_editions,
    resource=edition_resource,
    access=ACCESS,
    keys=keys,
    indexes=("year",),
    read=frozenset({"trail"}),
    of=lambda desk: desk.editions,
    knows=known,
)


class DraftIn(Asked):
    """A reason where the year has an edition already."""

    reason: Long | None = None


@EDITIONS.step(
    "计算草稿",
    "/editions/{year}",
    who=LEADERS,
    rules="I-04 I-05 I-06 I-07 I-08",
    record=None,
    versioned=False,
    claims=True,
    status=201,
    types={"year": Year},
)
async def compute(desk: IndexDesk, at: At[Known], body: DraftIn) -> Changed[Edition, EditionEvent]:
    """From what is filed and the system as they are now; both are in it."""
    at.demand({"units": (LEAD,)})
    year = int(at["year"])
    begin = partial(_drafted, desk, at, year, body)
    return await desk.editions.in_turn({"year": year}, at.cause, begin)


async def _drafted(
    desk: IndexDesk, at: At[Known], year: int, body: DraftIn, id: str
) -> Changed[Edition, EditionEvent]:
    drafted = await desk.drafted(id, year, body.reason, at.by, at.now)
    return await desk.editions.create(id, lambda: [editions.draft(drafted)], at.cause)


class ReviewIn(Asked):
    """`reviewer`: the third party's code, as which it acts."""

    reviewer: Code


@EDITIONS.step("送审", who=LEADERS, rules="I-08", opens=lambda e, _: e.may_begin_review())
def review(e: Edition, at: At[Known], body: ReviewIn) -> ReviewBegun:
    return e.begin_review(reviewer=body.reviewer, sources=at.known.sources, now=at.now)


class CommentIn(Asked):
    """On a measuring point, or on the whole."""

    point: Annotated[Whole, Field(ge=1, le=999)] | None = None
    text: Passage


@EDITIONS.step(
    "提出意见",
    "/editions/{id}/comments",
    who=THIRD_PARTY,
    rules="I-08",
    opens=lambda e, _: e.may_comment(),
)
def comment(e: Edition, at: At[Known], body: CommentIn) -> CommentMade:
    return e.comment(point=body.point, text=body.text, now=at.now)


class AnswerIn(Asked):
    comment: Annotated[Whole, Field(ge=1, le=10_000)]
    answer: Passage


@EDITIONS.step(
    "答复意见",
    "/editions/{id}/answers",
    who=LEADERS,
    rules="I-08",
    opens=lambda e, _: e.may_answer(),
)
def answer(e: Edition, at: At[Known], body: AnswerIn) -> CommentAnswered:
    return e.answer(comment=body.comment, answer=body.answer, by=at.by, now=at.now)


class OpinionIn(Asked):
    opinion: Passage


@EDITIONS.step("签署意见", who=THIRD_PARTY, rules="I-08", opens=lambda e, _: e.may_sign_off())
def sign(e: Edition, at: At[Known], body: OpinionIn) -> SignedOff:
    return e.sign_off(opinion=body.opinion, now=at.now)


@EDITIONS.step(
    "公布",
    who=DISTRICT,
    rules="I-06 I-07 I-08 I-24",
    opens=lambda e, at: e.may_publish(latest=at.known.latest, unlooked=at.known.unlooked),
)
def publish(e: Edition, at: At[Known]) -> EditionPublished:
    return e.publish(latest=at.known.latest, unlooked=at.known.unlooked, by=at.by, now=at.now)


STEPS = (compute, review, comment, answer, sign, publish)
"""In the order of an edition's life."""
