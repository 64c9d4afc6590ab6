"""A-11, A-22, A-23, A-26: disclosures, contracts, findings, charters."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from chassis.cause import Cause
from chassis.kernel.clock import Ends, end_of
from chassis.lists import due
from services.affairs.announce import of_checks
from services.affairs.domain import charter, check, contract, disclosure, waiting
from services.affairs.domain.charter import (
    TALKS,
    Charter,
    CharterAmended,
    CharterDrafted,
    CharterFiled,
    CharterKind,
    CharterPublished,
    CharterReturned,
    CharterSent,
    TalkHeld,
)
from services.affairs.domain.check import (
    Check,
    Checked,
    Criticised,
    DateMissed,
    HandedOver,
    ProblemFound,
    ProblemPutRight,
)
from services.affairs.domain.contract import (
    Contract,
    ContractReviewed,
    ContractSigned,
    ContractSubmitted,
)
from services.affairs.domain.disclosure import (
    Affairs,
    CommunityLeft,
    Disclosed,
    Disclosure,
    DisclosureBegun,
    DisclosureCorrected,
    DisclosureMissed,
    Every,
    PeriodBegan,
    Template,
)
from services.affairs.main import desk_on, seed
from services.affairs.steps.disclosures import DISCLOSURES
from tests.support.memory import MemoryStore
from tests.support.specification import Given, past
from tests.support.toy import Silent

from .cases import LATER, MARCH, TODAY, WHEN, WORK, broken, but, malformed

MONTHLY = Template(affairs=Affairs.FINANCIAL, what="收支", every=Every.MONTH, days=10)
begun = DisclosureBegun(street="guanshang", community="haihua", template=MONTHLY, at=MARCH)
MAY = datetime(2026, 5, 6, 2, 0, tzinfo=UTC)
told = Disclosed(period="2026-04", decided="两委会议", vouchers="凭证 1–9", at=MAY)
APRIL_DUE = datetime(2026, 5, 10, 16, 0, tzinfo=UTC)
missed = DisclosureMissed(period="2026-04", due=APRIL_DUE)


def awaiting(*happened: Any) -> Given[Disclosure]:
    return past(None, disclosure.evolve, (begun, *happened))


mended = DisclosureCorrected(instead=but(told, vouchers="凭证 1–12"), reason="漏附三张凭证")


def test_A_22_what_was_disclosed_wrong_is_disclosed_anew_beside_it() -> None:
    def correcting(one: Disclosure, reason: str = "漏附三张凭证", **other: Any) -> Any:
        said = but(told, vouchers="凭证 1–12", **other)
        return disclosure.correct(one, said, False, reason)

    known = past(None, disclosure.evolve, (begun, told))
    broken("A-22", None, correcting, past(None, disclosure.evolve, (begun,)).state)
    broken("A-22", "reason", correcting, known.state, reason=" ")
    broken("A-22", "period", correcting, known.state, period="2026-05")
    broken("A-22", "decided", correcting, known.state, decided=" ")
    after = known.when(correcting).then(mended).state
    assert (after.done, after.corrected) == ((told,), (mended,)), "both are to be read"
    assert (after.awaits, after.owed) == (known.state.awaits, known.state.owed)


def test_A_22_vouchers_decision_and_tender_are_published_too() -> None:
    awaiting().when(lambda one: disclosure.disclose(one, told, False)).then(told)
    known = awaiting().state
    broken("A-22", "decided", disclosure.disclose, known, but(told, decided=" "), False)
    broken("A-22", "vouchers", disclosure.disclose, known, but(told, vouchers=" "), False)
    broken("A-22", "tender", disclosure.disclose, known, told, True)
    assert disclosure.disclose(known, but(told, tender="中标公告"), True)
    for period in ("2026-03", "2026-06", "2026-04-30"):
        broken("A-22", "period", disclosure.disclose, known, but(told, period=period), False)
    broken("A-22", None, disclosure.disclose, awaiting(told).state, told, False)
    june = but(told, at=datetime(2026, 6, 1, tzinfo=UTC))
    broken("A-22", "period", disclosure.disclose, awaiting(told).state, june, False)
    running = but(told, period="2026-05")
    broken("A-22", "period", disclosure.disclose, known, running, False)
    party = but(MONTHLY, affairs=Affairs.PARTY)
    other = past(None, disclosure.evolve, (but(begun, template=party),)).state
    assert disclosure.disclose(other, but(told, vouchers=""), False)


def test_A_22_a_missed_date_is_told_once() -> None:
    """The first that counts is the first whole period."""
    assert awaiting().state.next_due == APRIL_DUE
    early = APRIL_DUE - timedelta(seconds=1)
    awaiting().when(lambda one: disclosure.late(one, early)).then()
    late = awaiting().when(lambda one: disclosure.late(one, APRIL_DUE)).then(missed)
    late.when(lambda one: disclosure.late(one, APRIL_DUE)).then()
    assert late.state.awaits == "2026-05"
    in_time = awaiting(told)
    assert in_time.state.awaits == "2026-05"
    in_time.when(lambda one: disclosure.late(one, APRIL_DUE)).then()
    ahead = awaiting(but(told, period="2026-05"))
    assert ahead.state.awaits == "2026-04"
    assert past(ahead.state, disclosure.evolve, (missed,)).state.awaits == "2026-06"
    quarterly = but(begun, template=but(MONTHLY, every=Every.QUARTER, days=15))
    quarter = past(None, disclosure.evolve, (quarterly,)).state
    assert (quarter.awaits, quarter.next_due) == ("2026-Q2", end_of(date(2026, 7, 15)))


running = but(begun, period="2026-03")
april = PeriodBegan(period="2026-04")
april_over = PeriodBegan(period="2026-05")
MARCH_OVER, APRIL_OVER = (end_of(date(2026, *last)) for last in ((3, 31), (4, 30)))
gone = CommunityLeft(street="b", last=date(2026, 5, 9))


def test_A_22_a_community_that_is_no_more_discloses_what_was_over_by_then_and_nothing_after() -> (
    None
):
    """What is owed still waits for its street."""
    new = past(None, disclosure.evolve, (running, april, gone))
    assert (new.state.street, new.state.next_due) == ("b", APRIL_DUE)
    over = new.when(lambda one: disclosure.come_due(one, APRIL_DUE)).then(april_over, missed)
    assert over.state.wakes_at is None and over.state.due_at == APRIL_DUE
    assert waiting.of_disclosure(over.state) == {"street:b": Ends(due=APRIL_DUE)}
    later = end_of(date(2027, 5, 31))
    over.when(lambda one: disclosure.come_due(one, later)).then()
    broken("A-22", "period", disclosure.disclose, over.state, but(told, period="2026-05"), False)
    done = over.when(lambda one: disclosure.disclose(one, but(told, at=later), False)).leads_to()
    assert (done.state.due_at, waiting.of_disclosure(done.state)) == (None, {})
    broken("A-22", None, disclosure.may_disclose, done.state, later)
    over.when(lambda one: disclosure.leave(one, "b", gone.last)).then()
    over.when(lambda one: disclosure.leave(one, "b", None)).leads_to()


def test_A_22_nothing_is_disclosed_until_a_period_is_over() -> None:
    for now in (MARCH, MARCH_OVER, APRIL_OVER - timedelta(seconds=1)):
        broken("A-22", None, disclosure.may_disclose, awaiting().state, now)
        early = but(told, period="2026-03", at=now)
        broken("A-22", None, disclosure.disclose, awaiting().state, early, False)
    disclosure.may_disclose(awaiting().state, APRIL_OVER)
    broken("A-22", None, disclosure.may_disclose, awaiting(told).state, APRIL_OVER)
    disclosure.may_disclose(awaiting(missed).state, APRIL_OVER)


def test_A_22_the_clock_says_when_a_period_is_over_and_what_is_owed_then() -> None:
    """As of a record that began so; what began before learns it at the start."""
    new = past(None, disclosure.evolve, (running,))
    assert (new.state.owed, new.state.wakes_at) == ((), MARCH_OVER)
    assert DISCLOSURES.next_due(new.state) == MARCH_OVER
    new.when(lambda one: disclosure.come_due(one, MARCH_OVER - timedelta(seconds=1))).then()
    then = new.when(lambda one: disclosure.come_due(one, MARCH_OVER)).then(april)
    assert (then.state.owed, then.state.wakes_at) == ((), APRIL_OVER)
    over = then.when(lambda one: disclosure.come_due(one, APRIL_OVER)).then(april_over)
    assert (over.state.owed, over.state.wakes_at) == (("2026-04",), APRIL_DUE)
    told_first = new.when(lambda one: disclosure.disclose(one, told, False)).then(april_over, told)
    assert told_first.state.owed == ()
    before = awaiting().when(lambda one: disclosure.come_due(one, APRIL_OVER)).then()
    assert before.state.wakes_at == APRIL_DUE


def test_A_22_what_was_missed_stays_due_until_it_is_disclosed() -> None:
    def key(*happened: Any) -> int:
        found: int = DISCLOSURES.keys(past(None, disclosure.evolve, happened).state)["due"]
        return found

    may_due = end_of(date(2026, 6, 10))
    late_still = (running, april_over, missed)
    assert key(running) == key(*late_still) == key(begun, missed) == due(APRIL_DUE)
    late_told = but(told, at=APRIL_DUE)
    assert key(*late_still, late_told) == key(begun, missed, late_told) == due(may_due)
    after = past(None, disclosure.evolve, late_still).state
    assert disclosure.come_due(after, APRIL_DUE) == []


async def test_A_22_disclosures_of_before_learn_at_the_start_which_period_runs() -> None:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    for id, first in (("d-1", begun), ("d-2", running)):
        await desk.disclosures.once(id, [first], Cause(actor="platform", now=MARCH))
    for _ in range(2):
        await seed(desk, APRIL_OVER)
    learnt = await desk.disclosures.get("d-1")
    assert (learnt.aggregate.owed, learnt.version) == (("2026-04",), 2)
    assert (await desk.disclosures.get("d-2")).version == 1
    await desk.disclosure_due("d-2", Cause(actor="system:clock", now=APRIL_OVER))
    assert (await desk.disclosures.get("d-2")).aggregate.owed == ("2026-04",)
    await desk.begin_disclosures("guanshang", "wula", MARCH)
    [one, *_] = await desk.disclosures.find({"community": "wula", "affairs": "financial"})
    assert one.aggregate.period == "2026-03"


submitted = ContractSubmitted(
    street="guanshang", community="haihua", subject="出租集体铺面", fen=9_000_000, at=MARCH
)
passed = ContractReviewed(passed=True, offices=("司法所", "经管站"), opinion="可签", at=LATER)
signed = ContractSigned(number="合 1", on=WHEN, at=LATER)


def agreement(*happened: Any) -> Given[Contract]:
    return past(None, contract.evolve, (submitted, *happened))


CONTRACTS, DISCLOSED = "官办通〔2018〕49号 四（二）4（2）", "官办通〔2018〕49号 四（二）5"


def test_A_22_contracts_and_disclosures_have_each_their_clause_and_what_is_ours_none() -> None:
    decided = but(told, decided=" ")
    unsaid = broken("A-22", "decided", disclosure.disclose, awaiting().state, decided, False)
    assert unsaid.clause == DISCLOSED
    sign = partial(contract.sign, number="合 1", on=WHEN, now=LATER)
    agreement().when(sign).breaks("A-22", clause=CONTRACTS)
    alone = but(passed, offices=("司法所",))
    assert broken("A-22", "offices", contract.review, agreement().state, alone).clause is None


def test_A_22_a_contract_is_reviewed_together_before_it_is_signed() -> None:
    broken("A-22", "subject", contract.submit, but(submitted, subject=" "))
    assert contract.submit(submitted) == submitted
    agreement().when(lambda one: contract.sign(one, "合 1", WHEN, LATER)).breaks(
        "A-22", clause=CONTRACTS
    )
    agreement().when(lambda one: contract.review(one, passed)).then(passed)
    known = agreement().state
    broken("A-22", "opinion", contract.review, known, but(passed, opinion=" "))
    for offices in ((), ("司法所",), ("司法所", "司法所 ")):
        broken("A-22", "offices", contract.review, known, but(passed, offices=offices))
    agreement(passed).when(lambda one: contract.review(one, passed)).breaks("A-22")
    fine = agreement(passed)
    fine.when(lambda one: contract.sign(one, "合 1", WHEN, LATER)).then(signed)
    broken("A-22", "number", contract.sign, fine.state, " ", WHEN, LATER)
    broken("A-22", "on", contract.sign, fine.state, "合 1", date(2026, 3, 21), LATER)
    malformed("on", contract.sign, fine.state, "合 1", date(2026, 3, 23), LATER)
    back = agreement(but(passed, passed=False))
    back.when(lambda one: contract.sign(one, "合 1", WHEN, LATER)).breaks("A-22")
    agreement(passed, signed).when(lambda one: contract.sign(one, "合 1", WHEN, LATER)).breaks(
        "A-22"
    )


found = ProblemFound(
    street="guanshang",
    community="haihua",
    checked=Checked.POWER,
    office="community:haihua",
    what="未留存会议记录",
    measure="补齐并培训",
    until=WHEN,
    at=MARCH,
)
DUE = end_of(WHEN)
late = DateMissed(due=DUE)
right = ProblemPutRight(result="已补齐", at=MARCH)
handed = HandedOver(street="guanshang", checked=Checked.POWER, number="线 1", at=MARCH)
blamed = Criticised(document="通报 1", at=LATER)


def finding(*happened: Any) -> Given[Check]:
    return past(None, check.evolve, happened or (found,))


def test_A_23_a_finding_stays_open_until_it_is_put_right() -> None:
    assert check.find(found) == found
    for field in ("what", "office", "measure"):
        broken("A-23", field, check.find, but(found, **{field: " "}))
        admission = but(found, checked=Checked.ADMISSION, **{field: " "})
        broken("A-11", field, check.find, admission)
    broken("A-23", "until", check.find, but(found, until=TODAY))
    finding().when(lambda one: check.put_right(one, " ", MARCH)).breaks("A-23", field="result")
    finding().when(lambda one: check.put_right(one, "已补齐", MARCH)).then(right)
    finding(found, right).when(lambda one: check.put_right(one, "x", MARCH)).breaks("A-23")
    finding().when(lambda one: check.late(one, DUE - timedelta(seconds=1))).then()
    open_still = finding().when(lambda one: check.late(one, DUE)).then(late)
    open_still.when(lambda one: check.late(one, DUE)).then()
    assert finding().when(lambda one: check.put_right(one, "x", DUE)).happened[0] == late


def test_A_23_the_unit_that_is_responsible_is_told_what_it_missed() -> None:
    assert finding().state.units == ("civil_affairs",)
    theirs = but(found, unit="health")
    news = of_checks(late, finding(theirs, late).state)
    assert news is not None and news.model_dump()["units"] == ("civil_affairs", "health")
    own = finding(but(found, unit="civil_affairs"))
    assert own.state.units == ("civil_affairs",)


def test_A_23_of_what_points_at_a_person_only_the_number_stays() -> None:
    assert check.hand_over(handed) == handed
    broken("A-23", "number", check.hand_over, but(handed, number=" "))
    known = finding(handed)
    assert (known.state.number, known.state.what, known.state.next_due) == ("线 1", "", None)
    known.when(lambda one: check.put_right(one, "x", MARCH)).breaks("A-23")


def test_A_11_a_deadline_first_then_criticism_once() -> None:
    def blaming(one: Check, document: str = "通报 1") -> Any:
        return check.criticise(one, document, LATER)

    finding().when(blaming).breaks("A-11")
    passed_date = finding(found, late)
    passed_date.when(lambda one: blaming(one, " ")).breaks("A-11", field="document")
    passed_date.when(blaming).then(blamed)
    finding(found, late, blamed).when(blaming).breaks("A-11")
    finding(found, late, right).when(blaming).breaks("A-11")


drafted = CharterDrafted(
    street="guanshang", community="haihua", kind=CharterKind.RESIDENTS, text="邻里互助", at=MARCH
)
TALKED = tuple(TalkHeld(talk=one, on=TODAY) for one in TALKS)
sent = CharterSent(at=MARCH)
back = CharterReturned(ground="与民法典抵触", at=MARCH)
amended = CharterAmended(text="邻里互助，自愿参加", at=MARCH)
filed = CharterFiled(number="备 1", at=MARCH)
published = CharterPublished(version=2, at=MARCH)


def covenant(*happened: Any) -> Given[Charter]:
    return past(None, charter.evolve, (drafted, *happened))


def test_A_26_the_talks_follow_one_another_each_on_its_day() -> None:
    broken("A-26", "text", charter.draft, but(drafted, text=" "))
    assert charter.draft(drafted) == drafted
    for number, held in enumerate(TALKED):
        known = covenant(*TALKED[:number])
        known.when(lambda one: charter.send(one, MARCH)).breaks("A-26")
        broken("A-26", "talk", charter.talk, known.state, TALKS[number - 1], TODAY, MARCH)
        assert charter.talk(known.state, held.talk, TODAY, MARCH) == held
    broken("A-26", "on", charter.talk, covenant().state, TALKS[0], WHEN, MARCH)
    before = date(2026, 3, 1)
    broken("A-26", "on", charter.talk, covenant(TALKED[0]).state, TALKS[1], before, MARCH)
    covenant(*TALKED).when(lambda one: charter.talk(one, TALKS[0], TODAY, MARCH)).breaks("A-26")


def test_A_26_the_street_files_it_or_gives_it_back_with_the_ground() -> None:
    ready = covenant(*TALKED)
    ready.when(lambda one: charter.file(one, "备 1", MARCH)).breaks("A-26")
    ready.when(lambda one: charter.give_back(one, "与民法典抵触", MARCH)).breaks("A-26")
    ready.when(lambda one: charter.amend(one, "x", MARCH)).breaks("A-26")
    with_street = ready.when(lambda one: charter.send(one, MARCH)).then(sent)
    with_street.when(lambda one: charter.send(one, MARCH)).breaks("A-26")
    with_street.when(lambda one: charter.talk(one, TALKS[0], TODAY, MARCH)).breaks("A-26")
    with_street.when(lambda one: charter.give_back(one, " ", MARCH)).breaks("A-26", field="ground")
    with_street.when(lambda one: charter.file(one, " ", MARCH)).breaks("A-26", field="number")
    again = with_street.when(lambda one: charter.give_back(one, "与民法典抵触", MARCH)).then(back)
    assert again.state.talks == ()
    again.when(lambda one: charter.amend(one, " ", MARCH)).breaks("A-26", field="text")
    better = again.when(lambda one: charter.amend(one, "邻里互助，自愿参加", MARCH)).then(amended)
    assert better.state.text == "邻里互助，自愿参加"
    broken("A-26", "on", charter.talk, better.state, TALKS[0], date(2026, 3, 1), MARCH)
    assert charter.talk(better.state, TALKS[0], TODAY, MARCH).on == TODAY
    covenant(*TALKED, sent, back, TALKED[0]).when(
        lambda one: charter.amend(one, "x", MARCH)
    ).breaks("A-26")
    with_street.when(lambda one: charter.file(one, "备 1", MARCH)).then(filed)


def test_A_26_what_is_filed_is_published_by_version() -> None:
    covenant(*TALKED, sent).when(lambda one: charter.publish(one, 0, MARCH)).breaks("A-26")
    over = covenant(*TALKED, sent, filed)
    done = over.when(lambda one: charter.publish(one, 1, MARCH)).then(published)
    done.when(lambda one: charter.publish(one, 2, MARCH)).breaks("A-26")
