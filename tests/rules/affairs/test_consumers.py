"""A-21, A-22: others' news, told once or twice, over a store in memory."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import UnknownReference
from chassis.subscriptions import Heard
from contracts.consultation import OutcomeReported
from contracts.event import Envelope, Event
from contracts.housing import CommunityProfiled
from services.affairs.consumers import subscriptions
from services.affairs.desk import AffairsDesk
from services.affairs.domain.exercise import CaseStatus
from services.affairs.main import desk_on, seed
from tests.support.memory import MemoryStore
from tests.support.toy import Silent

from .cases import MARCH, WORK
from .test_A_20_powers import opened, stopped


async def hear(desk: AffairsDesk, event: Event, id: str, about: str, number: int = 1) -> None:
    reactions: dict[type[Event], Any] = {one.event: one.react for one in subscriptions(desk)}
    await reactions[type(event)](heard(event, id, about, number))


def heard(event: Event, id: str, about: str, number: int) -> Heard[Any]:
    envelope = Envelope(
        id=id,
        source="/gongzhi/x",
        type=event.type,
        subject=f"things/{about}",
        time=MARCH,
        sequence=f"{number:012d}",
        correlationid="c-1",
        data=event.model_dump(mode="json", exclude_none=True),
    )
    cause = Cause(actor="event", now=MARCH, correlation="c-1", key=f"event:{id}")
    return Heard(event, envelope, cause)


async def there() -> AffairsDesk:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await desk.policies.seed(MARCH)
    return desk


async def test_A_21_an_outcome_reaches_the_running_cases_of_its_matter() -> None:
    desk = await there()
    cause = Cause(actor="platform", now=MARCH)
    await desk.cases.once("c-1", [opened], cause)
    await desk.cases.once("c-2", [opened, stopped], cause)
    news = OutcomeReported(matter="m-1", outcome="usable_here", at=MARCH)
    for id in ("e-1", "e-1"):
        await hear(desk, news, id, "m-1")
    held = await desk.cases.get("c-1")
    assert (held.aggregate.outcome, held.version) == ("usable_here", 2)
    over = await desk.cases.get("c-2")
    assert (over.aggregate.outcome, over.aggregate.status) == (None, CaseStatus.STOPPED)


async def test_A_22_a_communitys_disclosures_begin_once_with_its_profile() -> None:
    desk = await there()
    profile = CommunityProfiled(
        code="haihua", name="海华", street="guanshang", valid_from="2018-01-01", listed=1
    )
    for id in ("e-1", "e-2"):
        await hear(desk, profile, id, "haihua")
    assert await desk.disclosures.count({"community": "haihua"}) == 3
    nowhere = profile.model_copy(update={"code": "wula", "street": None})
    await hear(desk, nowhere, "e-3", "wula")
    assert await desk.disclosures.count({}) == 3


async def test_A_22_a_template_that_the_policy_has_since_begins_in_communities_of_before() -> None:
    """When the next date of another one there has come; not in one that is no more."""
    desk, april = await there(), datetime(2026, 3, 31, 16, tzinfo=UTC)
    profile = CommunityProfiled(
        code="haihua", name="海华", street="guanshang", valid_from="2018-01-01", listed=1
    )
    gone = profile.model_copy(update={"code": "wula"})
    for number, one in enumerate(
        (profile, gone, gone.model_copy(update={"valid_to": "2026-03-31"}))
    ):
        await hear(desk, one, f"e-{number}", one.code, number + 1)
    values = dict((await desk.policies.book()).aggregate.editions[-1].values)
    template = {"affairs": "financial", "what": "集体资产清查", "every": "month", "days": 10}
    values["disclosures"] = {**values["disclosures"], "assets": template}
    await desk.policies.put(values, "区里印发样本", Cause(actor="district_admin", now=MARCH))
    clock = Cause(actor="system:clock", now=april)
    for id in [held.id async for held in desk.disclosures.every({})]:
        await desk.disclosure_due(id, clock)
        await desk.disclosure_due(id, clock)
    assert await desk.disclosures.count({"community": "wula"}) == 3
    every = [held.aggregate async for held in desk.disclosures.every({"community": "haihua"})]
    [new] = [one for one in every if one.template.what == template["what"]]
    assert (len(every), new.period, new.awaits) == (4, "2026-04", "2026-05")


async def test_H_11_disclosures_go_with_their_community_and_end_with_it() -> None:
    desk = await there()
    profile = CommunityProfiled(
        code="haihua", name="海华", street="guanshang", valid_from="2018-01-01", listed=1
    )
    changes: tuple[dict[str, str], ...] = (
        {},
        {"street": "wujing"},
        {"street": "wujing", "valid_to": "2026-03-01"},
    )
    for number, change in enumerate(changes, 1):
        await hear(desk, profile.model_copy(update=change), f"e-{number}", "haihua", number)
        kept = [one.aggregate async for one in desk.disclosures.every({"community": "haihua"})]
        street, last = change.get("street", "guanshang"), change.get("valid_to")
        assert {(one.street, one.last and one.last.isoformat()) for one in kept} == {(street, last)}
    gone = profile.model_copy(update={"code": "wula", "valid_to": "2026-03-01"})
    await hear(desk, gone, "e-9", "wula")
    assert await desk.disclosures.count({"community": "wula"}) == 0
    with pytest.raises(UnknownReference):
        await desk.community("haihua")


async def test_H_11_disclosures_whose_community_had_ended_before_end_at_the_start() -> None:
    """Of what was heard when only the copy was kept, once."""
    desk = await there()
    profile = CommunityProfiled(
        code="haihua", name="海华", street="guanshang", valid_from="2018-01-01", listed=1
    )
    await hear(desk, profile, "e-1", "haihua")
    ended = profile.model_copy(update={"valid_to": "2026-03-31"})
    await desk.communities.hear(heard(ended, "e-2", "haihua", 2))
    for _ in range(2):
        await seed(desk, MARCH)
    kept = [held async for held in desk.disclosures.every({"community": "haihua"})]
    assert {one.aggregate.last for one in kept} == {date(2026, 3, 31)}
    assert {one.version for one in kept} == {2}
