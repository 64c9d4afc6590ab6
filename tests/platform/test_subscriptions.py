"""Others' news is checked, handed to one reaction, and settled in one of three ways."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import CapturingLogger, capture_logs

from chassis.bus import Delivery, Done, Park, Retry
from chassis.kernel.errors import OutOfOrder, RuleBroken, Unavailable
from chassis.subscriptions import Heard, Listener, Subscription
from chassis.telemetry import Telemetry, trace_id
from contracts.event import MAX_BYTES, Envelope
from tests.support.inside import inside
from tests.support.toy import FULL, NOON, Put


def envelope(**more: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": "e1",
        "source": "/gongzhi/toy",
        "type": "toy.put.v1",
        "subject": "jars/a",
        "time": "2026-03-02T04:00:00Z",
        "sequence": "000000000001",
        "correlationid": "a",
        "data": {"amount": 3},
        **more,
    }


def delivery(body: bytes) -> Delivery:
    return Delivery(id="e1", type="toy.put.v1", body=body)


def wire(**more: Any) -> bytes:
    return Envelope.model_validate(envelope(**more)).wire()


class Reaction:
    def __init__(self, fails: Exception | None = None) -> None:
        self.heard: list[Heard[Put]] = []
        self._fails = fails

    async def __call__(self, heard: Heard[Put]) -> None:
        self.heard.append(heard)
        if self._fails:
            raise self._fails


def listener(reaction: Reaction, telemetry: Telemetry | None = None) -> Listener:
    def clock() -> datetime:
        return NOON

    told = telemetry or Telemetry("test")
    return Listener("reader", [Subscription(Put, reaction)], clock, told)


async def test_the_reaction_gets_the_event_and_a_cause_that_recognises_it() -> None:
    reaction = Reaction()
    assert await listener(reaction).handle(delivery(wire())) == Done()
    [heard] = reaction.heard
    assert heard.event.amount == 3
    assert (heard.about, heard.sequence) == ("a", 1)
    assert heard.cause.key == "event:/gongzhi/toy e1"
    assert (heard.cause.correlation, heard.cause.causation) == ("a", "e1")


async def test_steps_whose_turn_it_isnt_are_parked_by_their_titles() -> None:
    reaction = Reaction(OutOfOrder(FULL, "已满", "put", ["open", "shake"]))
    titles = {"put": "放入", "open": "打开"}
    heard = Listener(
        "reader", [Subscription(Put, reaction)], lambda: NOON, Telemetry("test"), titles
    )
    assert await heard.handle(delivery(wire())) == Park(
        "rule-broken: 当前状态为“已满”，不能办理“放入”；允许的步骤：打开、shake。"
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"not json", "malformed envelope: document"),
        (b"[]", "malformed envelope: document"),
        (b'{"specversion":"1.0"}', "malformed envelope: id: Field required"),
        (wire(type="toy.put.v9"), "unknown type or version: toy.put.v9"),
        (wire(data={"amount": "many"}), "malformed data: amount"),
        (wire(data={}), "malformed data: amount: Field required"),
        (b" " * (MAX_BYTES + 1), f"oversize: {MAX_BYTES + 1} bytes"),
    ],
)
async def test_what_can_never_be_understood_is_hopeless_and_says_why(
    body: bytes, reason: str
) -> None:
    reaction = Reaction()
    verdict = await listener(reaction).handle(delivery(body))
    assert isinstance(verdict, Park)
    assert verdict.reason.startswith(reason)
    assert reaction.heard == []


async def test_the_reason_never_repeats_a_value_that_may_be_anybodys() -> None:
    verdict = await listener(Reaction()).handle(delivery(wire(data={"amount": "张三13800000000"})))
    assert isinstance(verdict, Park)
    assert "张三" not in verdict.reason and "138" not in verdict.reason


@pytest.mark.parametrize(
    ("fault", "verdict"),
    [
        (RuleBroken(FULL, "满了"), Park("rule-broken: 满了")),
        (Unavailable("登记册未到"), Retry("unavailable: 登记册未到")),
        (RuntimeError("secret"), Retry("fault: RuntimeError")),
    ],
)
async def test_a_refusal_is_hopeless_and_a_fault_is_tried_again(
    fault: Exception, verdict: Retry | Park
) -> None:
    assert await listener(Reaction(fault)).handle(delivery(wire())) == verdict


async def test_fields_nobody_knows_are_no_fault() -> None:
    body = wire(data={"amount": 1, "later": True})
    assert await listener(Reaction()).handle(delivery(body)) == Done()


async def test_an_event_of_just_the_limit_is_heard() -> None:
    body = wire().ljust(MAX_BYTES)
    assert await listener(Reaction()).handle(delivery(body)) == Done()


async def test_what_came_is_counted_by_its_outcome_and_a_strangers_type_is_no_label() -> None:
    telemetry = Telemetry("test")
    await listener(Reaction(), telemetry).handle(delivery(wire()))
    await listener(Reaction(RuntimeError()), telemetry).handle(delivery(wire()))
    strange = Delivery(id="e1", type="anybodys.words.v1", body=b"")
    await listener(Reaction(), telemetry).handle(strange)

    def counted(type: str, outcome: str) -> float | None:
        labels = {"service": "reader", "type": type, "outcome": outcome}
        return telemetry.registry.get_sample_value("gongzhi_events_consumed_total", labels)

    assert counted("toy.put.v1", "done") == counted("toy.put.v1", "retry") == 1
    assert counted("unknown", "park") == 1
    assert counted("anybodys.words.v1", "park") is None


async def test_how_old_news_is_when_it_has_its_effect_is_measured_and_only_then() -> None:
    telemetry = Telemetry("test")
    await listener(Reaction(RuntimeError()), telemetry).handle(delivery(wire()))

    def measured(name: str) -> float | None:
        return telemetry.registry.get_sample_value(name, {"queue": "reader"})

    assert measured("gongzhi_event_age_seconds_count") is None
    await listener(Reaction(), telemetry).handle(delivery(wire()))
    assert measured("gongzhi_event_age_seconds_count") == 1
    assert measured("gongzhi_queue_settled_timestamp_seconds") is not None


@pytest.mark.parametrize("fails", [Unavailable("存储不可用"), RuleBroken(FULL, "已满")])
async def test_what_had_no_effect_is_in_the_log_under_the_trace_it_came_with(
    fails: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[tuple[str, str | None]] = []
    written = CapturingLogger()
    monkeypatch.setattr("chassis.subscriptions.log", written)
    monkeypatch.setattr(written, "warning", lambda event, **_: noted.append((event, trace_id())))
    trace = "0af7651916cd43dd8448eb211c80319c"
    came = wire(traceparent=f"00-{trace}-b7ad6b7169203331-01")
    verdict = await listener(Reaction(fails)).handle(delivery(came))
    assert noted == [(f"delivery_{type(verdict).__name__.lower()}", trace)]


async def test_nothing_is_heard_before_what_ships_is_there(tmp_path: Path, sqlite_url: str) -> None:
    """A new platform: the register tells of its communities while others still lay out their policies."""
    with capture_logs() as logs:
        async with inside(tmp_path / "data", only=("housing", "whistle", "affairs")):
            pass
    assert [one for one in logs if one["event"] == "delivery_retry"] == []
