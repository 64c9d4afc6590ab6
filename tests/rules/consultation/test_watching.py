"""C-18 what is kept of each step, C-20 how members watch and what comes from above, C-32 risks assessed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.kernel.errors import OURS, Malformed
from services.consultation import announce
from services.consultation.domain import following, watching
from services.consultation.domain.events import (
    Disagreement,
    MatterHanded,
    MatterReferred,
    Meeting,
    Procedure,
    Target,
)
from services.consultation.domain.evolution import evolve
from services.consultation.domain.following_events import Awaited, DateMissed
from services.consultation.domain.matter import Matter
from services.consultation.domain.rules import RISKS
from services.consultation.domain.watching_events import (
    Fault,
    InspectionAnswered,
    Mark,
    MatterInspected,
    RiskAssessed,
    Stage,
    StageKept,
)
from tests.support.specification import Decision, Given, past

from .test_matter import (
    ACCEPTED,
    CLOCKS,
    EVENING,
    FOUND,
    INFORMED,
    KEPT,
    MEMBERS,
    OLDER,
    PASTS,
    POLICY,
    PROPOSED,
    RESEARCHED,
    SETTLED,
    USABLE,
    recorded,
)
from .test_session import MATTER, NEXT_MONDAY, OPEN, SETTING, held
from .test_session import USABLE as IN_SESSION

ANNEX_7, ANNEX_3, CORRECTING = (
    "官办通〔2018〕58号 附件7",
    "官办通〔2018〕58号 附件3 6",
    "官办发〔2016〕26号 三（五）6",
)
HANDED = PASTS["handed"]
TODAY = EVENING.date()


def handed(*events: Any) -> Given[Matter]:
    return past(None, evolve, [*HANDED, *events])


# --- C-18


def completing(here: Given[Matter]) -> Decision[Matter]:
    published = here.when(lambda m: following.publish(m, "已张贴。", CLOCKS, EVENING)).leads_to()
    return published.when(lambda m: following.complete(m, "已划线。", EVENING))


def test_C_18_nothing_ends_while_a_step_has_neither_text_nor_photograph() -> None:
    completing(handed()).breaks("C-18", clause=ANNEX_7, field="stage")
    for kept in (KEPT, replace(KEPT, text=None, photos=("f-1",))):
        assert completing(handed(kept)).leads_to().state.status == "closed"
    in_session = recorded(replace(USABLE, session="s-1"))
    held_here = past(None, evolve, [*HANDED[:3], in_session, *HANDED[4:]])
    assert completing(held_here).leads_to().state.status == "closed"
    before = past(None, evolve, [PROPOSED, replace(ACCEPTED, settled=None), *HANDED[2:], KEPT])
    completing(before).breaks("C-18", field="stage")


def test_C_18_under_2016_it_ends_with_its_feedback() -> None:
    told = past(
        None, evolve, [OLDER, INFORMED, recorded(USABLE), MatterReferred(target=Target.WHISTLE)]
    )
    told.when(lambda m: following.may_close(m, "feedback")).breaks("C-18", clause=ANNEX_7)
    following.may_close(past(told.state, evolve, [KEPT]).state, "feedback")


def test_C_18_what_is_kept_is_of_a_step_it_went_through() -> None:
    def keeping(stage: Stage, **about: Any) -> Decision[Matter]:
        said = {"on": TODAY, "text": "照片附后。", "photos": (), "now": EVENING, **about}
        return handed().when(lambda m: watching.keep(m, stage, **said))

    kept = StageKept(stage=Stage.RESEARCH, on=TODAY, text="照片附后。", at=EVENING)
    assert keeping(Stage.RESEARCH).then(kept).state.kept == (kept,)
    keeping(Stage.CARRYING_OUT).breaks("C-18", clause=ANNEX_7, field="stage")
    keeping(Stage.RESEARCH, text=" ").breaks("C-18", clause=ANNEX_7, field="text")
    photos = ("f-1",)
    assert keeping(Stage.RESEARCH, text=None, photos=photos).happened[0].photos == photos
    keeping(Stage.RESEARCH, on=TODAY + timedelta(days=1)).refused(Malformed, field="on")
    refused = past(None, evolve, PASTS["refused"])
    refused.when(lambda m: watching.keep(m, Stage.TOPIC, TODAY, "照片", (), EVENING)).breaks("C-18")


# --- C-20, C-25


def inspecting(here: Given[Matter], **about: Any) -> Decision[Matter]:
    found = replace(FOUND, **about)
    return here.when(lambda m: watching.inspect(m, found, MEMBERS, POLICY, CLOCKS.work))


def test_C_25_a_member_supervises_what_is_carried_out() -> None:
    assert inspecting(handed()).then(FOUND).state.inspected == (FOUND,)
    inspecting(handed(), seat="s99").breaks("C-25", field="seat")
    inspecting(handed(), finding=" ").breaks("C-25", field="finding")


DUE = datetime(2025, 4, 3, 9, tzinfo=UTC)
"""Ten working days after Thursday evening."""
BADLY = MatterInspected(
    seat="s1", finding="未划线。", mark=Mark.BADLY, due=DUE, days=10, at=EVENING
)


def answering(
    here: Given[Matter], n: int = 0, what: str = "已划线。", now: datetime = EVENING
) -> Decision[Matter]:
    return here.when(lambda m: watching.answer(m, n, what, now))


def test_C_20_what_isn_t_well_is_answered_by_a_date() -> None:
    inspecting(handed(), mark=Mark.WELL).then(replace(FOUND, mark=Mark.WELL))
    found = inspecting(handed(), finding="未划线。", mark=Mark.BADLY).then(BADLY)
    assert watching.next_due(found.state) == DUE
    answering(found, what=" ").breaks("C-20", clause=ANNEX_3, field="answer")
    answering(found, n=1).breaks("C-20", clause=ANNEX_3)
    after = answering(found).then(InspectionAnswered(inspection=0, answer="已划线。", at=EVENING))
    answering(after).breaks("C-20", clause=ANNEX_3)
    assert watching.next_due(after.state) is None


def test_C_20_an_answer_that_didn_t_come_is_missed_once() -> None:
    late = DUE + timedelta(seconds=1)
    found = handed(BADLY)
    found.when(lambda m: watching.late(m, DUE)).then()
    missed = DateMissed(awaited=Awaited.ANSWER, due=DUE, inspection=0)
    after = found.when(lambda m: watching.late(m, late)).then(missed)
    after.when(lambda m: watching.late(m, late)).then()
    answered = InspectionAnswered(inspection=0, answer="已划线。", at=late)
    answering(after, now=late).then(answered)
    answering(found, now=late).then(missed, answered)
    told = announce.of_matters(missed, after.state)
    assert told is not None and told.model_dump()["awaited"] == "answer"


def test_an_answer_that_is_missed_leaves_the_course_s_own_clock() -> None:
    published = (
        handed().when(lambda m: following.publish(m, "已张贴。", CLOCKS, EVENING)).leads_to()
    )
    missed = DateMissed(awaited=Awaited.ANSWER, due=DUE, inspection=0)
    after = past(published.state, evolve, [BADLY, missed])
    assert after.state.awaits is not None and not after.state.awaits.missed
    assert watching.next_due(after.state) == after.state.awaits.due


def test_C_20_what_was_missed_is_awaited_still() -> None:
    """The course's next date and an answer, whichever is the first."""
    missed = DateMissed(awaited=Awaited.ANSWER, due=DUE, inspection=0)
    found = handed(BADLY, missed)
    assert watching.next_due(found.state) is None
    assert watching.awaited_by(found.state) == DUE
    published = found.when(lambda m: following.publish(m, "已张贴。", CLOCKS, EVENING)).leads_to()
    assert published.state.awaits is not None and published.state.awaits.due > DUE
    assert watching.awaited_by(published.state) == DUE
    answered = answering(published, now=DUE + timedelta(days=1)).leads_to().state
    assert answered.awaits is not None
    assert watching.awaited_by(answered) == answered.awaits.due


