"""Task tables as files: each line is a task; what is known of one already stays as it is."""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from chassis.cause import Cause
from chassis.identity import Subject
from chassis.imports.desk import Bad, Change
from chassis.imports.judging import judged, only_once
from chassis.kernel.errors import Malformed
from chassis.tables.columns import Line
from services.index.domain.checklist import TaskEntered, read_deadline

from .registers import Registers

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
LONGEST = 80
MOST_UNITS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLines:
    desk: Registers

    def compare(
        self, lines: AsyncIterator[Line], reason: str, by: str, now: datetime
    ) -> AsyncIterator[Bad | Change]:
        """A task that isn't known is a change; a number that comes twice in a table is wrong."""
        met: set[str] = set()

        async def judge(line: Line) -> Change | None:
            task = _entered(line, now)
            id = f"{task.table}.{task.number}"
            only_once(id, met, "序号在同一任务表中重复。", field="number")
            met.add(id)
            if await self.desk.tasks.look(id) is not None:
                return None
            said = {"table": task.table, "number": task.number, "title": task.title}
            return Change(line.number, id, said, partial(self._enter, id, task))

        return judged(lines, judge)

    async def rows(self, _: Subject) -> AsyncIterator[Sequence[str | int | None]]:
        async for held in self.desk.tasks.every({}):
            one = held.aggregate.entered
            named = (one.table, one.document, one.number, one.title, one.lead, one.code)
            yield *named, "、".join(one.units), one.printed

    async def _enter(self, id: str, task: TaskEntered, cause: Cause) -> None:
        await self.desk.tasks.once(id, [task], cause)


def _entered(line: Line, now: datetime) -> TaskEntered:
    cells = line.cells
    for field in ("table", "code"):
        if (field == "table" or cells[field]) and not CODE.fullmatch(cells[field]):
            raise Malformed("代码为小写字母、数字、_ 和 -。", field=field)
    for field in ("document", "title", "lead"):
        if not 0 < len(cells[field]) <= LONGEST:
            raise Malformed(f"须填写，不超过 {LONGEST} 字。", field=field)
    if not (cells["number"].isdecimal() and 1 <= int(cells["number"]) <= 999):
        raise Malformed("序号为 1 至 999 的整数。", field="number")
    units = tuple(filter(None, cells["units"].split("、")))
    if len(units) > MOST_UNITS or any(len(unit) > LONGEST for unit in units):
        raise Malformed(f"责任单位不超过 {MOST_UNITS} 个，每个不超过 {LONGEST} 字。", field="units")
    due, standing = read_deadline(cells["deadline"])
    if due is None and not standing:
        raise Malformed("须填写期限。", field="deadline")
    return TaskEntered(
        table=cells["table"],
        document=cells["document"],
        number=int(cells["number"]),
        title=cells["title"],
        lead=cells["lead"],
        code=cells["code"] or None,
        units=units,
        printed=cells["deadline"],
        due=due,
        standing=standing,
        at=now,
    )
