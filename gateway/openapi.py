"""One OpenAPI document of the whole platform: the services' own, joined."""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from chassis.kernel.errors import NotFound

from .forward import Forward

PREFIX = "#/components/schemas/"


DESCRIBED_WITHIN = 30.0
"""A service describes itself once, when it is first asked, and a busy one takes its time."""
FRESH = 60.0
"""Seconds for which what the services said of themselves is taken to be so."""


class Joined:
    """The document as text, made again only when it may have changed, and by one at a time."""

    def __init__(self, own: Callable[[], dict[str, Any]], forward: Forward) -> None:
        self._own = own
        self._forward = forward
        self._making = asyncio.Lock()
        self._made = (-FRESH, "")

    async def __call__(self) -> str:
        async with self._making:
            at, text = self._made
            if time.monotonic() - at < FRESH:
                return text
            text = await self._text()
            self._made = (time.monotonic(), text)
            return text

    async def _text(self) -> str:
        """NotFound where a service doesn't answer."""
        documents = {}
        for name in self._forward.names:
            status, document = await self._forward.ask(name, "/openapi.json", DESCRIBED_WITHIN)
            if status != 200:
                raise NotFound(f"取不到 {name} 的接口说明。")
            documents[name] = document
        return await asyncio.to_thread(lambda: json.dumps(joined(self._own(), documents)))


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
