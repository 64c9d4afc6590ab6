"""A district's working day: how much happens, and how one case of each kind goes.

From the reference tables: the streets, in what proportion communities lie in them, and the 32 member units. Ours, for
want of any count: everything else in `Day`.
"""

import asyncio
import csv
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongzhi.office import Office

SERVICES = Path(__file__).parents[2] / "services"
WHISTLE, MEDIATION = "/api/v1/whistle", "/api/v1/mediation"
CENTRE = "command_centre"
CASES = ((1, 2), (2, 13), (1, 1))
"""What begins something, and the steps after it: of a problem settled, of one blown, of a dispute."""


@dataclass(frozen=True, slots=True)
class Day:
    """Invented, and on the high side: nobody has counted."""

    communities: int = 140
    problems_each: float = 3
    """Of a community, in a day."""
    blown: float = 0.3
    """Of problems: what a community can't settle by itself; the rest it settles."""
    disputes: float = 0.1
    """To each problem."""
    looks: int = 6
    """How often somebody looks at a list or a case for each step that is taken."""
    hours: float = 8

    @property
    def problems(self) -> float:
        return self.communities * self.problems_each

    @property
    def cases_a_second(self) -> float:
        return self.problems * (1 + self.disputes) / (self.hours * 3600)

    @property
    def requests_a_second(self) -> float:
        """Of a long day: a step is its looks, the version it changes, and itself."""
        settled, seen_through, dispute = (
            begun + steps * (self.looks + 1) for begun, steps in CASES
        )
        problem = self.blown * seen_through + (1 - self.blown) * settled
        case = (problem + self.disputes * dispute) / (1 + self.disputes)
        return self.cases_a_second * case


def places(communities: int) -> list[tuple[str, str]]:
    """Community and street: as many of each street as the table's proportions give."""
    with (SERVICES / "housing/reference/streets.csv").open(encoding="utf-8") as file:
        streets = {row["code"]: int(row["communities"]) for row in csv.DictReader(file)}
    whole = sum(streets.values())
    found = [
        (f"{street}-{n}".replace("_", "-"), street)
        for street, count in streets.items()
        for n in range(-(-communities * count // whole))
    ]
    return found[:communities]


def units() -> list[str]:
    with (SERVICES / "whistle/reference/member_units_2019.csv").open(encoding="utf-8") as file:
        return [row["code"] for row in csv.DictReader(file)]


@dataclass(frozen=True, slots=True)
class Playing:
    """One case after another; `pause` is how long people take between two steps."""

    day: Day
    office: Callable[[str], Office]
    places: list[tuple[str, str]]
    units: list[str]
    pause: float

    async def case(self) -> None:
        community, street = random.choice(self.places)
        if random.random() < self.day.disputes / (1 + self.day.disputes):
            await self.dispute(community, street)
        else:
            await self.problem(community, street)

    async def problem(self, community: str, street: str) -> None:
        own, above = self.office(f"community:{community}"), self.office(f"street:{street}")
        body = {"channel": "visit", "community": community, "category": "noise"}
        said = {**body, "title": "夜间施工噪声", "asked": "请处理"}
        id = (await own.post(f"{WHISTLE}/problems", said))["id"]
        hard = random.random() < self.day.blown
        triage = {"kind": "problem", "urgency": "normal", "difficulty": "hard" if hard else "easy"}
        triage["handling"] = "joint" if hard else "immediate"
        await self._step(above, f"{WHISTLE}/problems", id, "triage", triage)
        if hard:
            await self.whistle(above, id)
        else:
            await self._step(own, f"{WHISTLE}/problems", id, "settle", {"how": "已沟通。"})

    async def whistle(self, street: Office, problem: str) -> None:
        path, centre = f"{WHISTLE}/whistles", self.office(CENTRE)
        called = random.sample(self.units, 2)
        body = {"level": "street", "kind": "problem", "problem": problem}
        id = (await street.post(path, {**body, "units": called, "lead": called[0]}))["id"]
        for who, step, said in (
            (centre, "register", None),
            (centre, "dispatch", None),
            *((self.office(f"department:{u}"), f"units/{u}/arrive", None) for u in called),
            *((self.office(f"department:{u}"), f"units/{u}/result", RESULT) for u in called),
            (street, "confirm", {"done": True}),
            (centre, "verify", None),
            (centre, "marks", {"points": 90}),
            (street, "marks", {"points": 80}),
            (centre, "evaluate", None),
            (street, "answer", {"answer": "已处理。"}),
        ):
            await self._step(who, path, id, step, said)

    async def dispute(self, community: str, street: str) -> None:
        own, path = self.office(f"community:{community}"), f"{MEDIATION}/cases"
        body = {"dispute": "neighbours", "source": "screening", "community": community}
        said = {**body, "text": "噪声。", "parties": [{"name": "演示甲"}, {"name": "演示乙"}]}
        id = (await own.post(path, said))["id"]
        await self._step(own, path, id, "accept", None)

    async def _step(self, who: Office, path: str, id: str, step: str, said: Any) -> None:
        """Between two steps people wait, and look."""
        await asyncio.sleep(random.expovariate(1 / self.pause))
        for n in range(self.day.looks - 1):
            if n % 2:
                await who.get(f"{path}/{id}")
            else:
                await who.get(path, limit=20, sort="newest")
        await who.step(path, id, step, said)


RESULT = {"outcome": "resolved", "summary": "已处理。"}
