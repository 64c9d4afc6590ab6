"""What lies in the queues is in the metrics while the bus can say it, and not a moment longer."""

from collections.abc import Mapping

from chassis.bus import BusUnavailable, QueueDepth
from chassis.queue_monitor import QueueMonitor
from chassis.telemetry import Telemetry


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


def test_what_should_never_happen_is_counted_from_nought() -> None:
    """Prometheus sees no increase in a series that begins with its first one."""
    telemetry = Telemetry("tests")
    telemetry.expects("toy")
    counted = telemetry.registry.get_sample_value
    assert counted("gongzhi_outbox_quarantined_total", {"service": "toy"}) == 0
    assert counted("gongzhi_timers_fired_total", {"service": "toy", "outcome": "failed"}) == 0
    assert counted("gongzhi_webhooks_posted_total", {"outcome": "away"}) == 0
