"""P-14 between processes: they share a store and no lock, and an instalment is still paid once."""

import asyncio
import multiprocessing
from collections.abc import Iterable
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from typing import Any

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import Refusal
from chassis.service import open_store
from services.procurement.domain.contract import Contract
from services.procurement.domain.events import ContractEvent, PaymentReleased
from services.procurement.domain.payment import Instalment
from services.procurement.main import desk_on
from tests.rules.procurement.cases import WORK, filed, first_opened, signed
from tests.support.toy import KEY, Silent

ROUNDS = 20
PROCESSES = 3
NOW = datetime(2026, 3, 3, 2, tzinfo=UTC)
CAUSE = Cause(actor="finance", now=NOW)


def pays(contract: Contract) -> Iterable[ContractEvent]:
    return contract.pay(by="finance", instalment=Instalment.FIRST, now=NOW)


async def _payer(url: str, together: Barrier) -> list[str]:
    store = open_store(url, "procurement", "pymongo")
    desk, found = desk_on(store, KEY, Silent(), WORK), []
    for number in range(ROUNDS):
        await asyncio.to_thread(together.wait, 60)
        try:
            await desk.contracts.change(f"c-{number}", pays, CAUSE)
            found.append("paid")
        except Refusal as refusal:
            found.append(refusal.kind)
    await store.close()
    return found


def payer(url: str, together: Barrier, answers: Any) -> None:
    answers.put(asyncio.run(_payer(url, together)))


@pytest.mark.parametrize("kept_in", ["sqlite_url", "mongo_url"])
async def test_P_14_of_payments_at_once_on_several_processes_one_succeeds(
    kept_in: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue(kept_in)
    store = open_store(url, "procurement", "pymongo")
    desk = desk_on(store, KEY, Silent(), WORK)
    await desk.contracts.prepare()
    for number in range(ROUNDS):
        begun: tuple[ContractEvent, ...] = (signed, filed, first_opened)
        await desk.contracts.once(f"c-{number}", begun, Cause(actor="finance", now=NOW))
    spawning = multiprocessing.get_context("spawn")
    together, answers = spawning.Barrier(PROCESSES), spawning.Queue()
    started = [
        spawning.Process(target=payer, args=(url, together, answers)) for _ in range(PROCESSES)
    ]
    for process in started:
        process.start()
    found = [await asyncio.to_thread(answers.get, True, 120) for _ in started]
    for process in started:
        process.join(30)
    for at_once in zip(*found, strict=True):
        assert sorted(at_once) == ["paid", *["rule-broken"] * (PROCESSES - 1)]
    for number in range(ROUNDS):
        held, entries = await desk.contracts.history(f"c-{number}")
        assert [paid.instalment for paid in held.aggregate.payments] == [Instalment.FIRST]
        assert [one["type"] for one in entries].count(PaymentReleased.__name__) == 1
    await store.close()
