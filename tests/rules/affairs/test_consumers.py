"""A-21, A-22: others' news, told once or twice, over a store in memory."""

from typing import Any

from chassis.cause import Cause
from chassis.subscriptions import Heard
from contracts.consultation import OutcomeReported
from contracts.event import Envelope, Event
from contracts.housing import CommunityProfiled
from services.affairs.consumers import subscriptions
from services.affairs.desk import AffairsDesk
from services.affairs.domain.exercise import CaseStatus
from services.affairs.main import desk_on
from tests.support.memory import MemoryStore
from tests.support.toy import Silent

from .cases import MARCH, WORK
from .test_A_20_powers import opened, stopped


async def hear(desk: AffairsDesk, event: Event, id: str, about: str) -> None:
    reactions: dict[type[Event], Any] = {one.event: one.react for one in subscriptions(desk)}
    envelope = Envelope(
        id=id,
        source="/gongzhi/x",
        type=event.type,
        subject=f"things/{about}",
        time=MARCH,
        sequence="000000000001",
        correlationid="c-1",
        data=event.model_dump(mode="json", exclude_none=True),
    )
    cause = Cause(actor="event", now=MARCH, correlation="c-1", key=f"event:{id}")
    await reactions[type(event)](Heard(event, envelope, cause))


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
