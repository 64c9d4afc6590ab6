"""C-08 between processes: they share a store and no lock, and nothing is decided after the quorum is gone."""

import asyncio
import multiprocessing
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import Refusal
from chassis.service import open_store
from services.consultation.domain.session import Session
from services.consultation.domain.session_events import SessionEvent
from services.consultation.main import desk_on
from tests.rules.consultation.test_session import OPEN, SETTING, USABLE, WORK
from tests.support.toy import KEY, Silent

ROUNDS = 20
NOW = datetime(2025, 3, 10, 2, tzinfo=UTC)
CAUSE = Cause(actor="clerk", now=NOW)


def leaves(session: Session) -> tuple[SessionEvent, ...]:
    """With it goes the quorum of 11 of 21."""
    return session.leave(("s3",), NOW)


def decides(session: Session) -> list[SessionEvent]:
    return [session.record(USABLE, None, SETTING, NOW)]


async def _clerk(url: str, act: Any, together: Barrier) -> list[str]:
    store = open_store(url, "consultation", "pymongo")
    desk, found = desk_on(store, KEY, Silent(), WORK), []
    for number in range(ROUNDS):
        await asyncio.to_thread(together.wait, 60)
        try:
            await desk.sessions.change(f"s-{number}", act, CAUSE)
            found.append("done")
        except Refusal as refusal:
            found.append(str(getattr(getattr(refusal, "rule", None), "id", refusal.kind)))
    await store.close()
    return found


def clerk(url: str, name: str, together: Barrier, answers: Any) -> None:
    act = {"leaves": leaves, "decides": decides}[name]
    answers.put((name, asyncio.run(_clerk(url, act, together))))


@pytest.mark.parametrize("kept_in", ["sqlite_url", "mongo_url"])
async def test_C_08_of_a_vote_and_a_leaving_at_once_on_two_processes_none_lacks_a_quorum(
    kept_in: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(kept_in)
    store = open_store(url, "consultation", "pymongo")
    desk = desk_on(store, KEY, Silent(), WORK)
    await desk.sessions.prepare()
    for number in range(ROUNDS):
        await desk.sessions.once(f"s-{number}", OPEN, CAUSE)
    spawning = multiprocessing.get_context("spawn")
    together, answers = spawning.Barrier(2), spawning.Queue()
    started = [
        spawning.Process(target=clerk, args=(url, name, together, answers))
        for name in ("leaves", "decides")
    ]
    for process in started:
        process.start()
    found = dict([await asyncio.to_thread(answers.get, True, 120) for _ in started])
    for process in started:
        process.join(30)
    assert set(found["leaves"]) == {"done"}
    assert set(found["decides"]) <= {"done", "C-08"}
    for number, decided in enumerate(found["decides"]):
        _, entries = await desk.sessions.history(f"s-{number}")
        types = [one["type"] for one in entries]
        assert ("DecisionTaken" in types) is (decided == "done")
        if decided == "done":
            assert types.index("DecisionTaken") < types.index("SeatsLeft")
    await store.close()
