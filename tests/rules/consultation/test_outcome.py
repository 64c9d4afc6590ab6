"""What a matter's session may come to: the quorum, the four outcomes, and what is told of them."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import Malformed, UnknownReference
from services.consultation import announce
from services.consultation.domain.committee import Level, Member, SeatKind
from services.consultation.domain.events import (
    Conclusion,
    Disagreement,
    Invitation,
    Invited,
    MatterDeclined,
    MatterEvent,
    MatterExplained,
    MatterHanded,
    MatterReferred,
    MembersInvited,
    OutcomeRecorded,
    Served,
    ServedKind,
    Target,
)
from services.consultation.domain.evolution import evolve
from services.consultation.domain.following_events import MatterReopened
from services.consultation.domain.matter import Matter
from tests.support.specification import past

from .test_matter import (
    ACCEPTED,
    DECLINED,
    ELEVEN,
    EVENING,
    EXPERT,
    MEMBERS,
    NOT_YET,
    PASTS,
    PROPOSED,
    RESEARCHED,
    SEATS,
    UPPER,
    USABLE,
    WHISTLE,
    concluding,
    fixed,
    recorded,
)

# --- C-08


@pytest.mark.parametrize(
    ("members", "present", "enough"),
    [(21, 11, True), (21, 10, False), (20, 10, True), (20, 9, False), (1, 1, True), (1, 0, False)],
)
def test_C_08_half_of_the_members_are_a_quorum(members: int, present: int, enough: bool) -> None:
    attended = replace(WHISTLE, roll=SEATS[:present], present=present)
    researched = past(None, evolve, PASTS["researched"])
    concluded = researched.when(lambda m: m.conclude(attended, members=fixed(members), now=EVENING))
    if enough:
        concluded.then(
            OutcomeRecorded(conclusion=attended, members=members, at=EVENING),
            MatterReferred(target=Target.WHISTLE),
        )
    else:
        concluded.breaks("C-08", clause="官办通〔2018〕58号 附件1 第13条", field="present")


def test_C_08_nobody_is_present_who_has_no_seat_and_nobody_twice() -> None:
    stranger = replace(WHISTLE, roll=(*ELEVEN, "s21"))
    concluding(stranger).refused(UnknownReference, field="present")
    twice = replace(WHISTLE, roll=(*SEATS[:10], "s0"))
    concluding(twice).refused(Malformed, field="present")


# --- C-19


def test_C_19_invited_members_are_recorded_and_count_for_no_quorum() -> None:
    """Neither those of the committee's own roll nor those of the matter."""
    adhoc = tuple(Member(seat=f"a{n}", kind=SeatKind.ADHOC, non_party=True) for n in range(9))
    members = (*MEMBERS, *adhoc)
    here = past(None, evolve, [*PASTS["researched"], MembersInvited(invited=EXPERT)])
    guests = (*(member.seat for member in adhoc), "x1")
    few = replace(USABLE, roll=(*SEATS[:10], *guests))
    here.when(lambda m: m.conclude(few, members=members, now=EVENING)).breaks("C-08")
    enough = replace(USABLE, roll=(*ELEVEN, *guests), present=0)
    after = here.when(lambda m: m.conclude(enough, members=members, now=EVENING)).leads_to().state
    assert after.conclusion is not None
    assert (after.conclusion.present, after.members) == (11, 21)
    assert after.conclusion.roll == (*ELEVEN, *guests)


def test_C_19_who_is_invited_has_a_code_of_its_own() -> None:
    accepted = past(None, evolve, [PROPOSED, ACCEPTED])
    invited = accepted.when(lambda m: m.invite(EXPERT, MEMBERS)).then(
        MembersInvited(invited=EXPERT)
    )
    assert invited.state.invited == EXPERT
    invited.when(lambda m: m.invite(EXPERT, MEMBERS)).refused(Malformed, field="invited")
    seated = (Invited(seat="s0", why=Invitation.INTEREST),)
    for asked in ((), seated, EXPERT * 2):

        def inviting(m: Matter, asked: tuple[Invited, ...] = asked) -> MatterEvent:
            return m.invite(asked, MEMBERS)

        accepted.when(inviting).refused(Malformed, field="invited")


