"""Preparing a collection on SQLite: its table, its indexes, and what is kept beside it."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from . import sqlite_arrays, sqlite_rows, sqlite_totals
from .sqlite_triggers import table_of
from .sqlite_writer import BEGIN, pragmas
from .store import Index, Total


def prepared(
    path: Path, busy: int, collection: str, indexes: Sequence[Index], totals: Sequence[Total]
) -> None:
    """All of it or nothing, with what is there already, by one process at a time; it waits `busy` ms for others.

    One transaction and one wait for the disk: a service has a dozen collections, each with as many statements.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for pragma in pragmas(busy):
            db.execute(f"PRAGMA {pragma}")
        db.execute(BEGIN)
        try:
            _table(db, collection)
            for index in indexes:
                if index.array:
                    _array(db, collection, index)
                else:
                    _index(db, collection, index)
            for total in totals:
                _total(db, collection, total)
            db.execute("COMMIT")
        except BaseException:
            db.execute("ROLLBACK")
            raise


def _columns(db: sqlite3.Connection, table: str) -> list[str]:
    """Nothing where there is no such table."""
    return [row[1] for row in db.execute(f"PRAGMA table_info({table})")]


def _table(db: sqlite3.Connection, collection: str) -> None:
    db.execute(sqlite_rows.made(collection))
    for statement in sqlite_rows.brought_up(collection, {*_columns(db, collection)}):
        db.execute(statement)


def _index(db: sqlite3.Connection, collection: str, index: Index) -> None:
    """Made again where it was declared otherwise before: its name says of which fields it is, and no more."""
    columns = ", ".join(sqlite_rows.column(field) for field in index.fields)
    unique, key = ("UNIQUE ", columns) if index.unique else ("", f"{columns}, id")
    only = f" WHERE {sqlite_rows.column(index.field)} IS NOT NULL" if index.sparse else ""
    name = table_of(collection, index)
    said = f"CREATE {unique}INDEX {name} ON {collection} ({key}){only}"
    there = db.execute("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?", (name,))
    if there.fetchall() != [(said,)]:
        db.execute(f"DROP INDEX IF EXISTS {name}")
        db.execute(said)


def _array(db: sqlite3.Connection, collection: str, index: Index) -> None:
    """And an index of those that lack it, which at a start would else be looked for in each record."""
    table, lacks = table_of(collection, index), f"{sqlite_rows.column(index.field)} IS NULL"
    db.execute(f"CREATE INDEX IF NOT EXISTS {table}__none ON {collection} (id) WHERE {lacks}")
    if _columns(db, table):
        return
    db.execute(f"DROP INDEX IF EXISTS {table}")
    for statement in sqlite_arrays.made(collection, index):
        db.execute(statement)


def _total(db: sqlite3.Connection, collection: str, total: Total) -> None:
    """Made again where what is kept of it isn't what is asked for now."""
    if _columns(db, table_of(collection, total)) == sqlite_totals.columns(total):
        return
    for statement in sqlite_totals.made(collection, total):
        db.execute(statement)
