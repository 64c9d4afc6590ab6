"""Routes as they are declared, and built lazily at their first request.

The framework builds each route where it is declared, in milliseconds; a process has hundreds, and few are requested. So
the first request of each takes that much longer, and the start is seconds faster.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, partial
from itertools import takewhile
from typing import Any, TypeVar

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Match, compile_path
from starlette.types import Receive, Scope, Send

DEPTH = 5
"""Of a path's parts, how many say where it is: `/api/v1/whistle/problems`, and nothing before the first."""
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


class Places(BaseRoute):
    """Every route of an app, by where it is: looked for among its neighbours only, however many there are elsewhere."""

    def __init__(self) -> None:
        self._at: dict[str, list[Later]] = defaultdict(list)

    def add(self, path: str, later: Later) -> None:
        named = takewhile(lambda part: "{" not in part, _parts(path))
        self._at["/".join(named)].append(later)

    def every(self) -> Iterator[APIRoute]:
        """Each made, in the order of places and then as they were added."""
        return (later.made for place in self._at.values() for later in place)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """The first that takes it, or else the first that would by another method."""
        other: tuple[Match, Scope] = Match.NONE, {}
        for later in self._near(_parts(scope["path"])):
            match, found = later.matches(scope)
            if match is Match.FULL:
                return match, found
            if match is Match.PARTIAL and other[0] is Match.NONE:
                other = match, found
        return other

    def _near(self, parts: Sequence[str]) -> Iterator[Later]:
        """At this place, and at those above it."""
        for depth in range(len(parts), 0, -1):
            yield from self._at.get("/".join(parts[:depth]), ())

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """By the one that matched, which the framework has put there."""
        await scope["route"].handle(scope, receive, send)


def _parts(path: str) -> list[str]:
    return path.split("/", DEPTH)[:DEPTH]


def add(app: FastAPI, path: str, make: Callable[[], Made]) -> None:
    _places(app).add(path, Later(app, path, make))


def _places(app: FastAPI) -> Places:
    found = next((route for route in app.router.routes if isinstance(route, Places)), None)
    if found is None:
        found = Places()
        app.router.routes.append(found)
    return found


def every(app: FastAPI) -> list[APIRoute]:
    """All of them, made."""
    return [*_places(app).every()]


@contextmanager
def laid_out(app: FastAPI) -> Iterator[list[APIRoute]]:
    """All of them, made, where the framework looks for what it describes."""
    own, found = app.router.routes[:], every(app)
    app.router.routes[:] = found
    try:
        yield found
    finally:
        app.router.routes[:] = own


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
