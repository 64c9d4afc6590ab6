"""What is offered is what may be done: for random lives of matters, and whoever asks."""

import random
from dataclasses import replace
from typing import Any

import pytest

from chassis.calendar import NationalCalendar
from chassis.cause import Cause
from chassis.http import ReasonIn
from chassis.kernel.clock import WorkTime
from services.consultation.domain.committee import CommitteeSeated, Level, Member, SeatKind
from services.consultation.domain.events import (
    Form,
    Ground,
    Invitation,
    Meeting,
    Outcome,
    Procedure,
    Settler,
    Supervisor,
    Target,
)
from services.consultation.domain.following_events import Decision as Adopted
from services.consultation.domain.session_events import (
    AgendaItem,
    Chair,
    SeatsArrived,
    Side,
    Signatory,
    Source,
)
from services.consultation.domain.watching_events import Fault, Mark, Stage
from services.consultation.main import desk_on
from services.consultation.steps import following, matters, sessions, watching
from services.consultation.steps.matters import MATTERS
from services.consultation.steps.sessions import SESSIONS
from tests.support.memory import MemoryStore
from tests.support.toy import Silent
from tests.support.walks import AnyStep, Walk, everybody, person

from .register import listed
from .test_matter import ACCEPTED, ELEVEN, MEMBERS, MORNING, PROPOSED, RESEARCHED, SEATS
from .test_session import CALLED

PEOPLE = [
    *everybody("guanshang", "guanshangzhongxinqu"),
    person("street:liujia"),
    person("department:urban_management"),
]
WORK = WorkTime(days=NationalCalendar())
CAUSE = Cause(actor="platform", now=MORNING)
ENDS: list[dict[str, Any]] = [
    {"outcome": Outcome.NEEDS_UPPER_LEVEL, "target": Target.WHISTLE},
    {"outcome": Outcome.USABLE_HERE, "unit": "urban_management"},
    {"outcome": Outcome.DECLINED, "guidance": "公共绿地不得改作车位。"},
]


SAID: dict[str, Any] = {
    "accept": matters.AcceptIn(
        by=Settler.PARTY_ORGANISATION, form=Form.TALK, participants="居民代表", plan="一上午。"
    ),
    "refuse": matters.RefuseIn(ground=Ground.UNFAIR),
    "research": matters.ResearchIn(findings="走访了六栋楼。"),
    "inform": matters.InformIn(told="已张贴。"),
    "meeting": matters.MeetingIn(
        meeting=Meeting.RESIDENTS, adopted=True, result="通过。", on=MORNING.date()
    ),
    "implement": matters.ImplementIn(done="已划线。"),
    "supervise": matters.SuperviseIn(by=Supervisor.THIRD_PARTY, finding="按方案。"),
    "feedback": matters.FeedbackIn(feedback="已公布。"),
    "decide": following.DecideIn(decision=Adopted.PARTLY, reasons="经费不足。"),
    "publish": following.PublishIn(notice="已张贴。"),
    "progress": following.ProgressIn(progress="已划线。"),
    "complete": following.CompleteIn(result="已划线。"),
    "elsewhere": following.ElsewhereIn(adopted=True, result="通过。"),
    "inspect": watching.InspectIn(seat="s1", finding="按方案。", mark=Mark.BADLY),
    "answer": watching.FaultAnswerIn(answer="已整改。"),
    "correct": watching.FaultCorrectIn(
        fault=Fault.PROCEDURE, back_to=Stage.DELIBERATION, reason="未达到法定人数。"
    ),
    "keep": watching.KeepIn(stage=Stage.TOPIC, on=MORNING.date(), text="已张贴。"),
    "risk": watching.RiskIn(made_by="第三方", on=MORNING.date(), document="评估报告"),
    "reopen": following.ReopenIn(reason="另有意见。"),
}


def said(step: AnyStep, chance: random.Random) -> Any:
    match step.name:
        case "invite":
            guest = matters.InvitedIn(seat=f"x{chance.randrange(10**9)}", why=Invitation.EXPERT)
            return matters.InviteIn(invited=(guest,))
        case "outcome":
            return matters.OutcomeIn(present=ELEVEN, **chance.choice(ENDS))
        case name:
            return SAID[name]