def test_C_19_who_has_an_interest_says_so_and_was_there() -> None:
    after = concluding(replace(USABLE, interested=("s3",))).leads_to().state
    assert after.conclusion is not None
    assert after.conclusion.interested == ("s3",)
    concluding(replace(USABLE, interested=("s12",))).refused(UnknownReference, field="interested")


# --- C-10


@pytest.mark.parametrize(
    ("conclusion", "follows", "status"),
    [
        (WHISTLE, MatterReferred(target=Target.WHISTLE), "referred"),
        (UPPER, MatterReferred(target=Target.UPPER_COMMITTEE), "referred"),
        (USABLE, MatterHanded(unit="urban_management"), "handed"),
        (NOT_YET, MatterExplained(), "explained"),
        (DECLINED, MatterDeclined(), "declined"),
    ],
)
def test_C_10_each_of_the_four_outcomes_goes_somewhere(
    conclusion: Conclusion, follows: MatterEvent, status: str
) -> None:
    after = concluding(conclusion).then(recorded(conclusion), follows).state
    assert after.status == status
    assert (after.conclusion, after.members, after.concluded_at) == (conclusion, 21, EVENING)


@pytest.mark.parametrize(
    ("conclusion", "field"),
    [
        (replace(WHISTLE, target=None), "target"),
        (replace(USABLE, unit=None), "unit"),
        (replace(NOT_YET, explanation=None), "explanation"),
        (replace(NOT_YET, explanation=" "), "explanation"),
        (replace(DECLINED, guidance=None), "guidance"),
        (replace(DECLINED, guidance=""), "guidance"),
    ],
)
def test_C_10_an_outcome_says_what_it_needs(conclusion: Conclusion, field: str) -> None:
    concluding(conclusion).breaks("C-10", clause="官办通〔2018〕58号 附件6", field=field)


@pytest.mark.parametrize(
    ("conclusion", "field"),
    [
        (replace(USABLE, target=Target.WHISTLE), "target"),
        (replace(WHISTLE, unit="water"), "unit"),
        (replace(DECLINED, explanation="暂无资金。"), "explanation"),
        (replace(NOT_YET, guidance="请理解。"), "guidance"),
    ],
)
def test_an_outcome_says_nothing_that_belongs_to_another(
    conclusion: Conclusion, field: str
) -> None:
    concluding(conclusion).refused(Malformed, field=field)


@pytest.mark.parametrize("number", [0, 1, 11])
def test_C_10_disagreement_is_recorded_in_whatever_number(number: int) -> None:
    held = tuple(Disagreement(seat=f"s{n}", reason="车位应先保障老人。") for n in range(number))
    after = concluding(replace(USABLE, disagreement=held)).leads_to().state
    assert after.conclusion is not None
    assert after.conclusion.disagreement == held


def test_C_10_disagreement_is_recorded_with_its_reason() -> None:
    reasonless = (Disagreement(seat="s0", reason="噪声。"), Disagreement(seat="s1", reason=" "))
    concluding(replace(USABLE, disagreement=reasonless)).breaks("C-10", field="disagreement")


@pytest.mark.parametrize("seat", ["s21", "s11"])
def test_C_10_who_disagrees_was_there(seat: str) -> None:
    """Neither a stranger nor a member who stayed away."""
    away = (Disagreement(seat=seat, reason="不同意。"),)
    concluding(replace(USABLE, disagreement=away)).refused(UnknownReference, field="disagreement")


def test_a_whistle_is_blown_for_a_community() -> None:
    """A street committee's matter that concerns no single community can't become a problem there."""
    wide: dict[str, Any] = {"level": Level.STREET, "community": None}
    concluding(WHISTLE, **wide).refused(Malformed, field="target")
    concluding(UPPER, **wide).then(recorded(UPPER), MatterReferred(target=Target.UPPER_COMMITTEE))


