"""The procurement service over HTTP, on SQLite and the local bus, with a clock that may go ahead."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from chassis.bus import Message
from chassis.kernel.clock import local_date
from chassis.service import Runtime
from contracts.consultation import OutcomeReported, Serves
from contracts.event import Envelope, Event
from contracts.housing import CommunityProfiled
from gongzhi import keys
from services.procurement.domain.call import OPENING
from tests.support.ahead import Ahead
from tests.support.bodies import (
    EXPERTS,
    FACTS,
    FORM,
    SCHEME,
    SERVICES,
    evaluation,
    item,
    plan,
    plan_steps,
)
from tests.support.inside import Inside, starting

BASE = "/api/v1/procurement"
CLAUSE = "官社建办通〔2018〕15号 二.5.6"
SUPPLIER = {
    "code": "tongxin",
    "name": "同心社会工作服务中心",
    "kind": "social_organisation",
    "facts": FACTS,
}
OTHER = {"code": "yixin", "name": "益新公司", "kind": "company", "facts": FACTS}
CONTRACT = {
    "supplier": "tongxin",
    "project": "elderly-care",
    "title": "长者关怀服务",
    "street": "guanshang",
    "community": "haihua",
    "amount": 30_000_000,
}
OTHERS = "street:guanshang"
GOOD = {"professional": 200, "output": 200, "quality": 200, "management": 200}
POOR = {"professional": 150, "output": 150, "quality": 150, "management": 149}


@dataclass
class Answer:
    status: int
    body: Any
    etag: str | None


@dataclass
class Running:
    """The service, and callers with tokens."""

    platform: Inside
    ahead: Ahead
    tokens: dict[str, str] = field(default_factory=dict)
    planned: dict[tuple[str, int], tuple[str, Iterator[str]]] = field(default_factory=dict)
    """By purchaser and year: the plan, and items of it that nothing was signed for."""

    @property
    def runtime(self) -> Runtime:
        return self.platform.runtime

    def token(self, who: str) -> str:
        if who not in self.tokens:
            self.tokens[who] = keys.token(self.platform.data, who)
        return self.tokens[who]

    async def page(self, who: str, path: str) -> tuple[int, str]:
        """A page or a table as text."""
        headers = {"authorization": f"Bearer {self.token(who)}"}
        url = self.platform.url + BASE + path
        async with self.platform.session.get(url, headers=headers) as answer:
            return answer.status, (await answer.read()).decode("utf-8-sig")

    async def ask(
        self, who: str, method: str, path: str, body: Any = None, **headers: str
    ) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent["authorization"] = f"Bearer {self.token(who)}"
        url, session = self.platform.url + BASE + path, self.platform.session
        async with session.request(method, url, json=body, headers=sent) as answer:
            return Answer(answer.status, await answer.json(), answer.headers.get("ETag"))

    async def get(self, who: str, path: str) -> Answer:
        return await self.ask(who, "GET", path)

    async def post(self, who: str, path: str, body: Any, **headers: str) -> Answer:
        return await self.ask(who, "POST", path, body, **headers)

    async def evaluate(
        self, who: str, id: str, stage: str, parts: Any = GOOD, *more: str
    ) -> Answer:
        said = evaluation(stage, parts, *more)
        return await self.post(who, f"/contracts/{id}/evaluations", said)

    async def fill_bank(self) -> None:
        """With experts 7, 8 and 9, unless they are in it."""
        for one in EXPERTS:
            known = await self.post("finance", "/experts", one)
            if known.status == 201:
                path = f"/experts/{one['code']}/appoint"
                await self.post("district_admin", path, None, if_match=str(known.etag))

    async def seat(self, id: str) -> None:
        """A panel of experts 7, 8 and 9."""
        await self.fill_bank()
        contract = await self.get("finance", f"/contracts/{id}")
        path, size = f"/contracts/{id}/panel", {"size": 3}
        listed = await self.post("finance", path, size, if_match=str(contract.etag))
        seed = {"seed": "8024"}
        drawn = await self.post("discipline", f"{path}/draw", seed, if_match=str(listed.etag))
        assert drawn.status == 200, drawn.body

    async def agree_scheme(self, id: str, expert: str = "expert:7") -> Answer:
        await self.seat(id)
        shown = await self.post(expert, f"/contracts/{id}/scheme", SCHEME)
        assert shown.status == 200
        answer = {"accepted": True, "comment": ""}
        return await self.post(
            "supplier:tongxin", f"/contracts/{id}/scheme/answer", answer, if_match=str(shown.etag)
        )

    async def eligibility(self, who: str, project: str, year: int) -> Answer:
        return await self.get(who, f"/suppliers/tongxin/eligibility?for={project}&year={year}")

    async def told(self) -> list[Envelope]:
        """What the journal holds: everything that was told so far, each event once."""
        page = await self.platform("command_centre").get("/api/v1/events", limit="500")
        assert len(page["items"]) < 500, "more than a page was told"
        return [Envelope.model_validate(item["event"]) for item in page["items"]]


async def until(what: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(120):
        while not await what():
            await asyncio.sleep(0.02)


def profiled(code: str, name: str, street: str | None) -> Message:
    told = CommunityProfiled(
        street=street, community=code, code=code, name=name, valid_from="2019-01-01", listed=3
    )
    return message(told, f"communities/{code}")


def heard(project: str, community: str) -> Message:
    """What residents came to on a project, in January."""
    told = OutcomeReported(
        street="guanshang",
        community=community,
        matter=f"m-{project}",
        outcome="usable_here",
        at=datetime(2026, 1, 6, 2, tzinfo=UTC),
        serves=Serves(kind="project", id=project),
    )
    return message(told, f"matters/m-{project}")


def message(told: Event, subject: str) -> Message:
    """As the register tells it."""
    envelope = Envelope(
        id=subject.replace("/", "-"),
        source="/gongzhi/housing",
        type=told.type,
        subject=subject,
        time=datetime(2026, 1, 1, tzinfo=UTC),
        sequence="000000000001",
        correlationid=subject.partition("/")[2],
        data=told.model_dump(mode="json", exclude_none=True),
    )
    return Message(id=envelope.id, type=envelope.type, body=envelope.wire())


@asynccontextmanager
async def started(tmp_path: Path) -> AsyncIterator[Running]:
    """It alone behind the front door, and what it hears of the register and of residents."""
    ahead = Ahead()
    async with starting(tmp_path, clock=ahead, only=("procurement",)) as platform:

        async def begun() -> bool:
            return "start" not in await platform.troubles()

        await until(begun)
        for message in (
            profiled("haihua", "海华社区", "guanshang"),
            profiled("heping", "和平路社区", "taihe"),
            profiled("wula", "五腊社区", None),
            heard("elderly-care", "haihua"),
        ):
            await platform.runtime.bus.publish(message)
        await platform.ready()
        await platform.idle()  # also what nothing waits for at its start: what residents came to
        yield Running(platform, ahead)


@asynccontextmanager
async def contended(folder: Path) -> AsyncIterator[Running]:
    """With two suppliers who may apply for the same."""
    async with started(folder) as running:
        for supplier in (SUPPLIER, OTHER):
            await running.post("finance", "/suppliers", supplier)
        yield running


async def published(running: Running, who: str, body: dict[str, Any]) -> str:
    """The id of a plan that went all its way."""
    drafted = await running.post(who, "/plans", body)
    assert drafted.status == 201, drafted.body
    path, etag = f"/plans/{drafted.body['id']}", str(drafted.etag)
    for by, step, said in plan_steps(body, who):
        answer = await running.post(by, f"{path}/{step}", said, if_match=etag)
        assert answer.status == 200, answer.body
        etag = str(answer.etag)
    return str(drafted.body["id"])


async def to_buy(running: Running, who: str, year: int) -> dict[str, str]:
    """An item of a published plan for which nothing was signed yet; each is of another entry."""
    if (who, year) not in running.planned:
        items = [item(f"i{nth}", entry=f"B01{nth:02}") for nth in range(1, 12)]
        id = await published(running, who, plan(year, *items))
        running.planned[who, year] = id, iter([one["code"] for one in items])
    id, left = running.planned[who, year]
    return {"plan": id, "item": next(left)}


CALL: dict[str, Any] = {
    "project": "elderly-care",
    "title": "长者关怀服务征集",
    "criteria": [
        {"code": "need", "text": "需求分析", "points": 40},
        {"code": "design", "text": "服务设计", "points": 60},
    ],
}
APPLICATION: dict[str, Any] = {
    "community": "haihua",
    "workers": 2,
    "staff": 3,
    "amount": 60_000_000,
    "summary": "为社区长者提供关怀服务",
    "prepared": {"heard_on": "2026-01-05", "decided_on": "2026-01-06", "posted_on": "2026-01-07"},
    "form": FORM,
    "services": SERVICES,
    "populations": [
        {"population": one, "people": 0} for one in ("veterans", "corrected", "destitute")
    ],
}


async def stepped(running: Running, who: str, path: str, step: str, body: Any = None) -> Answer:
    """A step on the version as it is now; where a deadline came in between, on the next."""
    while True:
        now = await running.get("finance", path)
        taken = await running.post(who, f"{path}/{step}", body, if_match=str(now.etag))
        if taken.status != 412:
            return taken


async def called(running: Running, who: str, plan_id: str, code: str, **other: Any) -> Answer:
    """A call for an item, closing tomorrow."""
    closes = (local_date(running.ahead()) + timedelta(days=1)).isoformat()
    body = {**CALL, "plan": plan_id, "item": code, "closes": closes, **other}
    return await running.post(who, "/solicitations", body)


async def opened(running: Running, path: str) -> None:
    """Two days have gone by: the clock has found its closing day over, and opened what was applied for."""

    async def state() -> Any:
        return (await running.get("finance", path)).body["state"]

    async def closed() -> bool:
        return (await state())["closed_at"] is not None

    async def unsealed() -> bool:
        return not (await state())["unopened"]

    for gone, found in ((timedelta(days=2), closed), (OPENING, unsealed)):
        running.ahead.by += gone
        await until(found)


async def awarded(running: Running, who: str, plan_id: str, code: str) -> str:
    """A call that tongxin, its only applicant, won; two days have gone by."""
    call = await called(running, who, plan_id, code)
    assert call.status == 201, call.body
    path = f"/solicitations/{call.body['id']}"
    applied = await running.post("supplier:tongxin", f"{path}/applications", APPLICATION)
    assert applied.status == 200, applied.body
    await opened(running, path)
    await running.fill_bank()
    assert (await stepped(running, "finance", path, "panel", {"size": 3})).status == 200
    drawn = await stepped(running, "discipline", path, "panel/draw", {"seed": "8024"})
    assert drawn.status == 200, drawn.body
    points = [
        {"supplier": "tongxin", "criterion": one["code"], "points": one["points"]}
        for one in CALL["criteria"]
    ]
    for expert in ("7", "8", "9"):
        scored = await running.post(f"expert:{expert}", f"{path}/scores", {"points": points})
        assert scored.status == 200, scored.body
    assert (await stepped(running, "finance", path, "close_panel")).status == 200
    won = await stepped(running, who, path, "award", {"supplier": "tongxin"})
    assert won.status == 200, won.body
    if call.body["state"]["item"]["way"] == "linkage":
        await programmed(running, path)
    return str(call.body["id"])


async def programmed(running: Running, path: str) -> None:
    """The plan of an awarded 三社联动 project, as it was applied for."""
    approval = {"approved": True, "opinion": "同意"}
    for who, step, said in (
        ("supplier:tongxin", "revise_programme", {"form": FORM, "services": SERVICES}),
        ("community:haihua", "confirm_programme", None),
        ("district_admin", "approve_programme", approval),
    ):
        answer = await stepped(running, who, path, step, said)
        assert answer.status == 200, answer.body


async def assessed(running: Running, id: str) -> None:
    """By supplier and community, for the stage that comes."""
    for who in ("supplier:tongxin", "community:haihua"):
        said = {"text": "按计划实施"}
        answer = await stepped(running, who, f"/contracts/{id}", "self_assessments", said)
        assert answer.status == 200, answer.body


async def signed(running: Running, who: str = "street:guanshang", **other: Any) -> Answer:
    """For an item of its own, unless it says which; who can't buy asks for another's."""
    buys = who.partition(":")[0] in ("street", "department", "finance", "district_admin")
    year = other.pop("year", 2026)
    bought = {} if "item" in other else await to_buy(running, who if buys else OTHERS, year)
    return await running.post(who, "/contracts", {**CONTRACT, **bought, **other})


async def holds(running: Running, type: str) -> bool:
    return any(envelope.type == type for envelope in await running.told())