@pytest.mark.parametrize("level", [Level.COMMUNITY, Level.STREET])
@pytest.mark.parametrize("procedure", Procedure)
@pytest.mark.parametrize("seed", range(2))
async def test_C_16_what_is_offered_of_a_matter_may_be_done_and_nothing_else(
    seed: int, level: Level, procedure: Procedure
) -> None:
    store = MemoryStore()
    desk = desk_on(store, bytes(32), Silent(), WORK)
    seated = CommitteeSeated(
        level=level,
        street=PROPOSED.street,
        community=PROPOSED.community if level is Level.COMMUNITY else None,
        name="议事委员会",
        members=tuple(Member(seat=seat, kind=SeatKind.FIXED, non_party=True) for seat in SEATS),
        policy=1,
        term_ends=MORNING.date().replace(year=2028),
        at=MORNING,
    )
    await desk.committees.once("c-1", [seated], CAUSE)
    await desk.policies.seed(MORNING)
    await listed(desk, CAUSE)
    await desk.matters.once("m-1", [replace(PROPOSED, procedure=procedure)], CAUSE)
    chance = random.Random(seed)
    going = Walk(
        MATTERS,
        (*matters.STEPS, *following.STEPS, *(s for s in watching.STEPS if s.name != "photo")),
        desk,
        store,
        PEOPLE,
        said,
        chance,
        MORNING,
    )
    await going.go("m-1", 9)
    assert going.tried > 80 and len(going.taken) > 2


SAID_IN_SESSION: dict[str, Any] = {
    "notice": sessions.NoticeIn(papers=("方案",)),
    "urgent": ReasonIn(reason="汛期将至。"),
    "adjourn": ReasonIn(reason="汛期将至。"),
    "open": sessions.OpenIn(chair=Chair.OTHER, why_chair="书记出差。"),
    "opinion": sessions.OpinionIn(title="意见书", source=Source.EXPERT),
    "item": sessions.AgendaItemIn(item=AgendaItem.BUDGET, record="已听取。"),
    "annex": sessions.AnnexIn(text="更正。"),
    "close": sessions.CloseIn(summary="同意。"),
}


def said_in_session(step: AnyStep, chance: random.Random) -> Any:
    match step.name:
        case "arrive" | "leave":
            return sessions.SeatsIn(seats=tuple(chance.sample(SEATS, k=1)))
        case "excuse":
            return sessions.ExcuseIn(seat=chance.choice(SEATS), reason="出差。")
        case "interest" | "speak":
            return sessions.SeatIn(seat=chance.choice(SEATS))
        case "ask":
            return sessions.AskIn(seat=chance.choice(SEATS), side=chance.choice(list(Side)))
        case "record":
            return sessions.RecordIn(**chance.choice(ENDS))
        case "sign":
            return sessions.SignIn(signatory=chance.choice(list(Signatory)))
        case name:
            return SAID_IN_SESSION[name]


@pytest.mark.parametrize("seed", range(3))
async def test_C_09_what_is_offered_of_a_session_may_be_done_and_nothing_else(seed: int) -> None:
    store = MemoryStore()
    desk = desk_on(store, bytes(32), Silent(), WORK)
    await desk.policies.seed(MORNING)
    await listed(desk, CAUSE)
    seated = CommitteeSeated(
        level=Level.COMMUNITY,
        street=PROPOSED.street,
        community=PROPOSED.community,
        name="议事委员会",
        members=MEMBERS,
        policy=1,
        term_ends=MORNING.date().replace(year=2028),
        at=MORNING,
    )
    await desk.committees.once("c-1", [seated], CAUSE)
    await desk.matters.once("m-1", [PROPOSED, ACCEPTED, RESEARCHED], CAUSE)
    await desk.sessions.once(
        "s-1", [replace(CALLED, held_at=MORNING), SeatsArrived(seats=SEATS, at=MORNING)], CAUSE
    )
    chance = random.Random(seed)
    steps = [step for step in sessions.STEPS if step.name != "adjourn"]
    going = Walk(SESSIONS, steps, desk, store, PEOPLE, said_in_session, chance, MORNING)
    await going.go("s-1", 12)
    assert going.tried > 80 and len(going.taken) > 4
