"""What others' news does here: one document each, once, however often it is heard; over a store in memory."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.copies import Told
from chassis.http import ReasonIn
from chassis.kernel.errors import RuleBroken, UnknownReference
from chassis.kind import derived_id
from chassis.subscriptions import Heard
from contracts.consultation import MatterReferred
from contracts.event import Envelope, Event
from contracts.housing import AgreementOverdue
from contracts.partner import ProblemReported
from contracts.whistle import (
    Blown,
    Closed,
    ProblemCollected,
    ProblemRepeated,
    Rejected,
    Withdrawn,
)
from services.whistle.consumers import subscriptions
from services.whistle.desk import WhistleDesk
from services.whistle.domain.events import Kind, Level
from services.whistle.domain.notice import Moment, NoticeDue
from services.whistle.domain.problem import Channel, ProblemStatus
from services.whistle.messenger import Messenger
from services.whistle.queries import Queries
from services.whistle.steps.calling import reject
from tests.support.memory import MemoryStore
from tests.support.taking import take

from .cases import MONDAY, SECOND, blown, rejected
from .test_W_01_problems import collected, joint
from .test_W_16_reporters import CAUSE, asking, desk

HERE = {"street": "liujia", "community": "haihua"}
reported = ProblemReported(
    community="haihua", category="noise", title="夜间施工", place="东门", reported_at=MONDAY
)
referred = MatterReferred(
    **HERE, matter="m-1", target="whistle", category="parking", title="停车位改造"
)
overdue = AgreementOverdue(**HERE, agreement="a-1", due="2026-03-01", area_outstanding=3000)
counted = ProblemCollected(
    **HERE, category="noise", channel="visit", spot="spot-1", collected_at=MONDAY
)
about_a_problem = Blown(
    **HERE, units=("water",), kind="problem", level="street", category="parking", problem="p-1"
)


@pytest.fixture
async def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
async def there(store: MemoryStore) -> WhistleDesk:
    ready = desk(store, MemoryStore())
    await ready.policies.seed(MONDAY)
    data = {"code": "haihua", "name": "海华", "valid_from": "2018-12-01", "listed": 1}
    told = Told(event="e-1", sequence=1, data={**data, "street": "liujia"})
    await ready.communities.aggregates.create("haihua", lambda: [told], CAUSE)
    return ready


def reactions(there: WhistleDesk) -> dict[type[Event], Callable[[Any], Any]]:
    return {one.event: one.react for one in subscriptions(there)}


async def hear(
    there: WhistleDesk,
    event: Event,
    id: str = "n-1",
    *,
    source: str = "/hotline",
    subject: str = "things/t-1",
    sequence: int = 1,
    at: datetime = MONDAY,
) -> None:
    """Told on MONDAY, and heard then or later."""
    envelope = Envelope(
        id=id,
        source=source,
        type=event.type,
        subject=subject,
        time=MONDAY,
        sequence=f"{sequence:012d}",
        correlationid="case-1",
        data=event.model_dump(mode="json", exclude_none=True),
    )
    cause = Cause(actor=f"event:{source}", now=at, key=f"event:{source}/{id}", correlation="case-1")
    await reactions(there)[type(event)](Heard(event, envelope, cause))


def kept(store: MemoryStore, collection: str) -> list[str]:
    return [id for name, id in store.kept if name == collection]


async def test_W_01_a_partners_news_is_one_problem_by_source_and_id(
    there: WhistleDesk, store: MemoryStore
) -> None:
    for _ in range(2):
        await hear(there, reported)
    [id] = kept(store, "problems")
    problem = (await there.problems.get(id)).aggregate
    assert (problem.channel, problem.origin) == (Channel.DIGITAL, "partner:/hotline")
    assert (problem.street, problem.community, problem.place) == ("liujia", "haihua", "东门")
    await hear(there, reported, "n-2")
    await hear(there, reported, source="/grid")
    assert len(kept(store, "problems")) == 3


async def test_W_01_news_of_a_community_whose_street_is_unknown_says_what_is_missing(
    there: WhistleDesk, store: MemoryStore
) -> None:
    data = {"code": "yunxi", "name": "云溪", "valid_from": "2018-12-01", "listed": 2}
    told = Told(event="e-2", sequence=1, data=data)
    await there.communities.aggregates.create("yunxi", lambda: [told], CAUSE)
    with pytest.raises(UnknownReference, match="云溪 尚未登记所属街道") as refusal:
        await hear(there, reported.model_copy(update={"community": "yunxi"}))
    assert refusal.value.field == "community"
    assert kept(store, "problems") == []


async def test_W_01_what_was_told_while_its_community_stood_is_taken_once_also_when_that_has_ended(
    there: WhistleDesk, store: MemoryStore
) -> None:
    """Its last day turns out to be the day of the news, or one before."""
    later = MONDAY + timedelta(days=2)
    await hear(there, reported)
    await end(there, MONDAY, 2)
    await hear(there, reported, at=later)
    await hear(there, reported, "n-2", at=later)
    assert len(kept(store, "problems")) == 2
    await end(there, MONDAY - timedelta(days=1), 3)
    await hear(there, reported, at=later)
    with pytest.raises(UnknownReference, match="海华 已于 2026-03-01 终止"):
        await hear(there, reported, "n-3", at=later)
    await hear(there, referred, "m-1", at=later)
    assert len(kept(store, "problems")) == 3


async def end(there: WhistleDesk, day: datetime, sequence: int) -> None:
    data = {"code": "haihua", "name": "海华", "valid_from": "2018-12-01", "listed": 1}
    data |= {"street": "liujia", "valid_to": day.date().isoformat()}
    told = Told(event=f"e-{sequence}", sequence=sequence, data=data)
    await there.communities.aggregates.change("haihua", lambda _: [told], replace(CAUSE, key=None))


async def test_W_01_what_was_taken_is_taken_also_when_its_category_has_been_struck(
    there: WhistleDesk, store: MemoryStore
) -> None:
    for news, id in ((reported, "n-1"), (referred, "m-1")):
        await hear(there, news, id)
    await strike(there, "noise", "parking")
    for news, id in ((reported, "n-1"), (referred, "m-1"), (referred, "m-2")):
        await hear(there, news, id)
    assert len(kept(store, "problems")) == 2
    with pytest.raises(RuleBroken, match="没有这个类别"):
        await hear(there, reported, "n-2")


async def strike(there: WhistleDesk, *categories: str) -> None:
    """From the list, by the district."""
    book = (await there.policies.book()).aggregate
    values = book.editions[-1].values
    left = {code: one for code, one in values["categories"].items() if code not in categories}
    await there.policies.put({**values, "categories": left}, "类别调整", replace(CAUSE, key=None))


async def test_W_01_a_matter_for_a_whistle_is_one_problem_and_any_other_is_none(
    there: WhistleDesk, store: MemoryStore
) -> None:
    await hear(there, referred.model_copy(update={"target": "upper_committee"}))
    assert kept(store, "problems") == []
    for id in ("n-1", "n-2"):
        await hear(there, referred, id)
    [id] = kept(store, "problems")
    problem = (await there.problems.get(id)).aggregate
    assert (problem.channel, problem.origin) == (Channel.CONSULTATION, "matter:m-1")
    for id in ("n-3", "n-4"):
        await hear(there, referred.model_copy(update={"again": 1}), id)
    assert len(kept(store, "problems")) == 2, "it was deliberated again, and the first is closed"


@pytest.mark.parametrize("missing", ["street", "community"])
async def test_W_01_news_that_does_not_say_where_is_not_guessed(
    there: WhistleDesk, store: MemoryStore, missing: str
) -> None:
    with pytest.raises(UnknownReference) as refusal:
        await hear(there, referred.model_copy(update={missing: None}))
    assert refusal.value.field == missing
    assert kept(store, "problems") == []


async def test_W_02_an_overdue_agreement_is_one_tackle_whistle_for_each_due_date(
    there: WhistleDesk, store: MemoryStore
) -> None:
    for id in ("n-1", "n-2"):
        await hear(there, overdue, id)
    [id] = kept(store, "whistles")
    whistle = (await there.whistles.get(id)).aggregate
    assert (whistle.level, whistle.kind, whistle.blower) == (
        Level.STREET,
        Kind.TACKLE,
        "street:liujia",
    )
    assert (whistle.summoned, whistle.lead) == (("housing_construction",), "housing_construction")
    assert whistle.origin == "agreement:a-1"
    await hear(there, overdue.model_copy(update={"due": "2026-06-01"}), "n-3")
    assert len(kept(store, "whistles")) == 2


async def test_W_04_a_whistle_that_the_platform_blew_for_a_street_takes_nothing_of_its_year(
    there: WhistleDesk, store: MemoryStore
) -> None:
    """Nor one that was rejected when that still cost points."""
    for due in ("2026-02-27", "2026-03-01"):
        await hear(there, overdue.model_copy(update={"due": due}), due)
    new, old = kept(store, "whistles")
    await take(reject, there, asking("command_centre"), ReasonIn(reason="协议已延期"), id=new)
    await there.whistles.change(old, lambda _: [rejected], CAUSE)
    lists, street = Queries.of(there).lists, asking("street", "liujia").subject
    standing = {"blower": "street:liujia", "year": 2026, "irregular": 0, "points": 100}
    assert await lists.standing("street:liujia", 2026, street) == standing
    await there.whistles.create("w-9", lambda: [blown, rejected], CAUSE)
    standing |= {"irregular": 1, "points": 95}
    assert await lists.standing("street:liujia", 2026, street) == standing


async def test_W_08_a_problem_learns_of_its_whistle(there: WhistleDesk) -> None:
    await there.problems.create("p-1", lambda: [collected, joint], CAUSE)
    for id in ("n-1", "n-2"):
        await hear(there, about_a_problem, id, subject="whistles/w-1")
    await hear(there, about_a_problem.model_copy(update={"problem": None}), "n-3")
    assert (await there.problems.get("p-1")).aggregate.whistles == ("w-1",)


@pytest.mark.parametrize("news", [Rejected, Withdrawn])
async def test_W_01_a_problem_whose_whistle_ended_is_somebodys_again(
    there: WhistleDesk, news: type[Rejected] | type[Withdrawn]
) -> None:
    ended = news(**about_a_problem.model_dump())
    for problem, order in (("p-1", (about_a_problem, ended)), ("p-2", (ended, about_a_problem))):
        await there.problems.create(problem, lambda: [collected, joint], CAUSE)
        for number, one in enumerate((*order, *order)):
            said = one.model_copy(update={"problem": problem})
            await hear(there, said, f"n-{number}", subject=f"whistles/w-{problem}")
        held = await there.problems.get(problem)
        assert (held.aggregate.status, held.version) == (ProblemStatus.TRIAGED, 4)
    await hear(there, ended.model_copy(update={"problem": None}), "n-9")


answered = Closed(
    **about_a_problem.model_dump(),
    outcome="resolved",
    closed_at=MONDAY,
    records=(),
    returns=0,
    score=8400,
)
rated = answered.model_copy(update={"satisfaction": 5, "score": 8800})
answered_later = answered.model_copy(update={"closed_at": MONDAY + timedelta(days=3)})


@pytest.fixture
async def reaching(there: WhistleDesk) -> WhistleDesk:
    """With a gateway for messages and a reporter of p-1 who can be reached; the whistle's news says all of it."""
    await there.problems.create("p-1", lambda: [collected, joint], CAUSE)
    await there.reporters.keep("p-1", {"asked": "请修复", "contact": "13900000000"}, CAUSE)
    return replace(there, messenger=Messenger.__new__(Messenger))


