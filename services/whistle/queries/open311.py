"""Problems as Open311 GeoReport v2 shows them: how far they are, and nothing of who asked, what or where."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from chassis.kernel.clock import SHANGHAI
from chassis.kernel.errors import NotFound
from chassis.kind import Held
from chassis.lists import moment
from chassis.policy import PolicyEdition
from chassis.store import In, Page, Range
from chassis.vocabulary import word_of
from services.whistle.desk import WhistleDesk
from services.whistle.domain.course import Status
from services.whistle.domain.policy import WhistlePolicy
from services.whistle.domain.problem import Problem, ProblemStatus
from services.whistle.domain.unplaced import Unplaced, UnplacedStatus
from services.whistle.domain.whistle import Whistle
from services.whistle.vocabulary import WORDS

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
MOST = 50
"""How many requests one answer shows."""
LOOKED_AT = 1000
"""How many of a span are looked at: the specification's own limit."""

SAID = {
    None: "已受理",
    Status.BLOWN: "已吹哨",
    Status.REGISTERED: "已立项",
    Status.DISPATCHED: "已派遣",
    Status.ARRIVED: "已报到",
    Status.HANDLED: "已处理，待核实",
    Status.VERIFIED: "已核实结项",
    Status.EVALUATED: "已评价，待答复",
    Status.ANSWERED: "已答复",
    Status.REJECTED: "已受理",
    Status.WITHDRAWN: "已受理",
}
CLOSING = ("ProblemSettled", "WhistleAnswered")
UNSEEN = ("ReporterRead",)
"""When somebody read who reported it is nobody else's affair (W-16)."""
WITHHELD = (
    "description",
    "service_notice",
    "address",
    "address_id",
    "zipcode",
    "lat",
    "long",
    "media_url",
)
"""Fields of the specification that stay empty: a request shows neither its words nor its place (W-16)."""

Row = dict[str, Any]


