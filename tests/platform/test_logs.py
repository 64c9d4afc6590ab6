"""What was sent stands in no log and in no span, wherever it met a fault: an exception is told without its text."""

import asyncio
import gc
import io
import json
import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from pydantic import BaseModel
from pymongo.errors import ConnectionFailure, OperationFailure

from chassis.bus import Delivery, Retry
from chassis.edge import Edge
from chassis.kernel.errors import Broken, Unavailable
from chassis.keyring import Keyring
from chassis.problems import answer_refusals
from chassis.recurring import Recurring
from chassis.sealing import Seal
from chassis.store import storable
from chassis.subscriptions import Heard, Listener, Subscription
from chassis.telemetry import Telemetry, log_as_json
from chassis.tracebacks import MOST
from console.watched import Watched
from gateway.forward import Direct
from tests.support.buses import until
from tests.support.toy import NOON, Put

from .test_subscriptions import wire

SENT = "张三13800138000"


class Counted(BaseModel):
    counted: int


def key() -> object:
    return {"counted": 1}[SENT]


def shape() -> object:
    return Counted.model_validate({"counted": SENT})


def cause() -> object:
    try:
        return key()
    except KeyError as error:
        raise RuntimeError(f"no {SENT}") from error


def meanwhile() -> object:
    try:
        return shape()
    except ValueError:
        return int(SENT)


def parts() -> object:
    raise ExceptionGroup(SENT, [ValueError(SENT), ExceptionGroup("", [KeyError(SENT)])])


def noted() -> object:
    error = OSError(28, SENT, SENT)
    error.add_note(SENT)
    raise error


FAULTS: dict[Callable[[], object], list[str]] = {
    key: ["builtins.KeyError"],
    shape: ["pydantic_core._pydantic_core.ValidationError"],
    cause: ["builtins.KeyError", "Then:", "in cause", "builtins.RuntimeError"],
    meanwhile: ["_pydantic_core.ValidationError", "Then:", "builtins.ValueError"],
    parts: ["ExceptionGroup", "  | builtins.ValueError", "  |   | builtins.KeyError"],
    noted: ["builtins.OSError [ENOSPC]"],
}


@contextmanager
def logging_as_a_process() -> Iterator[list[dict[str, Any]]]:
    """Filled at its end with the lines, none of which holds what was sent."""
    before, root, shown = structlog.get_config(), logging.getLogger(), warnings.showwarning
    handlers, level = [*root.handlers], root.level
    lines: list[dict[str, Any]] = []
    root.handlers = []
    with io.BytesIO() as kept, io.TextIOWrapper(kept, encoding="utf-8") as out:
        with redirect_stdout(out), redirect_stderr(out):
            try:
                log_as_json("info")
                yield lines
            finally:
                warnings.showwarning = shown
                root.handlers, root.level = handlers, level
                structlog.configure(**before)
        out.flush()
        written = kept.getvalue().decode()
    assert SENT not in written and "13800138000" not in written
    lines += map(json.loads, written.splitlines())


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_a_fault_in_a_handler(fault: Callable[[], object]) -> None:
    app, exporter = FastAPI(), InMemorySpanExporter()
    answer_refusals(app, {})

    @app.get("/boom")
    async def boom() -> None:
        fault()

    telemetry = Telemetry("test", exporter)
    with logging_as_a_process() as said:
        edge = Edge(app, "toy", telemetry)
        assert (await Direct({"toy": edge}).ask("toy", "/boom", 60))[0] == 500
        with pytest.raises(Exception):  # noqa: B017 (whatever it is)
            await Direct({"console": Watched(app, telemetry)}).ask("console", "/boom", 60)
    telemetry.close()
    spans = "".join(span.to_json() for span in exporter.get_finished_spans())
    [line] = said
    assert (line["event"], line["service"]) == ("request_failed", "toy")
    assert "in boom\n    fault()" in line["exception"]
    for part in FAULTS[fault]:
        assert part in line["exception"]
    assert "GET toy" in spans and "GET console" in spans and "13800138000" not in spans


