"""One OpenAPI document of the whole platform: the services' own, joined."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from .forward import Forward

PREFIX = "#/components/schemas/"


DESCRIBED_WITHIN = 30.0
"""A service describes itself once, when it is first asked, and a busy one takes its time."""
AGAIN_WITHIN = 3.0
"""Later ones don't wait for one that hangs."""
FRESH = 60.0
"""Seconds for which what the services said of themselves is taken to be so."""
MISSED = 5.0
"""Seconds until one that didn't answer is asked again."""
MISSING = "x-missing"
"""The services that aren't in the document, because they haven't answered since this process began."""


class Joined:
    """The document as text, made again only when it may have changed, and by one at a time."""

    def __init__(self, own: Callable[[], dict[str, Any]], forward: Forward) -> None:
        self._own = own
        self._forward = forward
        self._making = asyncio.Lock()
        self._said: dict[str, str] = {}
        self._until, self._text = 0.0, ""

    async def __call__(self) -> str:
        async with self._making:
            if time.monotonic() >= self._until:
                told = await self._ask()
                self._text = await asyncio.to_thread(self._joined, told)
                whole = len(told) == len(self._forward.names)
                self._until = time.monotonic() + (FRESH if whole else MISSED)
            return self._text

    async def _ask(self) -> dict[str, Any]:
        """What those say of themselves that answer."""
        names = self._forward.names
        within = AGAIN_WITHIN if self._text else DESCRIBED_WITHIN
        asked = (self._forward.ask(one, "/openapi.json", within) for one in names)
        answers = zip(names, await asyncio.gather(*asked), strict=True)
        return {name: said for name, (status, said) in answers if status == HTTPStatus.OK}

    def _joined(self, told: Mapping[str, Any]) -> str:
        """Of one that is away stays what it said before: the others work on. Kept as text, a quarter of what it is
        as objects.
        """
        self._said |= {name: json.dumps(said) for name, said in told.items()}
        names = self._forward.names
        known = {name: json.loads(self._said[name]) for name in names if name in self._said}
        whole = joined(self._own(), known)
        if missing := [name for name in names if name not in known]:
            whole["info"][MISSING] = missing
        return json.dumps(whole)


def joined(own: dict[str, Any], services: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """`own` is the gateway's; each one's models are told apart by its name, a service's tags by its title."""
    named = _named(own, "gateway")
    paths, schemas = dict(named["paths"]), dict(named["components"]["schemas"])
    for service, document in services.items():
        named = _named(document, service)
        of_it = {path: item for path, item in named["paths"].items() if path.startswith("/api/")}
        for operation in (one for item in of_it.values() for one in item.values()):
            operation["tags"] = [f"{named['info']['title']} · {tag}" for tag in operation["tags"]]
        paths |= of_it
        schemas |= named["components"]["schemas"]
    return {
        **own,
        "info": {"title": "共治 Gongzhi", "version": "1"},
        "paths": paths,
        "components": {**own["components"], "schemas": schemas},
    }


def _named(document: dict[str, Any], name: str) -> dict[str, Any]:
    """With its models under its name."""
    renamed: dict[str, Any] = json.loads(json.dumps(document).replace(PREFIX, f"{PREFIX}{name}."))
    models = renamed.get("components", {}).get("schemas", {})
    renamed["components"]["schemas"] = {f"{name}.{one}": shape for one, shape in models.items()}
    return renamed
