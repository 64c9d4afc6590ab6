"""One OpenAPI document of the whole platform: the services' own, joined."""

import json
from collections.abc import Mapping
from typing import Any

PREFIX = "#/components/schemas/"


def joined(own: dict[str, Any], services: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """`own` is the gateway's; each service's models are told apart by its name."""
    paths = dict(own.get("paths", {}))
    schemas = dict(own.get("components", {}).get("schemas", {}))
    for service, document in services.items():
        named = json.loads(json.dumps(document).replace(PREFIX, f"{PREFIX}{service}."))
        paths |= {path: item for path, item in named["paths"].items() if path.startswith("/api/")}
        for name, schema in named.get("components", {}).get("schemas", {}).items():
            schemas[f"{service}.{name}"] = schema
    return {
        **own,
        "info": {"title": "共治 Gongzhi", "version": "1"},
        "paths": paths,
        "components": {**own["components"], "schemas": schemas},
    }
