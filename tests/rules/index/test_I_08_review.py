"""I-08: draft, review by a third party, publication; each comment answered, and nothing changed after it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.kernel.errors import RuleBroken, UnknownReference
from services.index.domain.computing import compute, fingerprint
from services.index.domain.edition import (
    CommentAnswered,
    CommentMade,
    Edition,
    EditionDrafted,
    EditionEvent,
    EditionPublished,
    ReviewBegun,
    SignedOff,
    Stage,
    draft,
    evolve,
)
from services.index.domain.method import METHOD
from services.index.domain.sensitivity import uncertainty
from services.index.shipped import printed_systems

from . import sheet

PRINTED = printed_systems()["2019"]
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
DRAFTED = EditionDrafted(
    edition="e-1",
    year=2026,
    number=1,
    system="2019",
    method=METHOD.version,
    least_covered=60,
    inputs=sheet.inputs(),
    result=compute(PRINTED, sheet.inputs(), 60),
    hash=fingerprint(PRINTED, METHOD, sheet.inputs(), 60),
    uncertainty=uncertainty(PRINTED, sheet.inputs(), 60, "2026", 200),
    by="department:civil_affairs",
    at=NOW,
)
BEGUN = ReviewBegun(reviewer="third_party", at=NOW)
MADE = CommentMade(point=11, text="口径与上年不一致", at=NOW)
ANSWERED = CommentAnswered(comment=1, answer="已核实", by="department:civil_affairs", at=NOW)
SIGNED = SignedOff(opinion="数据属实", at=NOW)
PUBLISHED = EditionPublished(by="district_admin", at=NOW)
LIFE: tuple[EditionEvent, ...] = (DRAFTED, BEGUN, MADE, ANSWERED, SIGNED, PUBLISHED)


def after(*events: EditionEvent) -> Edition:
    edition = evolve(None, DRAFTED)
    for event in events:
        edition = evolve(edition, event)
    return edition


def refused(step: Callable[[], object]) -> str | None:
    with pytest.raises(RuleBroken) as refusal:
        step()
    assert refusal.value.rule.id == "I-08"
    return refusal.value.field


def test_I_08_an_edition_goes_from_draft_through_review_to_publication() -> None:
    drafted = after()
    assert drafted.begin_review(reviewer="third_party", sources=SOURCES, now=NOW) == BEGUN
    reviewed = after(BEGUN)
    assert reviewed.comment(point=11, text=MADE.text, now=NOW) == MADE
    asked = after(BEGUN, MADE)
    assert asked.answer(comment=1, answer="已核实", by=ANSWERED.by, now=NOW) == ANSWERED
    answered = after(BEGUN, MADE, ANSWERED)
    assert answered.sign_off(opinion="数据属实", now=NOW) == SIGNED
    signed = after(BEGUN, MADE, ANSWERED, SIGNED)
    assert signed.publish(latest=True, by="district_admin", now=NOW) == PUBLISHED
    assert after(*LIFE[1:]).stage is Stage.PUBLISHED


SOURCES = frozenset(unit for point in PRINTED.points for unit in point.units)


@pytest.mark.parametrize("source", ["finance", "fire_rescue", "statistics_survey"])
def test_I_08_no_data_source_is_the_third_party(source: str) -> None:
    step = lambda: after().begin_review(reviewer=source, sources=SOURCES, now=NOW)  # noqa: E731
    assert refused(step) == "reviewer"


def test_I_08_every_comment_is_answered_before_the_third_party_signs() -> None:
    asked = after(BEGUN, MADE, MADE, ANSWERED)
    assert asked.unanswered == (2,)
    refused(lambda: asked.sign_off(opinion="数据属实", now=NOW))
    assert refused(lambda: asked.answer(comment=1, answer="又", by="x", now=NOW)) == "comment"
    assert refused(lambda: asked.answer(comment=2, answer=" ", by="x", now=NOW)) == "answer"
    refused(lambda: after(BEGUN).answer(comment=1, answer="已核实", by="x", now=NOW))
    refused(after(BEGUN, MADE, ANSWERED).may_answer)


def test_I_08_nothing_is_published_unsigned() -> None:
    refused(lambda: after(BEGUN).publish(latest=True, by="district_admin", now=NOW))


def test_I_08_nothing_is_commented_or_signed_twice_after_the_signature() -> None:
    signed = after(BEGUN, SIGNED)
    refused(lambda: signed.comment(point=None, text="又", now=NOW))
    refused(lambda: signed.sign_off(opinion="又", now=NOW))


def test_I_08_comments_and_opinions_say_something_about_what_is_there() -> None:
    reviewed = after(BEGUN)
    assert refused(lambda: reviewed.comment(point=None, text=" ", now=NOW)) == "text"
    assert refused(lambda: reviewed.sign_off(opinion="", now=NOW)) == "opinion"
    with pytest.raises(UnknownReference) as unknown:
        reviewed.comment(point=43, text="没有这一点", now=NOW)
    assert unknown.value.field == "point"


STEPS: dict[str, Callable[[Edition], object]] = {
    "review": lambda e: e.begin_review(reviewer="third_party", sources=SOURCES, now=NOW),
    "comment": lambda e: e.comment(point=None, text="意见", now=NOW),
    "answer": lambda e: e.answer(comment=1, answer="答复", by="x", now=NOW),
    "sign": lambda e: e.sign_off(opinion="属实", now=NOW),
    "publish": lambda e: e.publish(latest=True, by="district_admin", now=NOW),
}


@pytest.mark.parametrize("step", STEPS)
def test_I_08_a_published_edition_never_changes(step: str) -> None:
    refused(lambda: STEPS[step](after(*LIFE[1:])))


@pytest.mark.parametrize("step", ["comment", "answer", "sign", "publish"])
def test_I_08_a_draft_is_reviewed_first(step: str) -> None:
    refused(lambda: STEPS[step](after()))


def test_I_08_a_year_that_has_not_begun_has_no_edition() -> None:
    new_year = datetime(2025, 12, 31, 16, tzinfo=UTC)
    assert draft(replace(DRAFTED, at=new_year)).year == 2026
    early = replace(DRAFTED, at=new_year - timedelta(seconds=1))
    assert refused(lambda: draft(early)) == "year"


def test_I_08_another_edition_of_the_year_says_why_and_the_older_is_not_published_any_more() -> (
    None
):
    again = replace(DRAFTED, number=2)
    assert draft(DRAFTED) == DRAFTED
    assert refused(lambda: draft(again)) == "reason"
    assert refused(lambda: draft(replace(again, reason=" "))) == "reason"
    why: Any = replace(again, reason="决算数更正")
    assert draft(why) == why
    refused(lambda: after(BEGUN, SIGNED).publish(latest=False, by="district_admin", now=NOW))
