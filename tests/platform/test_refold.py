"""What an earlier build left otherwise than its trail gives today is made anew from the trail, and nothing else is."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from chassis.kernel.errors import Malformed, NotFound
from chassis.store import Document, Store
from gongzhi import refold
from gongzhi.office import Refused
from tests.support.inside import Inside, inside
from tests.support.stores import store
from tests.support.toy import NOON, PutIn, cause, jars

__all__ = ["store"]

PROBLEMS = "/api/v1/whistle/problems"
BODY = {"channel": "visit", "community": "jiangong", "category": "parking", "asked": "演练"}


def kept_less(document: Document) -> Document:
    """As by a build that knew no `due` yet, and so was not woken by it."""
    state = {name: said for name, said in document["state"].items() if name != "due"}
    bare = {name: said for name, said in document.items() if name != "next_due"}
    return {**bare, "state": state, "rev": document["rev"] + 1}


async def test_W_08_what_follows_from_a_trail_is_made_anew_and_the_trail_stays(
    store: Store,
) -> None:
    kept = jars(store)
    await kept.prepare()
    await kept.create("a", lambda: [PutIn(amount=1, at=NOON)], cause())
    written = await store.get("jars", "a")
    assert written is not None
    await store.replace("jars", kept_less(written), written["rev"])
    assert await kept.check("a")
    assert await kept.refold("a") == ["state.due", "next_due"]
    assert await kept.check("a") == []
    again = await store.get("jars", "a")
    assert again == {**written, "rev": written["rev"] + 2}
    assert await kept.refold("a") == [] and await store.get("jars", "a") == again


async def test_W_08_nothing_is_made_of_a_trail_that_is_not_as_it_was_written(store: Store) -> None:
    kept = jars(store)
    await kept.prepare()
    await kept.create("a", lambda: [PutIn(amount=1, at=NOON)], cause())
    written = await store.get("jars", "a")
    assert written is not None
    [entry] = written["trail"]
    forged = {**entry, "data": {**entry["data"], "amount": 2}}
    await store.replace("jars", {**written, "trail": [forged], "rev": 2}, 1)
    with pytest.raises(Malformed):
        await kept.refold("a")
    with pytest.raises(NotFound):
        await kept.refold("b")
    assert (await kept.get("a")).aggregate.holds == 1


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Inside]:
    async with inside(tmp_path, only=("housing", "whistle")) as running:
        yield running


async def changed(here: Inside, id: str, **otherwise: Any) -> None:
    kept = here.services["whistle"].stores[0]
    document = await kept.get("problems", id)
    assert document is not None
    again = {**document, **otherwise, "rev": document["rev"] + 1}
    assert await kept.replace("problems", again, document["rev"])


async def test_W_08_only_the_district_has_it_made_anew(here: Inside) -> None:
    id = (await here("community:jiangong").post(PROBLEMS, {**BODY, "title": "演练"}))["id"]
    path = f"/api/v1/whistle/trails/problems/{id}/refold"
    for who in ("community:jiangong", "command_centre", "discipline"):
        with pytest.raises(Refused) as refusal:
            await here(who).post(path)
        assert refusal.value.status == 403
    admin = here("district_admin")
    assert await admin.post(path) == {"id": id, "changed": []}
    await changed(here, id, keys={"status": "settled"})
    found = (await admin.post(path))["changed"]
    assert "keys.status" in found and "keys.street" in found
    with pytest.raises(Refused) as missing:
        await admin.post(f"/api/v1/whistle/trails/nothing/{id}/refold")
    assert missing.value.status == 404


async def test_W_08_what_cannot_be_made_anew_is_left_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with inside(tmp_path) as here:
        id = (await here("community:jiangong").post(PROBLEMS, {**BODY, "title": "演练"}))["id"]
        document = await here.services["whistle"].stores[0].get("problems", id)
        assert document is not None
        [first] = document["trail"]
        await changed(here, id, trail=[{**first, "actor": "street:nobody"}])

        assert await refold.refold(here.url, here.data) == 1

    said = capsys.readouterr().out
    assert f"whistle problems/{id}  未改动：留痕核验不符，不能据以重新推算。" in said
    assert "0 条，1 条未改动" in said
