"""How a document is kept on SQLite: its keys, its large parts, and what only its relay changes.

Each is in a separate column, so that a query doesn't read trails, and settling an outbox rewrites neither an index nor
a trail.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from .store import HEAVY, SETTLED, Document

COLUMNS = ("id", "rev", "pending_since")
"""The fields that are columns, and no part of the body."""
TAIL = tuple(name for name in HEAVY if name not in SETTLED)
APART = frozenset((*HEAVY, *SETTLED))
"""What is heavy and stays, and all that stands outside the body."""
WHOLE = "rev, body, tail, outbox, pending_since"
LEAN = "rev, body, NULL, NULL, pending_since"
PUT = "(id, rev, body, tail, outbox, pending_since) VALUES (?, ?, ?, ?, ?, ?)"
CHANGE = "rev = ?, body = ?, tail = ?, outbox = ?, pending_since = ?"
SETTLE = "rev = ?, outbox = ?, pending_since = ?"


def column(field: str) -> str:
    return field if field in COLUMNS else f"json_extract(body, '$.{field}')"


def changed(document: Document) -> list[Any]:
    """The values of a CHANGE."""
    heavy = {name: document[name] for name in TAIL if name in document}
    body = {name: value for name, value in document.items() if name not in APART}
    rev, *told = settled(document)
    return [rev, _text(body), _text(heavy) if heavy else None, *told]


def settled(document: Document) -> list[Any]:
    """The values of a SETTLE."""
    told = document.get("outbox")
    return [document["rev"], None if told is None else _text(told), document.get("pending_since")]


def document_of(row: Sequence[Any]) -> Document:
    """Of a WHOLE or LEAN row."""
    rev, body, tail, told, since = row
    document: Document = orjson.loads(body)
    if tail:
        document |= orjson.loads(tail)
    document["rev"] = rev
    if told:
        document["outbox"] = orjson.loads(told)
    if since:
        document["pending_since"] = since
    return document


def made(collection: str) -> str:
    return (
        f"CREATE TABLE IF NOT EXISTS {collection} (id TEXT PRIMARY KEY, rev INTEGER NOT NULL, "
        "body TEXT NOT NULL, tail TEXT, outbox TEXT, pending_since TEXT)"
    )


def brought_up(collection: str, there: set[str]) -> Iterator[str]:
    """Migrates an earlier table, by the columns it has: pending events move to where the relay looks for them."""
    missing = [name for name in ("tail", "outbox", "pending_since") if name not in there]
    for name in missing:
        yield f"ALTER TABLE {collection} ADD COLUMN {name} TEXT"
    if "outbox" in missing:
        yield f"DROP INDEX IF EXISTS {collection}__pending_since"
        for name, kept in (("outbox", "tail"), ("outbox", "body"), ("pending_since", "body")):
            found = f"json_extract({kept}, '$.{name}')"
            yield (
                f"UPDATE {collection} SET {name} = {found}, {kept} = json_remove({kept}, '$.{name}') "
                f"WHERE {found} IS NOT NULL"
            )


def _text(value: Any) -> str:
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        # Numbers and text that no store can hold: the store says so itself.
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
