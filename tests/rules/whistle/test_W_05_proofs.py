"""W-05: where the policy wants a proof, nobody arrives or says it is done without one; W-16: it goes nowhere else."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.kernel.errors import Malformed, NotFound, UnknownReference
from chassis.kernel.media import LARGEST, Media
from services.whistle import announce
from services.whistle.domain.events import Kind
from services.whistle.domain.policy import check
from services.whistle.domain.proof import Proof, ProofFiled
from services.whistle.domain.task import Outcome, Result
from services.whistle.steps import work
from tests.support.memory import MemoryStore
from tests.support.taking import take

from .cases import (
    ANSWERED,
    CALLED,
    HANDLED,
    LADDER,
    MONDAY,
    NUMBERS,
    WORK,
    at,
    came,
    filed,
    given,
    state,
)
from .test_W_15_ledger import COLUMNS
from .test_W_16_reporters import CAUSE, asking, desk

proof = Proof(whistle="w-1", unit="water", file="f" * 64, media=Media.JPEG, size=17)
proof_filed = ProofFiled(proof=proof, at=MONDAY)
shown_arrival = replace(came("water"), place="河道三号闸", proofs=("proof-1",))
shown_result = replace(filed("water"), proofs=("proof-1", "proof-2"))
EVERY = tuple(Kind)


def arrive(proven: tuple[Kind, ...], *proofs: str, place: str | None = None) -> Any:
    return lambda w: w.arrive(
        unit="water",
        now=at("03-02 15:00"),
        rungs=LADDER,
        place=place,
        proofs=proofs,
        proven=proven,
    )


def file(proven: tuple[Kind, ...], *proofs: str, outcome: Outcome = Outcome.RESOLVED) -> Any:
    said = {"ground": "条例第三条", "who_can": "业主大会"}
    result = Result(outcome=outcome, summary="已修复渗漏段。", proofs=proofs, **said)
    now = at("03-05 11:00")
    return lambda w: w.file_result(
        unit="water", result=result, now=now, rungs=LADDER, proven=proven
    )


def test_W_05_an_arrival_says_where_to_and_shows_it() -> None:
    there = given(*CALLED).when(arrive(EVERY, "proof-1", place="河道三号闸"))
    task = there.then(shown_arrival).state.task("water")
    assert (task.place, task.proofs) == ("河道三号闸", ("proof-1",))


def test_W_05_a_result_shows_what_was_done() -> None:
    there = given(*CALLED, came("water")).when(file(EVERY, "proof-1", "proof-2"))
    result = there.happened[0].result
    assert result.proofs == shown_result.proofs
    assert there.leads_to().state.task("water").rounds[-1].result == result


@pytest.mark.parametrize("kind", Kind)
def test_W_05_where_the_policy_wants_a_proof_none_is_refused(kind: Kind) -> None:
    other = tuple(one for one in Kind if one is not Kind.PROBLEM)
    wanted = kind is Kind.PROBLEM
    called = given(*CALLED)
    for there, act in ((called, arrive), (given(*CALLED, came("water")), file)):
        if wanted:
            there.when(act((kind,))).breaks("W-05", field="proofs")
        else:
            assert there.when(act((kind,))).happened
        assert there.when(act(other)).happened


@pytest.mark.parametrize(
    ("outcome", "wanted"),
    [
        (Outcome.RESOLVED, True),
        (Outcome.PARTLY_RESOLVED, True),
        (Outcome.CANNOT_ACT, False),
        (Outcome.INVALID, False),
    ],
)
def test_W_05_only_what_was_done_has_to_be_shown(outcome: Outcome, wanted: bool) -> None:
    there = given(*CALLED, came("water")).when(file(EVERY, outcome=outcome))
    if wanted:
        there.breaks("W-05", field="proofs")
    else:
        assert there.happened


def test_W_05_after_a_return_the_new_result_is_shown_anew() -> None:
    shown: list[Any] = [shown_result if event == filed("water") else event for event in HANDLED]
    returned = given(*shown).when(
        lambda w: w.send_back(
            by="command_centre", units=("water",), reason="仍漏水", now=at("03-06 10:00"), work=WORK
        )
    )
    again = given(*shown, *returned.happened)
    assert again.state.task("water").rounds[0].result == shown_result.result
    again.when(file(EVERY)).breaks("W-05", field="proofs")


def test_W_17_a_proof_is_filed_while_the_unit_has_still_something_to_show() -> None:
    state(CALLED).may_prove("water")
    with pytest.raises(UnknownReference):
        state(CALLED).may_prove("justice")
    given(*HANDLED).when(lambda w: w.may_prove("water")).breaks("W-17")


def test_W_16_neither_place_nor_proof_leaves_the_service() -> None:
    tell = announce.of_whistles(WORK)
    happened: list[Any] = []
    for event in ANSWERED:
        named: Any = {came("water"): shown_arrival, filed("water"): shown_result}.get(event, event)
        happened.append(named)
        told = tell(named, state(happened))
        said = told.model_dump_json() if told else ""
        assert not any(word in said for word in ("闸", "proof-1", "proof-2"))
    assert not {"place", "proofs"} & {column.name for column in COLUMNS}


def test_the_platform_wants_no_proof_unless_the_district_says_so() -> None:
    assert (NUMBERS.proof.arrival, NUMBERS.proof.result) == ((), ())


@pytest.mark.parametrize("size", [0, LARGEST + 1])
def test_a_file_has_a_largest_size_that_a_request_can_carry(size: int) -> None:
    with pytest.raises(Malformed) as refusal:
        check(replace(NUMBERS, proof=replace(NUMBERS.proof, bytes=size)))
    assert refusal.value.field == "proof.bytes"


async def test_W_05_who_does_not_see_the_whistle_learns_nothing_of_its_proofs() -> None:
    there = desk(MemoryStore(), MemoryStore())
    await there.policies.seed(MONDAY)
    await there.whistles.once("w-1", CALLED, CAUSE)
    await there.proofs.once("proof-1", [proof_filed], CAUSE)

    async def come(unit: str, *proofs: str) -> Any:
        said = work.ArriveIn(proofs=proofs)
        return await take(
            work.arrive, there, asking("department", unit), said, id="w-1", unit="water"
        )

    for proofs in ("proof-1", "nothing"):
        with pytest.raises(NotFound):
            await come("justice", proofs)
    with pytest.raises(UnknownReference) as refusal:
        await come("water", "proof-1", "nothing")
    assert refusal.value.field == "proofs"
    arrived = await come("water", "proof-1")
    assert arrived.aggregate.task("water").proofs == ("proof-1",)
