"""W-17: the loop is walked in order. The table is written out here and not read from the code."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import RuleBroken
from chassis.vocabulary import word_of
from services.whistle.domain import competence, course, judging
from services.whistle.domain.course import Status
from services.whistle.domain.events import (
    ExtensionAsked,
    Kind,
    Level,
    Noted,
    WhistleEvent,
    WhistleRegistered,
)
from services.whistle.domain.evolution import evolve
from services.whistle.domain.rating import rate
from services.whistle.domain.task import Outcome, Result, Which, running
from services.whistle.domain.urging import urge
from services.whistle.domain.whistle import Whistle
from services.whistle.vocabulary import WORDS

from .cases import (
    ANSWERED,
    CALLED,
    CENTRE,
    COMMUNITY,
    EVALUATED,
    HANDLED,
    HANDLING,
    LADDER,
    NUMBERS,
    POLICY,
    STREET,
    UNITS,
    VERIFIED,
    WORK,
    answered,
    at,
    blown,
    came,
    done,
    evaluated,
    given,
    grid_80,
    paused_pair,
    registered,
    rejected,
    state,
    street_90,
    verified,
    withdrawn,
)

# `water` leads; `transport` has come; `health` is paused.
DISPATCHED: tuple[Any, ...] = (*CALLED, came("transport"), *paused_pair)
PASTS: dict[str, tuple[WhistleEvent, ...]] = {
    "blown": (blown,),
    "registered": (blown, registered),
    "dispatched": DISPATCHED,
    "arrived": (*DISPATCHED, came("water")),
    "handled": (*HANDLED, done),
    "verified": (*VERIFIED, grid_80),
    "evaluated": EVALUATED,
    "answered": ANSWERED,
    "rejected": (blown, rejected),
    "withdrawn": (blown, withdrawn),
}
NOW = at("03-02 16:00")


def as_community(whistle: Whistle) -> Whistle:
    return replace(whistle, level=Level.COMMUNITY, blower=COMMUNITY)


def raised(whistle: Whistle) -> Whistle:
    return replace(whistle, undecided=whistle.status is Status.BLOWN)


# step → how it is taken (by whom it may be), and the statuses that allow it
LAW: dict[str, tuple[Any, set[str]]] = {
    "register": (lambda w: w.register(by=CENTRE), {"blown"}),
    "reject": (lambda w: w.reject(by=CENTRE, reason="吹空哨", policy=POLICY), {"blown"}),
    "solve": (
        lambda w: raised(w).solve(
            by=STREET,
            leader="副主任",
            office="liujia_safety",
            units=UNITS,
            policy=POLICY,
            now=NOW,
            work=WORK,
        ),
        {"blown"},
    ),
    "blow": (
        lambda w: raised(w).blow_at_street(
            by=STREET, kind=Kind.TACKLE, summoned=("water",), lead="water", units=UNITS, now=NOW
        ),
        {"blown"},
    ),
    "withdraw": (lambda w: w.withdraw(by=STREET, reason="已解决"), {"blown", "registered"}),
    "urge": (
        lambda w: urge(
            replace(w, word=True, marks=()), by=STREET, now=NOW, work=WORK, under=POLICY[1].urging
        ),
        {"blown", "registered", "dispatched", "arrived", "handled", "verified"},
    ),
    "dispatch": (
        lambda w: w.dispatch(by=CENTRE, policy=POLICY, now=NOW, work=WORK),
        {"registered"},
    ),
    "escalate": (
        lambda w: as_community(w).escalate(
            by=COMMUNITY, reason="超出社区能力", now=NOW, rungs=LADDER
        ),
        {"dispatched", "arrived", "handled"},
    ),
    "arrive": (
        lambda w: w.arrive(unit="health", now=NOW, rungs=LADDER),
        {"dispatched", "arrived"},
    ),
    "result": (
        lambda w: w.file_result(
            unit="transport",
            result=Result(outcome=Outcome.RESOLVED, summary="好"),
            now=NOW,
            rungs=LADDER,
        ),
        {"dispatched", "arrived"},
    ),
    "decline": (
        lambda w: competence.decline(
            w,
            unit="transport",
            whose="justice",
            ground="属物业纠纷",
            units=UNITS,
            policy=POLICY,
            now=NOW,
            rungs=LADDER,
        ),
        {"dispatched", "arrived"},
    ),
    "competence": (
        lambda w: competence.decide(
            replace(w, decision=running(HANDLING)),
            by=CENTRE,
            unit="transport",
            reason="属道路设施",
            units=UNITS,
            policy=POLICY,
            now=NOW,
            rungs=LADDER,
        ),
        {"dispatched", "arrived"},
    ),
    "extend": (
        lambda w: w.ask_extension(
            unit="transport", which=Which.HANDLING, days=1, reason="等待配件", now=NOW
        ),
        {"dispatched", "arrived"},
    ),
    "pause": (
        lambda w: w.pause(unit="transport", reason="等待鉴定", by=CENTRE, now=NOW),
        {"dispatched", "arrived"},
    ),
    "resume": (
        lambda w: w.resume(unit="health", by=CENTRE, now=NOW, work=WORK),
        {"dispatched", "arrived"},
    ),
    "confirm": (lambda w: w.give_word(by=STREET, done=True, what=""), {"handled"}),
    "return": (
        lambda w: w.send_back(by=CENTRE, units=("water",), reason="-", now=NOW, work=WORK),
        {"handled"},
    ),
    "verify": (lambda w: w.verify(by=CENTRE), {"handled"}),
    "marks": (lambda w: judging.mark(w, by=STREET, points=90, findings=(), policy=3), {"verified"}),
    "evaluate": (
        lambda w: judging.evaluate(evolve(w, street_90), by=CENTRE, policy=POLICY, work=WORK),
        {"verified"},
    ),
    "answer": (lambda w: w.answer(by=STREET, answer="已修复。", now=NOW), {"evaluated"}),
    "rate": (
        lambda w: rate(
            w, rating=4, days=15, scored_under=NUMBERS, now=at("03-11 10:00"), work=WORK
        ),
        {"handled", "verified", "evaluated", "answered"},
    ),
    "reopen": (
        lambda w: w.reopen(
            by=STREET, reason="又漏了", policy=NUMBERS, now=at("03-11 10:00"), work=WORK
        ),
        {"answered"},
    ),
}


@pytest.mark.parametrize("status", PASTS)
@pytest.mark.parametrize("step", LAW)
def test_W_17_each_step_is_taken_only_in_its_statuses(step: str, status: str) -> None:
    decide, allowed = LAW[step]
    whistle = state(PASTS[status])
    assert whistle.status.value == status
    if status in allowed:
        assert decide(whistle)
        return
    with pytest.raises(RuleBroken) as refusal:
        decide(whistle)
    assert refusal.value.rule.id == "W-17"
    assert f"当前状态为“{word_of(whistle.status, WORDS)}”" in refusal.value.detail
    assert f"不能办理“{step}”；" in refusal.value.detail
    named = refusal.value.detail.split("允许的步骤：")[1].rstrip("。").split("、")
    steps = {name for name, (_, statuses) in LAW.items() if status in statuses}
    steps -= {"solve", "blow"}  # only of what came up from a community
    assert set(named) == ({course.ELSEWHERE.get(one, one) for one in steps} or {"无"})


def test_W_17_every_status_is_in_the_table() -> None:
    assert {status.value for status in Status} == set(PASTS)


def test_W_17_granting_an_extension_has_its_place_too() -> None:
    asked = ExtensionAsked(
        unit="transport",
        which=Which.HANDLING,
        budget=NUMBERS.handling["problem"],
        reason="等待配件",
    )
    for status, happened in PASTS.items():
        there = given(*happened, *([asked] if status in ("dispatched", "arrived") else []))
        decision = there.when(
            lambda w: w.grant_extension(
                unit="transport", which=Which.HANDLING, by=CENTRE, now=NOW, rungs=LADDER
            )
        )
        if status in ("dispatched", "arrived"):
            decision.leads_to()
        else:
            decision.breaks("W-17")


def test_W_17_the_loop_from_end_to_end() -> None:
    walked = [state(ANSWERED[:length]).status.value for length in range(1, len(ANSWERED) + 1)]
    assert list(dict.fromkeys(walked)) == [
        "blown",
        "registered",
        "dispatched",
        "arrived",
        "handled",
        "verified",
        "evaluated",
        "answered",
    ]


def test_W_17_a_whistle_begins_by_being_blown() -> None:
    with pytest.raises(ValueError, match="begins by being blown"):
        evolve(None, WhistleRegistered())


def test_W_08_what_was_judged_is_kept_to_the_end() -> None:
    whistle = state(ANSWERED)
    assert (whistle.word, len(whistle.marks), whistle.scores, whistle.answered_at) == (
        True,
        2,
        evaluated.scores,
        answered.at,
    )
    assert verified in ANSWERED


def test_W_08_every_note_is_kept() -> None:
    noted = [Noted(what=what, about="a-1") for what in ("extended", "fulfilled")]
    assert state([blown, *noted]).notes == ("extended", "fulfilled")
