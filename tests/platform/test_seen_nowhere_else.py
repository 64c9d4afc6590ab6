"""Of a record that somebody isn't shown, no reading route says anything to them, whichever route there will ever be.

Most texts of every record are marks that stand nowhere else, and every route that reads is asked as a resident and as
offices that are bound to their own: a mark that comes back has to be of a record they see, or from a route that is
PUBLIC.
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from structlog.testing import capture_logs

from chassis.identity import Access
from gongzhi.office import Office
from tests.support import stand as stands
from tests.support.stand import AnyDesked, Stand, loop, stand

from .test_seen_alike import sees

__all__ = ["loop", "stand"]
READERS = [
    "resident",
    *(f"{kind}:haihua" for kind in ("community", "street", "department", "supplier")),
]
"""Who is bound to nothing, and to each of what records carry."""
PUBLIC: Mapping[str, Sequence[str]] = {
    "affairs/public/catalogue": ["affairs/admissions"],
    "consultation/public/notices": ["consultation/matters"],
    "consultation/public/notices.atom": ["consultation/matters"],
    "organisations/public/decisions": ["organisations/complaints"],
    "procurement/organisations": ["procurement/suppliers"],
    "procurement/published_plans": ["procurement/plans"],
    "procurement/announcements": ["procurement/solicitations"],
    "procurement/calls/{year}": ["procurement/solicitations", "procurement/sums"],
    "procurement/contracts/{id}/panel": ["procurement/contracts"],
    "procurement/solicitations/{id}/panel": ["procurement/solicitations"],
    "procurement/inspections/{id}/lots": ["procurement/inspections"],
    "procurement/evaluations": ["procurement/reports"],
    "procurement/funds/{community}/accounts": ["procurement/funds"],
    "procurement/needs": ["procurement/needs/surveys"],
    "procurement/needs/answered": ["procurement/needs/surveys"],
    "procurement/contracts/{id}/ledger": ["procurement/ledgers"],
}
"""What shows everybody a part of records that they aren't shown: what the district publishes, draws that anybody may
draw again; and the ledger of a contract, for who sees the contract (P-35)."""
MARK = re.compile(r"zq[0-9]+qz")
ANSWERS = {"year": "2026", "quarter": "2026-Q1", "month": "2026-01", "period": "2026-01"}
"""What a parameter has to be, by its name; of others anything will do."""
ALL = {"limit": "200", "names": "true", "actions": "now", "count": "true", "verify": "true"}
"""What is asked for besides, where a route knows it."""
FILLED = 2
Found = Mapping[str, set[str]]
"""By route, the collections whose marks it shows to who isn't shown the record."""


class Marking(Random):
    """Draws a mark where a code is asked for, more often than not: the others let offices meet."""

    made = 0

    def choice(self, seq: Any) -> Any:
        if seq is stands.CODES and self.random() < 0.6:
            self.made += 1
            return f"zq{self.made}qz"
        return super().choice(seq)


@dataclass(frozen=True)
class Route:
    """`asks`: the query that it is asked with."""

    path: str
    asks: Mapping[str, str]

    def address(self, stand: Stand, who: str) -> str:
        """With the id of a record that they don't see, where it is about one."""
        lists = dict(stand.lists())
        of = max((one for one in lists if self.path.startswith(f"{one}/")), key=len, default="")
        hidden = (
            id
            for id, state in stand.kept.get(of, {}).items()
            if not sees(who, lists[of].kept, state)
        )
        first, *others = [*re.findall(r"{(\w+)}", self.path), ""]
        said = {name: ANSWERS.get(name, "haihua") for name in others} | {
            first: ANSWERS.get(first) or next(hidden, "haihua")
        }
        return self.path.format(**said)


async def routes(office: Office) -> list[Route]:
    async with office.session.get(office.url + "/openapi.json") as answer:
        paths = (await answer.json())["paths"]
    return [
        Route(path, _asks(of["get"].get("parameters", ())))
        for path, of in paths.items()
        if "get" in of and not path.endswith("/stream")
    ]


def _asks(parameters: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    named = {one["name"]: one for one in parameters if one.get("in") == "query"}
    return {name: said for name, said in ALL.items() if name in named} | {
        name: ANSWERS.get(name) or _any(one["schema"])
        for name, one in named.items()
        if one.get("required") or name == "year"
    }


def _any(schema: Mapping[str, Any]) -> str:
    made = {"date": "2026-06-30", "date-time": "2026-06-30T00:00:00Z"}.get(schema.get("format", ""))
    return made or str(*schema.get("enum", ["haihua"])[:1])


@pytest.fixture(scope="module")
def filled(stand: Stand, loop: asyncio.AbstractEventLoop) -> Stand:
    chance = Marking(1)
    for _ in range(FILLED):
        loop.run_until_complete(stand.fill(chance))
    return stand


def marked(stand: Stand) -> dict[str, tuple[str, AnyDesked, Any]]:
    """Of which record each mark is."""
    return {
        mark: (path, one, state)
        for path, one in stand.lists()
        for state in stand.kept[path].values()
        for mark in MARK.findall(str(one.kept.kind.codec.dump_state(state)))
    }


async def shown(stand: Stand, which: Callable[[str], bool]) -> Found:
    """What each of those routes shows to who doesn't see the record."""
    marks, found = marked(stand), defaultdict(set)
    asked = [one for one in await routes(stand.office("resident")) if which(one.path)]
    with capture_logs():  # of records that can't have come to be, some can't be shown
        for who in READERS:
            office = stand.office(who)
            headers = {"Authorization": f"Bearer {office.token}"}
            for route in asked:
                url = office.url + route.address(stand, who)
                async with office.session.get(url, params=route.asks, headers=headers) as answer:
                    text = (await answer.read()).decode(errors="replace") + str(answer.headers)
                for path, one, state in map(marks.__getitem__, {*MARK.findall(text)}):
                    if not sees(who, one.kept, state):
                        found[_short(route.path)].add(_short(path))
    return found


def _short(path: str) -> str:
    return path.removeprefix("/api/v1/")


def test_no_route_says_anything_of_a_record_to_who_is_not_shown_it(
    filled: Stand, loop: asyncio.AbstractEventLoop
) -> None:
    found = loop.run_until_complete(shown(filled, lambda _: True))
    there = loop.run_until_complete(routes(filled.office("resident")))
    assert {*PUBLIC} <= {_short(one.path) for one in there}
    beyond = {route: of - {*PUBLIC.get(route, ())} for route, of in found.items()}
    assert {route: of for route, of in beyond.items() if of} == {}


def test_a_route_that_shows_a_record_to_anybody_is_noticed(
    filled: Stand, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Access, "may_see", lambda *_: True)
    found = loop.run_until_complete(
        shown(filled, lambda path: path.startswith("/api/v1/whistle/whistles"))
    )
    assert found["whistle/whistles/{id}"] == {"whistle/whistles"}