def correcting(
    here: Given[Matter], back_to: Stage = Stage.DELIBERATION, reason: str = "未达法定人数。"
) -> Decision[Matter]:
    return here.when(lambda m: following.correct(m, Fault.PROCEDURE, back_to, reason, EVENING))


@pytest.mark.parametrize(
    ("back_to", "status"),
    [
        (Stage.SETTLING, "proposed"),
        (Stage.RESEARCH, "accepted"),
        (Stage.DELIBERATION, "researched"),
    ],
)
def test_C_20_a_correction_leads_back_to_the_step_that_was_broken(
    back_to: Stage, status: str
) -> None:
    after = correcting(handed(), back_to).leads_to().state
    assert (after.status, after.conclusion, after.awaits) == (status, None, None)
    assert [one.reason for one in after.corrected] == ["未达法定人数。"]


def test_C_20_a_correction_has_its_reason_and_something_to_correct() -> None:
    correcting(handed(), reason=" ").breaks("C-20", clause=CORRECTING, field="reason")
    correcting(handed(), Stage.INFORMING).breaks("C-20", clause=OURS, field="back_to")
    correcting(past(None, evolve, PASTS["researched"])).breaks("C-20", clause=CORRECTING)
    older = past(None, evolve, [OLDER, INFORMED, recorded(USABLE), MatterHanded(unit="water")])
    assert older.state.procedure is Procedure.SIX_STEPS_2016
    assert correcting(older).leads_to().state.status == "informed"
    correcting(older, Stage.RESEARCH).breaks("C-20", field="back_to")


