"""M-02, M-07, M-08, M-09, M-10: what is sealed, enforced, watched, and who leads."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import OURS, Malformed, NotFound, RuleBroken
from chassis.sealed import Sealed
from services.mediation.domain import course, following, mediating, naming, risk
from services.mediation.domain.case import Case
from services.mediation.domain.dispute import (
    Awaited,
    Body,
    Conflict,
    Dispute,
    Effect,
    How,
    Party,
    Remedy,
    Risk,
    Word,
)
from services.mediation.domain.events import (
    CaseEnded,
    CaseEvent,
    CaseListed,
    ChargeTaken,
    DateMissed,
    EffectNoted,
    MediatorRecused,
    PartyNamed,
    RiskRaised,
    SealedRead,
)
from tests.support.memory import MemoryStore
from tests.support.specification import Decision
from tests.support.toy import Silent

from .lives import (
    AGREED,
    AGREEMENT,
    CLOCKS,
    COMMUNITY,
    DONE,
    LATER,
    MET,
    MORNING,
    RECEIVED,
    REGISTERED,
    RESPONSE,
    SIGNED,
    STREET,
    TAKEN,
    WILLING,
    given,
)

CHARGE = CLOCKS.started(Awaited.CHARGE, MORNING)
SOON = LATER.date() + timedelta(days=10)


def test_M_02_the_parties_are_labels() -> None:
    assert course.labels(3) == ("a", "b", "c")
    for count in (1, 11):
        with pytest.raises(Malformed):
            course.labels(count)


def test_M_02_a_registration_says_what_it_is_about_and_between_whom() -> None:
    assert course.between("滴水。", 2, ()) == course.between("滴水。", 2, ("某甲",)) == ("a", "b")
    assert course.between("滴水。", 2, ("某甲", "某乙", "某丙")) == ("a", "b", "c")
    with pytest.raises(RuleBroken) as refusal:
        course.between(" ", 2, ())
    assert (refusal.value.rule.id, refusal.value.field) == ("M-02", "text")
    wrong: Any = (
        (-1, ("某甲", "某乙"), "count"),
        (11, (), "count"),
        (2, ("某甲", " "), "parties.1.name"),
        (2, ("某甲",) * 11, "parties"),
    )
    for count, names, field in wrong:
        with pytest.raises(Malformed) as malformed:
            course.between("滴水。", count, names)
        assert malformed.value.field == field


def test_M_02_what_is_sealed_is_read_with_a_reason() -> None:
    given(RECEIVED).when(lambda _: naming.read(STREET, " ", MORNING)).breaks("M-02", field="reason")
    assert naming.read(STREET, "通知调解。", MORNING) == SealedRead(
        by=STREET, reason="通知调解。", at=MORNING
    )
    here = given(RECEIVED)
    here.when(lambda c: naming.name(c, "a", {"name": " "})).refused(Malformed, field="name")
    here.when(lambda c: naming.name(c, "z", {"name": "甲"})).refused(Malformed, field="party")
    here.when(lambda c: naming.forget(c, "a")).refused(NotFound)
    named = here.when(lambda c: naming.name(c, "a", {"name": "甲"})).then(
        PartyNamed(party=Party.JIA)
    )
    assert named.state.named == ("a",)
    assert named.when(lambda c: naming.forget(c, "a")).leads_to().state.named == ()


async def test_M_02_a_name_is_in_no_document_and_opens_for_its_own_case_only() -> None:
    store = MemoryStore()
    sealed = Sealed("mediation", store, bytes(32), Silent())
    cause = Cause(actor="platform", now=MORNING)
    await sealed.keeping("c-1", "a", {"name": "某甲"}, cause)()
    await sealed.keeping("c-2", "a", {"name": "某乙"}, cause)()
    assert not any("某" in text for text in store.kept.values())
    assert await sealed.read("c-1", {"a": "a", "b": "b"}) == {"a": {"name": "某甲"}}
    await sealed.forget("c-1", "a")
    assert await sealed.read("c-1", {"a": "a"}) == {}


# --- M-07


def noted(word: Word, on: int, effect: Effect = Effect.CONFIRMATION) -> EffectNoted:
    return EffectNoted(effect=effect, word=word, on=date(2026, 3, on), at=LATER)


def noting(events: tuple[CaseEvent, ...], one: EffectNoted) -> Decision[Case]:
    return given(events).when(lambda c: following.effect(c, one.effect, one.word, one.on, LATER))


def test_M_07_the_force_of_the_law_is_asked_then_granted_or_refused() -> None:
    asked = noted(Word.ASKED, 7)
    for word in (Word.GRANTED, Word.REFUSED):
        noting(AGREED, noted(word, 7)).breaks("M-07", field="word")
    noting(AGREED, asked).then(asked)
    noting((*AGREED, asked), asked).breaks("M-07", field="word")
    noting((*AGREED, asked), noted(Word.GRANTED, 6)).breaks("M-07", field="on")
    noting(AGREED, noted(Word.ASKED, 5)).breaks("M-07", field="on")
    noting(AGREED, noted(Word.ASKED, 31)).refused(Malformed, field="on")
    noting((*AGREED, asked), noted(Word.GRANTED, 9)).then(noted(Word.GRANTED, 9))
    noting((*AGREED, asked, noted(Word.GRANTED, 9)), noted(Word.ASKED, 10)).breaks("M-07")
    noting((*AGREED, asked, noted(Word.REFUSED, 9)), noted(Word.ASKED, 10)).then(
        noted(Word.ASKED, 10)
    )


def test_M_07_it_takes_an_agreement_and_money_to_be_paid_for_an_order() -> None:
    ended = (*MET, CaseEnded(how=How.NO_AGREEMENT, told=(Remedy.COURT,), at=LATER))
    noting(ended, noted(Word.ASKED, 7)).breaks("M-07")
    unpaid = (*MET, replace(SIGNED, agreement=replace(AGREEMENT, amount=None)))
    for effect in (Effect.PAYMENT_ORDER, Effect.NOTARISATION):
        noting(unpaid, noted(Word.ASKED, 7, effect)).breaks("M-07", field="effect")
        noting(AGREED, noted(Word.ASKED, 7, effect)).then(noted(Word.ASKED, 7, effect))
    noting(unpaid, noted(Word.ASKED, 7)).then(noted(Word.ASKED, 7))


# --- M-08


def test_M_08_what_may_become_a_mass_incident_is_told_as_it_is_registered() -> None:
    registered = replace(REGISTERED, risk=Risk.MASS)
    happened = course.register(registered, CLOCKS)
    assert happened[1] == RESPONSE
    assert isinstance(happened[2], RiskRaised) and happened[3] == CHARGE
    assert course.register(REGISTERED, CLOCKS) == RECEIVED


def test_M_08_a_risk_only_rises() -> None:
    here = given(TAKEN)
    here.when(lambda c: risk.raise_risk(c, Risk.ORDINARY, "有人扬言。", CLOCKS, MORNING)).breaks(
        "M-08", field="risk"
    )
    here.when(lambda c: risk.raise_risk(c, Risk.MASS, " ", CLOCKS, MORNING)).breaks(
        "M-08", field="reason"
    )
    serious = here.when(
        lambda c: risk.raise_risk(c, Risk.SERIOUS, "有人扬言。", CLOCKS, MORNING)
    ).then(RiskRaised(risk=Risk.SERIOUS, reason="有人扬言。", at=MORNING))
    mass = serious.when(
        lambda c: risk.raise_risk(c, Risk.MASS, "有人扬言。", CLOCKS, MORNING)
    ).then(RiskRaised(risk=Risk.MASS, reason="有人扬言。", at=MORNING), CHARGE)
    mass.when(lambda c: risk.raise_risk(c, Risk.MASS, "有人扬言。", CLOCKS, MORNING)).breaks("M-08")
    assert {one.awaited for one in mass.state.clocks} == {Awaited.MEDIATION, Awaited.CHARGE}


def test_M_08_somebody_is_in_charge_before_it_is_closed() -> None:
    raised = RiskRaised(risk=Risk.MASS, reason="有人扬言。", at=MORNING)
    given(TAKEN).when(lambda c: risk.take_charge(c, STREET, STREET, MORNING)).breaks("M-08")
    here = given(DONE, raised, CHARGE)
    end: dict[str, Any] = {
        "on": LATER.date(),
        "settled": True,
        "heard": "（虚构）",
        "box": "b",
        "clocks": CLOCKS,
        "now": LATER,
    }
    here.when(lambda c: following.visit(c, **end)).breaks("M-08")
    failing = given(MET, raised, CHARGE)
    failing.when(
        lambda c: mediating.fail(c, How.NO_AGREEMENT, (Remedy.COURT,), CLOCKS, LATER)
    ).breaks("M-08")
    charged = here.when(lambda c: risk.take_charge(c, COMMUNITY, STREET, LATER)).then(
        DateMissed(awaited=Awaited.CHARGE, due=CHARGE.due),
        ChargeTaken(office=COMMUNITY, by=STREET, at=LATER),
    )
    ended = charged.when(lambda c: following.visit(c, **end)).leads_to()
    assert ended.state.ended is not None


def test_M_08_what_is_serious_or_repeated_is_listed_once_with_a_date() -> None:
    def listing(
        events: tuple[CaseEvent, ...], day: date = SOON, reason: str = "久拖未决。"
    ) -> Decision[Case]:
        return given(events).when(
            lambda c: risk.put_on_list(c, day, reason, "district_admin", LATER)
        )

    listing(MET).breaks("M-08")
    serious = (*MET, RiskRaised(risk=Risk.SERIOUS, reason="久拖。", at=MORNING))
    listing(serious, LATER.date()).breaks("M-08", field="until")
    listing(serious, reason=" ").breaks("M-08", field="reason")
    listed = listing(serious).leads_to()
    assert listed.state.listed == CaseListed(
        by="district_admin", reason="久拖未决。", until=SOON, at=LATER
    )
    listed.when(lambda c: risk.put_on_list(c, SOON, "再次。", "district_admin", LATER)).breaks(
        "M-08", clause=OURS
    )
    listing((replace(REGISTERED, repeats="c-0"), *MET[1:])).leads_to()


# --- M-09, M-10


def test_M_09_a_medical_dispute_never_goes_to_a_hospital_s_consultation() -> None:
    medical = (replace(REGISTERED, dispute=Dispute.MEDICAL), *TAKEN[1:], *WILLING)
    meeting: dict[str, Any] = {"on": date(2026, 3, 5), "mediators": ("m1",), "now": LATER}
    given(medical).when(lambda c: mediating.meet(c, body=Body.HOSPITAL_COUNCIL, **meeting)).breaks(
        "M-09", field="body"
    )
    given(medical).when(lambda c: mediating.meet(c, body=Body.COMMITTEE, **meeting)).leads_to()
    given(TAKEN, *WILLING).when(
        lambda c: mediating.meet(c, body=Body.HOSPITAL_COUNCIL, **meeting)
    ).leads_to()


def test_M_10_a_mediator_with_ties_keeps_out() -> None:
    out = MediatorRecused(mediator="m1", why=Conflict.KIN, at=MORNING)
    here = given(TAKEN, *WILLING)
    after = here.when(lambda c: mediating.recuse(c, "m1", Conflict.KIN, MORNING)).then(out)
    after.when(lambda c: mediating.recuse(c, "m1", Conflict.KIN, MORNING)).refused(Malformed)
    meets = partial(mediating.meet, on=date(2026, 3, 5), body=Body.COMMITTEE, now=LATER)
    for mediators in (("m1", "m2"), ("m1",)):
        after.when(partial(meets, mediators=mediators)).breaks("M-10", field="mediators")
    after.when(partial(meets, mediators=())).refused(Malformed, field="mediators")
