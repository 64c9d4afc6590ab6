"""A clerk's table, sent to the platform, with a bar until it is checked and entered, and what was found."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp

from chassis.imports.domain import OPEN, ImportStatus
from chassis.settings import Misconfigured
from chassis.system import why
from contracts.uploads import UPLOADS

from . import keys
from .office import Office, Refused

NO_FILE = "checklists"
"""Its import takes its lines in a request."""
TABLES = {
    name: path
    for path in UPLOADS
    if path.endswith("/import") and (name := path.split("/")[-2]) != NO_FILE
}
"""What can be imported, and where it is sent."""
ADMIN = "district_admin"
FORBIDDEN = 403
LOOK = 0.5
BAR = 30
SAID = {
    ImportStatus.WAITING: "等待处理",
    ImportStatus.CHECKING: "核对",
    ImportStatus.CHECKED: "核对完毕，未写入",
    ImportStatus.ENTERING: "写入",
    ImportStatus.ENTERED: "已全部写入",
    ImportStatus.ENTERED_IN_PART: "已写入，有的行未能写入",
    ImportStatus.REFUSED: "未写入",
    ImportStatus.GIVEN_UP: "已停止",
}


def run(
    url: str, data: Path, table: str, file: Path, reason: str, *, enter: bool, acts_as: str = ADMIN
) -> int:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Misconfigured(f"读不到 {file}：{why(error)}") from None
    try:
        token = keys.token(data, acts_as)
        return asyncio.run(_imported(url, token, table, content, reason, enter=enter))
    except Refused as refused:
        other = "（以 --as 写明由谁导入）" if refused.status == FORBIDDEN else ""
        print(f"gongzhi: {refused.problem['detail']}{other}", file=sys.stderr)
        return 1


async def _imported(
    url: str, token: str, table: str, content: bytes, reason: str, *, enter: bool
) -> int:
    """0 where every line is good, and entered if that was asked for."""
    sent_to = TABLES[table]
    base = sent_to.removesuffix(f"/{table}/import")
    async with aiohttp.ClientSession() as session:
        office = Office(session, url, token)
        query = {"reason": reason, "dry_run": "false" if enter else "true"}
        made = await office.upload(sent_to, content, **query)
        path = f"{base}/imports/{made['id']}"
        print(f"导入 {made['id']}", file=sys.stderr)
        state = await _followed(office, path)
        async for found in _findings(office, path):
            print(_line(found))
        print(_sum(state))
        return (
            0
            if state["status"] in (ImportStatus.CHECKED, ImportStatus.ENTERED) and not state["bad"]
            else 1
        )


async def _followed(office: Office, path: str) -> dict[str, Any]:
    """To its end: it goes on there, whether anybody looks or not."""
    shows = sys.stderr.isatty()
    while True:
        state: dict[str, Any] = (await office.get(path))["state"]
        if shows:
            print(f"\r{_bar(state)}\x1b[K", end="", file=sys.stderr, flush=True)
        if state["status"] not in OPEN:
            if shows:
                print(file=sys.stderr)
            return state
        await asyncio.sleep(LOOK)


def _bar(state: dict[str, Any]) -> str:
    said, lines, total = SAID[ImportStatus(state["status"])], state["lines"], state["total"]
    if not total:
        return f"{said} {lines} 行"
    done = min(BAR, BAR * lines // total)
    return f"{said} [{'█' * done}{'·' * (BAR - done)}] {lines}/{total} 行"


async def _findings(office: Office, path: str) -> AsyncIterator[dict[str, Any]]:
    query: dict[str, str] = {}
    while True:
        page = await office.get(f"{path}/findings", **query)
        for found in page["items"]:
            yield found
        if page["next"] is None:
            return
        query = {"cursor": page["next"]}


def _line(found: dict[str, Any]) -> str:
    if "change" in found:
        return f"第 {found['line']} 行  {json.dumps(found['change'], ensure_ascii=False)}"
    return f"第 {found['line']} 行  {found['field']}：{found['detail']}"


def _sum(state: dict[str, Any]) -> str:
    counted = (
        f"{state['total'] or 0} 行，{state['changes'] or 0} 处变动，{state['bad'] or 0} 处错误"
    )
    failed = f"，{state['failed']} 处未能写入" if state["failed"] else ""
    detail = f"：{state['detail']}" if state["detail"] else ""
    return f"{SAID[ImportStatus(state['status'])]}：{counted}{failed}{detail}"
