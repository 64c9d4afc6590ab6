"""C-02: who may sit, and the way from a nomination to a seat."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from chassis.calendar import NationalCalendar
from chassis.kernel.clock import WorkTime
from chassis.kernel.errors import Malformed, NotFound
from services.consultation import announce
from services.consultation.domain import appointing, leaving
from services.consultation.domain.appointing import Qualities
from services.consultation.domain.committee import Committee, Level
from services.consultation.domain.members import (
    AbsencesCounted,
    AbsenceWarned,
    Disqualifier,
    Ended,
    Found,
    MemberAppointed,
    MemberClass,
    MemberEvent,
    MemberNominated,
    NominationAgreed,
    NominationDeliberated,
    NominationDropped,
    NominationPublicised,
    ObjectionRaised,
    ObjectionsAnswered,
    Route,
    SeatEnded,
)
from services.consultation.domain.roll import CommitteeEvent, evolve
from tests.support.specification import Given, past

from .test_committee import MORNING, policy, roll, seated

WORK = WorkTime(days=NationalCalendar())
QUALIFIED, NOMINATING = "官办通〔2018〕58号 附件1 第5条", "官办通〔2018〕58号 附件1 第4条"
GOOD = Qualities(adult=True, capacity=True, voter=True)
NOMINATED = MemberNominated(
    seat="n1", non_party=True, member_class=MemberClass.RESIDENT, route=Route.SELF
)
UNTIL = datetime(
    2025, 3, 10, 9, 0, tzinfo=UTC
)  # Monday; the fifth working day after Monday the 3rd
PUBLICISED = NominationPublicised(seat="n1", until=UNTIL, days=5, at=MORNING)
LATER = UNTIL + timedelta(seconds=1)
SEATED = seated(Level.COMMUNITY, roll(20, 12))
APPOINTED = MemberAppointed(seat="n1", letter="2025-21", at=LATER)
PUBLIC: tuple[MemberEvent, ...] = (NOMINATED, NominationDeliberated(seat="n1"), PUBLICISED)
AGREED: tuple[MemberEvent, ...] = (*PUBLIC, NominationAgreed(seat="n1"))


def sitting(*events: CommitteeEvent, level: Level = Level.COMMUNITY) -> Given[Committee]:
    count = 50 if level is Level.STREET else 20
    return past(None, evolve, [seated(level, roll(count, count * 6 // 10)), *events])


def appointing_it(c: Committee) -> MemberAppointed:
    return appointing.appoint(c, "n1", "2025-21", LATER, policy(), WORK)


@pytest.mark.parametrize("field", ["adult", "capacity", "voter"])
def test_C_02_a_member_is_grown_capable_and_votes(field: str) -> None:
    lacking: dict[str, Any] = {field: False}
    sitting().when(
        lambda c: appointing.nominate(c, NOMINATED, replace(GOOD, **lacking), MORNING)
    ).breaks("C-02", clause=QUALIFIED, field=field)


@pytest.mark.parametrize("ground", Disqualifier)
def test_C_02_any_disqualifier_keeps_from_a_seat(ground: Disqualifier) -> None:
    found = replace(GOOD, found=(Found(ground=ground, evidence="处分决定书"),))
    sitting().when(lambda c: appointing.nominate(c, NOMINATED, found, MORNING)).breaks(
        "C-02", clause=QUALIFIED, field="found"
    )


def test_C_02_who_qualifies_is_nominated_for_a_seat_of_its_own() -> None:
    def nominating(c: Committee) -> MemberNominated:
        return appointing.nominate(c, NOMINATED, GOOD, MORNING)

    sitting().when(nominating).then(NOMINATED)
    sitting(NOMINATED).when(nominating).refused(Malformed, field="seat")
    sitting(*AGREED, APPOINTED).when(nominating).refused(Malformed, field="seat")
    gone = SeatEnded(seat="n1", why=Ended.DISQUALIFIED, at=LATER)
    sitting(*AGREED, APPOINTED, gone).when(nominating).refused(Malformed, field="seat")
    after_the_term = datetime(2028, 3, 3, 1, 0, tzinfo=UTC)
    sitting().when(lambda c: appointing.nominate(c, NOMINATED, GOOD, after_the_term)).breaks("C-01")


STEPS: dict[str, Callable[[Committee], Any]] = {
    "deliberate": lambda c: appointing.deliberate(c, "n1"),
    "publicise": lambda c: appointing.publicise(c, "n1", MORNING, policy(), WORK),
    "object": lambda c: appointing.object_to(c, "n1", "居住地不在本社区。"),
    "agree": lambda c: appointing.agree(c, "n1", LATER, WORK),
    "appoint": appointing_it,
}


@pytest.mark.parametrize(
    ("before", "may"),
    [
        ((NOMINATED,), {"deliberate"}),
        (PUBLIC[:2], {"publicise"}),
        (PUBLIC, {"object", "agree"}),
        (AGREED, {"appoint"}),
    ],
)
@pytest.mark.parametrize("step", STEPS)
def test_C_02_a_nomination_takes_its_steps_in_order(
    before: tuple[MemberEvent, ...], may: set[str], step: str
) -> None:
    decision = sitting(*before).when(STEPS[step])
    if step in may:
        decision.leads_to()
    else:
        decision.breaks("C-02", clause=NOMINATING)


def test_C_02_it_is_publicised_for_five_working_days() -> None:
    sitting(*PUBLIC[:2]).when(STEPS["publicise"]).then(PUBLICISED)
    early = sitting(*PUBLIC)
    early.when(lambda c: appointing.agree(c, "n1", UNTIL, WORK)).breaks("C-02", field="seat")
    street = sitting(*PUBLIC, level=Level.STREET)
    street.when(lambda c: appointing.appoint(c, "n1", "1", UNTIL, policy(), WORK)).breaks(
        "C-02", clause=NOMINATING, field="seat"
    )
    street.when(appointing_it).then(APPOINTED)


def test_C_02_publicity_lasts_over_a_day_that_turned_out_to_be_off() -> None:
    """As what runs is counted again (C-11): whoever began before the year's notice was out isn't appointed early."""
    monday = datetime(2025, 3, 31, 1, tzinfo=UTC)
    short = WorkTime(days=NationalCalendar(valid_through=date(2024, 12, 31)))
    begun = sitting(*PUBLIC[:2]).when(
        lambda c: appointing.publicise(c, "n1", monday, policy(), short)
    )
    assumed, known = (datetime(2025, 4, day, 9, tzinfo=UTC) for day in (7, 8))  # Qingming is off
    here = begun.leads_to()
    assert here.state.nominations[0].until == assumed
    after = assumed + timedelta(seconds=1)
    here.when(lambda c: appointing.agree(c, "n1", after, short)).leads_to()
    for early in (after, known):
        here.when(partial(appointing.agree, seat="n1", now=early, work=WORK)).breaks("C-02")
    late = known + timedelta(seconds=1)
    here.when(lambda c: appointing.agree(c, "n1", late, WORK)).leads_to()
    before = sitting(*PUBLIC[:2], replace(PUBLICISED, until=assumed, days=None, at=None))
    before.when(lambda c: appointing.agree(c, "n1", after, WORK)).leads_to()


def test_C_02_an_objection_is_answered_before_anybody_is_appointed() -> None:
    raised = ObjectionRaised(seat="n1", text="居住地不在本社区。")
    disputed = sitting(*PUBLIC, raised)
    disputed.when(STEPS["agree"]).breaks("C-02", clause=NOMINATING, field="seat")
    answered = ObjectionsAnswered(seat="n1", answer="已核实居住证。")
    after = disputed.when(lambda c: appointing.answer(c, "n1", "已核实居住证。")).then(answered)
    after.when(STEPS["agree"]).then(NominationAgreed(seat="n1"))
    after.when(lambda c: appointing.answer(c, "n1", "再答。")).breaks("C-02")
    disputed.when(lambda c: appointing.answer(c, "n1", " ")).refused(Malformed, field="answer")
    sitting(*PUBLIC).when(lambda c: appointing.object_to(c, "n1", " ")).refused(
        Malformed, field="text"
    )


def test_C_02_below_the_street_the_street_agrees_and_at_the_street_it_appoints() -> None:
    sitting(*PUBLIC).when(appointing_it).breaks("C-02", clause=NOMINATING)
    sitting(*PUBLIC, level=Level.STREET).when(STEPS["agree"]).breaks("C-02")


def test_C_02_who_is_appointed_has_a_letter_and_sits() -> None:
    after = sitting(*AGREED).when(appointing_it).then(APPOINTED).state
    assert after.members[-1].seat == "n1"
    assert after.members[-1].member_class is MemberClass.RESIDENT
    assert after.nominations == ()
    sitting(*AGREED).when(
        lambda c: appointing.appoint(c, "n1", " ", LATER, policy(), WORK)
    ).refused(Malformed, field="letter")


def test_C_01_an_appointment_leaves_enough_from_outside_and_room_enough() -> None:
    of_the_party = tuple(
        replace(event, non_party=False) if isinstance(event, MemberNominated) else event
        for event in AGREED
    )
    sitting(*of_the_party).when(appointing_it).breaks("C-01", field="seat")
    full = past(None, evolve, [seated(Level.COMMUNITY, roll(30, 30)), *AGREED])
    full.when(appointing_it).breaks("C-01", field="seat")
    below = past(None, evolve, [seated(Level.COMMUNITY, roll(10, 5)), *AGREED])
    below.when(appointing_it).then(APPOINTED)


def test_C_02_who_is_not_appointed_is_dropped_with_a_reason() -> None:
    dropped = NominationDropped(seat="n1", reason="本人放弃。")
    after = sitting(*PUBLIC).when(lambda c: appointing.drop(c, "n1", "本人放弃。")).then(dropped)
    assert after.state.nominations == ()
    sitting(*PUBLIC).when(lambda c: appointing.drop(c, "n1", "")).refused(Malformed, field="reason")
    sitting().when(lambda c: appointing.drop(c, "n1", "本人放弃。")).refused(NotFound)


def test_C_02_a_disqualifier_that_arises_ends_the_seat_with_its_evidence() -> None:
    found = Found(ground=Disqualifier.OPEN_CASE, evidence="立案通知")
    ended = SeatEnded(seat="f0", why=Ended.DISQUALIFIED, found=found, at=LATER)
    after = sitting().when(lambda c: appointing.disqualify(c, "f0", found, LATER)).then(ended).state
    assert "f0" not in {member.seat for member in after.members}
    assert after.ended == (ended,)
    bare = replace(found, evidence=" ")
    sitting().when(lambda c: appointing.disqualify(c, "f0", bare, LATER)).breaks(
        "C-02", clause=QUALIFIED, field="evidence"
    )
    sitting().when(lambda c: appointing.disqualify(c, "nobody", found, LATER)).refused(NotFound)


def test_C_02_what_is_told_of_a_member_is_class_and_number() -> None:
    after = sitting(*AGREED, APPOINTED).state
    letter = announce.of_committees(APPOINTED, after)
    assert letter is not None
    assert letter.model_dump(mode="json") == {
        "street": "guanshang",
        "community": "guanshangzhongxinqu",
        "units": [],
        "supplier": None,
        "level": "community",
        "seat": "n1",
        "member_class": "resident",
        "non_party": True,
        "seats": 21,
        "outside": 13,
        "at": "2025-03-10T09:00:01.000000Z",
    }
    assert announce.of_committees(SEATED, sitting().state) is None


def test_C_02_what_is_told_of_a_seat_that_ended_is_how_many_are_left() -> None:
    ended = SeatEnded(seat="f0", why=Ended.OWN_WISH, note="书面申请", at=LATER)
    letter = announce.of_committees(ended, sitting(ended).state)
    assert letter is not None
    assert letter.model_dump(mode="json", exclude_none=True, exclude={"units", "at"}) == {
        "street": "guanshang",
        "community": "guanshangzhongxinqu",
        "level": "community",
        "seat": "f0",
        "seats": 19,
        "outside": 11,
    }


# --- C-03

DISMISSING = "官办通〔2018〕58号 附件1 第6条"


def absent(*sessions: str, seat: str = "f0") -> list[CommitteeEvent]:
    return [AbsencesCounted(session=session, seats=(seat,)) for session in sessions]


def dismissing(why: Ended, note: str = "会议签到表") -> Callable[[Committee], SeatEnded]:
    return lambda c: leaving.dismiss(c, "f0", why, note, LATER)


@pytest.mark.parametrize(("times", "enough"), [(2, False), (3, True), (4, True)])
def test_C_03_three_absences_over_the_term_are_a_ground(times: int, enough: bool) -> None:
    """Not in a row: others' absences are others'."""
    sessions = [f"s-{n}" for n in range(times)]
    here = sitting(*absent(*sessions), *absent("s-8", "s-9", seat="f1"))
    decision = here.when(dismissing(Ended.ABSENT))
    if enough:
        after = decision.leads_to().state
        assert "f0" not in {member.seat for member in after.members}
    else:
        decision.breaks("C-03", clause=DISMISSING, field="why")


def test_C_03_the_second_absence_is_warned_of_and_a_session_counts_once() -> None:
    one = sitting(*absent("s-1"))
    counted = AbsencesCounted(session="s-2", seats=("f0", "f1"))
    after = one.when(lambda c: leaving.count(c, "s-2", ("f0", "f1", "gone"))).then(
        counted, AbsenceWarned(seat="f0")
    )
    assert after.state.warned == ("f0",)
    after.when(lambda c: leaving.count(c, "s-2", ("f0", "f1"))).then()
    third = after.when(lambda c: leaving.count(c, "s-3", ("f0",)))
    third.then(AbsencesCounted(session="s-3", seats=("f0",)))


def test_C_03_an_absence_that_is_excused_afterwards_counts_no_longer() -> None:
    here = sitting(*absent("s-1", "s-2", "s-3"))
    fewer = AbsencesCounted(session="s-2", seats=())
    after = here.when(lambda c: leaving.count(c, "s-2", ())).then(fewer)
    assert after.state.missed("f0") == 2
    after.when(dismissing(Ended.ABSENT)).breaks("C-03", clause=DISMISSING, field="why")
    after.when(lambda c: leaving.count(c, "s-2", ())).then()
    left = sitting(*absent("s-1"), SeatEnded(seat="f0", why=Ended.OWN_WISH, note="x", at=LATER))
    left.when(lambda c: leaving.count(c, "s-1", ("f0",))).then()


def test_C_03_who_is_excused_of_the_second_absence_is_warned_no_longer() -> None:
    """Nor twice, once another one is counted."""
    warned = sitting(*absent("s-1", "s-2"), AbsenceWarned(seat="f0"))
    excused = warned.when(lambda c: leaving.count(c, "s-2", ())).leads_to()
    assert excused.state.warned == ()
    again = excused.when(lambda c: leaving.count(c, "s-3", ("f0",))).leads_to()
    assert again.state.warned == ("f0",)
    third = again.when(lambda c: leaving.count(c, "s-4", ("f0",))).leads_to()
    still = third.when(lambda c: leaving.count(c, "s-1", ())).leads_to()
    assert still.state.warned == ("f0",)


@pytest.mark.parametrize("why", [Ended.OWN_WISH, Ended.DISRUPTION, Ended.PENALTY, Ended.OTHER])
def test_C_03_any_ground_is_said(why: Ended) -> None:
    sitting().when(dismissing(why)).leads_to()
    sitting().when(dismissing(why, " ")).breaks("C-03", clause=DISMISSING, field="note")


def test_C_03_a_disqualifier_is_the_street_s_to_review() -> None:
    sitting().when(dismissing(Ended.DISQUALIFIED)).breaks("C-03", field="why")
