"""Figures across records, and what is open to everybody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from chassis.exports import Column, Table
from chassis.identity import Subject
from chassis.kernel.draw import Commitment
from chassis.listing import coded
from chassis.vocabulary import COMMON
from contracts.housing import CommunityProfiled

from .access import ACCESS
from .desk import OrganisationsDesk, names
from .domain.complaint import Outcome
from .domain.counts import HOUR, served, targets
from .domain.file import Note
from .domain.kinds import Kind, ListKind, Sector
from .domain.organisation import Organisation
from .domain.parts import YearReport
from .domain.volunteer import ServiceKind
from .vocabulary import WORDS

PRINTED = {**COMMON, **WORDS}
"""What a page says instead of a code."""


class By(StrEnum):
    STREET = "street"
    COMMUNITY = "community"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    """Of a street or community, or of neither, with the targets (O-05) of all its communities together."""

    code: str | None
    name: str | None
    organisations: int
    groups: int
    volunteers: int
    minutes: int
    hours: int
    organisations_target: int | None = None
    groups_target: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicOrganisation:
    """What everybody may know."""

    code: str
    name: str
    kind: Kind
    sector: Sector
    street: str | None
    community: str | None
    scope: str
    certificate: str
    registered_on: date
    grade: int | None
    abnormal: bool
    blacklisted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicYear:
    year: int
    report: YearReport


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicDraw:
    """With its list, secret and seed, so that anybody may draw again; `checked`: those checked since."""

    id: str
    unit: str
    year: int
    size: int
    candidates: tuple[str, ...]
    listed_at: datetime
    commitment: Commitment | None
    seed: str | None
    secret: str | None
    drawn: tuple[str, ...]
    checked: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicDecision:
    organisation: str | None
    called: str | None
    outcome: Outcome
    document: str
    notice: str
    published_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None


COUNT_COLUMNS = (
    Column("code", "代码"),
    Column("name", "名称"),
    Column("organisations", "社会组织"),
    Column("organisations_target", "社会组织目标"),
    Column("groups", "群众组织"),
    Column("groups_target", "群众组织目标"),
    Column("volunteers", "志愿者"),
    Column("minutes", "服务分钟"),
    Column("hours", "服务小时"),
)
SERVED_COLUMNS = (
    coded("kind", "服务类型", ServiceKind, WORDS),
    Column("times", "次数"),
    Column("minutes", "分钟"),
    Column("hours", "小时"),
)


def catalogue_columns(known: Mapping[str, Mapping[str, str]]) -> tuple[Column, ...]:
    return (
        Column("code", "代码"),
        Column("name", "名称"),
        coded("kind", "类型", Kind, WORDS),
        coded("sector", "类别", Sector, WORDS),
        Column("street", "街道", words=known["street"]),
        Column("community", "社区", words=known["community"]),
        Column("scope", "业务范围"),
        Column("certificate", "登记证书编号"),
        Column("registered_on", "登记日期"),
        Column("grade", "评估等级"),
        Column("abnormal", "异常名录"),
        Column("blacklisted", "黑名单"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationsQueries:
    desk: OrganisationsDesk

    async def counts(self, by: By, subject: Subject) -> list[CountRow]:
        """Of what this reader is shown in lists, and of nothing else."""
        desk = self.desk
        found: dict[str | None, dict[str, int]] = {}
        for field, kept, where in (
            ("organisations", desk.organisations, {"listed": True}),
            ("groups", desk.groups, {"filed": True}),
            ("volunteers", desk.volunteers, {"active": True}),
        ):
            for row in await kept.tally_of(subject, where, by=by.value):
                found.setdefault(row[by.value], {})[field] = row["count"]
        for row in await desk.volunteers.tally_of(subject, {}, by=by.value, sums=("minutes",)):
            found.setdefault(row[by.value], {})["minutes"] = int(row["minutes"] or 0)
        register = [one for one in await desk.communities.every() if one.valid_to is None]
        kinds: dict[str | None, list[str | None]] = {}
        for one in register:
            place = one.code if by is By.COMMUNITY else one.street
            kinds.setdefault(place, []).append(one.kind)
        called = (await names(desk))[by.value]
        there = {code for one in register if (code := _seen(one, by, subject))}
        ordered = sorted(found.keys() | there, key=lambda code: (code is None, code or ""))
        return [
            _row(
                code,
                called.get(code or ""),
                found.get(code, {}),
                kinds.get(code, []) if code else [],
            )
            for code in ordered
        ]

    async def count_table(self, by: By, subject: Subject) -> Table:
        rows = await self.counts(by, subject)
        return Table("社会组织与志愿服务数量", COUNT_COLUMNS, _cells(rows, COUNT_COLUMNS))

    async def file(self, code: str, subject: Subject) -> tuple[Note, ...]:
        """What others told of it."""
        await self.desk.organisations.show(code, subject)
        held = await self.desk.files.look(code)
        return held.aggregate.notes if held else ()

    # For everybody

    async def public(self) -> list[PublicOrganisation]:
        return [
            _public(held.aggregate)
            async for held in self.desk.organisations.every({"listed": True})
        ]

    async def catalogue(self) -> Table:
        rows = await self.public()
        columns = catalogue_columns(await names(self.desk))
        return Table("社会组织名录", columns, _cells(rows, columns))

    async def catalogue_page(self, today: date) -> dict[str, Any]:
        return {
            "title": "社会组织名录",
            "organisations": await self.public(),
            "names": await names(self.desk),
            "words": PRINTED,
            "today": today,
        }

    async def years(self, code: str) -> list[PublicYear]:
        """What an organisation reported, year by year (O-08)."""
        one = (await self.desk.organisations.get(code)).aggregate
        return [PublicYear(year=year.year, report=year.report) for year in one.years if year.report]

    async def service(self) -> Table:
        """What volunteers gave (O-15)."""
        rows = served([held.aggregate async for held in self.desk.volunteers.every({})])
        called = (await names(self.desk))["community"]
        columns = (Column("community", "社区", called), *SERVED_COLUMNS)
        return Table("志愿服务统计", columns, _cells(rows, columns))

    async def draws(self) -> list[PublicDraw]:
        """What is checked at random (O-10)."""
        return [
            PublicDraw(
                id=held.id,
                unit=one.unit,
                year=one.year,
                size=one.size,
                candidates=one.candidates,
                listed_at=one.listed_at,
                commitment=one.commitment,
                seed=one.seed,
                secret=one.secret,
                drawn=one.drawn,
                checked=await self._checked(held.id, one.chosen),
            )
            async for held in self.desk.draws.every({})
            for one in (held.aggregate,)
        ]

    async def _checked(self, draw: str, chosen: Iterable[str]) -> tuple[str, ...]:
        found = [await self.desk.organisations.get(code) for code in chosen]
        return tuple(
            held.id for held in found if any(c.draw == draw for c in held.aggregate.spot_checks)
        )

    async def decisions(self) -> list[PublicDecision]:
        """Penalties and bans (O-12), also those that hold no longer, which say so."""
        return [
            PublicDecision(
                organisation=one.organisation,
                called=one.called,
                outcome=one.outcome,
                document=one.document or "",
                notice=one.notice or "",
                published_at=one.published_at,
                revoked_by=one.revoked.document if one.revoked else None,
                revoked_at=one.revoked.at if one.revoked else None,
            )
            async for held in self.desk.complaints.every({"public": True})
            if (one := held.aggregate).outcome is not None and one.published_at is not None
        ]

    async def card(self, code: str, subject: Subject) -> dict[str, Any]:
        """An organisation's card, as its template wants it; never a name."""
        one = (await self.desk.organisations.show(code, subject)).aggregate
        return {
            "title": "社会组织登记卡",
            "one": one,
            "lists": [each for kind in ListKind for each in one.standing_on(kind)],
            "names": await names(self.desk),
            "words": PRINTED,
        }


