"""A matter's walk: what is never deliberated, the quorum, the four outcomes, and the order of it all."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.calendar import NationalCalendar
from chassis.kernel.clock import WorkTime
from chassis.kernel.errors import Malformed, UnknownReference
from services.consultation import announce
from services.consultation.domain import following, rights
from services.consultation.domain.committee import Level, Member, SeatKind
from services.consultation.domain.events import (
    Conclusion,
    Disagreement,
    Form,
    Ground,
    Invitation,
    Invited,
    MatterAccepted,
    MatterDeclined,
    MatterEvent,
    MatterExplained,
    MatterFedBack,
    MatterHanded,
    MatterImplemented,
    MatterInformed,
    MatterProposed,
    MatterReferred,
    MatterRefused,
    MatterResearched,
    MatterSupervised,
    MembersInvited,
    Outcome,
    OutcomeRecorded,
    Procedure,
    Purpose,
    Served,
    ServedKind,
    Settled,
    Settler,
    Supervisor,
    Target,
)
from services.consultation.domain.evolution import evolve
from services.consultation.domain.following import Clocks
from services.consultation.domain.following_events import Decision as Adopted
from services.consultation.domain.following_events import MatterClosed
from services.consultation.domain.matter import ALLOWED, Matter, Status, propose
from services.consultation.domain.policy import Category, ConsultationPolicy, Head, Size
from services.consultation.shipped import POLICY as POLICY_FILE
from tests.support.specification import Decision, past

from .test_committee import FOLLOW_UP

MORNING = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
EVENING = datetime(2025, 3, 20, 11, 30, tzinfo=UTC)
SEATS = tuple(f"s{number}" for number in range(21))


def fixed(count: int) -> tuple[Member, ...]:
    return tuple(Member(seat=s, kind=SeatKind.FIXED, non_party=True) for s in SEATS[:count])


MEMBERS = fixed(21)
ELEVEN = SEATS[:11]
PROPOSED = MatterProposed(
    id="m-1",
    committee="c-1",
    level=Level.COMMUNITY,
    street="guanshang",
    community="guanshangzhongxinqu",
    category="parking",
    head="order",
    title="小区停车秩序",
    subject="夜间占用消防通道停车，如何划线。",
    procedure=Procedure.SIX_STEPS_2018,
    at=MORNING,
)
POLICY = ConsultationPolicy(
    publicity_days=5,
    notice_days=5,
    follow_up=FOLLOW_UP,
    street_size=Size(least=45, most=55),
    small_size=Size(least=5, most=15),
    categories={"parking": Category(name="停车秩序")},
    community_heads={"order": Head(name="治安、环境卫生与交通")},
    street_heads={"projects": Head(name="重大项目")},
    referred_head="projects",
)
SETTLED = Settled(
    by=Settler.PARTY_ORGANISATION, form=Form.COUNCIL, participants="居民代表", plan="一上午。"
)
ACCEPTED = MatterAccepted(settled=SETTLED)
REFUSED = MatterRefused(ground=Ground.UNFAIR, to_mediation=False)
RESEARCHED = MatterResearched(findings="走访了六栋楼。")
WHISTLE = Conclusion(
    outcome=Outcome.NEEDS_UPPER_LEVEL, present=11, roll=ELEVEN, target=Target.WHISTLE
)
UPPER = Conclusion(
    outcome=Outcome.NEEDS_UPPER_LEVEL, present=11, roll=ELEVEN, target=Target.UPPER_COMMITTEE
)
USABLE = Conclusion(outcome=Outcome.USABLE_HERE, present=11, roll=ELEVEN, unit="urban_management")
NOT_YET = Conclusion(
    outcome=Outcome.NOT_YET_POSSIBLE, present=11, roll=ELEVEN, explanation="管线图尚未测绘。"
)
DECLINED = Conclusion(
    outcome=Outcome.DECLINED, present=11, roll=ELEVEN, guidance="公共绿地不得改作车位。"
)
EXPERT = (Invited(seat="x1", why=Invitation.EXPERT),)
CLOCKS = Clocks(policy=POLICY, work=WorkTime(days=NationalCalendar()))
SIX_STEPS = "官办通〔2018〕58号"


def recorded(conclusion: Conclusion) -> OutcomeRecorded:
    return OutcomeRecorded(conclusion=conclusion, members=21, at=EVENING)


def concluding(conclusion: Conclusion, **about: Any) -> Decision[Matter]:
    researched = past(None, evolve, [replace(PROPOSED, **about), ACCEPTED, RESEARCHED])
    return researched.when(
        lambda m: m.conclude(replace(conclusion, present=0), members=MEMBERS, now=EVENING)
    )


# --- C-16


PASTS: dict[str, list[MatterEvent]] = {
    "proposed": [PROPOSED],
    "accepted": [PROPOSED, ACCEPTED],
    "refused": [PROPOSED, REFUSED],
    "researched": [PROPOSED, ACCEPTED, RESEARCHED],
    "deliberated": [PROPOSED, ACCEPTED, RESEARCHED, recorded(WHISTLE)],
    "referred": [
        PROPOSED,
        ACCEPTED,
        RESEARCHED,
        recorded(WHISTLE),
        MatterReferred(target=Target.WHISTLE),
    ],
    "handed": [
        PROPOSED,
        ACCEPTED,
        RESEARCHED,
        recorded(USABLE),
        MatterHanded(unit="urban_management"),
    ],
    "explained": [PROPOSED, ACCEPTED, RESEARCHED, recorded(NOT_YET), MatterExplained()],
    "declined": [PROPOSED, ACCEPTED, RESEARCHED, recorded(DECLINED), MatterDeclined()],
    "closed": [
        PROPOSED,
        ACCEPTED,
        RESEARCHED,
        recorded(DECLINED),
        MatterDeclined(),
        MatterClosed(at=EVENING),
    ],
}
STEPS: dict[str, Callable[[Matter], Any]] = {
    "accept": lambda m: m.accept(SETTLED),
    "refuse": lambda m: m.refuse(ground=Ground.UNFAIR),
    "research": lambda m: m.research(findings="走访了六栋楼。"),
    "invite": lambda m: m.invite(EXPERT, MEMBERS),
    "outcome": lambda m: m.conclude(WHISTLE, members=MEMBERS, now=EVENING),
}
MAY: dict[str, set[str]] = {
    "proposed": {"accept", "refuse", "invite"},
    "accepted": {"research", "invite"},
    "refused": set(),
    "researched": {"outcome", "invite"},
    "deliberated": set(),
    "referred": {"publish", "reopen", "inspect"},
    "handed": {"publish", "reopen", "inspect"},
    "explained": {"publish", "reopen", "inspect"},
    "declined": {"publish", "reopen", "inspect"},
    "closed": {"reopen", "inspect"},
}


OLDER = replace(PROPOSED, procedure=Procedure.SIX_STEPS_2016)
INFORMED = MatterInformed(told="方案和材料已张贴。")
IMPLEMENTED = MatterImplemented(done="已划线。")
SUPERVISED = MatterSupervised(by=Supervisor.OVERSIGHT_COMMITTEE, finding="按方案实施。")
FED_BACK = MatterFedBack(feedback="已在公告栏公布。")
STEPS |= {
    "inform": lambda m: m.inform(told="方案和材料已张贴。"),
    "implement": lambda m: m.implement(done="已划线。"),
    "supervise": lambda m: m.supervise(by=Supervisor.THIRD_PARTY, finding="按方案实施。"),
    "feedback": lambda m: m.feed_back(feedback="已在公告栏公布。"),
    "report": lambda m: following.report(m, CLOCKS, EVENING),
    "decide": lambda m: following.decide(m, Adopted.ADOPTED, None, CLOCKS, EVENING),
    "publish": lambda m: following.publish(m, "已张贴。", CLOCKS, EVENING),
    "progress": lambda m: following.progress(m, "已划线。", CLOCKS, EVENING),
    "complete": lambda m: following.complete(m, "已划线。", EVENING),
    "file": lambda m: following.file(m, CLOCKS, EVENING),
    "elsewhere": lambda m: following.elsewhere(m, True, "已表决。", EVENING),
    "inspect": lambda m: rights.inspect(m, "s1", "按方案。", MEMBERS, EVENING),
    "reopen": lambda m: following.reopen(m, "居民另有意见。"),
}


def older(*then: MatterEvent) -> list[MatterEvent]:
    return [OLDER, INFORMED, *then]


HANDED_2016 = older(recorded(USABLE), MatterHanded(unit="urban_management"))
PASTS_2016: dict[str, list[MatterEvent]] = {
    "proposed": [OLDER],
    "refused": [OLDER, REFUSED],
    "informed": older(),
    "deliberated": older(recorded(WHISTLE)),
    "referred": older(recorded(WHISTLE), MatterReferred(target=Target.WHISTLE)),
    "handed": HANDED_2016,
    "explained": older(recorded(NOT_YET), MatterExplained()),
    "declined": older(recorded(DECLINED), MatterDeclined()),
    "implemented": [*HANDED_2016, IMPLEMENTED],
    "supervised": [*HANDED_2016, IMPLEMENTED, SUPERVISED],
    "fed_back": [*HANDED_2016, IMPLEMENTED, SUPERVISED, FED_BACK],
}
MAY_2016: dict[str, set[str]] = {
    "proposed": {"inform", "refuse", "invite"},
    "refused": set(),
    "informed": {"outcome", "invite"},
    "deliberated": set(),
    "referred": {"feedback"},
    "handed": {"implement"},
    "explained": {"feedback"},
    "declined": {"feedback"},
    "implemented": {"supervise"},
    "supervised": {"feedback"},
    "fed_back": set(),
}
PROCEDURES = {
    Procedure.SIX_STEPS_2018: (PASTS, MAY, SIX_STEPS),
    Procedure.SIX_STEPS_2016: (PASTS_2016, MAY_2016, "官办发〔2016〕26号 三（五）"),
}
CELLS = [
    (procedure, status, step)
    for procedure, (_, may, _) in PROCEDURES.items()
    for status in may
    for step in STEPS
]


def test_every_status_has_a_row() -> None:
    assert {status.value for status in Status} == {*MAY, *MAY_2016}
    assert set(PASTS) == set(MAY) and set(PASTS_2016) == set(MAY_2016)
    assert set(ALLOWED) == set(Procedure) == set(PROCEDURES)


@pytest.mark.parametrize(("procedure", "status", "step"), CELLS)
def test_C_16_the_six_steps_are_walked_in_order(
    procedure: Procedure, status: str, step: str
) -> None:
    pasts, may, clause = PROCEDURES[procedure]
    here = past(None, evolve, pasts[status])
    assert here.state.status == status
    if step in may[status]:
        here.when(STEPS[step]).leads_to()
    else:
        here.when(STEPS[step]).breaks("C-16", clause=clause)


def test_C_16_a_matter_keeps_the_procedure_it_began_with() -> None:
    for procedure, (pasts, _, _) in PROCEDURES.items():
        for events in pasts.values():
            assert past(None, evolve, events).state.procedure is procedure


@pytest.mark.parametrize(
    ("before", "step", "field"),
    [
        ([OLDER], lambda m: m.inform(told=" "), "told"),
        (HANDED_2016, lambda m: m.implement(done=""), "done"),
        (
            [*HANDED_2016, IMPLEMENTED],
            lambda m: m.supervise(by=Supervisor.THIRD_PARTY, finding=" "),
            "finding",
        ),
        ([*HANDED_2016, IMPLEMENTED, SUPERVISED], lambda m: m.feed_back(feedback=" "), "feedback"),
    ],
)
def test_a_step_of_2016_says_what_was_done(
    before: list[MatterEvent], step: Callable[[Matter], Any], field: str
) -> None:
    past(None, evolve, before).when(step).refused(Malformed, field=field)


def test_C_16_a_refusal_names_the_state_and_what_it_allows() -> None:
    with pytest.raises(Exception, match="当前状态为 proposed，不允许 outcome；.*accept、refuse"):
        past(None, evolve, [PROPOSED]).state.conclude(WHISTLE, members=MEMBERS, now=EVENING)


# --- Proposing and researching


def test_a_matter_is_proposed() -> None:
    past(None, evolve, []).when(lambda _: propose(PROPOSED, POLICY)).then(PROPOSED)


@pytest.mark.parametrize("field", ["title", "subject"])
def test_a_matter_says_what_it_is_about(field: str) -> None:
    blank: dict[str, Any] = {field: "  "}
    wordless = replace(PROPOSED, **blank)
    nothing = past(None, evolve, [])
    nothing.when(lambda _: propose(wordless, POLICY)).refused(Malformed, field=field)


def test_a_matter_has_a_category_of_the_list() -> None:
    nothing = past(None, evolve, [])
    strange = replace(PROPOSED, category="weather")
    nothing.when(lambda _: propose(strange, POLICY)).refused(UnknownReference, field="category")


@pytest.mark.parametrize(
    ("level", "head", "clause"),
    [
        (Level.COMMUNITY, "projects", "官办发〔2016〕26号 三（二）"),
        (Level.BUILDING, None, "官办发〔2016〕26号 三（二）"),
        (Level.STREET, "order", "官办通〔2018〕58号 附件4"),
    ],
)
def test_C_16_a_topic_falls_under_a_head_of_its_level_s_catalogue(
    level: Level, head: str | None, clause: str
) -> None:
    nothing = past(None, evolve, [])
    strange = replace(PROPOSED, level=level, head=head)
    nothing.when(lambda _: propose(strange, POLICY)).breaks("C-16", clause=clause, field="head")
    known = replace(strange, head="projects" if level is Level.STREET else "order")
    nothing.when(lambda _: propose(known, POLICY)).then(known)


def test_C_16_what_ships_has_the_fifteen_heads_and_the_seven() -> None:
    shipped = tomllib.loads(POLICY_FILE.read_text(encoding="utf-8"))
    assert (len(shipped["community_heads"]), len(shipped["street_heads"])) == (15, 7)


def test_research_says_what_it_found() -> None:
    accepted = past(None, evolve, [PROPOSED, ACCEPTED])
    accepted.when(lambda m: m.research(findings="走访了六栋楼。")).then(RESEARCHED)
    accepted.when(lambda m: m.research(findings=" ")).refused(Malformed, field="findings")


# --- C-04


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
        .then(MatterRefused(ground=Ground(ground), to_mediation=mediated))
        .state
    )
    assert (after.status, after.ground, after.to_mediation) == ("refused", ground, mediated)


def test_C_04_there_are_five_grounds_and_no_more() -> None:
    assert {ground.value for ground in Ground} == {
        "against_policy",
        "ordered_from_above",
        "unfair",
        "discriminatory",
        "two_party_dispute",
    }


def test_C_04_a_two_party_dispute_is_told_to_mediation_without_its_own_words() -> None:
    dispute = MatterRefused(ground=Ground.TWO_PARTY_DISPUTE, to_mediation=True)
    assert told([PROPOSED, dispute]) == [
        {
            "type": "consultation.matter_referred.v1",
            "matter": "m-1",
            "target": "mediation",
            "category": "parking",
            "title": "不予受理的两方纠纷",
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
    concluding(conference).breaks("C-21", clause="官办通〔2018〕58号 六.3", field="target")
    held = (Disagreement(seat="s1", reason="先保障老人。"),)
    disputed = replace(conference, disagreement=held)
    after = concluding(disputed).leads_to().state
    assert after.status == "referred"


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
