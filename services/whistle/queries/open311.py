"""Problems as Open311 GeoReport v2 shows them: how far they are, and nothing of who asked, what or where."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.aggregates import Held
from chassis.store import Range
from services.whistle.desk import WhistleDesk
from services.whistle.domain.course import Status
from services.whistle.domain.policy import WhistlePolicy
from services.whistle.domain.problem import Problem, ProblemStatus
from services.whistle.domain.whistle import Whistle

MOST = 50
Row = dict[str, str | None]

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


@dataclass(frozen=True, slots=True)
class Open311:
    desk: WhistleDesk

    async def services(self) -> list[Row]:
        _, policy = await self.desk.policy()
        return [
            {
                "service_code": code,
                "service_name": category.name,
                "description": category.name,
                "metadata": "false",
                "type": "realtime",
                "keywords": category.name,
                "group": "官渡区",
            }
            for code, category in policy.categories.items()
        ]

    async def request(self, id: str) -> Row:
        _, policy = await self.desk.policy()
        return await self._row(await self.desk.problems.get(id), policy)

    async def requests(self, since: datetime, until: datetime, service: str | None) -> list[Row]:
        """The latest first, at most fifty."""
        _, policy = await self.desk.policy()
        when = Range(at_least=_day(since), at_most=_day(until))
        where: dict[str, Any] = {"collected_on": when}
        if service is not None:
            where["category"] = service
        found = await self.desk.problems.find(
            where, sort="collected_on", descending=True, limit=MOST
        )
        return [await self._row(held, policy) for held in found]

    async def _row(self, held: Held[Problem], policy: WhistlePolicy) -> Row:
        known = held.aggregate
        latest = await self.desk.latest_whistle(held.id, known)
        whistle = latest.aggregate if latest else None
        category = policy.categories.get(known.category)
        over = known.status is ProblemStatus.SETTLED or (
            whistle is not None and whistle.status is Status.ANSWERED
        )
        return {
            "service_request_id": held.id,
            "status": "closed" if over else "open",
            "status_notes": _notes(known, whistle),
            "service_name": category.name if category else known.category,
            "service_code": known.category,
            "agency_responsible": "、".join(whistle.summoned) if whistle else None,
            "requested_datetime": known.collected_at.isoformat(),
            "expected_datetime": _expected(whistle),
        }


def _notes(known: Problem, whistle: Whistle | None) -> str:
    """The outcome is said as it is: an answer alone is not a solution."""
    if known.status is ProblemStatus.SETTLED:
        return "已在社区办结"
    if whistle is not None and whistle.status is Status.ANSWERED and whistle.outcome:
        return f"已答复：{whistle.outcome.value}"
    return SAID[whistle.status if whistle else None]


def _expected(whistle: Whistle | None) -> str | None:
    if whistle is None:
        return None
    leads = [task.handling.deadline.due for task in whistle.tasks if task.lead and not task.filed]
    return leads[0].isoformat() if leads else None


def _day(at: datetime) -> str:
    return at.date().isoformat()
