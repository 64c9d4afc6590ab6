"""Totals on SQLite: a table of sums, kept by triggers in whatever writes a document, in its transaction."""

from collections.abc import Sequence
from typing import Any

from .store import Total, Where


def table_of(collection: str, total: Total) -> str:
    return f"{collection}__{total.name}"


def columns(total: Total) -> list[str]:
    return [*map(_named, (*total.fields, total.by)), "count", *map(_named, total.of)]


def made(collection: str, total: Total) -> tuple[str, ...]:
    """Begins anew, with what is there already."""
    table, names = table_of(collection, total), columns(total)
    key = names[: len(total.fields) + 1]
    put, drop = _added(table, total, "NEW", "+"), _added(table, total, "OLD", "-")
    changed = " OR ".join(
        f"{_of(field, 'OLD')} IS NOT {_of(field, 'NEW')}"
        for field in (*total.fields, total.by, *total.of)
    )
    return (
        f"DROP TABLE IF EXISTS {table}",
        *(f"DROP TRIGGER IF EXISTS {table}__{name}" for name in ("put", "change", "drop")),
        f"CREATE TABLE {table} ({', '.join(names)}, PRIMARY KEY ({', '.join(key)})) WITHOUT ROWID",
        f"CREATE TRIGGER {table}__put AFTER INSERT ON {collection} BEGIN {put} END",
        f"CREATE TRIGGER {table}__change AFTER UPDATE OF body ON {collection} "
        f"WHEN {changed} BEGIN {drop} {put} END",
        f"CREATE TRIGGER {table}__drop AFTER DELETE ON {collection} BEGIN {drop} END",
        f"INSERT INTO {table} SELECT {_parts(total, collection, '+', 'SUM')} FROM {collection} "
        f"WHERE {_whole(total, collection)} GROUP BY {', '.join(str(n + 1) for n in range(len(key)))}",
    )


def read(collection: str, total: Total, where: Where, sums: Sequence[str]) -> tuple[str, list[Any]]:
    wanted = ", ".join((_named(total.by), "count", *map(_named, sums)))
    condition = " AND ".join(f"{_named(field)} = ?" for field in where)
    sql = f"SELECT {wanted} FROM {table_of(collection, total)} WHERE {condition} AND count > 0"
    return f"{sql} ORDER BY 1", [*where.values()]


def _added(table: str, total: Total, row: str, sign: str) -> str:
    """One document's share, put to its row or taken from it."""
    more = ", ".join(
        f"{name} = {name} + excluded.{name}" for name in ("count", *map(_named, total.of))
    )
    return (
        f"INSERT INTO {table} SELECT {_parts(total, row, sign)} WHERE {_whole(total, row)} "
        f"ON CONFLICT DO UPDATE SET {more};"
    )


def _parts(total: Total, row: str, sign: str, sum: str = "") -> str:
    keys = [_of(field, row) for field in (*total.fields, total.by)]
    of = [f"{sign}{sum}(COALESCE({_of(field, row)}, 0))" for field in total.of]
    return ", ".join([*keys, f"{sign}{sum}(1)", *of])


def _whole(total: Total, row: str) -> str:
    """What lacks a field is in no row."""
    return " AND ".join(f"{_of(field, row)} IS NOT NULL" for field in (*total.fields, total.by))


def _of(field: str, row: str) -> str:
    return f"json_extract({row}.body, '$.{field}')"


def _named(field: str) -> str:
    return field.replace(".", "_")
