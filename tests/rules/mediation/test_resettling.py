"""M-06: what a community had goes along where it is merged into another, or lies in another street now (ours)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chassis.asking import Asking
from chassis.cause import Cause
from chassis.http import ReasonIn
from chassis.kernel.errors import NotAllowed, NotFound, UnknownReference
from contracts.housing import CommunityProfiled
from contracts.partner import DisputeReported
from services.mediation.desk import MediationDesk
from services.mediation.domain import course
from services.mediation.domain.case import Case, Status
from services.mediation.domain.dispute import Awaited, How, Way
from services.mediation.domain.events import CaseEnded, CaseHanded, CommissionReturned, DateMissed
from services.mediation.domain.figures import figures
from services.mediation.domain.mediator import (
    Grade,
    MediatorEnlisted,
    MediatorLeft,
    MediatorTrained,
    Reward,
)
from services.mediation.domain.notice import NoticeIssued
from services.mediation.domain.resettling import Resettled
from services.mediation.domain.waiting import of_case
from services.mediation.importing import COLUMNS as ROSTER
from services.mediation.importing import RosterLines
from services.mediation.importing_cases import COLUMNS as CASE_COLUMNS
from services.mediation.importing_cases import CaseLines
from services.mediation.main import desk_on
from services.mediation.queries.figures import earned
from services.mediation.steps import cases, following, mediators, notices
from services.mediation.steps.cases import CaseIn, SessionIn, ToIn, minded
from services.mediation.steps.following import ChargeIn
from services.mediation.steps.mediators import MediatorIn
from services.mediation.steps.notices import MeasuresIn
from tests.support.lines import compared, entered
from tests.support.memory import MemoryStore
from tests.support.taking import take
from tests.support.toy import Silent
from tests.support.walks import person

from .lives import (
    ACCEPTED,
    COMMUNITY,
    DONE,
    HELD,
    LATER,
    MORNING,
    PERFORMED,
    PERFORMING,
    RECEIVED,
    SIGNED,
    STREET,
    TAKEN,
    VISITING,
    WILLING,
    WORK,
    given,
)
from .test_consumers import BEGUN, PROFILED, REFERRED, hear
from .test_course import HEALTH, returned
from .test_waiting import BACK, CHARGE, DECISION, MASS, STABILITY

OLD = PROFILED.code
NEW, ITS = "community:xinshequ", "street:taihe"
GOES_ON = PROFILED.model_copy(
    update={"code": "xinshequ", "name": "新社区", "street": "taihe", "listed": 2}
)
ENDED = PROFILED.model_copy(update={"valid_to": "2026-03-01", "became": "xinshequ", "listed": 2})
MOVED = PROFILED.model_copy(update={"street": "taihe", "valid_from": "2026-03-01"})
MERGED = Resettled(before=COMMUNITY, office=NEW, street="taihe", at=LATER)
COURT = CaseHanded(
    office="department:court", way=Way.JUDICIAL, commission=True, reason="委托。", at=LATER
)
CAUSE = Cause(actor="platform", now=MORNING)
ENLISTED = MediatorEnlisted(
    code="m1", street="guanshang", community=OLD, grade=Grade.UNRATED, at=MORNING
)
TRAINED = MediatorTrained(on=date(2026, 1, 5), hours=8, subject="调解实务")
ISSUED = NoticeIssued(
    office=COMMUNITY,
    street="guanshang",
    quarter="2026-Q1",
    cases=7,
    reason="纠纷多发。",
    until=date(2026, 4, 1),
    by="department:stability",
    at=MORNING,
)


@pytest.fixture
async def there() -> MediationDesk:
    """A case that is open, a mediator of the community, and a notice to it."""
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await desk.policies.seed(MORNING)
    await desk.begin_screening(None, BEGUN)
    await hear(desk, PROFILED, "p-1", about=OLD, now=MORNING - timedelta(days=9))
    await desk.cases.once("c-1", (*TAKEN, *WILLING), CAUSE)
    await desk.mediators.once("m1", [ENLISTED, TRAINED], CAUSE)
    await desk.notices.once("n-1", [ISSUED], CAUSE)
    return desk


async def merge(desk: MediationDesk, seconds: int = 0) -> None:
    now = MORNING + timedelta(seconds=seconds)
    await hear(desk, GOES_ON, f"n-{seconds}", about=GOES_ON.code, now=now)
    await hear(desk, ENDED, f"e-{seconds}", about=OLD, now=now)


def asking(who: str, now: datetime = LATER) -> Asking:
    subject = person(who)
    return Asking(subject, Cause(actor=subject.acts_as, now=now))


async def case_of(desk: MediationDesk) -> Case:
    return (await desk.cases.get("c-1")).aggregate


END = CaseEnded(how=How.SETTLED, at=datetime(2026, 3, 28, tzinfo=UTC))
SETTLED = (HELD, SIGNED, PERFORMING, PERFORMED, VISITING, END)
MEETS = SessionIn(on=date(2026, 3, 5), body="committee", mediators=("m1",))


def test_M_06_a_merged_community_s_case_is_the_new_one_s_and_so_is_what_comes_back_to_it() -> None:
    here = given(TAKEN, COURT)
    after = here.when(lambda c: course.resettle(c, MERGED)).then(MERGED)
    after.when(lambda c: course.resettle(c, MERGED)).then()
    assert {NEW, COMMUNITY, ITS, STREET} <= set(after.state.offices)
    back = given(TAKEN, COURT, MERGED, CommissionReturned(how=How.REFUSED, at=LATER)).state
    assert (back.office, back.held_in, back.street) == (NEW, "taihe", "guanshang")
    assert set(back.had) == {NEW}
    others = replace(MERGED, before="community:haihua")
    here.when(lambda c: course.resettle(c, others)).then()
    further = Resettled(before=NEW, office="community:later", street="taihe", at=LATER)
    assert "community:later" in given(TAKEN, COURT, MERGED, further).state.offices


def test_M_06_a_community_that_is_there_again_is_one_of_those_whom_a_case_concerns_once() -> None:
    """A record of it was read no more: what each had become was followed for ever."""
    back = replace(MERGED, before=NEW, office=COMMUNITY)
    offices = given(TAKEN, COURT, MERGED, back).state.offices
    assert {NEW, COMMUNITY} <= set(offices) and len(offices) == len(set(offices))


async def test_M_06_the_new_community_goes_on_with_the_merged_one_s_cases(
    there: MediationDesk,
) -> None:
    before = figures([await case_of(there)], "2026-Q1", 1, "district_admin")
    for seconds in (1, 2):
        await merge(there, seconds)
    case = await case_of(there)
    assert list(of_case(case)) == [NEW]
    assert case.clocks == given(TAKEN, *WILLING).state.clocks
    assert figures([case], "2026-Q1", 1, "district_admin") == before
    assert (await there.mediators.get("m1")).aggregate.street == "taihe"
    await take(cases.session, there, asking(NEW), MEETS, id="c-1")
    for kept, id in ((there.cases, "c-1"), (there.mediators, "m1"), (there.notices, "n-1")):
        _, trail = await kept.history(id)
        assert [entry["type"] for entry in trail].count(Resettled.__name__) == 1
        assert await kept.check(id) == []
    said = MeasuresIn(causes="合并。", measures="增派人员。")
    await take(notices.answer, there, asking(NEW), said, id="n-1")


async def test_M_06_the_new_community_takes_back_what_the_merged_one_entered_twice(
    there: MediationDesk,
) -> None:
    await there.cases.once("c-2", RECEIVED, CAUSE)
    await merge(there)
    twice = ReasonIn(reason="重复登记。")
    with pytest.raises(NotAllowed):
        await take(cases.void, there, asking(STREET), twice, id="c-2")
    gone = await take(cases.void, there, asking(NEW), twice, id="c-2")
    assert gone.aggregate.status is Status.VOIDED


async def test_M_06_what_was_heard_by_a_build_that_followed_nothing_goes_along_when_told_again(
    there: MediationDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `gongzhi catch-up` tells it: the very news that the copy knows already."""

    async def nothing(*_: object) -> None:
        pass

    with monkeypatch.context() as earlier:
        earlier.setattr(MediationDesk, "follow", nothing)
        await merge(there)
    assert (await case_of(there)).office == COMMUNITY
    await merge(there)
    assert (await case_of(there)).office == NEW


