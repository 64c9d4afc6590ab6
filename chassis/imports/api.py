"""Imports over HTTP: the body is the file, CSV, XLSX or GeoJSON; the answer says where its progress is read."""

import asyncio
from typing import Annotated, Any, Literal, NotRequired

from fastapi import Query, Request, Response
from pydantic import BaseModel
from typing_extensions import TypedDict

from chassis import exports
from chassis.asking import Asking
from chassis.exports import Format, offered, saved
from chassis.files_api import filed_as, files
from chassis.http import (
    LOCATION,
    Door,
    Listed,
    Paged,
    Shown,
    cursor_after,
    listed,
    paging,
    shown,
)
from chassis.identity import Subject
from chassis.routes import Routes
from chassis.tables.features import MEDIA, as_features
from chassis.tables.template import as_csv, as_xlsx, filled
from chassis.trail_api import trail_route
from chassis.words import Long

from .desk import Findings, Importable, Imports
from .domain import Import

TableFormat = Literal[Format.XLSX, Format.CSV]


BROKEN: dict[int | str, dict[str, Any]] = {409: {"description": "违反规则"}}
TAKEN: dict[int | str, dict[str, Any]] = {**BROKEN, 202: {"headers": LOCATION}}
HAPPENED = {
    "Received": "收到文件",
    "Taken": "开始处理",
    "Reached": "处理中",
    "Checked": "核对完毕",
    "EntryAsked": "要求写入",
    "Entered": "写入完毕",
    "Refused": "文件不能读取",
    "GivenUp": "停止处理",
    "FileRemoved": "删除原文件",
}
"""What happens to a table that is brought, as its trail says it."""


class LineFound(TypedDict):
    """What a line changes, or which of its columns is wrong and why; `column` is what that is called in the file."""

    line: int
    change: NotRequired[dict[str, Any]]
    field: NotRequired[str]
    column: NotRequired[str]
    detail: NotRequired[str]


class FindingsOut(BaseModel):
    """A page, of what couldn't be entered and then of the check, each in the order of the file."""

    items: list[LineFound]
    next: str | None = None


def imports_router(imports: Imports, door: Door) -> Routes:
    api = Routes(tags=["导入"])
    for table in imports.tables.values():
        _table(api, table, imports, door)
    reading, writer = door.reading(), door.writing(versioned=True)

    @api.get("/imports", summary="列出导入")
    async def every(page: Paged, reader: Subject = reading) -> Listed[Import]:
        return listed(await imports.kept.list(reader, {}, page.after, page.limit), page)

    @api.get("/imports/{id}", summary="查看一次导入")
    async def one(id: str, response: Response, reader: Subject = reading) -> Shown[Import]:
        return shown(await imports.kept.show(id, reader), response)

    @api.get("/imports/{id}/findings", summary="核对结果：逐行的变更和差错")
    async def findings(
        id: str,
        cursor: Annotated[str | None, Query(max_length=500)] = None,
        reader: Subject = reading,
    ) -> FindingsOut:
        """What could no longer be entered, and then what the check found, 200 at a time."""
        after = paging(cursor, Findings.PAGE).after
        number = after.value if after is not None and isinstance(after.value, int) else 0
        items, more = await imports.found(id, number, reader)
        return FindingsOut(items=items, next=cursor_after(number + 1, id) if more else None)

    @api.post("/imports/{id}/enter", status_code=202, summary="写入核对无误的表", responses=BROKEN)
    async def enter(id: str, response: Response, asking: Asking = writer) -> Shown[Import]:
        """What was tried out and found good."""
        return shown(await imports.enter(id, asking), response)

    trail_route(api, "/imports", imports.kept, door, HAPPENED)
    return api


def _table(api: Routes, table: Importable, imports: Imports, door: Door) -> None:
    reading, importer = door.reading(), door.writing(versioned=False)
    path = f"/{table.name}/import"

    kinds = (MEDIA,) if table.drawn else (exports.MEDIA["xlsx"], "text/csv")
    told: dict[str, Any] = {"x-who": sorted(table.who), "requestBody": filed_as(*kinds)}
    title = f"导入{table.title}"

    @api.post(path, status_code=202, summary=title, responses=TAKEN, openapi_extra=told)
    async def take(
        request: Request,
        response: Response,
        reason: Annotated[Long, Query()],
        dry_run: bool = True,
        asking: Asking = importer,
    ) -> Shown[Import]:
        """Checked in the background; with `dry_run=false` also entered, if every line is good."""
        body = request.stream()
        made = await imports.receive(table.name, body, reason, enter=not dry_run, asking=asking)
        here = request.url.path.removesuffix(path)
        response.headers["Location"] = f"{here}/imports/{made.id}"
        return shown(made, response)

    if table.drawn:
        _drawn(api, table, path, reading)
        return

    @api.get(f"{path}/current", response_class=Response, summary=f"导出现有{table.title}")
    async def current(format: TableFormat = Format.XLSX, reader: Subject = reading) -> Response:
        """What is on record, in the columns of the import: to be filled in and sent back."""
        rows = [row async for row in table.lines.rows(reader)]
        shown = filled(table.title, table.columns, rows)
        made = exports.as_xlsx if format is Format.XLSX else exports.as_csv
        # A thread of its own: others are answered meanwhile.
        return offered(await asyncio.to_thread(made, shown), format, table.name)

    @api.get(f"{path}/template", response_class=Response, summary=f"{table.title}的空表")
    async def template(format: TableFormat = Format.XLSX, reader: Subject = reading) -> Response:
        """The empty table to fill in, with explanations and lists to choose from."""
        xlsx = format is Format.XLSX
        content = (as_xlsx if xlsx else as_csv)(table.title, table.columns)
        return offered(content, format, table.name)


def _drawn(api: Routes, table: Importable, path: str, reading: Any) -> None:
    @api.get(
        f"{path}/current",
        response_class=Response,
        summary=f"导出现有{table.title}",
        responses={200: files(MEDIA)},
    )
    async def current(reader: Subject = reading) -> Response:
        """What is on record, as GeoJSON: to be changed on a map and sent back."""
        content = await as_features(table.columns, table.lines.rows(reader))
        return saved(content, MEDIA, f"{table.name}.geojson")
