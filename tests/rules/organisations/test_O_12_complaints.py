"""O-12: complaints are taken, decided, and what was decided is public; who complained is not."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chassis.kernel.errors import OURS, Malformed
from services.organisations.domain import complaint as complaints
from services.organisations.domain import waiting
from services.organisations.domain.complaint import (
    Complaint,
    ComplaintDecided,
    ComplaintGround,
    ComplaintRead,
    ComplaintTaken,
    DecisionPublished,
    DecisionRevoked,
    Outcome,
    evolve,
)
from tests.support.specification import Given, past

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
CIVIL = "department:civil_affairs"
taken = ComplaintTaken(
    id="k-1",
    organisation="nuanyang",
    street="guanshang",
    ground=ComplaintGround.CHARGES,
    by=CIVIL,
    at=NOW,
)
unregistered = replace(taken, organisation=None, called="某协会")
read = ComplaintRead(by=CIVIL, reason="核实")
decided = ComplaintDecided(
    outcome=Outcome.PENALTY, document="民罚-1", findings="违规收费属实", at=NOW
)
published = DecisionPublished(notice="对该中心予以警告", at=NOW)


revoked = DecisionRevoked(document="复议〔2026〕1号", reason="事实不清", at=NOW)


def given(first: ComplaintTaken = taken, *happened: Any) -> Given[Complaint]:
    return past(None, evolve, (first, *happened))


def decide(outcome: Outcome = Outcome.PENALTY, **said: Any) -> Any:
    asked = {"document": "民罚-1", "findings": "违规收费属实", **said}
    return lambda k: complaints.decide(k, outcome=outcome, now=NOW, **asked)


def test_O_12_a_complaint_is_about_one_organisation_registered_or_not() -> None:
    assert complaints.take(taken, "乱收费", None) == taken
    assert complaints.take(unregistered, "冒名活动", "某某（虚构）") == unregistered
    given().when(lambda _: complaints.take(taken, " ", None)).breaks("O-12", field="text")

    def take(wrong: ComplaintTaken) -> Any:
        return lambda _: complaints.take(wrong, "乱收费", None)

    nobody = replace(taken, organisation=None)
    for wrong in (replace(taken, called="x"), nobody, replace(nobody, called=" ")):
        given().when(take(wrong)).refused(Malformed, field="organisation")


@pytest.mark.parametrize("blank", ["", " "])
def test_O_12_who_complains_has_a_name_where_he_says_who_he_is(blank: str) -> None:
    given().when(lambda _: complaints.take(taken, "乱收费", blank)).refused(
        Malformed, field="reporter.name"
    )


def test_O_12_the_reporter_is_read_with_a_reason() -> None:
    assert complaints.read(by=CIVIL, reason="核实") == read
    given().when(lambda _: complaints.read(by=CIVIL, reason=" ")).breaks(
        "O-12", clause=OURS, field="reason"
    )


def test_O_12_it_is_decided_once_with_findings_and_a_paper() -> None:
    given().when(decide(findings=" ")).breaks("O-12", field="findings")
    given().when(decide(document=" ")).breaks("O-12", field="document")
    given().when(decide(Outcome.BANNED)).breaks("O-12", field="outcome")
    assert given(unregistered).when(decide(Outcome.BANNED)).happened
    assert given().when(decide(Outcome.UNFOUNDED, document="")).happened
    after = given().when(decide()).then(decided)
    after.when(decide()).breaks("O-12")


@pytest.mark.parametrize("outcome", [Outcome.UNFOUNDED, Outcome.TO_PUT_RIGHT])
def test_O_12_penalties_and_bans_are_made_public_once(outcome: Outcome) -> None:
    def publish(notice: str = "对该中心予以警告") -> Any:
        return lambda k: complaints.publish(k, notice=notice, now=NOW)

    given().when(publish()).breaks("O-12")
    given(taken, replace(decided, outcome=outcome)).when(publish()).breaks("O-12")
    known = given(taken, decided)
    known.when(publish(" ")).breaks("O-12", field="notice")
    after = known.when(publish()).then(published)
    after.when(publish()).breaks("O-12")


def test_O_12_a_penalty_that_holds_no_longer_says_so_and_stays_on_record() -> None:
    """It was in public for good, whatever a review of it said."""

    def revoke(document: str = "复议〔2026〕1号", reason: str = "事实不清") -> Any:
        return lambda k: complaints.revoke(k, document=document, reason=reason, now=NOW)

    given().when(revoke()).breaks("O-12")
    given(taken, replace(decided, outcome=Outcome.UNFOUNDED)).when(revoke()).breaks("O-12")
    known = given(taken, decided, published)
    known.when(revoke(document=" ")).breaks("O-12", field="document")
    known.when(revoke(reason=" ")).breaks("O-12", field="reason")
    after = known.when(revoke()).then(revoked)
    after.when(revoke()).breaks("O-12")
    assert (after.state.outcome, after.state.notice) == (Outcome.PENALTY, "对该中心予以警告")
    early = given(taken, decided, revoked)
    early.when(lambda k: complaints.publish(k, notice="x", now=NOW)).breaks("O-12")
    assert waiting.of_complaint(early.state) == {}
