"""P-23: the seats of who is in the expert bank no more."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from chassis.aggregates import Aggregates
from chassis.beside import Beside, Undo, nothing
from chassis.cause import Cause
from chassis.store import Has, Where

from .desk import ProcurementDesk
from .domain.call import Call, CallStatus
from .domain.contract import Contract
from .domain.course import Status
from .domain.expert import ExpertStatus
from .domain.panel import ExpertRecused

Seats = tuple[Aggregates[Any, Any], Where]


def vacating(desk: ProcurementDesk, expert: str, reason: str, cause: Cause) -> Beside:
    """On every panel that still works, also for a second score after the end, as a removal is decided.

    Nothing is taken back: what another may have written first is the same removal; and who is cut off in between
    removes the expert again.
    """

    async def vacate() -> Undo:
        over = (desk.contracts, {"status": Status.ENDED, "panel": Has([expert])})
        await _vacate((*_running(desk), over), {expert: reason}, cause.unkeyed())
        return await nothing()

    return vacate


async def vacate_left(desk: ProcurementDesk, now: datetime) -> None:
    """At start, on what runs: of who was removed when that emptied no seat, before 30 November 2026."""
    gone = {
        held.id: held.aggregate.removed_why or ""
        async for held in desk.experts.every({"status": ExpertStatus.REMOVED})
    }
    if gone:
        await _vacate(_running(desk), gone, Cause(actor="platform", now=now))


def _running(desk: ProcurementDesk) -> tuple[Seats, ...]:
    calls, contracts = {"status": CallStatus.OPEN}, {"status": Status.SIGNED}
    return (desk.calls, calls), (desk.contracts, contracts)


async def _vacate(where: Iterable[Seats], gone: Mapping[str, str], cause: Cause) -> None:
    """The seats of `gone`, each with why."""

    def vacated(one: Call | Contract) -> list[ExpertRecused]:
        each = (one.vacate(who, reason=why, now=cause.now) for who, why in gone.items())
        return [event for events in each for event in events]

    for kept, those in where:
        for id in [held.id async for held in kept.every(those) if vacated(held.aggregate)]:
            await kept.change(id, vacated, cause)
