"""News that lacks what its reaction needs is refused with the field before anything is touched, and so parked."""

from typing import Any

import pytest

from chassis.kernel.errors import Malformed
from chassis.subscriptions import Heard, Subscription
from contracts.event import Envelope, Event
from contracts.housing import BoundaryChanged
from contracts.organisations import StandingChanged
from contracts.procurement import ProjectEvaluated
from contracts.whistle import Rejected
from services.housing import consumers as housing
from services.index import consumers as index
from services.procurement import consumers as procurement
from tests.contracts.examples import EXAMPLES
from tests.support.toy import NOON, cause


async def untouched(*_: object) -> None:
    raise AssertionError("it was touched")


class Untouched:
    """Every part of a service, none of which may be asked anything."""

    enter = hear = hear_standing = staticmethod(untouched)

    def every(self) -> tuple[object, ...]:
        return ()

    def subscription(self) -> Subscription[Event]:
        return Subscription(Event, untouched)

    @property
    def communities(self) -> "Untouched":
        return self

    suppliers = yards = units = communities
    signed = ended = registered = communities


NOBODY: Any = Untouched()
HEARD = [
    (housing.subscriptions(NOBODY), BoundaryChanged, "community"),
    (procurement.subscriptions(NOBODY), ProjectEvaluated, "supplier"),
    (procurement.subscriptions(NOBODY), StandingChanged, "supplier"),
    (index.subscriptions(NOBODY, NOBODY, NOBODY), Rejected, "street"),
]


@pytest.mark.parametrize(("subscriptions", "type", "missing"), HEARD)
async def test_news_that_does_not_say_whom_it_is_about_is_malformed(
    subscriptions: tuple[Subscription[Any], ...], type: Any, missing: str
) -> None:
    data = {name: said for name, said in EXAMPLES[type.type].items() if name != missing}
    envelope = Envelope(
        id="n-1",
        source="/partners/grid",
        type=type.type,
        subject="things/t-1",
        time=NOON,
        sequence=f"{1:012d}",
        correlationid="case-1",
        data=data,
    )
    [react] = [one.react for one in subscriptions if one.event is type]
    with pytest.raises(Malformed) as refusal:
        await react(Heard(type(**data), envelope, cause()))
    assert refusal.value.field == missing
