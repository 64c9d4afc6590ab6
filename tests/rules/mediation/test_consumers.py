"""M-09: what consultation refuses as a dispute of two parties becomes one case; over a store in memory."""

from collections.abc import Callable
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import UnknownReference
from chassis.subscriptions import Heard
from contracts.consultation import MatterReferred
from contracts.event import Envelope, Event
from services.mediation.consumers import subscriptions
from services.mediation.desk import MediationDesk
from services.mediation.domain.dispute import Source
from services.mediation.main import desk_on
from tests.support.memory import MemoryStore
from tests.support.toy import Silent

from .lives import COMMUNITY, MORNING, STREET, WORK

HERE = {"street": "guanshang", "community": "guanshangzhongxinqu"}
REFERRED = MatterReferred(
    **HERE, matter="m-1", target="mediation", category="dispute", title="两方纠纷"
)


@pytest.fixture
async def there() -> MediationDesk:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), WORK)
    await desk.policies.seed(MORNING)
    return desk


async def hear(desk: MediationDesk, event: Event, id: str, source: str = "/gongzhi/x") -> None:
    reactions: dict[type[Event], Callable[[Any], Any]] = {
        one.event: one.react for one in subscriptions(desk)
    }
    envelope = Envelope(
        id=id,
        source=source,
        type=event.type,
        subject="things/x-1",
        time=MORNING,
        sequence="000000000001",
        correlationid="m-1",
        data=event.model_dump(mode="json", exclude_none=True),
    )
    cause = Cause(actor="event", now=MORNING, correlation="m-1", key=f"event:{id}")
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
