"""Events by AMQP: the same checks as over HTTP on one message, and what becomes of it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import structlog
from pydantic import ValidationError

from chassis.asking import Asking
from chassis.brake import Brake
from chassis.cause import Cause
from chassis.edge import MAX_BODY, MAX_HEADERS
from chassis.kernel.errors import Malformed, Refusal, Unavailable
from chassis.pacing import Backoff
from chassis.problem_types import TYPES
from chassis.refused_news import NewsTurnedDown, RefusedNews
from contracts.platform import NewsRefused
from gateway.intake import ID_BYTES, Intake

from .proof import as_partner
from .steps import Desk
from .taking import ONE, item, media, read, taker

PREFIXES = ("cloudEvents:", "cloudEvents_")
"""How CloudEvents has attributes travel in the properties of a message."""
AGAIN_FOR = 600.0
"""Seconds that a message which fails for no known reason is tried again before it is parked."""
AWAY = TYPES[Unavailable.kind].status
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One message: `partner` is the user verified by the broker, empty if none was given."""

    partner: str
    media: str
    headers: Mapping[str, Any]
    body: bytes

    @property
    def attributes(self) -> dict[str, Any]:
        """Of binary mode; none in structured mode, whatever else is there."""
        if media(self.media) == ONE:
            return {}
        return {
            name.removeprefix(prefix): value
            for name, value in self.headers.items()
            for prefix in PREFIXES
            if name.startswith(prefix)
        }

    @property
    def weight(self) -> int:
        """Bytes of its headers, roughly: no more than what leaves room for a reason beside them, in one frame."""
        said = (part for header in self.headers.items() for part in header)
        return sum(len(str(part).encode(errors="replace")) for part in said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Why it is parked; what it is called, where it can be read."""

    reason: str
    id: str = ""
    type: str = ""
    told: Mapping[str, str] = field(default_factory=dict)
    """What the partner hears again of it: only what is as it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    intake: Intake
    desk: Desk
    brake: Brake
    clock: Callable[[], datetime]
    refused_news: RefusedNews

    async def hear(self, news: News) -> Refused | None:
        """None once it is kept; waits for as long as that can't be."""
        pause, end = Backoff(longest=10.0), asyncio.get_running_loop().time() + AGAIN_FOR
        while True:
            try:
                return await self._heard(news)
            except Unavailable as away:
                log.info("partner_news_waits", partner=news.partner, reason=away.detail)
            except Exception as fault:
                log.exception("partner_news_failed", partner=news.partner)
                if asyncio.get_running_loop().time() > end:
                    return Refused(reason=f"处理失败：{type(fault).__name__}")
            await pause.sleep()

    async def _heard(self, news: News) -> Refused | None:
        """Unavailable where it has to wait."""
        self.brake.check()
        if await self.desk.named(news.partner) is None:
            return Refused(reason="消息的 user-id 须为登记的合作方代码。")
        asking = as_partner(news.partner, self.clock())
        refused = await self._taken(news, asking)
        if refused is not None:
            await self._told(news, refused, asking.cause)
        return refused

    async def _taken(self, news: News, asking: Asking) -> Refused | None:
        try:
            said = self._read(news)
        except Refusal as refusal:
            return Refused(reason=refusal.detail)
        became = await item(await taker(self.intake, self.desk, asking), said, english=False)
        if became["status"] == AWAY:
            raise Unavailable(became["problem"]["detail"])
        if "problem" not in became:
            return None
        named = said if isinstance(said, dict) else {}
        data = named.get("data")
        return Refused(
            reason=became["problem"]["detail"],
            id=_fit_to_travel(named.get("id", "")),
            type=_fit_to_travel(named.get("type", "")),
            told=_told_of(named, data if isinstance(data, dict) else {}),
        )

    async def _told(self, news: News, refused: Refused, cause: Cause) -> None:
        """Before it is parked, so that after a crash in between both happen at the redelivery."""
        told = NewsTurnedDown(
            partner=news.partner, why=refused.reason, at=cause.now, **refused.told
        )
        mark = f"{news.partner} {sha256(news.body).hexdigest()}"
        await self.refused_news.tell(told, cause, mark=mark)

    def _read(self, news: News) -> Any:
        if len(news.body) > MAX_BODY or news.weight > MAX_HEADERS:
            raise Malformed(f"消息过大：内容至多 {MAX_BODY} 字节，属性至多 {MAX_HEADERS} 字节。")
        return read(news.body, news.attributes)


def _fit_to_travel(said: Any) -> str:
    """As much of it as a property of a message holds: what can't be parked would be handed out for ever."""
    return str(said).encode(errors="replace")[:ID_BYTES].decode(errors="ignore")


def _told_of(said: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, str]:
    found = {
        "source": said.get("source"),
        "news": said.get("id"),
        "told": said.get("type"),
        "reference": data.get("reference"),
    }
    try:
        NewsRefused.model_validate({"partner": "any", "service": "any", "why": "any", **found})
    except ValidationError as error:
        wrong = {fault["loc"][0] for fault in error.errors()}
        found = {name: value for name, value in found.items() if name not in wrong}
    return {name: value for name, value in found.items() if value is not None}
