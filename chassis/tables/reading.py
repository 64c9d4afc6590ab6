"""Reading an uploaded file line by line: kept on disk, read by a process that can be killed at any time."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from chassis.kernel.errors import Malformed

from .columns import Column, Line, line

WITHIN = 120.0
"""Seconds in which the process must give its next lines."""
LONGEST = 16 * 1024 * 1024
"""Bytes of one answer of the process."""


class Table:
    """The lines of a file that is being read."""

    def __init__(
        self, process: asyncio.subprocess.Process, columns: Sequence[Column], at_most: int
    ) -> None:
        self._process = process
        self._columns = columns
        self._at_most = at_most

    async def begin(self) -> None:
        """Until its headings are found; Malformed where the file can't be read or has none."""
        if self._process.stdin is None:
            raise RuntimeError("the reader has no stdin")
        headings = {column.name: column.headings for column in self._columns}
        units = {column.name: column.unit for column in self._columns if column.unit}
        self._process.stdin.write(json.dumps([headings, units]).encode() + b"\n")
        await self._process.stdin.drain()
        await self._next()

    async def lines(self) -> AsyncIterator[Line]:
        """Those with content; Malformed where there are too many, or the file breaks off."""
        count = 0
        while "end" not in (said := await self._next()):
            for number, cells, faults in said["rows"]:
                count += 1
                if count > self._at_most:
                    raise Malformed(f"超过 {self._at_most} 行。", field="body")
                yield line(number, cells, faults, self._columns)

    async def _next(self) -> dict[str, Any]:
        if self._process.stdout is None:
            raise RuntimeError("the reader has no stdout")
        try:
            async with asyncio.timeout(WITHIN):
                answer = await self._process.stdout.readline()
        except TimeoutError:
            raise Malformed("读取文件用时过长。", field="body") from None
        if not answer.endswith(b"\n"):
            # It was ended: over its memory or its time.
            raise Malformed("文件过大或过于复杂，无法读取。", field="body")
        said: dict[str, Any] = json.loads(answer)
        if "missing" in said:
            titles = [column.title for column in self._columns if column.name in said["missing"]]
            detail = f"表头缺少列：{'、'.join(titles)}。请对照空表补上，可以留空的列也要有表头。"
            raise Malformed(detail, field="header")
        if "refused" in said:
            raise Malformed(said["refused"], field="body")
        return said


@asynccontextmanager
async def reading(path: Path, columns: Sequence[Column], at_most: int) -> AsyncIterator[Table]:
    """The file as a table of these columns, of at most so many lines with content."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "chassis.tables.worker",
        str(path),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=LONGEST,
    )
    try:
        table = Table(process, columns, at_most)
        await table.begin()
        yield table
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
