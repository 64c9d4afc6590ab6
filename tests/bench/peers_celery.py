"""The Celery side of `tests.bench.peers`: its application, imported by the sender and run by the worker."""

import os
import sqlite3
from functools import cache

from celery import Celery

BROKER, FILE = "BENCH_BROKER", "BENCH_FILE"

app = Celery("bench", broker=os.environ.get(BROKER))
app.conf.update(
    task_acks_late=True,
    task_default_queue="bench",
    task_default_queue_type="quorum",
    task_ignore_result=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=32,
    broker_transport_options={"confirm_publish": True},
    worker_detect_quorum_queues=True,
)


@cache
def file() -> sqlite3.Connection:
    connection = sqlite3.connect(os.environ[FILE], timeout=60)
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _effect(id: str, body: str) -> None:
    """Once, whatever comes twice."""
    with file() as connection:
        connection.execute("INSERT OR IGNORE INTO inbox VALUES (?)", (id,))
        connection.execute("INSERT OR IGNORE INTO effects VALUES (?, ?)", (id, body))


effect = app.task(name="effect")(_effect)