# --- C-21


def test_C_21_what_was_not_agreed_may_go_to_the_political_conference() -> None:
    conference = replace(UPPER, target=Target.POLITICAL_CONFERENCE)
    concluding(conference).breaks("C-21", clause="官办通〔2018〕58号 附件8", field="target")
    held = (Disagreement(seat="s1", reason="先保障老人。"),)
    disputed = replace(conference, disagreement=held)
    after = concluding(disputed).leads_to().state
    assert after.status == "referred"


# --- What is told


def told(events: list[MatterEvent]) -> list[dict[str, Any]]:
    state: Matter | None = None
    letters = []
    for event in events:
        state = evolve(state, event)
        if letter := announce.of_matters(event, state):
            letters.append({"type": letter.type, **letter.model_dump(mode="json")})
    return letters


PLACE = {"street": "guanshang", "community": "guanshangzhongxinqu", "supplier": None}
REPORTED = {
    "type": "consultation.outcome_reported.v1",
    "matter": "m-1",
    "at": "2025-03-20T11:30:00.000000Z",
    "serves": None,
    "level": "community",
    "fixed": 21,
    **PLACE,
}


def test_an_outcome_for_the_upper_level_is_reported_and_referred() -> None:
    assert told(PASTS["referred"]) == [
        {**REPORTED, "outcome": "needs_upper_level", "units": []},
        {
            "type": "consultation.matter_referred.v1",
            "matter": "m-1",
            "target": "whistle",
            "category": "parking",
            "title": "小区停车秩序",
            "again": None,
            "units": [],
            **PLACE,
        },
    ]


@pytest.mark.parametrize(
    ("status", "outcome", "units"),
    [
        ("handed", "usable_here", ["urban_management"]),
        ("explained", "not_yet_possible", []),
        ("declined", "declined", []),
    ],
)
def test_another_outcome_is_reported_only(status: str, outcome: str, units: list[str]) -> None:
    assert told(PASTS[status]) == [{**REPORTED, "outcome": outcome, "units": units}]


@pytest.mark.parametrize("status", ["proposed", "accepted", "refused", "researched"])
def test_until_there_is_an_outcome_nothing_is_told(status: str) -> None:
    assert told(PASTS[status]) == []


@pytest.mark.parametrize("kind", ServedKind)
def test_an_outcome_names_what_it_serves(kind: ServedKind) -> None:
    serving = replace(PROPOSED, serves=Served(kind=kind, id="premises-1"))
    [reported] = told([serving, ACCEPTED, RESEARCHED, recorded(USABLE)])
    assert reported["serves"] == {"kind": kind.value, "id": "premises-1"}


def test_a_need_that_a_session_found_is_told_with_an_id_of_its_own() -> None:
    needed = replace(USABLE, need="独居老人探访")
    once = concluding(needed).leads_to()
    assert [one.need for one in once.state.needs] == ["m-1.1"]
    [_, need] = told([PROPOSED, ACCEPTED, RESEARCHED, *concluding(needed).happened])
    assert need == {
        "type": "consultation.need_identified.v1",
        "matter": "m-1",
        "need": "m-1.1",
        "level": "community",
        "category": "parking",
        "title": "独居老人探访",
        "at": "2025-03-20T11:30:00.000000Z",
        "units": ["urban_management"],
        **PLACE,
    }
    again = past(once.state, evolve, [MatterReopened(reason="另有意见。")])
    twice = again.when(lambda m: m.conclude(needed, members=MEMBERS, now=EVENING)).leads_to()
    assert [one.need for one in twice.state.needs] == ["m-1.1", "m-1.2"]


def test_C_10_what_is_not_carried_out_needs_no_service() -> None:
    concluding(replace(DECLINED, need="独居老人探访")).refused(Malformed, field="need")
    concluding(replace(UPPER, need=" ")).breaks("C-10", field="need")
