"""One OpenAPI document of the whole platform: the services' own, joined."""

import json
from collections.abc import Mapping
from typing import Any

PREFIX = "#/components/schemas/"


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
