"""A table derived from a collection on SQLite, kept up to date by triggers on every write of a document."""

from .store import Index, Total


def table_of(collection: str, kept: Index | Total) -> str:
    return f"{collection}__{kept.name}"


def triggers(collection: str, table: str, *, put: str, drop: str, changed: str) -> tuple[str, ...]:
    """`put` and `drop` do a new document's share and an old one's; a change does both, where it `changed`."""
    return (
        f"CREATE TRIGGER {table}__put AFTER INSERT ON {collection} BEGIN {put} END",
        f"CREATE TRIGGER {table}__change AFTER UPDATE OF body ON {collection} "
        f"WHEN {changed} BEGIN {drop} {put} END",
        f"CREATE TRIGGER {table}__drop AFTER DELETE ON {collection} BEGIN {drop} END",
    )
