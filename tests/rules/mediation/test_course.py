"""M-03, M-04: whose a case is, in which order it goes, and by when."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from chassis.kernel.errors import OURS, Malformed
from services.mediation.domain import clocks, course, following, mediating, risk
from services.mediation.domain.case import ALLOWED, Case, Status
from services.mediation.domain.dispute import (
    Awaited,
    Body,
    Conflict,
    Effect,
    How,
    Party,
    Remedy,
    Risk,
    Source,
    Way,
    Word,
)
from services.mediation.domain.events import (
    CaseAccepted,
    CaseAssigned,
    CaseEnded,
    CaseHanded,
    CaseListed,
    CaseReturned,
    CaseScreened,
    CaseVisited,
    CaseVoided,
    ChargeTaken,
    ClockRenewed,
    DateMissed,
    MediationExtended,
    PartyJoined,
    WillSaid,
)
from services.mediation.domain.rules import COURSE
from services.mediation.domain.screening import Level
from services.mediation.domain.waiting import of_case

from .lives import (
    AGREED,
    AGREEMENT,
    BOTH,
    CLOCKS,
    COMMUNITY,
    DONE,
    LATER,
    MEDIATION,
    MET,
    MORNING,
    PERFORMED,
    PERFORMING,
    RECEIVED,
    REGISTERED,
    RESPONSE,
    SIGNED,
    STREET,
    TAKEN,
    VISITING,
    WILLING,
    WORK,
    given,
)

HEALTH = "department:health"
COURT = "department:court"
DAY = date(2026, 3, 5)


def returned(to: str, office: str = COMMUNITY, way: Way = Way.PEOPLE) -> CaseReturned:
    return CaseReturned(office=office, to=to, reason="不属本单位。", way=way, at=MORNING)


def test_M_03_a_response_is_due_in_three_working_days() -> None:
    assert RESPONSE.due == datetime(2026, 3, 5, 9, tzinfo=UTC)  # Thursday's close in Shanghai
    case = given(RECEIVED).state
    assert clocks.late(case, RESPONSE.due) == ()
    [missed] = clocks.late(case, RESPONSE.due + timedelta(seconds=1))
    assert missed == DateMissed(awaited=Awaited.RESPONSE, due=RESPONSE.due)
    assert clocks.late(given(RECEIVED, missed).state, LATER) == ()


def test_M_03_who_sends_it_back_names_whose_it_is_and_why() -> None:
    here = given(RECEIVED)
    here.when(lambda c: course.whose(c, COMMUNITY, "不属本单位。", CLOCKS, MORNING)).breaks(
        "M-03", field="to"
    )
    here.when(lambda c: course.whose(c, HEALTH, " ", CLOCKS, MORNING)).breaks(
        "M-03", field="reason"
    )
    after = here.when(lambda c: course.whose(c, HEALTH, "不属本单位。", CLOCKS, MORNING)).then(
        returned(HEALTH, way=Way.ADMINISTRATIVE), RESPONSE
    )
    assert (after.state.status, after.state.office, after.state.way) == (
        Status.RECEIVED,
        HEALTH,
        Way.ADMINISTRATIVE,
    )


def test_M_03_the_second_return_is_the_street_s_to_decide_and_the_third_the_district_s() -> None:
    once = given(RECEIVED, returned(HEALTH, way=Way.ADMINISTRATIVE), RESPONSE)
    twice = once.when(
        lambda c: course.whose(c, COMMUNITY, "属地管理。", CLOCKS, MORNING)
    ).leads_to()
    assert (twice.state.status, twice.state.deciding, twice.state.office) == (
        Status.RETURNED,
        "street",
        HEALTH,
    )
    assert [one.awaited for one in twice.state.clocks] == [Awaited.DECISION]
    twice.when(lambda c: course.assign(c, STREET, " ", STREET, CLOCKS, MORNING)).breaks(
        "M-03", field="reason"
    )
    decided = twice.when(
        lambda c: course.assign(c, STREET, "由街道办理。", STREET, CLOCKS, MORNING)
    ).then(
        CaseAssigned(
            office=STREET,
            way=Way.PEOPLE,
            by=STREET,
            reason="由街道办理。",
            on=MORNING.date(),
            at=MORNING,
        ),
        RESPONSE,
    )
    assert (decided.state.status, decided.state.office) == (Status.RECEIVED, STREET)
    thrice = decided.when(
        lambda c: course.whose(c, HEALTH, "专业性强。", CLOCKS, MORNING)
    ).leads_to()
    assert thrice.state.deciding == "district"
    thrice.when(lambda c: course.assign(c, HEALTH, "由区里定。", STREET, CLOCKS, MORNING)).breaks(
        "M-03"
    )
    last = thrice.when(
        lambda c: course.assign(c, HEALTH, "由区里定。", "district_admin", CLOCKS, MORNING)
    ).leads_to()
    last.when(lambda c: course.whose(c, STREET, "不属本单位。", CLOCKS, MORNING)).breaks(
        "M-03", clause=OURS
    )


@pytest.mark.parametrize(
    ("office", "way"),
    [
        (COMMUNITY, Way.PEOPLE),
        (STREET, Way.PEOPLE),
        (HEALTH, Way.ADMINISTRATIVE),
        (COURT, Way.JUDICIAL),
    ],
)
def test_M_03_an_office_has_its_own_way(office: str, way: Way) -> None:
    assert CLOCKS.policy.way_of(office) is way


# --- M-04

VOIDED = CaseVoided(reason="重复登记。", at=LATER)
OVERDUE = DateMissed(awaited=Awaited.RESPONSE, due=RESPONSE.due)
PASTS = {
    Status.RECEIVED: RECEIVED,
    Status.RETURNED: (*RECEIVED, returned(HEALTH), returned(STREET, HEALTH)),
    Status.ACCEPTED: TAKEN,
    Status.AGREED: AGREED,
    Status.PERFORMED: DONE,
    Status.ENDED: (*DONE, CaseEnded(how=How.SETTLED, at=LATER)),
    Status.VOIDED: (*RECEIVED, VOIDED),
}


STEPS: dict[str, Callable[[Case], Any]] = {
    "accept": partial(course.accept, way=None, clocks=CLOCKS, now=LATER),
    "void": partial(course.void, by=COMMUNITY, reason="重复登记。", now=LATER),
    "whose": partial(course.whose, to=HEALTH, reason="专业。", clocks=CLOCKS, now=LATER),
    "assign": partial(
        course.assign, to=HEALTH, reason="专业。", by=STREET, clocks=CLOCKS, now=LATER
    ),
    "transfer": partial(
        course.transfer,
        to=COURT,
        way=None,
        commission=True,
        reason="委托。",
        clocks=CLOCKS,
        now=LATER,
    ),
    "join": partial(course.join, now=LATER),
    "will": partial(mediating.will, party="a", willing=True, now=LATER),
    "session": partial(mediating.meet, on=DAY, body=Body.COMMITTEE, mediators=("m1",), now=LATER),
    "strike_session": partial(mediating.strike, reason="日期写错。", now=LATER),
    "recuse": partial(mediating.recuse, mediator="m9", why=Conflict.KIN, now=LATER),
    "extend": partial(mediating.extend, agreed=BOTH, clocks=CLOCKS, now=LATER),
    "agree": partial(mediating.agree, agreement=AGREEMENT, terms="（虚构）", now=LATER),
    "fail": partial(
        mediating.fail, how=How.UNSUITED, told=(Remedy.COURT,), clocks=CLOCKS, now=LATER
    ),
    "correct": partial(
        following.correct,
        signed_on=AGREEMENT.signed_on,
        perform_by=LATER.date(),
        amount=None,
        reason="写错。",
        now=LATER,
    ),
    "perform": partial(following.perform, on=LATER.date(), clocks=CLOCKS, now=LATER),
    "strike_performance": partial(following.strike, reason="尚未履行。", now=LATER),
    "visit": partial(
        following.visit,
        on=LATER.date(),
        settled=True,
        heard="（虚构）",
        box="b",
        clocks=CLOCKS,
        now=LATER,
    ),
    "effect": partial(
        following.effect,
        effect=Effect.CONFIRMATION,
        word=Word.ASKED,
        on=LATER.date(),
        now=LATER,
    ),
    "raise": partial(risk.raise_risk, risk=Risk.SERIOUS, reason="扬言。", clocks=CLOCKS, now=LATER),
    "charge": partial(risk.take_charge, office=STREET, by=STREET, now=LATER),
    "supervise": partial(
        risk.put_on_list, until_day=date(2027, 1, 1), reason="久拖。", by=STREET, now=LATER
    ),
}


@pytest.mark.parametrize("status", Status)
def test_M_04_every_step_has_its_turn(status: Status) -> None:
    here = given((*PASTS[status][:1], *WILLING, *PASTS[status][1:]))
    assert here.state.status is status
    assert STEPS.keys() == ALLOWED.keys()
    for step, take in STEPS.items():
        if status in ALLOWED[step]:
            here.state.may(step)
        else:
            here.when(take).breaks("M-04")


def test_M_02_what_was_entered_by_mistake_is_taken_back_by_who_entered_it() -> None:
    """Until somebody has taken it up, and not what others handed here, who wait for what comes of it."""

    def void(by: str = COMMUNITY, reason: str = VOIDED.reason) -> Any:
        return lambda c: course.void(c, by, reason, LATER)

    here = given(RECEIVED)
    gone = here.when(void()).then(OVERDUE, VOIDED).state
    assert (gone.status, gone.next_due, of_case(gone), gone.over) == (
        Status.VOIDED,
        None,
        {},
        LATER,
    )
    here.when(void(by=STREET)).breaks("M-02", clause=OURS)
    here.when(void(reason=" ")).breaks("M-02", clause=OURS, field="reason")
    for first in (replace(REGISTERED, matter="m-1"), replace(REGISTERED, problem="p-1")):
        given((first, *RECEIVED[1:])).when(void()).breaks("M-02", clause=OURS)
    handed = CaseHanded(
        office=HEALTH, way=Way.ADMINISTRATIVE, commission=False, reason="专业。", at=LATER
    )
    given((*TAKEN, handed)).when(void()).breaks("M-02", clause=OURS)


def test_M_08_what_a_meeting_decided_or_others_look_after_is_not_taken_back() -> None:
    def void(case: Case) -> Any:
        return course.void(case, COMMUNITY, VOIDED.reason, MORNING)

    met = CaseScreened(
        level=Level.STREET, street="guanshang", on=MORNING.date(), minutes="纪要", at=MORNING
    )
    charged = ChargeTaken(office=HEALTH, by=STREET, at=MORNING)
    listed = CaseListed(by=STREET, reason="久拖。", until=LATER.date(), at=MORNING)
    for one in (charged, listed, replace(met, office=HEALTH, until=LATER.date())):
        given((*RECEIVED, one)).when(void).breaks("M-08", clause=OURS)
    given((*RECEIVED, met)).when(void).then(replace(VOIDED, at=MORNING))


def test_M_04_accepted_mediated_agreed_performed_visited() -> None:
    case = given(RECEIVED).when(lambda c: course.accept(c, None, CLOCKS, MORNING))
    case = case.then(CaseAccepted(way=Way.PEOPLE, at=MORNING), MEDIATION)  # type: ignore[assignment]
    assert MEDIATION.due == datetime(2026, 4, 1, 16, tzinfo=UTC)  # the end of 1 April in Shanghai
    agreed = (
        given(MET)
        .when(lambda c: mediating.agree(c, AGREEMENT, "（虚构）", LATER))
        .then(SIGNED, PERFORMING)
    )
    late = DateMissed(awaited=Awaited.PERFORMANCE, due=PERFORMING.due)
    performed = agreed.when(lambda c: following.perform(c, PERFORMED.on, CLOCKS, LATER)).then(
        late, PERFORMED, VISITING
    )
    assert VISITING.due == datetime(2026, 4, 15, 16, tzinfo=UTC)
    ended = performed.when(
        lambda c: following.visit(
            c,
            on=LATER.date(),
            settled=True,
            heard="（虚构）",
            box="box-2",
            clocks=CLOCKS,
            now=LATER,
        )
    ).then(
        CaseVisited(on=LATER.date(), settled=True, box="box-2", at=LATER),
        CaseEnded(how=How.SETTLED, at=LATER),
    )
    assert (ended.state.status, ended.state.next_due) == (Status.ENDED, None)
    assert ended.state.missed == (late,)


def test_M_04_what_is_open_again_at_the_visit_goes_back_to_mediation() -> None:
    again = given(DONE).when(
        lambda c: following.visit(
            c,
            on=LATER.date(),
            settled=False,
            heard="（虚构）",
            box="box-2",
            clocks=CLOCKS,
            now=LATER,
        )
    )
    case = again.leads_to().state
    assert (case.status, case.agreement, case.earlier) == (Status.ACCEPTED, None, (AGREEMENT,))
    assert case.repeated and case.sessions == ()
    assert case.boxes == {"terms-1": "box-1", "visit-1": "box-2"}
    assert [one.awaited for one in case.clocks] == [Awaited.MEDIATION]


def test_M_04_no_step_is_dated_before_the_one_it_follows_or_after_today() -> None:
    early, tomorrow = date(2026, 3, 1), LATER.date() + timedelta(days=1)
    met, agreed, done = given(MET), given(AGREED), given(DONE)
    met.when(
        lambda c: mediating.agree(c, replace(AGREEMENT, signed_on=early), "（虚构）", LATER)
    ).breaks("M-04", field="signed_on")
    met.when(
        lambda c: mediating.agree(c, replace(AGREEMENT, signed_on=tomorrow), "（虚构）", LATER)
    ).refused(Malformed, field="signed_on")
    met.when(
        lambda c: mediating.agree(c, replace(AGREEMENT, perform_by=early), "（虚构）", LATER)
    ).refused(Malformed, field="perform_by")
    met.when(lambda c: mediating.agree(c, replace(AGREEMENT, amount=0), "（虚构）", LATER)).refused(
        Malformed, field="amount"
    )
    agreed.when(lambda c: following.perform(c, early, CLOCKS, LATER)).breaks("M-04", field="on")
    agreed.when(lambda c: following.perform(c, tomorrow, CLOCKS, LATER)).refused(Malformed)
    for on, rule in ((early, "M-04"), (tomorrow, None)):
        visited = done.when(
            partial(
                following.visit,
                on=on,
                settled=True,
                heard="（虚构）",
                box="b",
                clocks=CLOCKS,
                now=LATER,
            )
        )
        visited.breaks(rule, field="on") if rule else visited.refused(Malformed, field="on")


def test_M_04_no_session_is_dated_before_the_acceptance_or_the_visit_that_asks_for_it() -> None:
    meeting = partial(mediating.meet, body=Body.COMMITTEE, mediators=("m1",), now=LATER)
    accepted, visited = MORNING.date(), date(2026, 3, 18)
    open_again = CaseVisited(on=visited, settled=False, box="b", at=LATER)
    for here, first in (
        (given(TAKEN, *WILLING), accepted),
        (given(DONE, open_again, MEDIATION, *WILLING), visited),
    ):
        before = first - timedelta(days=1)
        here.when(partial(meeting, on=before)).breaks("M-04", clause=COURSE, field="on")
        here.when(partial(meeting, on=first)).leads_to()


def test_M_04_mediation_is_extended_once_by_both_parties_word() -> None:
    here = given(TAKEN, *WILLING)
    here.when(lambda c: mediating.extend(c, BOTH[:1], CLOCKS, MORNING)).breaks(
        "M-04", clause=OURS, field="agreed"
    )
    longer = replace(MEDIATION, due=MEDIATION.due + timedelta(days=30))
    after = here.when(lambda c: mediating.extend(c, BOTH, CLOCKS, MORNING)).then(
        MediationExtended(at=MORNING), longer
    )
    after.when(lambda c: mediating.extend(c, BOTH, CLOCKS, MORNING)).breaks("M-04")


def test_M_04_an_agreement_wants_a_session_before_it() -> None:
    given(TAKEN, *WILLING).when(lambda c: mediating.agree(c, AGREEMENT, "（虚构）", LATER)).breaks(
        "M-04"
    )


def test_M_04_a_date_on_days_not_yet_published_is_counted_again_while_it_runs() -> None:
    assumed = replace(RESPONSE, provisional=True, due=RESPONSE.due + timedelta(days=1))
    case = given((RECEIVED[0], assumed)).state
    renewed = ClockRenewed(awaited=Awaited.RESPONSE, due=RESPONSE.due, provisional=False)
    assert tuple(clocks.renew(case, WORK, MORNING)) == (renewed,)
    assert tuple(clocks.renew(case, WORK, LATER)) == ()
    [clock] = given((RECEIVED[0], assumed), renewed).state.clocks
    assert (clock.due, clock.provisional) == (RESPONSE.due, False)
    assert tuple(clocks.renew(given(RECEIVED).state, WORK, MORNING)) == ()


def test_M_05_who_joins_comes_of_its_own_will_and_is_heard_before_an_agreement() -> None:
    joined = (
        given(MET)
        .when(lambda c: course.join(c, LATER))
        .then(PartyJoined(party=Party.BING, at=LATER))
    )
    assert (joined.state.parties, joined.state.unwilling) == (("a", "b", "c"), ("c",))
    three = replace(AGREEMENT, signed=(*BOTH, Party.BING))
    joined.when(lambda c: mediating.agree(c, three, "（虚构）", LATER)).breaks("M-05")
    willing = given(
        MET,
        PartyJoined(party=Party.BING, at=LATER),
        WillSaid(party=Party.BING, willing=True, at=LATER),
    )
    willing.when(lambda c: mediating.agree(c, three, "（虚构）", LATER)).breaks("M-04")
    meeting = partial(
        mediating.meet, on=LATER.date(), body=Body.COMMITTEE, mediators=("m1",), now=LATER
    )
    heard = willing.when(meeting).leads_to()
    heard.when(lambda c: mediating.agree(c, AGREEMENT, "（虚构）", LATER)).breaks(
        "M-05", field="signed"
    )
    heard.when(
        lambda c: mediating.agree(
            c, replace(three, signed_on=LATER.date(), perform_by=LATER.date()), "（虚构）", LATER
        )
    ).leads_to()


@pytest.mark.parametrize("blank", ["", "　 "])
def test_M_04_M_05_a_blank_is_no_agreement_and_no_visit(blank: str) -> None:
    given(MET).when(lambda c: mediating.agree(c, AGREEMENT, blank, LATER)).breaks("M-05")
    seen: dict[str, Any] = {"on": LATER.date(), "settled": True, "box": "b", "clocks": CLOCKS}
    given(DONE).when(lambda c: following.visit(c, **seen, heard=blank, now=LATER)).breaks("M-04")


def test_M_02_a_dispute_is_between_ten_at_most() -> None:
    nine = given((replace(REGISTERED, parties=tuple(Party)[:9]),))
    ten = nine.when(lambda c: course.join(c, MORNING)).then(
        PartyJoined(party=Party.GUI, at=MORNING)
    )
    ten.when(lambda c: course.join(c, MORNING)).breaks("M-02")


@pytest.mark.parametrize(
    ("source", "problem", "told"),
    [
        (Source.WHISTLE, "p-1", True),
        (Source.WHISTLE, None, False),
        (Source.PARTIES, "p-1", False),
        (Source.PARTIES, None, True),
    ],
)
def test_M_02_what_the_whistle_handed_here_says_which_problem_it_was(
    source: Source, problem: str | None, told: bool
) -> None:
    registered = replace(REGISTERED, source=source, problem=problem)
    if told and problem is not None:
        with pytest.raises(Malformed) as unplaced:
            course.register(replace(registered, community=None), CLOCKS)
        assert unplaced.value.field == "community"
    if told:
        assert course.register(registered, CLOCKS) == (registered, RESPONSE)
        return
    with pytest.raises(Malformed) as refusal:
        course.register(registered, CLOCKS)
    assert refusal.value.field == "problem"
