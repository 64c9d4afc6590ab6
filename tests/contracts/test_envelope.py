"""The envelope every event travels in: CloudEvents 1.0, sortable as text, never too big."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from chassis.bus import Delivery, Done, Park
from chassis.outbox import Unsendable, message
from chassis.subscriptions import Heard, Listener, Subscription
from chassis.telemetry import Telemetry
from contracts.event import MAX_BYTES, Envelope, instant
from tests.support.toy import NOON, Put

CHINA = timezone(timedelta(hours=8))
YEARS = timedelta(days=365 * 50)
INSTANTS = st.timedeltas(-YEARS, YEARS).map(lambda away: (NOON + away).astimezone(CHINA))
ENVELOPE: dict[str, Any] = {
    "id": "e1",
    "source": "/gongzhi/toy",
    "type": "toy.put.v1",
    "subject": "jars/1",
    "time": NOON,
    "sequence": "000000000001",
    "correlationid": "c1",
    "data": {"amount": 1},
}


def sized(bytes: int) -> dict[str, Any]:
    """An envelope of exactly so many bytes on the wire."""
    bare = {**ENVELOPE, "data": {"amount": 1, "filling": ""}}
    room = bytes - len(Envelope(**bare).wire())
    return {**bare, "data": {"amount": 1, "filling": "x" * room}}


def test_it_carries_what_cloudevents_requires_under_names_it_allows() -> None:
    wire = json.loads(Envelope(**ENVELOPE).wire())
    assert {"id", "source", "specversion", "type"} <= wire.keys()
    assert wire["specversion"] == "1.0"
    assert wire["datacontenttype"] == "application/json"
    assert all(re.fullmatch("[a-z0-9]{1,20}", name) for name in Envelope.model_fields)


def test_what_is_empty_is_absent() -> None:
    assert None not in json.loads(Envelope(**ENVELOPE).wire()).values()


@pytest.mark.parametrize("missing", sorted(ENVELOPE))
def test_nothing_of_it_may_be_missing(missing: str) -> None:
    with pytest.raises(ValidationError):
        Envelope(**{name: value for name, value in ENVELOPE.items() if name != missing})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("specversion", "0.3"),
        ("id", ""),
        ("source", ""),
        ("subject", "x" * 201),
        ("type", "toy.put"),
        ("type", "Toy.put.v1"),
        ("type", "toy.put.v0"),
        ("time", "2026-03-02T04:00:00"),
        ("sequence", "1"),
        ("sequence", "0000000000001"),
        ("sequence", "00000000000x"),
        ("datacontenttype", "text/plain"),
        ("data", "amount=1"),
    ],
)
def test_what_is_not_so_is_refused(field: str, value: str) -> None:
    with pytest.raises(ValidationError):
        Envelope(**{**ENVELOPE, field: value})


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 3, 2, 4, 0, tzinfo=UTC), "2026-03-02T04:00:00.000000Z"),
        (
            datetime(2026, 3, 2, 4, 0, 0, 5, tzinfo=CHINA),
            "2026-03-01T20:00:00.000005Z",
        ),
    ],
)
def test_time_is_utc_at_fixed_width(at: datetime, text: str) -> None:
    assert instant(at) == text
    assert json.loads(Envelope(**{**ENVELOPE, "time": at}).wire())["time"] == text


@given(INSTANTS, INSTANTS)
def test_the_order_of_the_text_is_the_order_of_time(one: datetime, other: datetime) -> None:
    assert (instant(one) < instant(other)) == (one < other)
    assert len(instant(one)) == 27
    assert datetime.fromisoformat(instant(one)) == one


@given(st.integers(0, 10**12 - 1), st.integers(0, 10**12 - 1))
def test_the_order_of_the_sequence_is_the_order_of_versions(one: int, other: int) -> None:
    def sequence(version: int) -> str:
        return Envelope(**{**ENVELOPE, "sequence": f"{version:012d}"}).sequence

    assert (sequence(one) < sequence(other)) == (one < other)


def test_the_largest_event_travels_and_one_byte_more_does_not() -> None:
    assert len(message(sized(MAX_BYTES)).body) == MAX_BYTES == 256 * 1024
    with pytest.raises(Unsendable, match=f"more than {MAX_BYTES}"):
        message(sized(MAX_BYTES + 1))


async def test_one_that_comes_too_big_from_elsewhere_is_parked() -> None:
    heard: list[Heard[Put]] = []

    async def react(news: Heard[Put]) -> None:
        heard.append(news)

    telemetry = Telemetry("test")
    listener = Listener("toy", [Subscription(Put, react)], lambda: NOON, telemetry)

    def delivered(bytes: int) -> Delivery:
        return Delivery(id="e1", type="toy.put.v1", body=Envelope(**sized(bytes)).wire())

    assert await listener.handle(delivered(MAX_BYTES)) == Done()
    verdict = await listener.handle(delivered(MAX_BYTES + 1))
    assert isinstance(verdict, Park) and verdict.reason.startswith("oversize")
    assert len(heard) == 1
    telemetry.close()
