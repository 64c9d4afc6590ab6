"""What is done again and again in the background: each job in a task of its own, with a cut-off, so that one that
fails or hangs holds up no other; and when each was last done is a metric.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar

import structlog

from .pacing import Backoff, ended
from .telemetry import Telemetry

DONE_WITHIN = 1800.0
"""Seconds; what takes longer, or longer to get farther, hangs. It is cut off, and has failed."""
RETRIED_WITHIN = 10.0
"""Seconds between two tries of one that fails, unless it is done less often anyhow."""
log = structlog.get_logger()
_doing: ContextVar["Recurring | None"] = ContextVar("doing", default=None)


def farther() -> None:
    """Whatever job this is a part of has got a part done: it doesn't hang, however much is left of it."""
    if (job := _doing.get()) is not None:
        job.farther()


class Recurring:
    def __init__(
        self,
        service: str,
        job: str,
        called: str,
        once: Callable[[], Awaitable[object]],
        telemetry: Telemetry,
        *,
        every: float,
        within: float | None = DONE_WITHIN,
    ) -> None:
        """`called`: by people; `every`: seconds from the end of one time to the next; `within`: None of what cuts off
        its own parts.
        """
        self._service, self._job, self._called, self._once = service, job, called, once
        self._telemetry, self._every, self._within = telemetry, every, within
        self._task: asyncio.Task[None] | None = None
        self._cut_off: asyncio.Timeout | None = None

    def start(self) -> None:
        """Once, however often a start is tried."""
        if self._task is None:
            # One that never gets done has stood since here.
            self.done()
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        pause = Backoff(shortest=self._every, longest=max(self._every, RETRIED_WITHIN))
        _doing.set(self)
        while True:
            try:
                async with asyncio.timeout(self._within) as self._cut_off:
                    await self._once()
            except Exception:
                # The store is away; what is to be done stays to be done.
                log.exception("job_failed", service=self._service, job=self._job)
                await pause.sleep()
            else:
                pause.reset()
                self.done()
                await asyncio.sleep(self._every)

    def done(self) -> None:
        """Or a part of it, of many."""
        self._telemetry.done(self._service, self._job)

    def farther(self) -> None:
        if self._cut_off is not None and self._within is not None:
            self._cut_off.reschedule(asyncio.get_running_loop().time() + self._within)
        self.done()

    def trouble(self) -> str | None:
        ended = self._task is not None and self._task.done()
        return f"{self._called}已停止" if ended else None

    async def stop(self) -> None:
        if self._task is not None:
            await ended(self._task)
