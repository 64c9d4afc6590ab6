"""What lies in the queues is in the metrics while the bus can say it, and not a moment longer."""

import asyncio
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from chassis.bus import BusUnavailable, QueueDepth
from chassis.queue_monitor import QueueMonitor
from chassis.telemetry import Telemetry
from gateway.partnership.wiring import bridge_on
from tests.support.ports import LOOPBACK, free_port


class Bus:
    def __init__(self) -> None:
        self.away = False

    async def depths(self) -> Mapping[str, QueueDepth]:
        if self.away:
            raise BusUnavailable("消息中间件不可用")
        return {"toy": QueueDepth(waiting=3, delayed=2, parked=1)}


async def test_each_state_has_its_figure_and_none_is_left_when_the_bus_is_away() -> None:
    bus, telemetry = Bus(), Telemetry("tests")
    monitor = QueueMonitor(bus, telemetry)  # type: ignore[arg-type]

    def lies(state: str) -> float | None:
        labels = {"queue": "toy", "state": state}
        return telemetry.registry.get_sample_value("gongzhi_queue_messages", labels)

    await monitor.look()
    assert [lies(state) for state in ("waiting", "delayed", "parked")] == [3, 2, 1]
    bus.away = True
    await monitor.look()
    assert [lies(state) for state in ("waiting", "delayed", "parked")] == [None] * 3


async def test_what_partners_have_parked_has_no_figure_while_their_broker_is_away() -> None:
    telemetry = Telemetry("tests")
    telemetry.queue("partners", {"parked": 3})
    url = f"amqp://{LOOPBACK}:{free_port()}/"
    runtime: Any = SimpleNamespace(
        settings=SimpleNamespace(partners_url=url),
        brakes={"gateway": None},
        clock=None,
        telemetry=telemetry,
    )
    partnership: Any = SimpleNamespace(desk=None, refused_news=None)
    bridge = bridge_on(runtime, "gateway", None, partnership)  # type: ignore[arg-type]
    assert bridge is not None
    await bridge.start()
    async with asyncio.timeout(60):
        while "不可用" not in (bridge.trouble() or ""):
            await asyncio.sleep(0.05)
    await bridge.stop()
    labels = {"queue": "partners", "state": "parked"}
    assert telemetry.registry.get_sample_value("gongzhi_queue_messages", labels) is None


def test_what_should_never_happen_is_counted_from_nought() -> None:
    """Prometheus sees no increase in a series that begins with its first one."""
    telemetry = Telemetry("tests")
    telemetry.expects("toy")
    counted = telemetry.registry.get_sample_value
    assert counted("gongzhi_outbox_quarantined_total", {"service": "toy"}) == 0
    assert counted("gongzhi_timers_fired_total", {"service": "toy", "outcome": "failed"}) == 0
    assert counted("gongzhi_webhooks_posted_total", {"outcome": "away"}) == 0
