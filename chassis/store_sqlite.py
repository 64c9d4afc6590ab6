"""The store on SQLite: one table per collection; waiting writes are committed as a group."""

import asyncio
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiosqlite

from . import sqlite_arrays, sqlite_rows, sqlite_totals
from .kernel.errors import Broken
from .sqlite_near import Near
from .sqlite_prepare import prepared
from .sqlite_rows import column as _column
from .sqlite_rows import document_of
from .sqlite_triggers import table_of
from .sqlite_writer import Writer, opened_writer, pragmas
from .store import (
    Document,
    DuplicateKey,
    Has,
    In,
    Index,
    Missing,
    Page,
    Range,
    Total,
    Where,
    storable,
)

BUSY = 10_000
"""Milliseconds to wait while another process writes."""
SIDE_BY_SIDE = 50
"""Values of which each is read by itself; more than a few hundred no statement can hold."""
OPERATORS = (("above", ">"), ("at_least", ">="), ("below", "<"), ("at_most", "<="))


def _condition(field: str, wanted: Any, array: str | None) -> tuple[str, list[Any]]:
    """`array` is the table of the values of that field, where it has one."""
    column = _column(field)
    match wanted:
        case Missing():
            return f"{column} IS NULL", []
        case In(values):
            return f"{column} IN ({','.join('?' * len(values))})", list(values)
        case Has(values):
            one = f"EXISTS (SELECT 1 FROM json_each(body, '$.{field}') WHERE value = ?)"
            if array:
                one = f"id IN (SELECT id FROM {array} WHERE value = ?)"
            return " AND ".join(one for _ in values) or "1", list(values)
        case Range():
            bounds = [(sign, getattr(wanted, name)) for name, sign in OPERATORS]
            used = [(sign, bound) for sign, bound in bounds if bound is not None]
            return " AND ".join(f"{column} {sign} ?" for sign, _ in used), [b for _, b in used]
        case bool():
            return f"{column} = ?", [int(wanted)]
        case _:
            return f"{column} = ?", [wanted]


def _names(by: str | None, sums: Sequence[str]) -> list[str]:
    return [*([by] if by else []), "count", *sums]


async def opened(path: Path, *, busy: int) -> aiosqlite.Connection:
    """A connection that waits `busy` ms for others; closed again when it can't be used, or its thread
    would keep the process from ending."""
    db = await aiosqlite.connect(path, isolation_level=None)
    try:
        for pragma in pragmas(busy):
            await db.execute(f"PRAGMA {pragma}")
    except BaseException:
        await db.close()
        raise
    return db


