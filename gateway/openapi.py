"""One OpenAPI document of the whole platform: the services' own, joined."""

import json
from collections.abc import Mapping
from typing import Any

PREFIX = "#/components/schemas/"


def joined(own: dict[str, Any], services: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """`own` is the gateway's; each service's models are told apart by its name, its tags by its title."""
    paths = dict(own.get("paths", {}))
    schemas = dict(own.get("components", {}).get("schemas", {}))
    for service, document in services.items():
        named = json.loads(json.dumps(document).replace(PREFIX, f"{PREFIX}{service}."))
        of_it = {path: item for path, item in named["paths"].items() if path.startswith("/api/")}
        for operation in (one for item in of_it.values() for one in item.values()):
            operation["tags"] = [f"{named['info']['title']} · {tag}" for tag in operation["tags"]]
        paths |= of_it
        for name, schema in named.get("components", {}).get("schemas", {}).items():
            schemas[f"{service}.{name}"] = schema
    return {
        **own,
        "info": {"title": "共治 Gongzhi", "version": "1"},
        "paths": paths,
        "components": {**own["components"], "schemas": schemas},
    }