class Shown(StrEnum):
    """The two statuses there are: reported, or over."""

    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Requests made between two times; without codes or statuses, all of them."""

    since: datetime
    until: datetime
    services: Sequence[str] = ()
    statuses: Sequence[Shown] = ()


@dataclass(frozen=True, slots=True)
class Open311:
    desk: WhistleDesk

    async def discovery(self, formats: Sequence[str]) -> Row:
        """Where the interface is; `changeset` is when the list of services became what it is."""
        _, policy = await self.desk.policy()
        book = (await self.desk.policies.book()).aggregate
        changeset = _time(_changed(book.editions))
        endpoint = {
            "specification": SPECIFICATION,
            "url": policy.open311.url,
            "changeset": changeset,
            "type": "production",
            "formats": [*formats],
        }
        return {
            "changeset": changeset,
            "contact": policy.open311.contact,
            "key_service": "不需要密钥。",
            "endpoints": [endpoint],
        }

    async def services(self) -> list[Row]:
        _, policy = await self.desk.policy()
        return [
            {
                "service_code": code,
                "service_name": category.name,
                "description": category.name,
                "metadata": False,
                "type": "realtime",
                "keywords": category.name,
                "group": "官渡区",
            }
            for code, category in policy.categories.items()
        ]

    async def request(self, id: str) -> Row:
        _, policy = await self.desk.policy()
        row = await self._look(id, policy)
        if row is None:
            raise NotFound("没有这件反映。")
        return row

    async def named(self, ids: Sequence[str]) -> list[Row]:
        """Those of them that there are."""
        _, policy = await self.desk.policy()
        return [row for id in ids if (row := await self._look(id, policy)) is not None]

    async def _look(self, id: str, policy: WhistlePolicy) -> Row | None:
        held = await self.desk.problems.look(id)
        if held is not None:
            return await self._row(held, await self._whistle(held), policy)
        waiting = await self.desk.unplaced.look(id)
        return _waiting(id, waiting.aggregate, policy) if waiting else None

    async def requests(self, search: Search) -> list[Row]:
        """The latest first, at most fifty, among the latest thousand of that span."""
        _, policy = await self.desk.policy()
        rows: list[Row] = []
        async for held in self._latest(search):
            whistle = await self._whistle(held)
            if search.statuses and _status(held.aggregate, whistle) not in search.statuses:
                continue
            rows.append(await self._row(held, whistle, policy))
            if len(rows) == MOST:
                break
        return rows

    async def _latest(self, search: Search) -> AsyncIterator[Held[Problem]]:
        span = Range(at_least=moment(search.since), at_most=moment(search.until))
        where: dict[str, Any] = {"opened_at": span}
        if search.services:
            where["category"] = In([*search.services])
        after, looked_at = None, 0
        while looked_at < LOOKED_AT:
            page = await self.desk.problems.find(
                where, sort="opened_at", descending=True, after=after
            )
            if not page:
                return
            for held in page:
                yield held
            looked_at += len(page)
            after = Page(moment(page[-1].aggregate.collected_at), page[-1].id)

    async def _whistle(self, held: Held[Problem]) -> Held[Whistle] | None:
        return await self.desk.latest_whistle(held.id, held.aggregate)

    async def _row(
        self, held: Held[Problem], latest: Held[Whistle] | None, policy: WhistlePolicy
    ) -> Row:
        known, whistle = held.aggregate, latest.aggregate if latest else None
        status = _status(known, latest)
        return {
            "service_request_id": held.id,
            "status": status.value,
            "status_notes": _notes(known, whistle),
            **_service(known.category, policy),
            "agency_responsible": await self._called(whistle.summoned) if whistle else None,
            "requested_datetime": _time(known.collected_at),
            "updated_datetime": await self._updated(held, latest, status),
            "expected_datetime": _expected(whistle),
            **dict.fromkeys(WITHHELD),
        }

    async def _called(self, units: Iterable[str]) -> str:
        known = [(code, await self.desk.units.look(code)) for code in units]
        return "、".join(held.aggregate.name if held else code for code, held in known)

    async def _updated(
        self, held: Held[Problem], latest: Held[Whistle] | None, status: Shown
    ) -> str:
        """When the case last moved; of a closed one, when it was closed."""
        trail = await self.desk.problems.trail(held.id)
        if latest is not None:
            trail += await self.desk.whistles.trail(latest.id)
        closed = status is Shown.CLOSED
        times = [
            entry["at"]
            for entry in trail
            if (entry["type"] in CLOSING if closed else entry["type"] not in UNSEEN)
        ]
        return _time(datetime.fromisoformat(max(times)))


def _waiting(id: str, report: Unplaced, policy: WhistlePolicy) -> Row:
    """Of a report whose place isn't known, or is in another district."""
    over = report.status is UnplacedStatus.ELSEWHERE
    return {
        "service_request_id": id,
        "status": (Shown.CLOSED if over else Shown.OPEN).value,
        "status_notes": "不属本区" if over else "待确定地点",
        **_service(report.category, policy),
        "agency_responsible": None,
        "requested_datetime": _time(report.taken_at),
        "updated_datetime": _time(report.moved_at),
        "expected_datetime": None,
        **dict.fromkeys(WITHHELD),
    }


def _service(code: str, policy: WhistlePolicy) -> Row:
    category = policy.categories.get(code)
    return {"service_name": category.name if category else code, "service_code": code}


def _changed(editions: Sequence[PolicyEdition]) -> datetime:
    """Since when the categories have had the codes and names they have."""
    lists = [
        [(code, category["name"]) for code, category in edition.values["categories"].items()]
        for edition in editions
    ]
    last = len(editions) - 1
    while last and lists[last - 1] == lists[-1]:
        last -= 1
    return editions[last].since


def _status(problem: Problem, latest: Held[Whistle] | None) -> Shown:
    answered = latest is not None and latest.aggregate.status is Status.ANSWERED
    over = problem.status is ProblemStatus.SETTLED or answered
    return Shown.CLOSED if over else Shown.OPEN


def _notes(known: Problem, whistle: Whistle | None) -> str:
    """The outcome is said as it is: an answer alone is not a solution."""
    if known.status is ProblemStatus.SETTLED:
        return "已在社区办结"
    if whistle is not None and whistle.status is Status.ANSWERED and whistle.outcome:
        return f"已答复：{word_of(whistle.outcome, WORDS)}"
    return SAID[whistle.status if whistle else None]


def _expected(whistle: Whistle | None) -> str | None:
    if whistle is None:
        return None
    leads = [task.handling.deadline.due for task in whistle.tasks if task.lead and not task.filed]
    return _time(leads[0]) if leads else None


def _time(at: datetime) -> str:
    """As the W3C's note on dates has it, with the offset of Asia/Shanghai."""
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")