def _seen(one: CommunityProfiled, by: By, subject: Subject) -> str | None:
    """The code, where its row is for this reader even if there is nothing in it."""
    place = {"street": one.street}
    if by is By.COMMUNITY:
        place["community"] = one.code
    code: str | None = place[by.value]
    return code if ACCESS.may_see(subject, place) else None


def _row(
    code: str | None,
    name: str | None,
    found: Mapping[str, int],
    kinds: Sequence[str | None],
) -> CountRow:
    minutes = found.get("minutes", 0)
    target = targets(kinds)
    return CountRow(
        code=code,
        name=name,
        organisations=found.get("organisations", 0),
        groups=found.get("groups", 0),
        volunteers=found.get("volunteers", 0),
        minutes=minutes,
        hours=minutes // HOUR,
        organisations_target=target.organisations,
        groups_target=target.groups,
    )


def _public(one: Organisation) -> PublicOrganisation:
    if one.certificate is None or one.registered_on is None:
        raise ValueError("what is on the register has its certificate")
    return PublicOrganisation(
        code=one.code,
        name=one.name,
        kind=one.kind,
        sector=one.sector,
        street=one.street,
        community=one.community,
        scope=one.scope,
        certificate=one.certificate,
        registered_on=one.registered_on,
        grade=one.rating.grade if one.rating else None,
        abnormal=bool(one.standing_on(ListKind.ABNORMAL)),
        blacklisted=bool(one.standing_on(ListKind.BLACKLIST)),
    )


def _cells(rows: Iterable[Any], columns: Iterable[Column]) -> list[tuple[Any, ...]]:
    return [tuple(getattr(row, column.name) for column in columns) for row in rows]
