"""The trail: an edit, a deletion, another order, another's or a shorter trail is found."""

import pytest

from chassis import trail
from chassis.store import Document
from tests.support.stores import store
from tests.support.toy import KEY

from .test_aggregates import Jars, kept, put, stored

__all__ = ["kept", "store"]


async def verified(kept: Jars) -> list[trail.TrailFault]:
    document = await stored(kept)
    return list(trail.faults(KEY, "jars/jar", document["trail"], document["version"]))


async def tampered(kept: Jars, **changes: object) -> list[trail.TrailFault]:
    document = await stored(kept)
    changed = {**document, **changes, "rev": document["rev"] + 1}
    assert await kept.store.replace("jars", changed, document["rev"])
    return await verified(kept)


@pytest.fixture
async def three(kept: Jars) -> list[Document]:
    for amount in (1, 2, 3):
        await put(kept, amount)
    assert await verified(kept) == []
    return list((await stored(kept))["trail"])


async def test_an_edit_is_found(kept: Jars, three: list[Document]) -> None:
    edited = [three[0], {**three[1], "data": {**three[1]["data"], "amount": 9}}, three[2]]
    assert {fault.version for fault in await tampered(kept, trail=edited)} == {2}


async def test_a_deletion_is_found(kept: Jars, three: list[Document]) -> None:
    assert await tampered(kept, trail=[three[0], three[2]], version=2)


async def test_a_trail_shorter_than_its_document_says_is_found(
    kept: Jars, three: list[Document]
) -> None:
    assert [fault.version for fault in await tampered(kept, trail=three[:2])] == [2]


async def test_another_order_is_found(kept: Jars, three: list[Document]) -> None:
    assert await tampered(kept, trail=[three[1], three[0], three[2]])


async def test_a_trail_of_another_is_found(kept: Jars, three: list[Document]) -> None:
    assert list(trail.faults(KEY, "jars/other", three, 3))


async def test_a_forger_without_the_key_is_found(kept: Jars, three: list[Document]) -> None:
    forged = trail.seal(bytes(31) + b"x", three[1]["mark"], {**three[2], "actor": "somebody"})
    assert await tampered(kept, trail=[*three[:2], forged])


async def test_a_version_out_of_turn_is_found_although_its_mark_holds(
    kept: Jars, three: list[Document]
) -> None:
    odd = trail.seal(KEY, three[1]["mark"], {**three[2], "version": 9})
    assert [fault.version for fault in await tampered(kept, trail=[*three[:2], odd])] == [3]


def test_what_is_sealed_is_the_canonical_json_and_stays_so() -> None:
    """Trails that are stored must be verified by every later release."""
    assert trail.canonical({"b": 1, "a": ["哨", None]}) == '{"a":["哨",null],"b":1}'.encode()
    assert trail.mark(KEY, "jars/jar", {"version": 1, "actor": "街道", "mark": "not sealed"}) == (
        "196915b29695c5442e9b4a3ec12894f44530d016dede0d6bd8956ca073947f2a"
    )
    with pytest.raises(ValueError, match="JSON"):
        trail.canonical(float("nan"))


async def test_truncation_is_found_by_what_the_journal_witnessed(
    kept: Jars, three: list[Document]
) -> None:
    heads = {entry["version"]: entry["mark"] for entry in three}
    assert await tampered(kept, trail=three[:2], version=2) == []
    assert [fault.version for fault in trail.witnessed(three[:2], heads)] == [3]
    assert list(trail.witnessed(three, heads)) == []
