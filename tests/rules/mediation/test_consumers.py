"""M-01, M-09, M-12: what others tell becomes one case, however often it is told; over a store in memory."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import UnknownReference
from chassis.subscriptions import Heard
from contracts.consultation import MatterReferred
from contracts.event import Envelope, Event
from contracts.housing import CommunityProfiled
from contracts.partner import DisputeReported
from contracts.whistle import ProblemSettled
from services.mediation.consumers import subscriptions
from services.mediation.desk import MediationDesk, of_problem
from services.mediation.domain.dispute import Risk, Source
from services.mediation.domain.screening import Screening
from services.mediation.main import desk_on
from tests.support.memory import MemoryStore
from tests.support.toy import Silent

from .lives import COMMUNITY, MORNING, RECEIVED, STREET, WORK

BEGUN = datetime(2026, 1, 2, tzinfo=UTC)
"""Since when meetings are on record here."""
HERE = {"street": "guanshang", "community": "guanshangzhongxinqu"}
REFERRED = MatterReferred(
    **HERE, matter="m-1", target="mediation", category="dispute", title="两方纠纷"
)


@pytest.fixture
async def there() -> MediationDesk:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await desk.policies.seed(MORNING)
    await desk.begin_screening(None, BEGUN)
    return desk


async def hear(
    desk: MediationDesk,
    event: Event,
    id: str,
    source: str = "/gongzhi/x",
    about: str = "x-1",
    now: datetime = MORNING,
    told_at: datetime | None = None,
) -> None:
    reactions: dict[type[Event], Callable[[Any], Any]] = {
        one.event: one.react for one in subscriptions(desk)
    }
    envelope = Envelope(
        id=id,
        source=source,
        type=event.type,
        subject=f"things/{about}",
        time=told_at or now,
        sequence=f"{round(now.timestamp()):012d}",
        correlationid="m-1",
        data=event.model_dump(mode="json", exclude_none=True),
    )
    cause = Cause(actor="event", now=now, correlation="m-1", key=f"event:{id}")
    await reactions[type(event)](Heard(event, envelope, cause))


async def test_M_09_a_refused_dispute_becomes_one_case_however_often_it_is_told(
    there: MediationDesk,
) -> None:
    for id in ("e-1", "e-1", "e-2"):
        await hear(there, REFERRED, id)
    [held] = [one async for one in there.cases.every({})]
    case = held.aggregate
    assert (case.source, case.matter, case.office) == (Source.CONSULTATION, "m-1", COMMUNITY)
    assert (case.parties, case.named, held.correlation) == (("a", "b"), (), "m-1")


async def test_M_09_a_street_s_is_the_street_s_and_what_goes_elsewhere_is_nobody_s(
    there: MediationDesk,
) -> None:
    await hear(there, REFERRED.model_copy(update={"target": "whistle"}), "e-1")
    assert await there.cases.count({}) == 0
    await hear(there, REFERRED.model_copy(update={"community": None}), "e-2")
    [held] = [one async for one in there.cases.every({})]
    assert held.aggregate.office == STREET
    with pytest.raises(UnknownReference):
        await hear(there, REFERRED.model_copy(update={"street": None}), "e-3")


PROFILED = CommunityProfiled(
    **HERE, code=HERE["community"], name="关上中心区", valid_from="2018-01-01", listed=1
)


async def profiled(desk: MediationDesk) -> None:
    """The register's one community."""
    for id in ("p-1", "p-2"):
        await hear(desk, PROFILED, id, about=PROFILED.code)


async def test_M_01_a_street_s_meetings_begin_with_the_first_of_its_communities(
    there: MediationDesk,
) -> None:
    await profiled(there)
    held = await there.screenings.get("guanshang")
    assert (held.aggregate.street, held.version) == ("guanshang", 1)


@pytest.mark.parametrize("lost", [{"valid_to": "2026-02-20"}, {"street": "taihe"}])
async def test_M_01_a_street_that_lost_its_communities_is_told_of_no_missed_meeting_until_it_has_one(
    there: MediationDesk, lost: dict[str, str]
) -> None:
    async def told(id: str, month: int, day: int, **changed: str) -> None:
        now = datetime(2026, month, day, 2, tzinfo=UTC)
        event = PROFILED.model_copy(update=changed)
        await hear(there, event, id, about=PROFILED.code, now=now)

    async def waits_until(month: int, day: int) -> Screening:
        """What the clock finds up to the beginning of that day."""
        until = datetime(2026, month, day, tzinfo=UTC)
        screening = (await there.screenings.get("guanshang")).aggregate
        while (due := screening.wakes_at) and due < until:
            cause = Cause(actor="platform", now=due)
            await there.close_period("guanshang", cause)
            screening = (await there.screenings.get("guanshang")).aggregate
        return screening

    await told("p-1", 1, 20)
    assert [one.period for one in (await waits_until(2, 18)).missed] == ["2026-02-1"]
    await told("p-2", 2, 19, **lost)
    rests = await waits_until(6, 1)
    assert ([one.period for one in rests.missed], rests.awaits) == (["2026-02-1"], None)
    await told("p-3", 6, 3, **lost, name="关上")
    still = (await there.screenings.get("guanshang")).aggregate
    assert still == rests, "news of what is gone is no community"
    await told("p-4", 7, 8)
    again = await waits_until(8, 2)
    assert [one.period for one in again.missed] == ["2026-02-1", "2026-07-2"]
    assert await there.screenings.check("guanshang") == []


