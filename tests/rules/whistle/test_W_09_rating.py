"""W-09: where the resident has rated, S is the mean of the street's mark and twenty times the rating."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import OURS, Malformed
from contracts import whistle as published
from services.whistle import announce
from services.whistle.domain import judging
from services.whistle.domain.events import ResidentRated, WhistleEscalated
from services.whistle.domain.evolution import evolve
from services.whistle.domain.notice import Moment
from services.whistle.domain.rating import rate
from services.whistle.domain.whistle import SEALED
from services.whistle.titles import TITLES
from tests.support.specification import past

from .cases import (
    ANSWERED,
    COMMUNITY,
    EVALUATED,
    HANDLED,
    HANDLED_BELOW,
    LADDER,
    NUMBERS,
    POLICY,
    VERIFIED,
    WORK,
    at,
    called,
    came,
    done,
    filed,
    given,
    grid_80,
    registered,
    street_90,
    verified,
)
from .test_W_02_escalation import street_blew
from .test_W_09_judging import returned
from .test_W_17_reopening import reopened

rated = ResidentRated(rating=4)


def rating(of: int = 4, when: str = "03-11 10:00", under: Any = NUMBERS) -> Any:
    return lambda w: rate(w, rating=of, days=15, scored_under=under, now=at(when), work=WORK)


def scores(whistle: Any) -> list[int]:
    return [score.score for score in judging.scores(whistle, NUMBERS.scoring, WORK)]


# Marks 80 of the grid, 90 of the street: 0.6·80 + 0.4·(90 + 20 r)/2
EXAMPLES = [(1, 7000), (2, 7400), (3, 7800), (4, 8200), (5, 8600)]


@pytest.mark.parametrize(("of", "hundredths"), EXAMPLES)
def test_W_09_the_rating_enters_the_streets_side(of: int, hundredths: int) -> None:
    whistle = given(*VERIFIED, replace(rated, rating=of), grid_80, street_90).state
    assert scores(whistle) == [hundredths] * 3


def test_W_09_below_g_is_s_with_the_rating_in_it() -> None:
    below = given(*HANDLED_BELOW, done, verified, street_90, replace(rated, rating=3)).state
    assert scores(below) == [7500]


def test_W_09_what_the_community_did_is_not_the_departments_rating() -> None:
    """The resident rates what the street's units do for himself, when they have done it."""
    there = given(*HANDLED_BELOW, replace(rated, rating=1))
    raised = there.when(
        lambda w: w.escalate(
            by=COMMUNITY, reason="超出社区能力", now=at("03-06 10:00"), rungs=LADDER
        )
    ).leads_to()
    assert raised.state.rating is None
    out = past(raised.state, evolve, (street_blew, registered, called))
    come = (
        event for unit in ("water", "transport", "health") for event in (came(unit), filed(unit))
    )
    handled = past(out.state, evolve, come)
    assert handled.when(rating(5)).leads_to().state.rating == 5
    before = WhistleEscalated(reason="超出社区能力")
    assert past(there.state, evolve, (before,)).state.rating == 1


def test_W_09_before_the_scores_a_rating_is_kept_for_them() -> None:
    there = given(*HANDLED).when(rating(4)).then(rated)
    assert there.state.rating == 4
    there = given(*HANDLED, rated, done, verified, grid_80, street_90)
    [evaluated] = there.when(
        lambda w: judging.evaluate(w, by="command_centre", policy=POLICY, work=WORK)
    ).happened
    assert [score.score for score in evaluated.scores] == [8200] * 3


@pytest.mark.parametrize("so_far", [EVALUATED, ANSWERED], ids=["evaluated", "answered"])
def test_W_09_after_the_scores_they_are_computed_again_under_the_policy_of_their_time(
    so_far: Any,
) -> None:
    [happened] = given(*so_far).when(rating(5)).happened
    assert [score.score for score in happened.scores] == [8600] * 3
    whistle = given(*so_far, happened).state
    assert (whistle.rating, whistle.scores, whistle.scored_under) == (5, happened.scores, 3)


def test_W_09_a_rating_after_the_answer_is_told_as_the_new_account() -> None:
    [happened] = given(*ANSWERED).when(rating(5)).happened
    whistle = given(*ANSWERED, happened).state
    letter = announce.of_whistles(WORK)(happened, whistle)
    assert isinstance(letter, published.Closed)
    assert (letter.satisfaction, letter.score, letter.closed_at) == (5, 8600, at("03-10 10:00"))
    assert announce.of_whistles(WORK)(rated, given(*HANDLED, rated).state) is None


@pytest.mark.parametrize("of", [1, 5])
def test_W_09_1_and_5_are_ratings(of: int) -> None:
    given(*HANDLED).when(rating(of)).then(replace(rated, rating=of))


@pytest.mark.parametrize("of", [0, 6])
def test_W_09_a_rating_is_from_1_to_5(of: int) -> None:
    given(*HANDLED).when(rating(of)).refused(Malformed, field="rating")


def test_W_09_a_case_is_rated_once_until_it_is_reopened() -> None:
    given(*HANDLED, rated).when(rating(5)).breaks("W-09", field="rating")
    assert given(*ANSWERED, rated, reopened).state.rating is None


def test_W_09_what_is_handled_again_after_a_return_is_rated_by_itself() -> None:
    again = filed("transport", "03-10 09:00")
    after = given(*HANDLED, replace(rated, rating=1), returned, again)
    assert after.state.rating is None
    after.when(rating(5)).then(replace(rated, rating=5))


def test_W_10_a_return_of_before_left_the_rating_and_its_scores_are_computed_with_it() -> None:
    before = replace(returned, rated_anew=False)
    again = filed("transport", "03-10 09:00")
    assert given(*HANDLED, replace(rated, rating=1), before, again).state.rating == 1


def test_W_17_an_answer_is_rated_within_fifteen_days() -> None:
    given(*ANSWERED).when(rating(when="03-25 10:00")).leads_to()
    given(*ANSWERED).when(rating(when="03-25 10:00:01")).breaks("W-17")


def test_W_17_the_reporter_reopens_as_the_street_does_and_his_words_stand_in_no_trail() -> None:
    def reopen(when: str) -> Any:
        return lambda w: w.reopen(
            by="resident", reason="又漏了", policy=NUMBERS, now=at(when), work=WORK
        )

    given(*ANSWERED).when(reopen("03-11 10:00")).then(replace(reopened, reason=SEALED))
    given(*ANSWERED).when(reopen("03-25 10:00:01")).breaks("W-17", clause=OURS)


def test_W_09_a_message_asks_for_a_rating_only_where_one_can_be_given() -> None:
    """What the community settled had no whistle that could be rated."""
    said = {moment: getattr(NUMBERS.telling, moment) for moment in Moment}
    assert [moment for moment, words in said.items() if "评价" in words] == [Moment.ANSWERED]


def test_W_16_a_message_calls_the_receipt_s_code_what_the_receipt_calls_it() -> None:
    said = [getattr(NUMBERS.telling, moment) for moment in Moment]
    assert [words for words in said if "码" in words] == [w for w in said if "凭回执码" in w]
    assert "回执码" in TITLES["x-receipt-code"]
