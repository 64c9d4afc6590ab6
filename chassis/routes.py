"""Routes as they are declared, and made when they are first asked for.

The framework makes each of its routes where it is declared, in milliseconds; a process has hundreds, and is asked
for a few. So the first request of each is that much later, and the start seconds earlier.
"""

from collections.abc import Callable, Sequence
from functools import cached_property, partial
from typing import Any, TypeVar

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match, compile_path
from starlette.types import Receive, Scope, Send

E = TypeVar("E", bound=Callable[..., Any])


Made = tuple[Callable[..., Any], dict[str, Any]]
"""An endpoint, and what the framework's own `add_api_route` is to be told of it."""


class Later(BaseRoute):
    def __init__(self, app: FastAPI, path: str, make: Callable[[], Made]) -> None:
        self._app, self._path, self._make = app, path, make
        self._regex = compile_path(path)[0]

    @cached_property
    def made(self) -> APIRoute:
        """As the app would have made it."""
        of = self._app.router
        router = APIRouter(
            dependencies=of.dependencies,
            dependency_overrides_provider=of.dependency_overrides_provider,
            generate_unique_id_function=of.generate_unique_id_function,
        )
        endpoint, more = self._make()
        router.add_api_route(self._path, endpoint, **more)
        [made] = router.routes
        assert isinstance(made, APIRoute)
        return made

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if not self._regex.match(scope["path"]):
            return Match.NONE, {}
        return self.made.matches(scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.made.handle(scope, receive, send)


def add(app: FastAPI, path: str, make: Callable[[], Made]) -> None:
    app.router.routes.append(Later(app, path, make))


def make_all(app: FastAPI) -> None:
    """For who describes them."""
    app.router.routes[:] = [
        route.made if isinstance(route, Later) else route for route in app.router.routes
    ]


class Routes:
    """`get`, `post` and `put` decorate as the framework's own do, and `more` is what these understand.

    `tags` and `dependencies` are those of all of them.
    """

    def __init__(
        self, *, prefix: str = "", tags: Sequence[str] = (), dependencies: Sequence[Any] = ()
    ) -> None:
        self._prefix = prefix
        self._all = {"tags": [*tags], "dependencies": [*dependencies]}
        self._declared: list[tuple[str, Callable[..., Any], dict[str, Any]]] = []

    def add(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        self._declared.append((self._prefix + path, endpoint, more))

    def get(self, path: str, **more: Any) -> Callable[[E], E]:
        return self._on("GET", path, more)

    def post(self, path: str, **more: Any) -> Callable[[E], E]:
        return self._on("POST", path, more)

    def put(self, path: str, **more: Any) -> Callable[[E], E]:
        return self._on("PUT", path, more)

    def add_to(self, app: FastAPI, base: str = "") -> None:
        for path, endpoint, more in self._declared:
            add(app, base + path, partial(_as_it_is, endpoint, {**self._all, **more}))

    def _on(self, method: str, path: str, more: dict[str, Any]) -> Callable[[E], E]:
        def declared(endpoint: E) -> E:
            self.add(path, endpoint, methods=[method], **more)
            return endpoint

        return declared


def _as_it_is(endpoint: Callable[..., Any], more: dict[str, Any]) -> Made:
    return endpoint, more