async def test_M_01_a_community_that_comes_while_a_street_s_meetings_end_has_them_go_on(
    there: MediationDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    due, looked = datetime(2026, 1, 31, 16, tzinfo=UTC), MediationDesk.there
    await hear(there, PROFILED, "p-1", about=PROFILED.code, now=due - timedelta(days=20))
    ended = PROFILED.model_copy(update={"valid_to": "2026-01-20"})
    await hear(there, ended, "p-2", about=PROFILED.code, now=due - timedelta(days=11))
    came = PROFILED.model_copy(update={"code": "new", "valid_from": "2026-02-01"})

    async def then_one_came(desk: MediationDesk, street: str, day: date) -> bool:
        found = await looked(desk, street, day)
        monkeypatch.setattr(MediationDesk, "there", looked)
        await hear(desk, came, "p-3", about="new", now=due)
        return found

    monkeypatch.setattr(MediationDesk, "there", then_one_came)
    await there.close_period("guanshang", Cause(actor="platform", now=due))
    screening = (await there.screenings.get("guanshang")).aggregate
    assert (screening.awaits, screening.missed) == (date(2026, 2, 16), ())
    assert await there.screenings.check("guanshang") == []


EDGE = datetime(2026, 2, 15, 16, tzinfo=UTC)
"""The first half of February is over."""
OLD = PROFILED.model_copy(update={"code": "old", "valid_to": "2026-02-03"})


@pytest.mark.parametrize("first", ["clock", "news"])
@pytest.mark.parametrize(
    ("before", "news", "missed", "awaits"),
    [
        (PROFILED, {"street": "taihe", "valid_from": "2026-02-16"}, ["2026-02-1"], None),
        (PROFILED, {"valid_to": "2026-02-15"}, ["2026-02-1"], None),
        (OLD, {"valid_from": "2026-02-16"}, [], date(2026, 3, 1)),
    ],
    ids=["moves away", "ends", "comes"],
)
async def test_M_01_what_the_register_tells_as_a_period_ends_is_of_the_days_it_names(
    there: MediationDesk,
    first: str,
    before: CommunityProfiled,
    news: dict[str, str],
    missed: list[str],
    awaits: date | None,
) -> None:
    """Changes of boundaries are told at midnight, as the clock finds the period over: whichever is first."""

    async def clock(at: datetime = EDGE) -> None:
        await there.close_period("guanshang", Cause(actor="platform", now=at))

    async def told() -> None:
        event = PROFILED.model_copy(update=news)
        await hear(there, event, "p-2", about=event.code, now=EDGE)

    await hear(there, before, "p-1", about=before.code, now=datetime(2026, 1, 20, tzinfo=UTC))
    for step in (clock, told) if first == "clock" else (told, clock):
        await step()
    if awaits is None:
        await clock(datetime(2026, 2, 28, 16, tzinfo=UTC))
    screening = (await there.screenings.get("guanshang")).aggregate
    assert [one.period for one in screening.missed] == missed
    assert screening.awaits == awaits


@pytest.mark.parametrize(
    ("told_at", "awaits"),
    [
        (EDGE - timedelta(minutes=1), date(2026, 2, 16)),
        (EDGE, date(2026, 3, 1)),
        (datetime(2018, 1, 1, tzinfo=UTC), date(2026, 1, 16)),
    ],
    ids=["before midnight", "after it", "before there were records"],
)
async def test_M_01_meetings_begin_as_the_news_says_however_late_it_comes(
    there: MediationDesk, told_at: datetime, awaits: date
) -> None:
    late = EDGE + timedelta(minutes=1)
    await hear(there, PROFILED, "p-1", about=PROFILED.code, now=late, told_at=told_at)
    assert (await there.screenings.get("guanshang")).aggregate.awaits == awaits


async def test_M_12_a_partner_s_dispute_is_one_case_with_its_number(there: MediationDesk) -> None:
    reported = DisputeReported(
        community="guanshangzhongxinqu",
        dispute="labour",
        risk="mass_incident",
        parties=3,
        reference="YN-2026-1",
        reported_at=MORNING,
    )
    await profiled(there)
    for source in ("/partners/grid", "/partners/grid", "/partners/province"):
        await hear(there, reported, "7" if source == "/partners/grid" else "8", source)
    cases = [one.aggregate async for one in there.cases.every({})]
    assert len(cases) == 2
    case = cases[0]
    assert (case.source, case.reference, case.parties) == (
        Source.PARTNER,
        "YN-2026-1",
        ("a", "b", "c"),
    )
    assert (case.risk, case.office) == (Risk.MASS, COMMUNITY)
    assert len(case.clocks) == 2


async def test_M_02_a_problem_that_is_settled_is_noted_on_its_case_once_and_ends_nothing(
    there: MediationDesk,
) -> None:
    settled = ProblemSettled(**HERE, category="noise", channel="visit")
    await hear(there, settled, "s-1", about="p-1")
    assert await there.cases.count({}) == 0
    cause = Cause(actor=COMMUNITY, now=MORNING)
    await there.cases.once(of_problem("p-1"), RECEIVED, cause)
    await there.cases.once(of_problem("p-2"), RECEIVED, cause)
    for id in ("s-2", "s-3"):
        await hear(there, settled, id, about="p-1")
    case, other = [(await there.cases.get(of_problem(one))).aggregate for one in ("p-1", "p-2")]
    assert (case.problem_settled_at, case.status, len(case.clocks)) == (MORNING, "received", 1)
    assert other.problem_settled_at is None
    elsewhere = settled.model_copy(update={"street": "taihe", "community": "hepinglu"})
    await hear(there, elsewhere, "s-4", about="p-2")
    assert (await there.cases.get(of_problem("p-2"))).aggregate.problem_settled_at is None
    versions = [(await there.cases.get(of_problem(one))).version for one in ("p-1", "p-2")]
    assert versions == [len(RECEIVED) + 1, len(RECEIVED)]
