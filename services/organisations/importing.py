"""The tables that can be imported: the register as it was before, groups to be filed, the roll of volunteers."""

import re
import unicodedata
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from chassis.aggregates import Outlet
from chassis.cause import Cause
from chassis.identity import Subject
from chassis.imports.cells import day_of, filled, offered, one_of, whole_of
from chassis.imports.desk import Bad, Change, Importable, Imports, imports_of
from chassis.imports.judging import judged, only_once, placed
from chassis.kernel.errors import Malformed
from chassis.store import Store
from chassis.tables.columns import Column, Line

from .access import ACCESS, DISTRICT
from .desk import OrganisationsDesk
from .domain.group import GroupKind
from .domain.kinds import Kind, Sector
from .domain.rules import RULES
from .importing_volunteers import COLUMNS as VOLUNTEER_COLUMNS
from .importing_volunteers import VolunteerLines
from .steps.words import MOST_COUNTED
from .vocabulary import WORDS

MOST_LINES = 5000
CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
LONGEST = 80
"""Characters of a name, as by hand."""

KINDS, SECTORS, GROUP_KINDS = (
    offered(Kind, WORDS),
    offered(Sector, WORDS),
    offered(GroupKind, WORDS),
)
ORGANISATION_COLUMNS = (
    Column(
        name="code",
        title="代码",
        about="字母、数字、下划线和连字符，字母按小写登记；与承接方代码相同。",
    ),
    Column(name="name", title="名称", about="登记证书上的名称。", aliases=("社会组织名称",)),
    Column(
        name="kind",
        title="类型",
        about="社会团体、社会服务机构或基金会。",
        words={**KINDS, "民办非企业单位": Kind.SERVICE_INSTITUTION.value},
        listed=tuple(KINDS),
    ),
    Column(
        name="sector",
        title="类别",
        about="四类直接登记，或其他。",
        words=SECTORS,
        listed=tuple(SECTORS),
    ),
    Column(name="street", title="街道代码", about="街道的名称或代码；全区性的留空。"),
    Column(name="community", title="社区代码", about="社区的名称或代码；不在一个社区的留空。"),
    Column(name="supervising", title="业务主管单位代码", about="直接登记的留空。"),
    Column(name="scope", title="业务范围", about="登记证书上的业务范围。"),
    Column(name="certificate", title="登记证书编号", about="登记证书的编号。"),
    Column(name="on", title="登记日期", about="写作 2026-01-01。"),
)
GROUP_COLUMNS = (
    Column(
        name="community", title="社区代码", about="登记册中的社区名称或代码。", aliases=("社区",)
    ),
    Column(name="name", title="名称", about="群众组织的名称，不写个人姓名。"),
    Column(
        name="kind",
        title="类型",
        about="活动的类型。",
        words=GROUP_KINDS,
        listed=tuple(GROUP_KINDS),
    ),
    Column(name="purpose", title="宗旨", about="做什么。"),
    Column(name="members", title="人数", about="整数，至少一人。", number=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationLines:
    """A line is an organisation that has its certificate; what is on the register already isn't changed."""

    desk: OrganisationsDesk

    def compare(
        self, lines: AsyncIterator[Line], reason: str, by: str, now: datetime
    ) -> AsyncIterator[Bad | Change]:
        begun: set[str] = set()

        async def judge(line: Line) -> Change | None:
            given = _organisation(line)
            given["code"] = code = await self._code(given["code"])
            only_once(code, begun, "代码在文件中重复。", field="code")
            begun.add(code)
            held = await self.desk.organisations.look(code)
            if held is not None:
                if held.aggregate.certificate != given["certificate"]:
                    raise Malformed("该代码已登记给其他社会组织。", field="code")
                return None
            await self.desk.check_entry(given, now)
            told = {"code": code, "name": given["name"]}
            return Change(line.number, code, told, partial(self._enter, given))

        return judged(placed(lines, self.desk.communities), judge)

    async def _code(self, said: str) -> str:
        """As what it acts as is written; of one that was entered otherwise before, as it was."""
        if await self.desk.organisations.look(said) is not None:
            return said
        code = unicodedata.normalize("NFKC", said).lower()
        if not CODE.fullmatch(code):
            raise Malformed("代码只用字母、数字、下划线和连字符，不超过64个。", field="code")
        return code

    async def _enter(self, given: dict[str, Any], cause: Cause) -> object:
        return await self.desk.enter_organisation(given, cause)

    async def rows(self, reader: Subject) -> AsyncIterator[Sequence[str | int | None]]:
        async for held in self.desk.organisations.every_of(reader, {"listed": True}):
            one = held.aggregate
            place = (one.street, one.community, one.supervising)
            on = one.registered_on.isoformat() if one.registered_on else None
            yield one.code, one.name, one.kind, one.sector, *place, one.scope, one.certificate, on


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLines:
    """A line is a group that is proposed; its community's first look and its street's filing follow."""

    desk: OrganisationsDesk

    async def compare(
        self, lines: AsyncIterator[Line], reason: str, by: str, now: datetime
    ) -> AsyncIterator[Bad | Change]:
        known = {
            (held.aggregate.community, held.aggregate.name)
            async for held in self.desk.groups.every({})
        }

        async def judge(line: Line) -> Change | None:
            given = _group(line)
            key = (given["community"], given["name"])
            if key in known:
                return None
            street = await self.desk.street_of(given["community"])
            self.desk.check_group(street, given, now)
            known.add(key)
            told = {"community": key[0], "name": key[1]}
            return Change(line.number, "/".join(key), told, partial(self._enter, street, given))

        async for found in judged(placed(lines, self.desk.communities), judge):
            yield found

    async def _enter(self, street: str, given: dict[str, Any], cause: Cause) -> object:
        return await self.desk.propose_group(street, given, cause)

    async def rows(self, reader: Subject) -> AsyncIterator[Sequence[str | int | None]]:
        async for held in self.desk.groups.every_of(reader, {"filed": True}):
            one = held.aggregate
            yield one.community, one.name, one.kind, one.purpose, one.members


def _name(said: str) -> None:
    if len(said) > LONGEST:
        raise Malformed(f"名称超过{LONGEST}字。", field="name")


def _organisation(line: Line) -> dict[str, Any]:
    fields = filled(line, "code", "name", "kind", "sector", "scope", "certificate", "on")
    _name(fields["name"])
    cells = {name: text or None for name, text in fields.items()}
    on = day_of(cells["on"], "on")
    return {
        **cells,
        "kind": one_of(Kind, cells["kind"], "kind"),
        "sector": one_of(Sector, cells["sector"], "sector"),
        "on": on,
    }


def _group(line: Line) -> dict[str, Any]:
    cells = filled(line, "community", "name", "kind", "purpose", "members")
    _name(cells["name"])
    kind = one_of(GroupKind, cells["kind"], "kind")
    return {**cells, "kind": kind, "members": whole_of(cells["members"], "members", MOST_COUNTED)}


def imports_on(desk: OrganisationsDesk, store: Store, key: bytes, outlet: Outlet) -> Imports:
    return imports_of(
        "organisations",
        (store, key, outlet),
        access=ACCESS,
        tables=(
            Importable(
                name="organisations",
                title="社会组织",
                columns=ORGANISATION_COLUMNS,
                who=DISTRICT,
                lines=OrganisationLines(desk=desk),
            ),
            Importable(
                name="groups",
                title="群众组织",
                columns=GROUP_COLUMNS,
                who=DISTRICT,
                lines=GroupLines(desk=desk),
            ),
            Importable(
                name="volunteers",
                title="志愿者名册",
                columns=VOLUNTEER_COLUMNS,
                who=DISTRICT,
                lines=VolunteerLines(desk=desk),
            ),
        ),
        most=MOST_LINES,
        rule=RULES["O-01"],
    )
