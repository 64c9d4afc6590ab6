"""Arrays on SQLite: a table of their values, kept up to date by triggers in the transaction of every write."""

from .sqlite_triggers import table_of, triggers
from .store import Index

LAST = "''"
"""Where a document stands that has nothing to be put in order by: SQLite has numbers before text."""


def made(collection: str, index: Index) -> tuple[str, ...]:
    """Begins with what is there already. `then` puts what has one value in an order."""
    table, named = table_of(collection, index), _named(index)
    put = f"INSERT OR IGNORE INTO {table} {_values(index, 'NEW')};"
    drop = f"DELETE FROM {table} WHERE ({named}) IN ({_values(index, 'OLD')});"
    changed = " OR ".join(
        f"json_extract(OLD.body, '$.{field}') IS NOT json_extract(NEW.body, '$.{field}')"
        for field in index.fields
    )
    at = "at NOT NULL, " if index.then else ""
    return (
        f"CREATE TABLE {table} (value, {at}id TEXT NOT NULL, PRIMARY KEY ({named})) WITHOUT ROWID",
        *triggers(collection, table, put=put, drop=drop, changed=changed),
        f"INSERT OR IGNORE INTO {table} {_values(index, collection, f'{collection}, ')}",
    )


def in_order(table: str, collection: str) -> tuple[str, str, str]:
    """The column that has the order, who is in it, and the rows to read: those of one `own.value`, as they stand."""
    return "own.at", f"own.at <> {LAST}", f"{table} AS own CROSS JOIN {collection} USING (id)"


def _named(index: Index) -> str:
    return "value, at, id" if index.then else "value, id"


def _values(index: Index, row: str, rows: str = "") -> str:
    at = f"COALESCE(json_extract({row}.body, '$.{index.then}'), {LAST}), " if index.then else ""
    return f"SELECT value, {at}{row}.id FROM {rows}json_each({row}.body, '$.{index.field}')"
