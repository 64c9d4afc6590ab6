"""Routes are made when they are first asked for, and all of them for who describes them."""

from fastapi import FastAPI

from chassis.openapi import told
from chassis.routes import Later, Routes
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
    later = (route for route in app.routes if isinstance(route, Later))
    return [route.made.path for route in later if "made" in vars(route)]


async def test_a_route_is_made_when_it_is_first_asked_for() -> None:
    app = jars()
    assert made(app) == []
    assert await Direct({"jars": app}).ask("jars", "/api/one", 5) == (200, "one")
    assert made(app) == ["/api/one"]


async def test_all_are_made_for_who_describes_them_and_answer_as_before() -> None:
    app = jars()
    assert list(told(app, {}, {})()["paths"]) == ["/api/one", "/api/two"]
    assert not any(isinstance(route, Later) for route in app.routes)
    assert await Direct({"jars": app}).ask("jars", "/api/one", 5) == (200, "one")


async def test_where_only_another_method_is_it_is_no_route() -> None:
    assert (await Direct({"jars": jars()}).ask("jars", "/api/two", 5))[0] == 405
    assert (await Direct({"jars": jars()}).ask("jars", "/api/six", 5))[0] == 404
