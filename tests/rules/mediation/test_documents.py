"""Every event and state of this service comes back from its document as it was, and is told without its parties."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chassis.documents import Codec
from services.mediation.announce import of_cases
from services.mediation.domain import mediator, notice, screening
from services.mediation.domain.case import Case
from services.mediation.domain.dispute import (
    Awaited,
    Conflict,
    Effect,
    How,
    Party,
    Remedy,
    Risk,
    Way,
    Word,
)
from services.mediation.domain.events import (
    AgreementCorrected,
    CaseAssigned,
    CaseEnded,
    CaseEvent,
    CaseHanded,
    CaseListed,
    CaseReturned,
    CaseVisited,
    CaseVoided,
    ChargeTaken,
    ClockRenewed,
    CommissionReturned,
    DateMissed,
    EffectNoted,
    MediationExtended,
    MediatorRecused,
    PartyForgotten,
    PartyJoined,
    PartyNamed,
    PerformanceStruck,
    ProblemSettled,
    RiskRaised,
    SealedRead,
    SealedRemoved,
    SessionStruck,
)
from services.mediation.domain.evolution import evolve
from services.mediation.domain.resettling import Resettled
from services.mediation.steps.cases import CASES
from services.mediation.steps.mediators import MEDIATORS
from services.mediation.steps.notices import NOTICES
from services.mediation.steps.screenings import SCREENINGS

from .lives import (
    ACCEPTED,
    AGREED,
    AGREEMENT,
    COMMUNITY,
    DONE,
    LATER,
    MEDIATION,
    MET,
    MORNING,
    RECEIVED,
    REGISTERED,
    RESPONSE,
    STREET,
)
from .test_mediators import ENLISTED, LEFT, TRAINED
from .test_notices import ANSWERED, ISSUED
from .test_screenings import MEETING, SCREENED
from .test_screenings import STREET as STREET_MEETS

HEALTH = "department:health"
RETURNED = CaseReturned(
    office=COMMUNITY, to=HEALTH, reason="专业。", way=Way.ADMINISTRATIVE, at=MORNING
)
ENDED = CaseEnded(how=How.SETTLED, at=LATER)
MERGED = Resettled(before=COMMUNITY, office="community:xinshequ", street="taihe", at=MORNING)
LIVES: tuple[tuple[CaseEvent, ...], ...] = (
    (
        replace(REGISTERED, matter="m-1", problem="p-1", reference="2026-1", repeats="c-0"),
        PartyNamed(party=Party.JIA),
        SealedRead(by=STREET, reason="通知。", at=MORNING),
        PartyForgotten(party=Party.JIA),
        PartyJoined(party=Party.BING, at=MORNING),
        ProblemSettled(at=MORNING),
        *DONE[1:],
        EffectNoted(effect=Effect.CONFIRMATION, word=Word.ASKED, on=LATER.date(), at=LATER),
        CaseVisited(on=LATER.date(), settled=False, box="box-2", at=LATER),
        MediationExtended(at=LATER),
        MediatorRecused(mediator="m1", why=Conflict.KIN, at=LATER),
    ),
    (
        *RECEIVED,
        RETURNED,
        DateMissed(awaited=Awaited.RESPONSE, due=RESPONSE.due),
        ClockRenewed(awaited=Awaited.RESPONSE, due=RESPONSE.due, provisional=False),
        replace(RETURNED, office=HEALTH, to=COMMUNITY),
        CaseAssigned(office=STREET, way=Way.PEOPLE, by=STREET, reason="属地。", at=MORNING),
        ACCEPTED,
        MEDIATION,
        CaseHanded(
            office=HEALTH, way=Way.ADMINISTRATIVE, commission=True, reason="专业。", at=MORNING
        ),
        MERGED,
        CommissionReturned(how=How.UNSUITED, at=MORNING),
        RiskRaised(risk=Risk.MASS, reason="有人扬言。", at=MORNING),
        ChargeTaken(office=STREET, by=STREET, at=MORNING),
        CaseListed(by=STREET, reason="久拖。", until=LATER.date(), at=MORNING),
        SCREENED,
        CaseEnded(how=How.UNSUITED, told=(Remedy.COURT,), at=LATER),
        SealedRemoved(at=LATER),
    ),
    (*MET, SessionStruck(reason="日期写错。", at=LATER)),
    (*DONE, PerformanceStruck(reason="尚未履行。", at=LATER)),
    (*RECEIVED, CaseVoided(reason="重复登记。", at=LATER)),
    (*AGREED, AgreementCorrected(agreement=AGREEMENT, reason="写错。", at=LATER)),
)


def test_every_event_class_is_among_the_examples() -> None:
    assert {type(event) for life in LIVES for event in life} == set(CASES.events)


@pytest.mark.parametrize("life", LIVES)
def test_a_case_comes_back(life: tuple[CaseEvent, ...]) -> None:
    codec: Codec[Case, CaseEvent] = Codec(CASES.state, CASES.events)
    state: Case | None = None
    for event in life:
        name, data = codec.dump_event(event)
        assert codec.load_event(name, json.loads(json.dumps(data))) == event
        state = evolve(state, event)
        assert codec.load_state(json.loads(json.dumps(codec.dump_state(state)))) == state


def told(life: tuple[CaseEvent, ...]) -> list[tuple[str, dict[str, object]]]:
    found, state = [], None
    for event in life:
        state = evolve(state, event)
        if (news := of_cases(event, state)) is not None:
            found.append((news.type, news.model_dump(mode="json", exclude_none=True)))
    return found


PLACE = {"street": "guanshang", "community": "guanshangzhongxinqu"}


def test_a_settled_case_is_told_as_it_came_and_as_it_ended() -> None:
    first, *_, last = told((*AGREED, *DONE[-2:], ENDED))
    about = {**PLACE, "units": ["stability"], "dispute": "neighbours"}
    assert first == (
        "mediation.case_registered.v1",
        {
            **about,
            "risk": "ordinary",
            "source": "parties",
            "at": "2026-03-02T01:00:00.000000Z",
        },
    )
    assert last == (
        "mediation.case_ended.v1",
        {
            **about,
            "how": "settled",
            "way": "people",
            "days": 18,
            "missed": 0,
            "at": "2026-03-20T01:00:00.000000Z",
        },
    )


def test_each_missed_date_is_told_in_its_own_words_and_a_serious_risk_is_nobody_s_news() -> None:
    due = {"due": "2026-03-05T09:00:00.000000Z"}
    about = {**PLACE, "units": ["stability", "health"], "dispute": "neighbours"}
    late = DateMissed(awaited=Awaited.SUPERVISION, due=RESPONSE.due)
    life = (
        *RECEIVED,
        RETURNED,
        replace(late, awaited=Awaited.RESPONSE),
        late,
        RiskRaised(risk=Risk.SERIOUS, reason="久拖。", at=MORNING),
        RiskRaised(risk=Risk.MASS, reason="久拖。", at=MORNING),
    )
    _, *news = told(life)
    assert news == [
        ("mediation.date_missed.v1", {**about, "awaited": "response", **due}),
        ("mediation.supervision_missed.v1", {**about, **due}),
        (
            "mediation.risk_raised.v1",
            {**about, "risk": "mass_incident", "at": "2026-03-02T01:00:00.000000Z"},
        ),
    ]


REST: tuple[tuple[Any, Any, tuple[Any, ...]], ...] = (
    (
        SCREENINGS,
        screening.evolve,
        (
            STREET_MEETS,
            MEETING,
            screening.PeriodMet(period="2026-02-1"),
            screening.MeetingMissed(period="2026-02-2", due=LATER),
            screening.ScreeningEnded(at=LATER),
            screening.ScreeningResumed(at=LATER),
        ),
    ),
    (
        MEDIATORS,
        mediator.evolve,
        (
            ENLISTED,
            TRAINED,
            mediator.MediatorGraded(grade=mediator.Grade.FIRST, on=LATER.date()),
            mediator.MediatorRead(by=STREET, reason="联系。", at=LATER),
            mediator.MediatorDated(since=LATER.date()),
            MERGED,
            LEFT,
            mediator.MediatorForgotten(at=LATER),
        ),
    ),
    (
        NOTICES,
        notice.evolve,
        (
            ISSUED,
            MERGED,
            ANSWERED,
            notice.NoticeMissed(rung=notice.Rung.NOTIFIED, due=LATER),
            notice.NoticeClimbed(
                rung=notice.Rung.TALKED, reason="未改。", until=LATER.date(), by=STREET, at=LATER
            ),
            notice.Vetoed(ground="发生命案。", at=LATER),
            notice.NoticeLifted(result="已下降。", by=STREET, at=LATER),
            notice.NoticeWithdrawn(reason="发错单位。", at=LATER),
        ),
    ),
)


@pytest.mark.parametrize(("of", "evolving", "life"), REST)
def test_what_else_is_kept_comes_back(of: Any, evolving: Any, life: tuple[Any, ...]) -> None:
    assert {type(event) for event in life} == set(of.events)
    codec: Codec[Any, Any] = Codec(of.state, of.events)
    state = None
    for event in life:
        name, data = codec.dump_event(event)
        assert codec.load_event(name, json.loads(json.dumps(data))) == event
        state = evolving(state, event)
        assert codec.load_state(json.loads(json.dumps(codec.dump_state(state)))) == state
