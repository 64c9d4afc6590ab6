"""What telling an address decides by itself, without an address: when to stop, which secrets sign."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chassis.kernel.errors import Malformed
from chassis.kind import Held
from chassis.outbound import Away, Declined, Had, Outcome
from chassis.signing import MOST
from contracts.event import Envelope
from gateway.parking.domain import mended
from gateway.wanted import Wanted
from gateway.webhooks.domain import SecretRotated, Webhook, WebhookMade, WebhookRemoved, evolve
from gateway.webhooks.progress import HELD_FOR, Aside, Position
from gateway.webhooks.sending import Sender

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
MADE = WebhookMade(owner="street:guanshang", url="https://told.example/", about=Wanted(), at=NOW)
POSITION = Position(id="w-1", rev=1, number=0, holder="us", until=NOW + HELD_FOR)


class Set:
    """What was set aside, and what became of each."""

    def __init__(self, *numbers: int) -> None:
        self.asides = [
            Aside(webhook="w-1", number=n, first_at=NOW, tries=1, due=NOW, reason="")
            for n in numbers
        ]
        self.done_: list[int] = []
        self.again_: list[int] = []

    async def due(self, *_: Any) -> list[Aside]:
        return self.asides

    async def done(self, aside: Aside) -> None:
        self.done_.append(aside.number)

    async def again(self, aside: Aside, **_: Any) -> None:
        self.again_.append(aside.number)

    async def numbered(self, number: int) -> dict[str, Any]:
        return {"id": number}


def sending(kept: Any, look: Callable[[str], Awaitable[Held[Webhook] | None]]) -> Sender:
    unused: Any = None
    return Sender(
        journal=kept,
        live=unused,
        progress=kept,
        client=unused,
        key=bytes(32),
        clock=lambda: NOW,
        look=look,
        every=unused,
        disable=unused,
        counted=lambda _: None,
    )


@pytest.mark.parametrize(
    ("outcomes", "done", "again"),
    [
        ([Had(), Had(), Had()], [1, 2, 3], []),
        ([Declined("400"), Had(), Had()], [2, 3], [1]),
        ([Had(), Away("nobody"), Had()], [1], [2]),
    ],
)
async def test_where_nobody_is_there_the_others_are_not_tried(
    monkeypatch: pytest.MonkeyPatch, outcomes: list[Outcome], done: list[int], again: list[int]
) -> None:
    left = iter(outcomes)

    async def post(*_: Any) -> Outcome:
        return next(left)

    monkeypatch.setattr(Sender, "_post", post)
    kept: Any = Set(1, 2, 3)
    sender = sending(kept, lambda _: seen())
    held: Held[Webhook] = Held("w-1", evolve(None, MADE), 1, "w-1")

    async def seen() -> Held[Webhook]:
        return held

    assert await sender._aside_again(held, POSITION, NOW) == POSITION
    assert (kept.done_, kept.again_) == (done, again)


async def test_G_01_what_was_declined_is_told_no_more_to_who_was_removed_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept: Any = Set(1, 2, 3)
    states = [evolve(None, MADE)]
    asked: list[Any] = []

    async def look(_: str) -> Held[Webhook]:
        return Held("w-1", states[-1], len(states), "w-1")

    async def post(*said: Any) -> Outcome:
        asked.append(said)
        states.append(evolve(states[-1], WebhookRemoved(at=NOW)))
        return Had()

    async def saved(position: Position, _: datetime) -> Position:
        return position

    monkeypatch.setattr(Sender, "_post", post)
    kept.save = saved
    sender = sending(kept, look)
    assert await sender._aside_again(await look(""), POSITION, NOW) is None
    assert len(asked) == 1


def test_the_secret_before_signs_beside_the_new_one_until_its_time_is_over() -> None:
    until = NOW + timedelta(days=1)
    changed = replace(evolve(None, MADE), generation=2, earlier_until=until)
    assert changed.generations(NOW) == (2, 1)
    assert changed.generations(until) == (2,)
    assert evolve(None, MADE).generations(NOW) == (1,)


def test_each_earlier_secret_signs_as_long_as_was_promised_however_often_it_is_changed() -> None:
    hours = [NOW + timedelta(hours=n) for n in (0, 2, 23)]
    known: Webhook | None = evolve(None, MADE)
    for at in hours:
        known = evolve(known, SecretRotated(at=at))
    assert known is not None
    assert known.generations(hours[2]) == (4, 3, 2, 1)
    assert known.generations(hours[0] + timedelta(days=1)) == (4, 3, 2)
    assert known.generations(hours[1] + timedelta(days=1)) == (4, 3)
    assert known.generations(hours[2] + timedelta(days=1)) == (4,)
    for _ in range(20):
        known = evolve(known, SecretRotated(at=hours[2]))
    assert len(known.generations(hours[2])) == MOST


def test_what_is_mended_stays_under_its_source_and_id() -> None:
    before = Envelope(
        id="e-1",
        source="/partners/hotline",
        type="partner.problem_reported.v1",
        subject="reports/e-1",
        time=NOW,
        sequence="000000000001",
        correlationid="e-1",
        data={},
    )
    said = before.model_dump(mode="json", exclude_none=True)
    assert mended(before.wire(), said)
    for other in ({"id": "another"}, {"source": "/partners/other"}):
        with pytest.raises(Malformed) as refusal:
            mended(before.wire(), {**said, **other})
        assert refusal.value.field == "event.id"
    assert mended(b"{}", {**said, "id": "another"})
