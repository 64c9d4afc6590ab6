"""Background jobs: each fails and hangs alone, and its last end is in the metrics."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chassis import refusals
from chassis.aggregates import Aggregates
from chassis.claims import CLAIMS, Lapsed
from chassis.files import Files
from chassis.recurring import Recurring, farther
from chassis.retention import Lapsing
from chassis.telemetry import Telemetry
from contracts.event import instant
from tests.support.buses import until
from tests.support.inside import inside
from tests.support.memory import MemoryStore
from tests.support.toy import JARS, KEY, NOON, Jar, Silent


class Told(Telemetry):
    """Notes what was got done."""

    def __init__(self) -> None:
        super().__init__("tests")
        self.said: list[str] = []

    def done(self, service: str, job: str) -> None:
        super().done(service, job)
        self.said.append(job)


def last(telemetry: Telemetry, service: str, job: str) -> float | None:
    return telemetry.registry.get_sample_value(
        "gongzhi_job_done_timestamp_seconds", {"service": service, "task": job}
    )


async def test_one_that_hangs_is_cut_off_and_tried_again_while_others_go_on() -> None:
    told, begun = Told(), 0

    async def hangs() -> None:
        nonlocal begun
        begun += 1
        await asyncio.Event().wait()

    async def well() -> None: ...

    jobs = [
        Recurring("toy", "hangs", "-", hangs, told, every=0.01, within=0.05),
        Recurring("toy", "well", "-", well, told, every=0.01),
    ]
    for job in jobs:
        job.start()
    await until(lambda: begun >= 2 and told.said.count("well") >= 3)
    assert told.said.count("hangs") == 1, "told when it was started, so that it can stand"
    assert last(told, "toy", "hangs")
    for job in jobs:
        await job.stop()


async def test_one_that_loses_a_cancellation_is_cancelled_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As `wait_for` of Python 3.11 does where both come in one moment: a process would never stop."""
    monkeypatch.setattr("chassis.pacing.CANCELLED_WITHIN", 0.05)
    waits = asyncio.Event()

    async def deaf_once() -> None:
        if not waits.is_set():
            waits.set()
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()

    job = Recurring("toy", "deaf", "-", deaf_once, Told(), every=0.01)
    job.start()
    await waits.wait()
    async with asyncio.timeout(60):
        await job.stop()
    assert job.trouble()


async def test_a_long_one_that_gets_farther_is_neither_cut_off_nor_told_as_standing() -> None:
    """From some records that hang on, a removal never got to those behind them."""
    told, parts, ended = Told(), 0, asyncio.Event()

    async def long() -> None:
        nonlocal parts
        while parts < 6:
            await asyncio.sleep(0.2)
            parts += 1
            farther()
        ended.set()

    job = Recurring("toy", "long", "-", long, told, every=60, within=1.0)
    job.start()
    await asyncio.wait_for(ended.wait(), 60)
    await job.stop()
    assert parts == 6 and told.said.count("long") >= 1 + 6


async def test_one_that_fails_is_tried_again_and_done_in_the_end() -> None:
    told, tries = Told(), 0

    async def fails_twice() -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise RuntimeError("no")

    job = Recurring("toy", "job", "-", fails_twice, told, every=0.01)
    job.start()
    job.start()
    await until(lambda: told.said.count("job") >= 2)
    assert tries >= 3 and job.trouble() is None
    await job.stop()


async def test_each_job_of_a_service_is_told_and_one_that_has_ended_is_a_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_url: str
) -> None:
    monkeypatch.setattr(refusals, "EVERY", 0.05)
    async with inside(tmp_path, only=("housing",)) as here:
        telemetry = here.runtime.telemetry
        for job in (
            "deadlines",
            "jobs",
            "refusals",
            "retention.claims",
            "retention.evidence_days",
            "retention.evidence_files",
            "retention.import_files",
        ):
            assert last(telemetry, "housing", job), job
        ended = here.services["housing"]._background[-1]
        assert isinstance(ended, Recurring) and ended._task is not None
        ended._task.cancel()
        await until(lambda: ended.trouble() is not None)
        assert await here.troubles() == {"housing": "驳回的计数已停止"}


async def told_of(line: Lapsing, parts: int) -> list[str]:
    """Once it has gone through."""
    told = Told()
    job = Recurring("toy", line.name, "-", partial(line.go_through, "toy", NOON), told, every=60)
    job.start()
    await until(lambda: len(told.said) >= parts)
    await job.stop()
    return told.said


async def test_each_claim_and_each_file_that_goes_is_a_part_done() -> None:
    """After a week of many requests, or a day of many that broke off, more was to go than a job is given to hang."""
    store, ago, many = MemoryStore(), NOON - timedelta(days=30), 3
    jars: Aggregates[Jar, Any] = Aggregates(JARS, store, KEY, Silent())
    files = Files(jars, "photos")
    for n in range(many):
        await store.insert(CLAIMS, {"id": f"k{n}", "rev": 1, "at": instant(ago)})
        await files.begun.note(f"f{n}", ago)
    parts = 1 + many + 1  # at its start, for each, and at its end
    for line in (Lapsed([store]), files):
        assert len(await told_of(line, parts)) == parts
    assert [await store.find(kept, {}) for kept in (CLAIMS, "photos_begun")] == [[], []]
