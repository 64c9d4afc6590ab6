"""Whatever is made says where it is to be read."""

import io
from pathlib import Path

import pytest

from chassis.routes import every
from chassis.step_route import StepRoute, Unusual
from chassis.steps import Step
from gateway import main as gateway
from gateway.forward import Direct
from gongzhi import compose, demo, keys
from gongzhi.roster import GATEWAY, SERVICES, build
from services.whistle.steps.work import prove
from tests.platform.test_whistle_proofs import PHOTO, called
from tests.platform.test_whistle_receipts import WHISTLES
from tests.support.bodies import NOISE
from tests.support.held import clock, platform
from tests.support.inside import Inside

__all__ = ["clock", "platform"]

COMMUNITY = "community:guanshangzhongxinqu"
NOWHERE = {"housing.room_months.book", "index.checklists.import"}
"""A booking stands in its room's month, and a table is many tasks."""


@pytest.mark.parametrize("name", [*SERVICES, GATEWAY])
def test_what_is_made_has_an_address_under_which_it_is_read(name: str, tmp_path: Path) -> None:
    runtime = compose.runtime(keys.settings_for(tmp_path), "tests")
    if name == GATEWAY:
        service, door = gateway.build(runtime, Direct({}))
        app = door._app.app._own  # type: ignore[attr-defined]
    else:
        service = build(name, runtime)
        app = service.app()._app  # type: ignore[attr-defined]
    document = app.openapi()
    reads = [route for route in every(app) if route.methods == {"GET"}]
    making = [step for step in service.steps if step.status == 201]
    for step in making:
        base = f"/api/v1/{step.on.service}"
        said = document["paths"][base + step.path][step.method.lower()]["responses"]["201"]
        assert ("Location" in said.get("headers", ())) == bool(step.makes), step.operation
        if step.operation in NOWHERE:
            assert not step.makes
            continue
        path = step.location("a", dict.fromkeys(_parts(step), 2026))  # some are years
        assert any(route.path_regex.fullmatch(path) for route in reads), (step.operation, path)
    assert making


def _parts(step: Step[object, object, object, object]) -> list[str]:
    return [part.partition("}")[0] for part in step.path.split("{")[1:]]


def test_an_id_is_one_part_of_its_address() -> None:
    location = prove.location("a/b", {"id": "?", "unit": "u"})
    assert location == "/api/v1/whistle/whistles/%3F/proofs/a%2Fb"


@pytest.mark.parametrize("straight", [True, False])
async def test_where_it_says_it_is_read_by_who_made_it(
    platform: Inside, monkeypatch: pytest.MonkeyPatch, straight: bool
) -> None:
    if not straight:

        def unusual(*_: object) -> None:
            raise Unusual

        monkeypatch.setattr(StepRoute, "_read", unusual)
    ours = {"Authorization": f"Bearer {platform(COMMUNITY).token}"}
    async with platform.session.post(
        platform.url + demo.PROBLEMS, json=NOISE, headers=ours
    ) as answer:
        made, location = await answer.json(), answer.headers["Location"]
        assert answer.status == 201 and location == f"{demo.PROBLEMS}/{made['id']}"
    found = await platform(COMMUNITY).get(location)
    assert (found["id"], found["version"]) == (made["id"], made["version"])


async def test_a_file_says_where_it_is_read_and_what_only_changes_says_nothing(
    platform: Inside,
) -> None:
    whistle = await called(platform, "water", "transport")
    one, water = f"{platform.url}{WHISTLES}/{whistle}", platform("department:water")
    headers = {"Authorization": f"Bearer {water.token}"}
    async with platform.session.post(
        f"{one}/units/water/proofs", data=io.BytesIO(PHOTO), headers=headers
    ) as answer:
        location = answer.headers["Location"]
        assert answer.status == 201 and location.endswith((await answer.json())["id"])
    async with platform.session.get(platform.url + location, headers=headers) as answer:
        assert await answer.read() == PHOTO
    version = {"If-Match": f'"{(await water.get(f"{WHISTLES}/{whistle}"))["version"]}"'}
    async with platform.session.post(
        f"{one}/units/water/arrive", json={"place": "闸"}, headers=headers | version
    ) as answer:
        assert answer.status == 200 and "Location" not in answer.headers
