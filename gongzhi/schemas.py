"""`python -m gongzhi.schemas`: the contracts as JSON Schemas and an AsyncAPI document.

They describe the wire format: times in UTC at fixed width, an empty field absent, never null.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from chassis.bus import WITNESS
from chassis.bus_queues import EXCHANGE
from contracts.event import Envelope, Event
from contracts.heard import HEARD, family
from contracts.published import EVENTS, PARTNERS

RELEASED = Path(__file__).parents[1] / "contracts" / "released"
INSTANT = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$"
CONTENT_TYPE = "application/cloudevents+json"


class _Travelling(GenerateJsonSchema):
    """The words of a model as they are on the wire; titles would only repeat the fields' names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def datetime_schema(self, schema: core_schema.DatetimeSchema) -> JsonSchemaValue:
        return {"type": "string", "format": "date-time", "pattern": INSTANT}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        written = super().default_schema(schema)
        if written.get("default", ...) is None:
            del written["default"]
        return written


def schema_of(event: type[Event]) -> dict[str, Any]:
    """The envelope with this event as its data."""
    written = Envelope.model_json_schema(schema_generator=_Travelling)
    data = event.model_json_schema(schema_generator=_Travelling)
    parts = data.pop("$defs", {})
    del written["properties"]["specversion"]["default"]
    written["properties"] |= {"type": {"const": event.type, "type": "string"}, "data": data}
    return {
        **written,
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:gongzhi:event:{event.type}",
        "title": event.type,
        "description": _said(event),
        "required": ["specversion", *written["required"]],
    } | ({"$defs": parts} if parts else {})


def asyncapi() -> dict[str, Any]:
    """Who publishes what on the exchange, and who consumes it."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:gongzhi:events",
        "info": {
            "title": "共治 Gongzhi: events",
            "version": "1",
            "description": "Facts that services and partners tell one another: CloudEvents 1.0, "
            "structured JSON, at least once and in any order.",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {event.type: _channel(event) for event in EVENTS.values()},
        "operations": dict(_operations()),
        "components": {"messages": {event.type: _message(event) for event in EVENTS.values()}},
    }


def _said(event: type[Event]) -> str:
    return " ".join((event.__doc__ or event.__name__).split())


def _channel(event: type[Event]) -> dict[str, Any]:
    exchange = {"name": EXCHANGE, "type": "topic", "durable": True, "autoDelete": False}
    amqp = {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}
    return {
        "address": event.type,
        "messages": {event.type: {"$ref": f"#/components/messages/{event.type}"}},
        "bindings": {"amqp": amqp},
    }


def _message(event: type[Event]) -> dict[str, Any]:
    return {
        "name": event.type,
        "summary": _said(event),
        "contentType": CONTENT_TYPE,
        "payload": {"$ref": f"./schemas/{event.type}.json"},
    }


def _operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for type in EVENTS:
        note = " in a partner's name" if type in PARTNERS else ""
        for teller in _tellers(type):
            yield _operation("send", teller, type, f"{teller} tells it{note}")
    for queue, heard in HEARD.items():
        for type in EVENTS if queue == WITNESS else [event.type for event in heard]:
            bound = "#" if queue == WITNESS else f"{family(type)}.*"
            yield _operation("receive", queue, type, f"queue {queue}, bound to {bound}")


def _tellers(type: str) -> Iterator[str]:
    """Events of the platform are published by every consumer of partners' events, the gateway included."""
    if type in PARTNERS:
        yield "gateway"
    elif type.startswith("platform."):
        yield "gateway"
        yield from (
            name for name, heard in HEARD.items() if PARTNERS.keys() & {one.type for one in heard}
        )
    else:
        yield type.partition(".")[0]


def _operation(action: str, who: str, type: str, summary: str) -> tuple[str, dict[str, Any]]:
    return f"{who}.{action}.{type}", {
        "action": action,
        "summary": summary,
        "tags": [{"name": who}],
        "channel": {"$ref": f"#/channels/{type}"},
        "messages": [{"$ref": f"#/channels/{type}/messages/{type}"}],
    }


def released() -> dict[str, str]:
    """Every file to release, by its path below `contracts/released/`."""
    schemas = {f"schemas/{type}.json": schema_of(event) for type, event in EVENTS.items()}
    return {path: _text(made) for path, made in {"asyncapi.json": asyncapi(), **schemas}.items()}


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def main() -> None:
    files = released()
    for path in RELEASED.glob("**/*.json"):
        if path.relative_to(RELEASED).as_posix() not in files:
            path.unlink()
    for name, text in files.items():
        path = RELEASED / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(f"{len(files)} files in {RELEASED}")


if __name__ == "__main__":
    main()