async def test_M_06_the_new_street_stands_in_for_a_community_that_moved_and_sees_its_cases(
    there: MediationDesk,
) -> None:
    """Where the dispute arose stays what it was: the street of then sees it, too."""
    with pytest.raises(NotFound):
        await take(cases.session, there, asking(ITS), MEETS, id="c-1")
    await hear(there, MOVED, "e-1", about=OLD)
    case = await case_of(there)
    assert (case.office, case.street, case.held_in) == (COMMUNITY, "guanshang", "taihe")
    await take(cases.session, there, asking(ITS), MEETS, id="c-1")
    assert {STREET, ITS} <= set(case.offices)
    assert [one.awaited for one in case.clocks] == [Awaited.MEDIATION]
    await hear(there, PROFILED, "e-2", about=OLD, now=LATER)
    assert (await case_of(there)).held_in == "guanshang", "and back"


PARTNERS = DisputeReported(
    community=OLD,
    dispute="labour",
    risk="ordinary",
    parties=2,
    reference="YN-2026-1",
    reported_at=MORNING,
)


async def test_M_12_a_partner_s_dispute_that_was_taken_is_not_refused_when_it_is_told_again(
    there: MediationDesk,
) -> None:
    """Nor one that was told while its community was there, and is heard since: it goes along."""
    await hear(there, PARTNERS, "7", "/partners/grid")
    await merge(there)
    await hear(there, PARTNERS, "7", "/partners/grid", now=LATER)
    assert await there.cases.count({"source": "partner"}) == 1
    before = datetime(2026, 3, 1, 12, tzinfo=UTC)
    await hear(there, PARTNERS, "8", "/partners/grid", now=LATER, told_at=before)
    taken = [one async for one in there.cases.every({"source": "partner"})]
    assert [(one.aggregate.community, one.aggregate.office) for one in taken] == [(OLD, NEW)] * 2
    assert {one.aggregate.held_in for one in taken} == {"taihe"}
    await there.follow(OLD, CAUSE)
    assert [(await there.cases.get(one.id)).version for one in taken] == [
        one.version for one in taken
    ]


