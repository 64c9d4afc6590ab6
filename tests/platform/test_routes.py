"""Routes are made when they are first asked for, looked for at their place, and all made for who describes them."""

from typing import Any

import pytest
from fastapi import FastAPI

from chassis.openapi import told
from chassis.routes import Later, Places, Routes, every
from gateway.forward import Direct


def jars() -> FastAPI:
    app, api = FastAPI(), Routes(tags=["jars"])

    @api.get("/one")
    async def one() -> str:
        return "one"

    @api.post("/two")
    async def two() -> str:
        return "two"

    api.add_to(app, "/api")
    return app


def made(app: FastAPI) -> list[str]:
    """The paths of those that have been made."""
    [places] = (route for route in app.routes if isinstance(route, Places))
    later = (one for at in places._at.values() for one in at)
    return [one.made.path for one in later if "made" in vars(one)]


async def test_a_route_is_made_when_it_is_first_asked_for() -> None:
    app = jars()
    assert made(app) == []
    assert await Direct({"jars": app}).ask("jars", "/api/one", 5) == (200, "one")
    assert made(app) == ["/api/one"]


async def test_all_are_made_for_who_describes_them_and_answer_as_before() -> None:
    app = jars()
    assert list(told(app, {}, {})()["paths"]) == ["/api/one", "/api/two"]
    assert [route.path for route in every(app)] == ["/api/one", "/api/two"]
    assert await Direct({"jars": app}).ask("jars", "/api/one", 5) == (200, "one")


async def test_where_only_another_method_is_it_is_no_route() -> None:
    assert (await Direct({"jars": jars()}).ask("jars", "/api/two", 5))[0] == 405
    assert (await Direct({"jars": jars()}).ask("jars", "/api/six", 5))[0] == 404


async def test_a_route_is_looked_for_among_its_neighbours_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app, api, looked = FastAPI(redirect_slashes=False), Routes(), []

    def at(path: str) -> None:
        @api.get(path)
        async def there() -> str:
            return path

    for path in ("/jars/{id}/lid", "/jars/full", "/jars/{id}", "/jars", "/lids/{id}", "/{any}"):
        at(path)
    api.add_to(app, "/api/v1/toy")
    matches = Later.matches

    def noted(self: Later, scope: Any) -> Any:
        looked.append(self._path)
        return matches(self, scope)

    monkeypatch.setattr(Later, "matches", noted)
    for path, said in (
        ("/jars/full", "/jars/full"),
        ("/jars/7", "/jars/{id}"),
        ("/jars", "/jars"),
        ("/jarsfull", "/{any}"),
    ):
        assert await Direct({"toy": app}).ask("toy", f"/api/v1/toy{path}", 5) == (200, said)
    assert looked and not any("/lids" in path for path in looked)
    for nowhere in ("/jars/7/", "/jars/7/lid/", "", "/lids/7/8"):
        assert (await Direct({"toy": app}).ask("toy", f"/api/v1/toy{nowhere}", 5))[0] == 404