# --- C-32

MAJOR = replace(ACCEPTED, settled=replace(SETTLED, major=True))
RISK = RiskAssessed(made_by="第三方评估公司", on=TODAY, document="评估报告", at=EVENING)


def assessing(here: Given[Matter], **about: Any) -> Decision[Matter]:
    said = {"made_by": RISK.made_by, "on": TODAY, "document": RISK.document, **about}
    return here.when(lambda m: watching.assess_risk(m, **said, now=EVENING))


def test_C_32_a_major_decision_isn_t_deliberated_without_its_risks() -> None:
    major = past(None, evolve, [PROPOSED, MAJOR, RESEARCHED])
    major.when(lambda m: watching.risk_assessed(m)).breaks("C-32", clause=RISKS, field=None)
    after = assessing(major).then(RISK)
    watching.risk_assessed(after.state)
    for field in ("made_by", "document"):
        assessing(major, **{field: " "}).breaks("C-32", clause=OURS, field=field)
    assessing(major, on=TODAY + timedelta(days=1)).refused(Malformed, field="on")
    assessing(past(None, evolve, PASTS["researched"])).breaks("C-32")


def test_C_32_nor_decided_in_a_session() -> None:
    major = replace(MATTER, settled=replace(SETTLED, major=True))
    setting = replace(SETTING, matter=major)
    deciding = held(*OPEN).when(lambda s: s.record(IN_SESSION, None, setting, NEXT_MONDAY))
    deciding.breaks("C-32", field=None)
    assessed = replace(setting, matter=replace(major, risk=RISK))
    held(*OPEN).when(lambda s: s.record(IN_SESSION, None, assessed, NEXT_MONDAY)).leads_to()


# --- C-16, 2016


def test_C_16_what_stays_disputed_under_2016_is_decided_by_the_residents() -> None:
    held_by = (Disagreement(seat="s1", reason="先保障老人。"),)
    disputed = past(
        None,
        evolve,
        [OLDER, INFORMED, recorded(replace(USABLE, disagreement=held_by)), MatterHanded(unit="w")],
    )
    assert disputed.state.next_steps() == ["meeting"]
    disputed.when(lambda m: m.implement(done="已划线。")).breaks("C-16")

    def meeting(adopted: bool, result: str = "通过。", on: date = TODAY) -> Decision[Matter]:
        said: dict[str, Any] = {"adopted": adopted, "result": result, "on": on, "now": EVENING}
        return disputed.when(lambda m: m.meet(Meeting.RESIDENTS, **said))

    assert meeting(True).leads_to().state.next_steps() == ["implement"]
    assert meeting(False).leads_to().state.next_steps() == ["feedback"]
    meeting(True, on=TODAY + timedelta(days=1)).refused(Malformed, field="on")
    meeting(True, on=TODAY - timedelta(days=1)).breaks("C-16", field="on")
    meeting(True, result=" ").refused(Malformed, field="result")
    agreed = past(None, evolve, [OLDER, INFORMED, recorded(USABLE), MatterHanded(unit="w")])
    agreed.when(
        lambda m: m.meet(Meeting.RESIDENTS, adopted=True, result="好", on=TODAY, now=EVENING)
    ).breaks("C-16")