@pytest.mark.parametrize("gone", [[MOVED], [GOES_ON, ENDED]])
async def test_M_10_what_was_earned_in_a_quarter_stands_where_it_was_when_its_community_goes(
    there: MediationDesk, gone: list[CommunityProfiled]
) -> None:
    """Once, as it is in the figures: neither the new street nor the new community earned it."""
    await there.cases.once("c-2", (*DONE, END), CAUSE)

    async def by_reader() -> list[list[Reward]]:
        readers = ("district_admin", STREET, ITS, NEW)
        return [await earned(there, "2026-Q1", person(one)) for one in readers]

    one = [Reward(mediator="m1", settled=1, fen=5000)]
    assert await by_reader() == [one, one, [], []]
    for place in gone:
        await hear(there, place, f"g-{place.code}", about=place.code)
    assert await by_reader() == [one, one, [], []]


async def earned_by(desk: MediationDesk) -> set[str]:
    """Of whom the one case is that earned something."""
    readers = (STREET, COMMUNITY, ITS, NEW)
    found = {one: await earned(desk, "2026-Q1", person(one)) for one in readers}
    assert all(one in ([], [Reward(mediator="m1", settled=1, fen=5000)]) for one in found.values())
    return {one for one, rewards in found.items() if rewards}


@pytest.mark.parametrize(
    ("gone", "whose"), [([MOVED], {COMMUNITY, ITS}), ([GOES_ON, ENDED], {NEW, ITS})]
)
async def test_M_10_what_is_earned_after_its_community_went_is_theirs_who_have_it_then(
    there: MediationDesk, gone: list[CommunityProfiled], whose: set[str]
) -> None:
    """Whose mediator settled it; it arose in the old street, which has no share in it."""
    for place in gone:
        await hear(there, place, f"g-{place.code}", about=place.code)
    await there.cases.change("c-1", lambda _: SETTLED, CAUSE)
    assert await earned_by(there) == whose
    await hear(there, PROFILED, "back", about=OLD, now=LATER)
    assert await earned_by(there) == whose, "once, wherever it goes since"


@pytest.mark.parametrize(("to", "whose"), [(ITS, {ITS}), (NEW, {NEW, ITS})])
async def test_M_10_what_another_street_settles_is_earned_there_and_stays_so(
    there: MediationDesk, to: str, whose: set[str]
) -> None:
    """Also where the community that settled it lies in another street since, and the one of then sees it no more."""
    await hear(there, GOES_ON, "n-1", about=GOES_ON.code)
    handed = CaseHanded(
        office=to, way=Way.PEOPLE, commission=False, reason="移交。", its_street="taihe", at=LATER
    )
    await there.cases.change("c-1", lambda _: (handed, ACCEPTED, *SETTLED), CAUSE)
    assert await earned_by(there) == whose
    here = GOES_ON.model_copy(update={"street": "guanshang", "valid_from": "2026-03-29"})
    await hear(there, here, "n-2", about=GOES_ON.code, now=LATER)
    assert (ITS in (await case_of(there)).offices) is (to == ITS)
    assert await earned_by(there) == whose


