"""The roll of volunteers as a table. Who they are isn't in it: names are sealed one by one."""

import re
import unicodedata
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial, reduce

from chassis.cause import Cause
from chassis.identity import Subject
from chassis.imports.cells import filled, offered
from chassis.imports.desk import Bad, Change
from chassis.imports.judging import judged, only_once, placed
from chassis.kernel.errors import Malformed
from chassis.kind import derived_id
from chassis.tables.columns import Column, Line

from .desk import OrganisationsDesk
from .domain import serving
from .domain.volunteer import (
    ServiceKind,
    Volunteer,
    VolunteerEvent,
    VolunteerRegistered,
    VolunteerReturned,
    evolve,
)
from .vocabulary import WORDS

BETWEEN = "、"
APART = re.compile(r"[、，,；;/\s]")
"""What people write for it, too."""
OFFERS = offered(ServiceKind, WORDS)
COLUMNS = (
    Column(name="roll_number", title="登记号", about="志愿者名册上的号码，不写姓名、证件号码。"),
    Column(
        name="community", title="社区代码", about="登记册中的社区名称或代码。", aliases=("社区",)
    ),
    Column(name="organisation", title="社会组织代码", about="不属于社会组织的留空。"),
    Column(
        name="offers", title="服务意愿", about=f"至少一类，用顿号分开：{BETWEEN.join(OFFERS)}。"
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line, read; `id` of whom it finds on the roll, or of who is new."""

    id: str
    roll_number: str
    street: str
    community: str
    organisation: str | None
    offers: tuple[ServiceKind, ...]

    def events(self, known: Volunteer | None, now: datetime) -> list[VolunteerEvent]:
        """What is new in it."""
        if known is None:
            registered = VolunteerRegistered(
                id=self.id,
                roll_number=self.roll_number,
                street=self.street,
                community=self.community,
                organisation=self.organisation,
                offers=self.offers,
                at=now,
            )
            return [serving.register(registered)]
        if known.organisation != self.organisation:
            raise Malformed("该志愿者登记在另一组织。", field="organisation")
        back = [] if known.active else [serving.come_back(known, now)]
        if set(known.offers) == set(self.offers):
            return [*back]
        there: Volunteer = reduce(evolve, back, known)
        return [*back, serving.offer(there, self.offers)]


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerLines:
    """A line is a volunteer by its number where it is now, also of who came from another community, else where it was
    entered; who isn't in the file stays as it is.
    """

    desk: OrganisationsDesk

    async def compare(
        self, lines: AsyncIterator[Line], reason: str, by: str, now: datetime
    ) -> AsyncIterator[Bad | Change]:
        seen: set[str] = set()
        roll = await self._roll()

        async def judge(line: Line) -> Change | None:
            entry = await self._read(line, roll)
            only_once(entry.id, seen, "登记号在文件中重复。", field="roll_number")
            seen.add(entry.id)
            held = await self.desk.volunteers.look(entry.id)
            happened = entry.events(held.aggregate if held else None, now)
            if not happened:
                return None
            told = {"community": entry.community, "number": entry.roll_number}
            if any(isinstance(one, VolunteerReturned) for one in happened):
                told["status"] = "重新加入"
            return Change(line.number, entry.id, told, partial(self._enter, entry))

        async for found in judged(placed(lines, self.desk.communities), judge):
            yield found

    async def _roll(self) -> dict[tuple[str, str], str]:
        """By community and number; of two that came together who hasn't left, else whom it was entered of there."""
        found: dict[tuple[str, str], tuple[bool, bool, str]] = {}
        async for held in self.desk.volunteers.every({}):
            one = held.aggregate
            if one.roll_number is not None and one.community is not None:
                key = one.community, plain(one.roll_number)
                its = one.active, held.id == _id(*key), held.id
                if key not in found or its[:2] > found[key][:2]:
                    found[key] = its
        return {key: id for key, (_, _, id) in found.items()}

    async def _enter(self, entry: Entry, cause: Cause) -> object:
        return await self.desk.volunteers.record(
            entry.id, lambda known: entry.events(known, cause.now), cause
        )

    async def _read(self, line: Line, roll: Mapping[tuple[str, str], str]) -> Entry:
        """Whoever is on the roll stays where he is, though his community has ended."""
        cells = filled(line, "roll_number", "community")
        community, number = cells["community"], plain(cells["roll_number"])
        id = roll.get((community, number)) or _id(community, number)
        held = await self.desk.volunteers.look(id)
        street = held.aggregate.street if held else await self.desk.street_of(community)
        if cells["organisation"]:
            await self.desk.known_organisation(cells["organisation"])
        return Entry(
            id=id,
            roll_number=number,
            street=street,
            community=community,
            organisation=cells["organisation"] or None,
            offers=_offers(cells["offers"]),
        )

    async def rows(self, _: Subject) -> AsyncIterator[Sequence[str | int | None]]:
        words = {code: word for word, code in OFFERS.items()}
        async for held in self.desk.volunteers.every({"active": True}):
            one = held.aggregate
            if one.roll_number is not None:
                offers = BETWEEN.join(words[offer.value] for offer in one.offers)
                yield one.roll_number, one.community, one.organisation, offers


def _id(community: str, roll_number: str) -> str:
    return derived_id("volunteers", community, roll_number)


def plain(roll_number: str) -> str:
    """`１００２` is `1002`."""
    return unicodedata.normalize("NFKC", roll_number)


def _offers(text: str) -> tuple[ServiceKind, ...]:
    words = [one.strip() for one in APART.split(text) if one.strip()]
    wrong = [one for one in words if one not in OFFERS]
    if wrong:
        detail = f"没有这类服务：{BETWEEN.join(wrong)}；可写 {BETWEEN.join(OFFERS)}，用顿号分开。"
        raise Malformed(detail, field="offers")
    return tuple(ServiceKind(OFFERS[one]) for one in dict.fromkeys(words))