async def test_a_fault_in_a_consumer() -> None:
    async def reaction(heard: Heard[Put]) -> None:
        raise ValueError(f"{heard.event!r} of {SENT}")

    listener = Listener("toy", [Subscription(Put, reaction)], lambda: NOON, Telemetry("test"))
    told = Delivery(id="e1", type="toy.put.v1", body=wire())
    with logging_as_a_process() as said:
        assert await listener.handle(told) == Retry("fault: ValueError")
    failed, retried = said
    assert (failed["event"], retried["event"]) == ("reaction_failed", "delivery_retry")
    assert "in reaction\n" in failed["exception"]
    assert failed["exception"].endswith("builtins.ValueError")


async def test_a_fault_in_a_background_job() -> None:
    tries = 0

    async def once() -> None:
        nonlocal tries
        tries += 1
        raise ValueError(SENT)

    job = Recurring("toy", "forgets", "-", once, Telemetry("test"), every=0.05)
    with logging_as_a_process() as said:
        job.start()
        await until(lambda: tries > 0)
        await job.stop()
    line = said[0]
    assert (line["event"], line["job"]) == ("job_failed", "forgets")
    assert "in once\n" in line["exception"]


async def test_a_fault_of_a_task_that_nobody_awaits_and_of_a_callback() -> None:
    async def forgotten(name: str) -> None:
        raise ValueError(name)

    def called(name: str) -> None:
        raise KeyError(name)

    with logging_as_a_process() as said:
        asyncio.get_running_loop().call_soon(called, SENT)
        task = asyncio.create_task(forgotten(SENT), name=SENT)
        await asyncio.wait([task])
        del task
        gc.collect()
    callback, ended = said
    assert (callback["event"], ended["event"]) == ("unattended", "unattended")
    assert callback["exception"].endswith("builtins.KeyError")
    assert "in forgotten\n" in ended["exception"]


async def test_what_a_library_says_is_told_the_same_way() -> None:
    with logging_as_a_process() as said:
        try:
            key()
        except KeyError:
            logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    [line] = said
    assert line["event"] == "Exception in ASGI application"
    assert line["exception"].endswith("builtins.KeyError")


async def test_of_what_is_damaged_it_is_told_which_key_is_missing() -> None:
    known, other = (Seal(Keyring([bytes([n]) * 32])) for n in (1, 2))
    with logging_as_a_process() as said:
        try:
            other.open("p", known.shut("p", {"name": SENT}))
        except Broken:
            structlog.get_logger().exception("timer_failed")
    [line] = said
    assert known.keys.ids[0] in line["exception"] and "请恢复封存时的密钥" in line["exception"]


async def test_of_a_warning_its_kind_and_place_are_told() -> None:
    with logging_as_a_process() as said, warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(SENT, RuntimeWarning, stacklevel=1)
    [line] = said
    assert (line["level"], line["event"], line["kind"]) == ("warning", "warned", "RuntimeWarning")
    assert line["at"].partition(":")[0] == __file__


async def test_of_a_row_of_tries_that_hang_on_to_each_other_the_last_are_told() -> None:
    async def once() -> None:
        before: Exception | None = None
        for _ in range(100):
            error = ValueError(SENT)
            error.__cause__, before = before, error
        raise before or AssertionError

    with logging_as_a_process() as said:
        try:
            await once()
        except ValueError:
            structlog.get_logger().exception("failed")
    [line] = said
    assert line["exception"].count("Then:") == MOST


async def test_of_what_a_database_refuses_its_code_is_told_and_not_what_it_was_asked() -> None:
    with logging_as_a_process() as said:
        with pytest.raises(Unavailable), storable(OperationFailure, ConnectionFailure):
            raise OperationFailure(f"no plan for name $eq {SENT}", 291)
        with pytest.raises(Unavailable), storable(OperationFailure, ConnectionFailure):
            said_more = {
                "code": 11602,
                "codeName": "InterruptedDueToReplStateChange",
                "errmsg": SENT,
            }
            raise OperationFailure(SENT, 11602, said_more)
        with pytest.raises(Unavailable), storable(OperationFailure, ConnectionFailure):
            raise ConnectionFailure("mongo-0:27017: timed out")
    assert [line["detail"] for line in said] == [
        "291",
        "11602 InterruptedDueToReplStateChange",
        "mongo-0:27017: timed out",
    ]
