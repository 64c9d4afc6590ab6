"""What waits for somebody but is in no list: figures of a year that a department hasn't filed and an edition's
questions that it hasn't answered, which are no records before that; an edition of the index on its way; a whistle that
waits for a unit that has ended, which the register says and no key of the whistle.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chassis.kernel.clock import end_of

from . import views
from .desk import Look
from .lamps import lamps
from .rows import Row, row

SERVICE, DEPARTMENT = "index", "department"
OFFICES = frozenset((DEPARTMENT, "supplier", "district_admin"))
AWAITED = frozenset(("review", "answer", "sign", "publish"))
"""Of an edition's steps those that somebody waits for."""
YEARS, FILED = "index.years", "/index/observations/{year}"
EDITIONS, EDITION, DEMANDS = (
    "/index/editions",
    "/index/editions/{id}",
    "/index/editions/{id}/demands",
)
PAGE = "/console/index/editions/"
WHISTLES, LEFT = "whistle.whistles", "/whistle/left"
WHO_DECIDES = {
    "command_centre": ("unit", "已撤销，待裁定由谁接办"),
    "street": ("community", "已撤并，由街道接办"),
}
"""Of what somebody left who has ended: whose, and what is to be done."""


@dataclass(frozen=True, slots=True)
class Errand:
    """`due`: its last day, where it has one."""

    title: str
    page: str
    due: date | None = None

    @property
    def item(self) -> dict[str, str]:
        return {"due": end_of(self.due).isoformat()} if self.due else {}


async def errands(look: Look) -> list[Row]:
    """The most pressing of the index first; then what an ended unit left."""
    return [*await _of_the_index(look), *await _abandoned(look)]


async def _of_the_index(look: Look) -> list[Row]:
    if look.visitor.kind not in OFFICES or SERVICE not in look.described.services:
        return []
    found = [one for some in await asyncio.gather(_unfiled(look), _editions(look)) for one in some]
    found.sort(key=lambda one: one.due or date.max)
    lit = await lamps(look.gateway, look.visitor.caller, [one.item for one in found])
    called = look.described.services[SERVICE]
    return [
        Row(one.page, one.page, "", one.title, "", "", called, (), lamp, ())
        for one, lamp in zip(found, lit, strict=True)
    ]


async def _unfiled(look: Look) -> Sequence[Errand]:
    """Of each year of which one has been reminded: before that its last day is far."""
    if look.visitor.kind != DEPARTMENT:
        return ()
    opened = [one["state"] for one in await views.every(look, YEARS)]
    asked = [year for year in opened if year["reminded"]]
    sheets = await asyncio.gather(
        *(views.read(look, FILED, year=str(year["year"])) for year in asked)
    )
    found = []
    for year, sheet in zip(asked, sheets, strict=True):
        rows = sheet.json()["items"] if sheet.good else ()
        if left := sum(not row["filings"] for row in rows):
            page = f"/console/index/figures?year={year['year']}"
            title = f"{year['year']}年填报数据：{left}项未报送"
            found.append(Errand(title, page, date.fromisoformat(year["due"])))
    return found


async def _editions(look: Look) -> Sequence[Errand]:
    """What the last one that is published asks of a department; what the newest that isn't waits for."""
    answer = await views.read(look, EDITIONS)
    every = sorted(
        answer.json() if answer.good else (), key=lambda one: (one["year"], one["number"])
    )
    published = [one for one in every if one["published_at"]]
    open_ones = [one for one in every[-1:] if not one["published_at"]]
    found = await asyncio.gather(_unanswered(look, published[-1:]), _steps(look, open_ones))
    return [one for some in found for one in some]


async def _unanswered(look: Look, last: Sequence[Mapping[str, Any]]) -> Sequence[Errand]:
    if not last or look.visitor.kind != DEPARTMENT:
        return ()
    [edition] = last
    demands = await views.read(look, DEMANDS, id=edition["id"])
    asked = demands.json()["asked"] if demands.good else ()
    own = [one for one in asked if look.visitor.code in one["units"] and not one["improvement"]]
    title = f"{edition['year']}年指数薄弱环节：{len(own)}项待答复"
    return (Errand(title, PAGE + edition["id"]),) if own else ()


async def _steps(look: Look, last: Sequence[Mapping[str, Any]]) -> Sequence[Errand]:
    if not last:
        return ()
    [edition] = last
    read = await views.read(look, EDITION, {"actions": "now"}, id=edition["id"])
    actions = read.json()["actions"] if read.good else ()
    titles = [one["title"] for one in actions if one["name"] in AWAITED]
    title = f"{edition['year']}年指数第{edition['number']}版：{'、'.join(titles)}"
    return (Errand(title, PAGE + edition["id"]),) if titles else ()


async def _abandoned(look: Look) -> list[Row]:
    """What an ended one neither settles nor passes on: a unit's, of which the centre decides who takes it over, and a
    community's, which its street takes up.
    """
    who = WHO_DECIDES.get(look.visitor.kind)
    if who is None or WHISTLES not in look.described.lists:
        return []
    kind, said = who
    answer = await views.read(look, LEFT)
    gone = {
        one["whistle"]: one[kind] for one in (answer.json() if answer.good else ()) if kind in one
    }
    items = await views.records(look, WHISTLES, [*gone])
    lit = await lamps(look.gateway, look.visitor.caller, [*items.values()])
    found = []
    for (id, item), lamp in zip(items.items(), lit, strict=True):
        shown = row(look, look.described.lists[WHISTLES], item, lamp)
        why = f"{look.names.named(kind, gone[id])}{said}"
        found.append(replace(shown, title=f"{shown.title}（{why}）"))
    return found