@contextmanager
def whole(path: Path) -> Iterator[None]:
    """Broken where the file is no database of ours; that it is held or full is another matter."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.OperationalError):
        raise
    except sqlite3.DatabaseError as error:
        raise Broken(f"数据文件已损坏：{path}（{error}）；请从备份恢复") from error


class _Kept:
    """Unavailable while the file can't be reached or written, Broken where it is no database of ours.

    A class, because every statement goes through it: `whole` and `storable` where something went wrong.
    """

    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, sqlite3.Error | OSError | OverflowError | UnicodeEncodeError):
            with whole(self._path), storable(sqlite3.OperationalError, OSError):
                raise error


class SqliteStore:
    """`path` is the service's own file. Safe between processes: the compare-and-set decides."""

    in_order = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept = _Kept(path)
        self._connection: aiosqlite.Connection | None = None
        self._writer: Writer | None = None
        self._near = Near(path)
        self._opening = asyncio.Lock()
        self._arrays: dict[tuple[str, str], str] = {}
        """Collection and field → the table of its values."""
        self._sorted: set[tuple[str, str]] = set()
        """Collection and field that an index has in its order."""
        self._ordered: set[tuple[str, str, str]] = set()
        """Collection, field, and the order in which an index has what has the same value of it."""
        self._in_order: dict[tuple[str, str, str], str] = {}
        """The same of an array → the table that has its values so."""
        self._totals: dict[str, list[Total]] = {}

    async def _db(self) -> aiosqlite.Connection:
        """For reading, and for making tables."""
        if self._connection is not None:
            return self._connection
        async with self._opening:
            if self._connection is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._connection = await opened(self._path, busy=BUSY)
            return self._connection

    async def _writing(self) -> Writer:
        if self._writer is not None:
            return self._writer
        async with self._opening:
            if self._writer is None:
                self._writer = await opened_writer(self._path, BUSY)
            return self._writer

    async def _rows(self, sql: str, values: Iterable[Any] = ()) -> list[sqlite3.Row]:
        with self._kept:
            db = await self._db()
            return list(await db.execute_fetchall(sql, tuple(values)))

    async def _write(self, sql: str, values: Iterable[Any], *, lazy: bool = False) -> int:
        with self._kept:
            writer = await self._writing()
            return await writer.write(sql, tuple(values), lazy=lazy)

    async def prepare(
        self, collection: str, indexes: Sequence[Index], totals: Sequence[Total] = ()
    ) -> None:
        with self._kept:
            await self._db()
            await asyncio.to_thread(prepared, self._path, BUSY, collection, indexes, totals)
        for index in indexes:
            self._known(collection, index)
        self._totals[collection] = [*totals]
        # Before any write: a write that waited for the opening would otherwise come after later ones that didn't.
        await self._writing()

    def _known(self, collection: str, index: Index) -> None:
        if index.array:
            table = table_of(collection, index)
            self._arrays[collection, index.field] = table
            if index.then:
                self._in_order[collection, index.field, index.then] = table
            return
        self._sorted.add((collection, index.field))
        if index.then:
            self._ordered.add((collection, index.field, index.then))

    async def get(self, collection: str, id: str, *, lean: bool = False) -> Document | None:
        row = sqlite_rows.LEAN if lean else sqlite_rows.WHOLE
        sql = f"SELECT {row} FROM {collection} WHERE id = ?"
        rows = await self._short(sql, [id])
        return document_of(rows[0]) if rows else None

    async def rev(self, collection: str, id: str) -> int | None:
        rows = await self._short(f"SELECT rev FROM {collection} WHERE id = ?", [id])
        return int(rows[0][0]) if rows else None

    async def _short(self, sql: str, values: Sequence[Any]) -> list[Any]:
        """What an index finds at once is read here; by the thread if the file is locked."""
        await self._db()
        with self._kept:
            try:
                return self._near.rows(sql, values)
            except sqlite3.OperationalError:
                return await self._rows(sql, values)

    async def insert(self, collection: str, document: Document, *, ahead: bool = False) -> None:
        try:
            await self._write(
                f"INSERT INTO {collection} {sqlite_rows.PUT}",
                [document["id"], *sqlite_rows.changed(document)],
                lazy=ahead,
            )
        except sqlite3.IntegrityError as error:
            text = str(error)
            index = text.rpartition("__")[2].rstrip("'") if "index" in text else "id"
            raise DuplicateKey(index) from None

    async def replace(
        self, collection: str, document: Document, rev: int, *, ahead: bool = False
    ) -> bool:
        return 1 == await self._write(
            f"UPDATE {collection} SET {sqlite_rows.CHANGE} WHERE id = ? AND rev = ?",
            [*sqlite_rows.changed(document), document["id"], rev],
            lazy=ahead,
        )

    async def settle(self, collection: str, document: Document, rev: int) -> bool:
        return 1 == await self._write(
            f"UPDATE {collection} SET {sqlite_rows.SETTLE} WHERE id = ? AND rev = ?",
            [*sqlite_rows.settled(document), document["id"], rev],
            lazy=True,
        )

    async def delete(self, collection: str, id: str, rev: int | None = None) -> bool:
        still, values = ("", [id]) if rev is None else (" AND rev = ?", [id, rev])
        return 1 == await self._write(f"DELETE FROM {collection} WHERE id = ?{still}", values)

    async def find(
        self,
        collection: str,
        where: Where,
        *,
        sort: str = "id",
        descending: bool = False,
        after: Page | None = None,
        limit: int = 100,
        lean: bool = False,
        lasting: bool = False,
    ) -> list[Document]:
        order, sign = ("DESC", "<") if descending else ("ASC", ">")
        row = sqlite_rows.LEAN if lean else sqlite_rows.WHOLE
        kept = self._kept_in_order(collection, where, sort)
        # Each value of its own would go through all that is kept in order.
        each = [where] if kept else self._each(collection, where, sort)
        parts = [self._read(collection, own, sort, after, sign, kept) for own in each]
        several = " UNION ALL ".join(
            f"SELECT {row}, {at} AS at, id FROM {rows}" for at, rows, _ in parts
        )
        sql = f"{several} ORDER BY at {order}, id {order} LIMIT ?"
        values = [value for *_, own in parts for value in own]
        look = self._short if self._at_once(collection, where, sort) else self._rows
        return [document_of(row[:-2]) for row in await look(sql, [*values, limit])]

    def _at_once(self, collection: str, where: Where, sort: str) -> bool:
        """Whether an index has it in this order, so that no more is read than is wanted."""
        match [(field, wanted) for field, wanted in where.items() if field != sort]:
            case []:
                return sort == "id" or (collection, sort) in self._sorted
            case [(field, str())]:
                return (collection, field, sort) in self._ordered
        return False

    def _read(
        self,
        collection: str,
        where: Where,
        sort: str,
        after: Page | None,
        sign: str,
        kept: tuple[str, Has, str] | None,
    ) -> tuple[str, str, list[Any]]:
        """What is in the order, which rows are read, the values in them."""
        at, rows, rest = _column(sort), collection, where
        there, values = f"{at} IS NOT NULL", []
        if kept:
            field, wanted, table = kept
            at, there, rows = sqlite_arrays.in_order(table, collection)
            there, values = f"own.value = ? AND {there}", [wanted.values[0]]
            rest = {**where, field: Has(wanted.values[1:])}
        condition, more = self._where(collection, rest)
        beyond, seen = "", []
        if after is not None:
            beyond, seen = f" AND ({at}, id) {sign} (?, ?)", [after.value, after.id]
        return at, f"{rows} WHERE {there} AND {condition}{beyond}", [*values, *more, *seen]

    def _kept_in_order(
        self, collection: str, where: Where, sort: str
    ) -> tuple[str, Has, str] | None:
        """The array that is asked for and has a table in this order."""
        for field, wanted in where.items():
            table = self._in_order.get((collection, field, sort))
            if table and isinstance(wanted, Has) and wanted.values:
                return field, wanted, table
        return None

    def _each(self, collection: str, where: Where, sort: str) -> list[Where]:
        """What is asked for, or, where an index has what has one value in this order, one for each value: so they are
        read in order side by side, and no more of them than are wanted.
        """
        for field, wanted in where.items():
            if isinstance(wanted, In) and (collection, field, sort) in self._ordered:
                once = dict.fromkeys(wanted.values)
                if 0 < len(once) <= SIDE_BY_SIDE:
                    return [{**where, field: value} for value in once]
        return [where]

    def _where(self, collection: str, where: Where) -> tuple[str, list[Any]]:
        parts = [
            _condition(field, wanted, self._arrays.get((collection, field)))
            for field, wanted in where.items()
        ]
        text = " AND ".join(text for text, _ in parts) or "1"
        return text, [value for _, values in parts for value in values]

    async def tally(
        self, collection: str, where: Where, *, by: str | None = None, sums: Sequence[str] = ()
    ) -> list[dict[str, Any]]:
        for total in self._totals.get(collection, ()):
            if total.answers(where, by, sums):
                kept = await self._short(*sqlite_totals.read(collection, total, where, by, sums))
                return [dict(zip(_names(by, sums), row, strict=True)) for row in kept]
        condition, values = self._where(collection, where)
        grouped = [_column(by)] if by else []
        columns = [*grouped, "COUNT(*)", *(f"COALESCE(SUM({_column(f)}), 0)" for f in sums)]
        group = f" GROUP BY {grouped[0]} ORDER BY {grouped[0]}" if grouped else ""
        sql = f"SELECT {','.join(columns)} FROM {collection} WHERE {condition}{group}"
        found = await self._rows(sql, values)
        rows = [dict(zip(_names(by, sums), row, strict=True)) for row in found]
        return [row for row in rows if row["count"]]

    async def close(self) -> None:
        if self._writer is not None:
            await self._writer.close()
            self._writer = None
        self._near.close()
        if self._connection is not None:
            await self._connection.close()
            self._connection = None
