"""Whether a topic is deliberated, by whose right, and for whom: C-04, C-24, C-27."""

from dataclasses import replace
from typing import Any

import pytest

from services.consultation.domain.committee import Level
from services.consultation.domain.events import (
    INSTEAD,
    Ground,
    MatterAccepted,
    MatterRefused,
    Purpose,
    Served,
    ServedKind,
    Settler,
)
from services.consultation.domain.evolution import evolve
from services.consultation.domain.proposing import propose
from tests.support.specification import past

from .test_matter import POLICY, PROPOSED, SETTLED
from .test_outcome import PLACE, told

# --- C-04


def refused_on(ground: Ground, mediated: bool) -> MatterRefused:
    """With where it goes instead."""
    return MatterRefused(ground=ground, to_mediation=mediated, instead=INSTEAD[ground])


@pytest.mark.parametrize(
    ("ground", "mediated"),
    [
        ("against_policy", False),
        ("ordered_from_above", False),
        ("unfair", False),
        ("discriminatory", False),
        ("two_party_dispute", True),
    ],
)
def test_C_04_a_topic_is_refused_on_one_of_the_five(ground: str, mediated: bool) -> None:
    after = (
        past(None, evolve, [PROPOSED])
        .when(lambda m: m.refuse(ground=Ground(ground)))
        .then(refused_on(Ground(ground), mediated))
        .state
    )
    assert (after.status, after.ground, after.to_mediation) == ("refused", ground, mediated)


def test_C_04_there_are_five_grounds_and_no_more() -> None:
    assert set(INSTEAD) == set(Ground)
    assert {ground.value for ground in Ground} == {
        "against_policy",
        "ordered_from_above",
        "unfair",
        "discriminatory",
        "two_party_dispute",
    }


def test_C_04_a_two_party_dispute_is_told_to_mediation_without_its_own_words() -> None:
    dispute = refused_on(Ground.TWO_PARTY_DISPUTE, True)
    assert told([PROPOSED, dispute]) == [
        {
            "type": "consultation.matter_referred.v1",
            "matter": "m-1",
            "target": "mediation",
            "category": "parking",
            "title": "不予受理的两方纠纷",
            "again": None,
            "units": [],
            **PLACE,
        }
    ]


def test_C_04_a_refusal_names_its_ground() -> None:
    past(None, evolve, [PROPOSED]).when(lambda m: m.refuse(ground=None)).breaks(
        "C-04", clause="官办通〔2018〕58号 附件5", field="ground"
    )


# --- C-24


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("by", Settler)
def test_C_24_who_settles_a_topic_is_the_party_s_of_that_level(level: Level, by: Settler) -> None:
    here = past(None, evolve, [replace(PROPOSED, level=level)])
    settled = replace(SETTLED, by=by)
    decision = here.when(lambda m: m.accept(settled))
    if (level is Level.STREET) is (by is Settler.PARTY_COMMITTEE):
        assert decision.then(MatterAccepted(settled=settled)).state.settled == settled
    else:
        decision.breaks("C-24", clause="官办通〔2018〕58号 附件1 第10条", field="by")


@pytest.mark.parametrize("field", ["participants", "plan"])
def test_C_24_with_a_topic_go_participants_and_a_plan(field: str) -> None:
    blank: dict[str, Any] = {field: " "}
    past(None, evolve, [PROPOSED]).when(lambda m: m.accept(replace(SETTLED, **blank))).breaks(
        "C-24", clause="官办通〔2018〕58号 附件3 2", field=field
    )


def test_C_24_what_was_accepted_before_goes_on() -> None:
    old = past(None, evolve, [PROPOSED, MatterAccepted()]).state
    assert (old.status, old.settled) == ("accepted", None)


# --- C-27


@pytest.mark.parametrize(
    ("purpose", "kind", "clause"),
    [
        (Purpose.PLAN_HEARING, ServedKind.PROJECT, "官社建办通〔2018〕15号 二（五）2"),
        (Purpose.COMMUNITY_FUNDS, ServedKind.APPLICATION, "官发〔2019〕3号 五（二）"),
        (Purpose.PREMISES_SITING, ServedKind.PREMISES, "官办发〔2016〕26号 三（二）"),
    ],
)
@pytest.mark.parametrize("said", [None, *ServedKind])
def test_C_27_a_hearing_that_others_wait_for_names_what_it_serves(
    purpose: Purpose, kind: ServedKind, clause: str, said: ServedKind | None
) -> None:
    serves = Served(kind=said, id="x-1") if said else None
    asked = replace(PROPOSED, purpose=purpose, serves=serves)
    proposing = past(None, evolve, []).when(lambda _: propose(asked, POLICY))
    if said is kind:
        assert proposing.then(asked).state.purpose is purpose
    else:
        proposing.breaks("C-27", clause=clause, field="serves")
