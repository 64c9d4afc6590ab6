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
from contracts.consultation import MatterClosed as Ended
from services.consultation import announce
from services.consultation.domain import following, watching
from services.consultation.domain.committee import Level, Member, SeatKind
from services.consultation.domain.events import (
    Conclusion,
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
    Outcome,
    OutcomeRecorded,
    Procedure,
    Settled,
    Settler,
    Supervisor,
    Target,
)
from services.consultation.domain.evolution import evolve
from services.consultation.domain.following import Clocks
from services.consultation.domain.following_events import Decision as Adopted
from services.consultation.domain.following_events import MatterClosed
from services.consultation.domain.matter import ALLOWED, Matter, Status
from services.consultation.domain.policy import Category, ConsultationPolicy, Head, Size
from services.consultation.domain.proposing import propose
from services.consultation.domain.watching_events import MatterInspected, Stage, StageKept
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
KEPT = StageKept(stage=Stage.DELIBERATION, on=EVENING.date(), text="会议记录。", at=EVENING)
FOUND = MatterInspected(seat="s1", finding="按方案。", at=EVENING)
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
    "feedback": lambda m: m.feed_back(feedback="已在公告栏公布。", now=EVENING),
    "report": lambda m: following.report(m, CLOCKS, EVENING),
    "decide": lambda m: following.decide(m, Adopted.ADOPTED, None, CLOCKS, EVENING),
    "publish": lambda m: following.publish(m, "已张贴。", CLOCKS, EVENING),
    "progress": lambda m: following.progress(m, "已划线。", CLOCKS, EVENING),
    "complete": lambda m: following.complete(m, "已划线。", EVENING),
    "file": lambda m: following.file(m, CLOCKS, EVENING),
    "elsewhere": lambda m: following.elsewhere(m, True, "已表决。", EVENING),
    "inspect": lambda m: watching.inspect(m, FOUND, MEMBERS, POLICY, CLOCKS.work),
    "reopen": lambda m: following.reopen(m, "居民另有意见。", EVENING),
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
        (
            [*HANDED_2016, IMPLEMENTED, SUPERVISED],
            lambda m: m.feed_back(feedback=" ", now=EVENING),
            "feedback",
        ),
    ],
)
def test_a_step_of_2016_says_what_was_done(
    before: list[MatterEvent], step: Callable[[Matter], Any], field: str
) -> None:
    past(None, evolve, before).when(step).refused(Malformed, field=field)


@pytest.mark.parametrize(("status", "carried_out"), [("supervised", True), ("declined", False)])
def test_C_16_the_end_of_a_matter_of_2016_is_told(status: str, carried_out: bool) -> None:
    matter = past(None, evolve, PASTS_2016[status]).state
    event = matter.feed_back(feedback="已在公告栏公布。", now=EVENING)
    letter = announce.of_matters(event, evolve(matter, event))
    assert isinstance(letter, Ended)
    assert (letter.completed, letter.informed, letter.at) == (carried_out, None, EVENING)
    assert announce.of_matters(FED_BACK, evolve(matter, FED_BACK)) is None


def test_C_16_a_refusal_names_the_state_and_what_it_allows() -> None:
    with pytest.raises(Exception, match="当前状态为“已提出”，不能办理“outcome”；.*accept、refuse"):
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
