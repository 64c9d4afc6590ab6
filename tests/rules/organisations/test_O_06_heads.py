"""O-06, O-04: who heads an organisation, and who may."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.kernel.clock import Budget, local_date, local_minute, start, working_days_after
from chassis.kernel.errors import OURS, Malformed, NotFound
from contracts import organisations as published
from services.organisations import announce
from services.organisations.domain import heads, waiting
from services.organisations.domain.events import (
    AuditMissed,
    ConductRecorded,
    Deregistered,
    EndBegun,
    HeadAudited,
    HeadLeft,
    HeadPublicised,
    HeadReported,
    HeadSeated,
    Liquidated,
    PersonNamed,
    PersonRead,
)
from services.organisations.domain.evolution import evolve
from services.organisations.domain.kinds import Ending, Kind, PartyForm, Post
from services.organisations.domain.parts import Conduct, End, Head, Party
from tests.support.calendars import lengthened
from tests.support.specification import Given, past

from .cases import LATER, NUMBERS, WORK, applied, examined, given, on_register, registered

HEADS, OFFICIALS = "官办通〔2017〕52号 （三）1", "官办通〔2017〕52号 （七）4"
CIVIL = "department:civil_affairs"
FOUNDING = "官办通〔2017〕52号 （二）4"
OPENS = working_days_after(LATER, NUMBERS.policy.publicity_days, WORK)
ONE = Head(
    seat="h1",
    post=Post.HEAD,
    founder="f1",
    official=False,
    civil_servant=False,
    publicised_at=LATER,
    opens=OPENS,
    days=NUMBERS.policy.publicity_days,
)
PARTY = Party(form=PartyForm.LIAISON, members=1)
publicised = HeadPublicised(head=ONE)
named = PersonNamed(seat="h1")
seated = HeadSeated(seat="h1", on=date(2026, 3, 30), party=PARTY)
legal = HeadPublicised(head=replace(ONE, post=Post.LEGAL))
WHO = {"name": "某某（虚构）", "number": "1"}
AUDIT = start(Budget.working_days(NUMBERS.policy.audit_days), OPENS, WORK)


def publicise(**said: Any) -> Any:
    asked: dict[str, Any] = {
        "post": Post.HEAD,
        "founder": "f1",
        "official": False,
        "civil_servant": False,
        "defaulter": False,
        "approval": None,
        "now": LATER,
        "numbers": NUMBERS,
        **said,
    }
    return lambda o: heads.publicise(o, **asked)


def seat(seat: str = "h1", **said: Any) -> Any:
    asked: dict[str, Any] = {
        "party": PARTY,
        "elsewhere": 0,
        "is_founder": True,
        "now": OPENS,
        "numbers": NUMBERS,
        **said,
    }
    return lambda o: heads.seat(o, seat, **asked)


def test_O_06_a_head_is_publicised_before_it_takes_office() -> None:
    shown = on_register().when(publicise()).then(publicised)
    known = past(shown.state, evolve, (named,))
    early = known.when(seat(now=OPENS - timedelta(microseconds=1)))
    early.breaks("O-06", clause=HEADS, says=f"（至 {local_minute(OPENS)}）")
    after = known.when(seat()).leads_to()
    after.when(seat()).breaks("O-06")
    shown.when(seat()).breaks("O-06", clause=OURS)  # nobody is named
    given().when(publicise()).breaks("O-06")
    assert given(examined).when(publicise()).happened


def test_O_06_publicity_lasts_longer_over_a_day_that_turns_out_to_be_off_and_never_shorter() -> (
    None
):
    off = lengthened(local_date(OPENS))
    longer = working_days_after(LATER, NUMBERS.policy.publicity_days, off)
    assert longer > OPENS
    amended = replace(NUMBERS, work=off)
    known = on_register(publicised, named)
    known.when(seat(now=OPENS, numbers=amended)).breaks("O-06", says=local_minute(longer))
    assert known.when(seat(now=longer, numbers=amended)).happened
    announced = on_register(HeadPublicised(head=replace(ONE, opens=longer)), named)
    announced.when(seat(now=OPENS)).breaks("O-06", says=local_minute(longer))
    unsaid = on_register(HeadPublicised(head=replace(ONE, days=None)), named)
    assert unsaid.when(seat(now=OPENS, numbers=amended)).happened, "of an earlier build"


def test_O_06_a_post_is_held_by_one_at_a_time() -> None:
    two = HeadPublicised(head=replace(ONE, seat="h2"))
    both = on_register(publicised, named, seated, two, replace(named, seat="h2"))
    again = seat("h2")
    both.when(again).breaks("O-06", clause=OURS)
    left = HeadLeft(seat="h1", on=date(2026, 3, 30), reason="届满")
    assert past(both.state, evolve, (left,)).when(again).happened
    deputies = on_register(
        publicised,
        named,
        seated,
        HeadPublicised(head=replace(ONE, seat="h2", post=Post.DEPUTY)),
        replace(named, seat="h2"),
    )
    assert deputies.when(again).happened


def test_O_04_the_main_founder_is_the_first_head() -> None:
    on_register().when(publicise(founder="f2")).breaks("O-04", field="founder")
    on_register().when(publicise(founder=None)).breaks("O-04", field="founder")
    on_register(publicised).when(publicise(founder=None)).breaks("O-04", field="founder")
    first = on_register(publicised, named, seated)
    assert first.when(publicise(founder=None)).happened
    gone = HeadLeft(seat="h1", on=date(2026, 3, 30), reason="届满")
    assert past(first.state, evolve, (gone,)).when(publicise(founder=None)).happened
    assert on_register().when(publicise(post=Post.DEPUTY, founder=None)).happened
    first.when(publicise(founder="f9")).refused(Malformed, field="founder")


def test_O_04_the_first_head_is_the_founder_himself_and_not_his_seat_alone() -> None:
    known = on_register(publicised, named)
    known.when(seat(is_founder=False)).breaks("O-04", clause=FOUNDING, field="seat")
    assert known.when(seat()).happened


def test_O_04_another_is_the_first_head_once_the_main_founder_was_taken_back() -> None:
    back = HeadLeft(seat="h1", on=date(2026, 3, 22), reason="公示有异议")
    taken_back = on_register(publicised, named, back)
    assert taken_back.when(publicise(founder="f2")).happened
    assert taken_back.when(publicise(founder=None)).happened
    assert taken_back.when(publicise()).happened
    as_legal = on_register(legal, named, back)
    as_legal.when(publicise(founder=None)).breaks("O-04", field="founder")
    another = HeadPublicised(head=replace(ONE, founder=None))
    of_another = on_register(another, named, back)
    of_another.when(publicise(founder=None)).breaks("O-04", field="founder")


def test_O_04_a_defaulter_is_not_entered_as_head() -> None:
    on_register().when(publicise(defaulter=True)).breaks("O-04", field="defaulter")


def test_O_06_officials_with_approval_and_one_post_alone() -> None:
    on_register().when(publicise(official=True)).breaks("O-06", clause=OFFICIALS, field="approval")
    assert on_register().when(publicise(official=True, approval="组干〔2026〕1号")).happened
    official = HeadPublicised(head=replace(ONE, official=True, approval="组干〔2026〕1号"))
    on_register(official, named).when(seat(elsewhere=1)).breaks(
        "O-06", clause=OFFICIALS, field="seat"
    )
    assert on_register(official, named).when(seat()).happened
    assert on_register(publicised, named).when(seat(elsewhere=1)).happened


def test_O_06_nobody_is_in_office_once_the_organisation_is_over() -> None:
    how = End(how=Ending.DISSOLVED, document="终-1", findings="自行终止", begun_on=date(2026, 4, 1))
    liquidated = Liquidated(document="清-1", assets_to="区慈善会", at=LATER)
    steps = (publicised, named, seated, EndBegun(end=how), liquidated)
    assert on_register(*steps).state.in_office("h1")
    assert not on_register(*steps, Deregistered(on=date(2026, 5, 1))).state.in_office("h1")
    assert not on_register(publicised, named).state.in_office("h1")


@pytest.mark.parametrize(
    ("kind", "post", "fine"),
    [
        (Kind.FOUNDATION, Post.HEAD, False),
        (Kind.SERVICE_INSTITUTION, Post.LEGAL, False),
        (Kind.SERVICE_INSTITUTION, Post.DEPUTY, True),
        (Kind.ASSOCIATION, Post.HEAD, True),
    ],
)
def test_O_06_a_serving_civil_servant_heads_none_of_two_kinds(
    kind: Kind, post: Post, fine: bool
) -> None:
    of_kind = replace(applied, kind=kind)
    known: Given[Any] = past(None, evolve, (of_kind, examined, registered))
    when = known.when(publicise(post=post, civil_servant=True))
    if fine:
        assert when.happened
    else:
        when.breaks("O-06", clause=OFFICIALS, field="civil_servant")


def test_O_06_a_legal_representative_reports_and_is_audited_on_leaving() -> None:
    serving = on_register(legal, named, seated)

    def report(year: int, text: str = "述职") -> Any:
        return lambda o: heads.report(o, "h1", year=year, text=text, now=OPENS)

    once = serving.when(report(2026)).then(HeadReported(seat="h1", year=2026, text="述职"))
    once.when(report(2026)).breaks("O-06", field="year")
    for apart in (2025, 2027):  # before it took office, and yet to come
        serving.when(report(apart)).refused(Malformed, field="year")
    serving.when(report(2026, " ")).breaks("O-06", field="text")
    on_register(publicised, named, seated).when(report(2026)).breaks("O-06")

    def leave(reason: str = "届满") -> Any:
        return lambda o: heads.leave(o, "h1", reason=reason, now=OPENS, numbers=NUMBERS)

    serving.when(leave(" ")).breaks("O-06", field="reason")
    gone = serving.when(leave()).leads_to()
    assert gone.state.heads[0].audit == AUDIT
    gone.when(leave()).breaks("O-06")
    assert on_register(publicised, named, seated).when(leave()).leads_to().state.next_due
    gone.when(lambda o: heads.audit(o, "h1", document=" ", now=OPENS)).breaks(
        "O-06", field="document"
    )
    audited = gone.when(lambda o: heads.audit(o, "h1", document="审〔2026〕1号", now=OPENS)).then(
        HeadAudited(seat="h1", document="审〔2026〕1号")
    )
    audited.when(lambda o: heads.audit(o, "h1", document="审〔2026〕2号", now=OPENS)).breaks("O-06")
    assert heads.audits_missed(audited.state, AUDIT.due + timedelta(days=1)) == ()


def test_O_06_who_was_publicised_and_is_objected_to_takes_no_office() -> None:
    """Nor is anybody waited for any more, nor audited, who never served."""
    known = on_register(legal, named)
    assert waiting.of_organisation(known.state)[CIVIL] is None
    back = HeadLeft(seat="h1", on=date(2026, 3, 22), reason="公示有异议")
    gone = known.when(
        lambda o: heads.leave(o, "h1", reason="公示有异议", now=LATER, numbers=NUMBERS)
    ).then(back)
    assert CIVIL not in waiting.of_organisation(gone.state)
    gone.when(seat()).breaks("O-06")
    assert "h1" in gone.state.gone


def test_O_06_an_audit_that_is_late_is_told_once_and_may_still_come() -> None:
    left = HeadLeft(seat="h1", on=date(2026, 3, 30), reason="届满", audit=AUDIT)
    gone = on_register(legal, named, seated, left)
    assert heads.audits_missed(gone.state, AUDIT.due) == ()
    [missed] = heads.audits_missed(gone.state, AUDIT.due + timedelta(seconds=1))
    assert missed == AuditMissed(seat="h1", due=AUDIT.due)
    after = past(gone.state, evolve, (missed,))
    assert heads.audits_missed(after.state, AUDIT.due + timedelta(days=9)) == ()
    news = announce.of_organisations(missed, after.state)
    assert isinstance(news, published.ReportMissed)
    assert (news.what, news.about, news.due) == ("head", "h1", AUDIT.due)
    late = AUDIT.due + timedelta(seconds=1)
    unticked = gone.when(lambda o: heads.audit(o, "h1", document="审〔2026〕1号", now=late))
    assert unticked.leads_to().state.heads[0].audit_missed, "though the clock has not come"
    done = after.when(
        lambda o: heads.audit(o, "h1", document="审〔2026〕1号", now=OPENS)
    ).leads_to()
    assert after.state.due == AUDIT.due, "it is still owed"
    assert done.state.due == done.state.next_due != AUDIT.due


def test_O_04_bad_conduct_is_on_record_with_its_paper() -> None:
    def record(**said: Any) -> Any:
        asked: dict[str, Any] = {
            "seat": "f1",
            "what": "虚假材料",
            "document": "民〔2026〕1号",
            "on": date(2026, 3, 1),
            "now": LATER,
            **said,
        }
        return on_register().when(lambda o: heads.record_conduct(o, **asked))

    conduct = Conduct(seat="f1", what="虚假材料", document="民〔2026〕1号", on=date(2026, 3, 1))
    record().then(ConductRecorded(conduct=conduct))
    record(seat="x").refused(Malformed, field="seat")
    record(what=" ").breaks("O-04", field="what")
    record(document=" ").breaks("O-04", field="document")
    record(on=date(2027, 1, 1)).refused(Malformed, field="on")


def test_O_04_who_it_is_is_read_with_a_reason_on_record() -> None:
    known = on_register().when(lambda o: heads.name(o, "f1", **WHO)).leads_to()
    assert known.state.named == ("f1",)
    known.when(lambda o: heads.read(o, "f1", by="department:civil_affairs", reason=" ")).breaks(
        "O-04", field="reason"
    )
    known.when(lambda o: heads.read(o, "f1", by="department:civil_affairs", reason="核查")).then(
        PersonRead(seat="f1", by="department:civil_affairs", reason="核查")
    )
    known.when(lambda o: heads.read(o, "f2", by="x", reason="核查")).refused(NotFound)
    known.when(lambda o: heads.name(o, "h9", **WHO)).refused(NotFound)
    on_register(publicised, named, seated).when(lambda o: heads.name(o, "h1", **WHO)).breaks("O-06")


@pytest.mark.parametrize("field", ["name", "number"])
@pytest.mark.parametrize("blank", ["", " "])
def test_O_06_a_seat_is_of_somebody_who_has_a_name_and_a_number(field: str, blank: str) -> None:
    wrong = {**WHO, field: blank}
    for known in (on_register(), on_register(PersonNamed(seat="f1"))):
        known.when(lambda o: heads.name(o, "f1", **wrong)).refused(Malformed, field=field)


def test_O_13_the_party_is_checked_at_a_change_of_heads() -> None:
    due = Party(form=PartyForm.NOT_DUE, members=3)
    on_register(publicised, named).when(seat(party=due)).breaks("O-13", field="party")
    after = on_register(publicised, named).when(seat()).leads_to()
    assert after.state.party == PARTY


def test_O_06_no_seat_is_taken_twice_nor_after_it_was_left_nor_before_the_registration() -> None:
    deputy = HeadPublicised(head=replace(ONE, post=Post.DEPUTY))
    on_register(deputy, named, seated).when(seat()).breaks("O-06")
    left = HeadLeft(seat="h1", on=date(2026, 3, 30), reason="届满")
    on_register(deputy, named, seated, left).when(seat()).breaks("O-06")
    on_register(deputy, named, left).when(seat()).breaks("O-06")
    given(examined, deputy, named).when(seat()).breaks("O-06")


def test_O_06_a_seat_that_is_named_again_is_one_seat() -> None:
    again = on_register(publicised, named).when(lambda o: heads.name(o, "h1", **WHO)).leads_to()
    assert again.state.named == ("h1",)


def test_O_04_the_main_founder_needn_t_be_the_first_in_the_list() -> None:
    others = replace(applied, founders=tuple(reversed(applied.founders)))
    known: Given[Any] = past(None, evolve, (others, examined, registered))
    known.when(publicise(founder="f2")).breaks("O-04", field="founder")
    assert known.when(publicise(founder="f1")).happened
