"""Totals on SQLite: a table of sums, kept up to date by triggers in the transaction of every write."""

from collections.abc import Sequence
from typing import Any

from .sqlite_triggers import table_of, triggers
from .store import Has, In, Total, Where, bare


def columns(total: Total) -> list[str]:
    return [*map(_named, (*total.fields, total.by)), "count", *map(_named, total.of)]


def made(collection: str, total: Total) -> tuple[str, ...]:
    """Begins anew, with what is there already."""
    table, names = table_of(collection, total), columns(total)
    key = names[: len(total.fields) + 1]
    grouped = ", ".join(str(n + 1) for n in range(len(key)))
    put, drop = _added(table, total, "NEW", "+"), _added(table, total, "OLD", "-")
    changed = " OR ".join(
        f"{_at(field, 'OLD')} IS NOT {_at(field, 'NEW')}"
        for field in (*total.fields, total.by, *total.of)
    )
    return (
        f"DROP TABLE IF EXISTS {table}",
        *(f"DROP TRIGGER IF EXISTS {table}__{name}" for name in ("put", "change", "drop")),
        f"CREATE TABLE {table} ({', '.join(names)}, PRIMARY KEY ({', '.join(key)})) WITHOUT ROWID",
        *triggers(collection, table, put=put, drop=drop, changed=changed),
        f"INSERT INTO {table} SELECT {_parts(total, collection, '+', 'SUM')} FROM {collection}"
        f"{_each(total, collection, ', ')} WHERE {_whole(total, collection)} GROUP BY {grouped}",
    )


def read(
    collection: str, total: Total, where: Where, by: str | None, sums: Sequence[str]
) -> tuple[str, list[Any]]:
    """Adds up over `by` where nobody asks for each of it."""
    parts, values = [], []
    for field, wanted in where.items():
        some = _some(wanted)
        parts.append(f"{_named(field)} IN ({','.join('?' * len(some))})")
        values += some
    summed = [f"SUM({name})" for name in ("count", *map(_named, sums))]
    wanted = ", ".join([*([_named(by)] if by else []), *summed])
    sql = f"SELECT {wanted} FROM {table_of(collection, total)} WHERE {' AND '.join(parts) or '1'}"
    group = f" GROUP BY {_named(by)}" if by else ""
    return f"{sql}{group} HAVING SUM(count) > 0{' ORDER BY 1' if by else ''}", values


def _some(wanted: Any) -> list[Any]:
    return [*wanted.values] if isinstance(wanted, In | Has) else [wanted]


def _added(table: str, total: Total, row: str, sign: str) -> str:
    """One document's share, put to its row or taken from it."""
    more = ", ".join(
        f"{name} = {name} + excluded.{name}" for name in ("count", *map(_named, total.of))
    )
    return (
        f"INSERT INTO {table} SELECT {_parts(total, row, sign)}{_each(total, row, ' FROM ')} "
        f"WHERE {_whole(total, row)} "
        f"ON CONFLICT DO UPDATE SET {more};"
    )


def _parts(total: Total, row: str, sign: str, sum: str = "") -> str:
    keys = [_of(field, row) for field in (*total.fields, total.by)]
    of = [f"{sign}{sum}(COALESCE({_of(field, row)}, 0))" for field in total.of]
    return ", ".join([*keys, f"{sign}{sum}(1)", *of])


def _whole(total: Total, row: str) -> str:
    """What lacks a field is in no row; what is in an array twice counts once."""
    there = [f"{_of(field, row)} IS NOT NULL" for field in (*total.fields, total.by)]
    for field in filter(_array, total.fields):
        same = f"SELECT 1 FROM json_each({row}.body, '$.{bare(field)}') AS same"
        there.append(f"NOT EXISTS ({same} WHERE same.value = one.value AND same.key < one.key)")
    return " AND ".join(there)


def _each(total: Total, row: str, join: str) -> str:
    """A row for each value of the array, where a field is one; no more than one is."""
    arrays = [f"json_each({row}.body, '$.{bare(f)}') AS one" for f in total.fields if _array(f)]
    return f"{join}{arrays[0]}" if arrays else ""


def _of(field: str, row: str) -> str:
    return "one.value" if _array(field) else _at(field, row)


def _at(field: str, row: str) -> str:
    return f"json_extract({row}.body, '$.{bare(field)}')"


def _array(field: str) -> bool:
    return bare(field) != field


def _named(field: str) -> str:
    return bare(field).replace(".", "_")