async def test_W_09_who_rates_an_answer_is_not_told_of_it_again(
    reaching: WhistleDesk, store: MemoryStore
) -> None:
    for number, news in enumerate((answered, rated, answered)):
        await hear(reaching, news, f"n-{number}", subject="whistles/w-1")
    assert len(kept(store, "notices")) == 1
    await hear(reaching, answered_later, "n-9", subject="whistles/w-1")
    assert len(kept(store, "notices")) == 2


async def test_W_09_who_was_told_of_an_answer_by_an_earlier_build_is_not_told_again(
    reaching: WhistleDesk, store: MemoryStore
) -> None:
    """It kept one for each time that the closing was told, under the id of that news."""
    for told, moment in (("n-0", Moment.ANSWERED), ("n-1", Moment.ARRIVED)):
        due = NoticeDue(problem="p-1", moment=moment, at=MONDAY + 2 * SECOND)
        await reaching.notices.once(derived_id("notices", "p-1", told), [due], CAUSE)
    for number, news in enumerate((answered, rated)):
        await hear(reaching, news, f"n-{number}", subject="whistles/w-1")
    assert len(kept(store, "notices")) == 2
    await hear(reaching, answered_later, "n-9", subject="whistles/w-1")
    assert len(kept(store, "notices")) == 3


async def test_W_12_a_report_is_counted_at_its_place_and_at_none_if_that_is_unknown(
    there: WhistleDesk, store: MemoryStore
) -> None:
    await hear(there, counted.model_copy(update={"spot": None}), subject="problems/p-0")
    assert kept(store, "spots") == []
    for n in range(3):
        await there.problems.create(f"p-{n}", lambda: [collected, joint], CAUSE)
        later = counted.model_copy(update={"collected_at": MONDAY + n * timedelta(days=3)})
        await hear(there, later, f"n-{n}", subject=f"problems/p-{n}")
    spot = (await there.spots.get("spot-1")).aggregate
    assert [report.problem for report in spot.reports] == ["p-0", "p-1", "p-2"]
    assert spot.told is not None
    repeated = ProblemRepeated(
        **HERE, category="noise", count=3, first="2026-03-02", last="2026-03-02"
    )
    for id in ("r-1", "r-2"):
        await hear(there, repeated, id, subject="spots/spot-1")
    [case] = kept(store, "accountability")
    held = await there.cases.get(case)
    assert (held.aggregate.holder, held.correlation) == ("community:haihua", "case-1")
