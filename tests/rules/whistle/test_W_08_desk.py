"""Who blows for what, and one whistle at a time (W-01, W-02, W-08), asked of the desk over a store in memory."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chassis.asking import Asking
from chassis.at import At
from chassis.copies import Told
from chassis.kernel.errors import Malformed, NotAllowed, NotFound, Refusal, RuleBroken
from chassis.store import Document
from services.whistle.desk import WhistleDesk
from services.whistle.domain.course import Status
from services.whistle.domain.events import Kind, Level, WhistleRejected, WhistleWithdrawn
from services.whistle.domain.problem import WhistleFollowed
from services.whistle.domain.unit import UnitEntered, UnitKind
from services.whistle.steps.calling import WhistleIn, blow
from services.whistle.steps.units import UnitIn, list_unit
from services.whistle.steps.whistles import known
from tests.support.memory import MemoryStore
from tests.support.taking import take

from .cases import CALLED, MONDAY, state
from .test_W_01_problems import collected, joint, settled, small
from .test_W_16_reporters import CAUSE, asking, desk

BLOW = WhistleIn(
    level=Level.STREET, kind=Kind.PROBLEM, units=("water",), lead="water", problem="p-1"
)
DAY = timedelta(days=1)
STREET, COMMUNITY = asking("street", "liujia"), asking("community", "haihua")


@pytest.fixture
async def there() -> WhistleDesk:
    """A triaged problem of Haihua in Liujia, and the units of the annex."""
    ready = desk(MemoryStore(), MemoryStore())
    await ready.policies.seed(MONDAY)
    await ready.seed_units([("water", "区水务局"), ("transport", "区交通运输局")], MONDAY)
    seven = UnitEntered(
        code="seven",
        name="七员",
        kind=UnitKind.COMMUNITY_FORCE,
        serves=("haihua",),
        valid_from=MONDAY.date(),
        listed=3,
    )
    await ready.units.once("seven", [seven], CAUSE)
    about = replace(collected, category="parking", street="liujia", community="haihua")
    await ready.problems.create("p-1", lambda: [about, joint], CAUSE)
    return ready


def said(of: WhistleIn, **other: Any) -> WhistleIn:
    return of.model_copy(update=other)


def by(who: Asking, key: str) -> Asking:
    return Asking(who.subject, replace(who.cause, key=key, fingerprint=key))


async def breaks(rule: str, call: Any) -> RuleBroken:
    with pytest.raises(RuleBroken) as refusal:
        await call
    assert refusal.value.rule.id == rule
    return refusal.value


# Who


@pytest.mark.parametrize(("kind", "code"), [("command_centre", None), ("district_admin", None)])
async def test_W_02_who_sees_all_does_not_blow(
    there: WhistleDesk, kind: str, code: str | None
) -> None:
    with pytest.raises(NotAllowed, match="无权执行“吹哨”"):
        await take(blow, there, asking(kind, code), BLOW)


@pytest.mark.parametrize(
    ("kind", "code", "refusal"),
    [
        ("street", "guandu", NotFound),
        ("community", "haixiang", NotFound),
        ("department", "water", NotAllowed),
    ],
)
async def test_W_02_nobody_blows_for_what_arose_elsewhere(
    there: WhistleDesk, kind: str, code: str, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        await take(blow, there, asking(kind, code), BLOW)


async def test_W_02_a_secretary_blows_at_the_own_level(there: WhistleDesk) -> None:
    below = said(BLOW, level=Level.COMMUNITY, units=("seven",), lead="seven")
    for who, command in ((COMMUNITY, BLOW), (STREET, below)):
        assert (await breaks("W-02", take(blow, there, who, command))).field == "level"
    blown = await take(blow, there, COMMUNITY, below)
    assert (blown.aggregate.blower, blown.aggregate.status) == (
        "community:haihua",
        Status.DISPATCHED,
    )


@pytest.mark.parametrize("missing", ["title", "category"])
async def test_W_01_of_ones_own_accord_it_is_said_what_it_is_about(
    there: WhistleDesk, missing: str
) -> None:
    alone = said(BLOW, problem=None, title="占道经营", category="parking")
    without: dict[str, Any] = {missing: None}
    with pytest.raises(Malformed) as refusal:
        await take(blow, there, STREET, said(alone, **without))
    assert refusal.value.field == "title"
    blown = (await take(blow, there, STREET, alone)).aggregate
    assert (blown.street, blown.community, blown.problem) == ("liujia", None, None)


async def test_W_02_of_its_own_accord_a_community_blows_for_itself(there: WhistleDesk) -> None:
    data = {"code": "haihua", "name": "海华", "valid_from": "2018-12-01", "listed": 1}
    told = Told(event="e-1", sequence=1, data={**data, "street": "liujia"})
    await there.communities.aggregates.create("haihua", lambda: [told], CAUSE)
    below = said(
        BLOW,
        level=Level.COMMUNITY,
        units=("seven",),
        lead="seven",
        problem=None,
        title="楼道堆物",
        category="other",
    )
    blown = (await take(blow, there, COMMUNITY, below)).aggregate
    assert (blown.street, blown.community, blown.level) == ("liujia", "haihua", Level.COMMUNITY)


async def test_W_02_the_district_alone_enters_units(there: WhistleDesk) -> None:
    said = UnitIn(name="区水务局", kind=UnitKind.DEPARTMENT, valid_from=MONDAY.date())
    for kind, code in (("command_centre", None), ("street", "liujia"), ("department", "water")):
        with pytest.raises(NotAllowed):
            await take(list_unit, there, asking(kind, code), said, code="water")


# About what


async def test_W_01_a_problem_is_triaged_before_a_whistle_and_over_once_settled(
    there: WhistleDesk,
) -> None:
    about = replace(collected, category="parking")
    await there.problems.create("p-2", lambda: [about], CAUSE)
    await breaks("W-17", take(blow, there, STREET, said(BLOW, problem="p-2")))
    await there.problems.create("p-3", lambda: [about, small, settled], CAUSE)
    await breaks("W-17", take(blow, there, STREET, said(BLOW, problem="p-3")))


@pytest.mark.parametrize("news", [True, False], ids=["known", "still on the way"])
async def test_W_08_a_problem_has_one_whistle_at_a_time(there: WhistleDesk, news: bool) -> None:
    first = await take(blow, there, by(STREET, "k-1"), BLOW)
    if news:
        await there.follow("p-1", first.id, CAUSE)
    assert (await breaks("W-08", take(blow, there, by(STREET, "k-2"), BLOW))).field == "problem"
    again = await take(blow, there, by(STREET, "k-1"), BLOW)
    assert (again.id, again.repeated) == (first.id, True)


@pytest.mark.parametrize(
    "ended", [WhistleRejected(reason="吹空哨", cost=5, policy=1), WhistleWithdrawn(reason="误吹")]
)
async def test_W_08_after_one_that_was_rejected_or_withdrawn_there_may_be_another(
    there: WhistleDesk, ended: Any
) -> None:
    first = await take(blow, there, by(STREET, "k-1"), BLOW)
    await there.follow("p-1", first.id, CAUSE)
    await there.whistles.change(first.id, lambda _: [ended], CAUSE)
    second = await take(blow, there, by(STREET, "k-2"), BLOW)
    assert second.id != first.id and not second.repeated
    assert second.aggregate.problem == "p-1"
    assert second.correlation == first.correlation
    again = await take(blow, there, by(STREET, "k-1"), BLOW)
    assert (again.id, again.repeated) == (first.id, True)


async def test_W_08_the_news_of_a_whistle_is_noted_once(there: WhistleDesk) -> None:
    first = await take(blow, there, STREET, BLOW)
    for _ in range(2):
        await there.follow("p-1", first.id, CAUSE)
    trail = await there.problems.trail("p-1")
    assert [entry["type"] for entry in trail].count(WhistleFollowed.__name__) == 1


@pytest.mark.parametrize(
    "entry",
    [
        {"valid_from": MONDAY.date() - DAY, "valid_to": MONDAY.date() - DAY},
        {"valid_from": MONDAY.date() + DAY},
    ],
    ids=["ended", "entered anew for later"],
)
async def test_W_05_whom_nobody_can_call_today_the_centre_may_replace(
    there: WhistleDesk, entry: dict[str, Any]
) -> None:
    centre = At(asking=asking("command_centre", None), known=None)
    assert (await known(there, state(CALLED), centre)).ended == []
    anew = UnitIn(name="区水务局", kind=UnitKind.DEPARTMENT, **entry)
    await take(list_unit, there, asking("district_admin", None), anew, code="water")
    assert (await known(there, state(CALLED), centre)).ended == ["water"]


class Counting(MemoryStore):
    """How often a document was read, and not only asked whether it has changed."""

    def __init__(self) -> None:
        super().__init__()
        self.read: Counter[str] = Counter()

    async def get(self, collection: str, id: str, *, lean: bool = False) -> Document | None:
        self.read[collection] += 1
        return await super().get(collection, id, lean=lean)

    async def rev(self, collection: str, id: str) -> int | None:
        found = await super().get(collection, id)
        return int(found["rev"]) if found else None


async def test_W_05_a_list_of_what_may_be_done_reads_each_unit_once() -> None:
    store = Counting()
    ready = desk(store, MemoryStore())
    await ready.policies.seed(MONDAY)
    await ready.seed_units([("water", "区水务局"), ("transport", "区交通运输局")], MONDAY)
    store.read.clear()
    centre = At(asking=asking("command_centre", None), known=None)
    for _ in range(3):
        await known(ready, state(CALLED), centre)
    assert store.read["units"] == 2