@pytest.mark.parametrize("gone", [[MOVED], [GOES_ON, ENDED]])
async def test_M_03_the_new_street_decides_and_takes_charge_of_what_arose_before(
    there: MediationDesk, gone: list[CommunityProfiled]
) -> None:
    """Where a department has it, too; nothing waits for the old one, which sees it."""
    late = [DateMissed(awaited=one.awaited, due=one.due) for one in (DECISION, CHARGE)]
    await there.cases.once("c-2", (*RECEIVED, *BACK, MASS, CHARGE, *late), CAUSE)
    await there.cases.once("c-3", (*RECEIVED, returned(HEALTH)), CAUSE)
    for place in gone:
        await hear(there, place, f"g-{place.code}", about=place.code)
    case = (await there.cases.get("c-2")).aggregate
    assert set(of_case(case)) == {ITS, STABILITY}
    assert minded(case, STREET) is None and minded(case, ITS) is not None
    to, charge = ToIn(to=STABILITY, reason="行业。"), ChargeIn(office=STABILITY)
    for step, said in ((cases.assign, to), (following.charge, charge)):
        with pytest.raises(NotAllowed):
            await take(step, there, asking(STREET), said, id="c-2")
        await take(step, there, asking(ITS), said, id="c-2")
    assert (await there.cases.get("c-3")).aggregate.held_in == "taihe"


async def test_M_09_a_matter_that_is_heard_after_its_community_was_merged_is_the_new_one_s(
    there: MediationDesk,
) -> None:
    """One that names the new community before the old street's committee is its own street's, too."""
    await merge(there)
    named_new = REFERRED.model_copy(update={"community": GOES_ON.code, "matter": "m-2"})
    for id, referred in (("8", REFERRED), ("9", named_new)):
        await hear(there, referred, id, "/gongzhi/consultation")
    taken = [one.aggregate async for one in there.cases.every({"source": "consultation"})]
    assert {(one.office, one.held_in, one.street) for one in taken} == {(NEW, "taihe", "guanshang")}
    assert {ITS, STREET} <= set(taken[0].offices) & set(taken[1].offices)


async def test_M_02_nothing_new_begins_in_a_community_that_has_ended(there: MediationDesk) -> None:
    await there.cases.once("c-2", RECEIVED, CAUSE)
    await merge(there)
    new = CaseIn(dispute="labour", source="parties", community=OLD, text="拖欠工资。")
    to = ToIn(to=COMMUNITY, reason="属地。")
    for begun, field in (
        (take(cases.register, there, asking(STREET), new), "community"),
        (take(cases.whose, there, asking("district_admin"), to, id="c-2"), "to"),
        (
            take(
                mediators.enlist,
                there,
                asking(STREET),
                MediatorIn(code="m2", name="甲", community=OLD),
            ),
            "community",
        ),
        (hear(there, PARTNERS, "7", "/partners/grid"), "community"),
    ):
        with pytest.raises(UnknownReference) as refused:
            await begun
        assert "并入新社区，请写明后者" in str(refused.value.detail)
        assert refused.value.field == field


async def test_M_03_no_case_goes_to_a_street_whose_communities_have_all_ended(
    there: MediationDesk,
) -> None:
    await there.cases.once("c-2", RECEIVED, CAUSE)
    await merge(there)
    to = ToIn(to=STREET, reason="属地。")
    new = CaseIn(dispute="labour", source="parties", street="guanshang", text="拖欠工资。")
    for begun, field in (
        (take(cases.whose, there, asking("district_admin"), to, id="c-2"), "to"),
        (take(cases.register, there, asking("district_admin"), new), "street"),
    ):
        with pytest.raises(UnknownReference, match="该街道的社区均已终止") as refused:
            await begun
        assert refused.value.field == field


async def test_M_02_no_new_line_of_a_table_begins_in_a_community_that_has_ended(
    there: MediationDesk,
) -> None:
    """One that is on record stays as it is, also the ledger's that says where it arose."""
    case = {"reference": "台-1", "dispute": "labour", "risk": "ordinary", "parties": "2"}
    case |= {"source": "排查发现", "community": OLD}
    cases_of, roster = CaseLines(desk=there), RosterLines(desk=there)
    there_already, _ = await compared(cases_of, CASE_COLUMNS, [case], MORNING)
    await entered(there_already, CAUSE)
    left = MediatorLeft(reason="调离。", at=MORNING)
    await there.mediators.once("m2", [replace(ENLISTED, code="m2"), left], CAUSE)
    await merge(there)
    rows = [case, {**case, "reference": "台-2"}]
    assert await compared(cases_of, CASE_COLUMNS, rows, LATER) == ([], ["3 community"])
    back = [{"code": code, "community": OLD} for code in ("m2", "m3")]
    anywhere = {"code": "m4", "street": "guanshang"}
    stays = {"code": "m1", "community": GOES_ON.code, "street": "taihe"}
    assert await compared(roster, ROSTER, [*back, anywhere, stays], LATER) == (
        [],
        ["2 community", "3 community", "4 street"],
    )
