"""An address that is told (Webhook, 推送地址): whose, where, of what, and under which secret."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never
from urllib.parse import urlsplit

from chassis.identity import BOUND
from chassis.kernel.errors import Malformed, RuleBroken
from chassis.signing import holding, rotated
from gateway.rules import RULES
from gateway.wanted import Wanted


class Status(StrEnum):
    """Paused by its owner; disabled by us, who reached nobody for days; removed for good."""

    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookMade:
    """`owner`: the office it is told as; it is told what that office may see, and nothing else."""

    owner: str
    url: str
    about: Wanted
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretRotated:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookPaused:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookDisabled:
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookResumed:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRemoved:
    at: datetime


WebhookEvent = (
    WebhookMade | SecretRotated | WebhookPaused | WebhookDisabled | WebhookResumed | WebhookRemoved
)


OPEN = {
    "rotate": frozenset({Status.ACTIVE, Status.PAUSED, Status.DISABLED}),
    "pause": frozenset({Status.ACTIVE}),
    "resume": frozenset({Status.PAUSED, Status.DISABLED}),
    "remove": frozenset({Status.ACTIVE, Status.PAUSED, Status.DISABLED}),
    "replay": frozenset({Status.ACTIVE, Status.PAUSED, Status.DISABLED}),
}
SAID = {
    Status.ACTIVE: "推送中",
    Status.PAUSED: "已暂停",
    Status.DISABLED: "已停用",
    Status.REMOVED: "已删除",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """`generation` counts its secrets; the one before signs, too, until `earlier_until`, and those `before` that one
    until theirs.
    """

    owner: str
    url: str
    about: Wanted
    status: Status
    made_at: datetime
    generation: int = 1
    earlier_until: datetime | None = None
    before: tuple[datetime | None, ...] = ()
    reason: str | None = None

    def may(self, step: str) -> None:
        """RuleBroken where it isn't open to this step."""
        if self.status not in OPEN[step]:
            raise RuleBroken(RULES["G-01"], f"该推送地址{SAID[self.status]}，不能进行此操作。")

    def generations(self, now: datetime) -> tuple[int, ...]:
        """Of the secrets that sign now, the newest first."""
        return holding(self.generation, (self.earlier_until, *self.before), now)


def address(url: str) -> str:
    """It can be posted to, and holds no password; Malformed otherwise. Where it leads is seen when it is."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise Malformed("不是网址。", field="url") from None
    if parts.scheme not in ("https", "http") or not host:
        raise Malformed("应为 https:// 开头的网址。", field="url")
    if parts.username or parts.password or parts.fragment:
        raise Malformed("网址中不得有用户名、密码或 # 部分。", field="url")
    return url


def evolve(webhook: Webhook | None, event: WebhookEvent) -> Webhook:
    if isinstance(event, WebhookMade):
        return Webhook(
            owner=event.owner,
            url=event.url,
            about=event.about,
            status=Status.ACTIVE,
            made_at=event.at,
        )
    if webhook is None:
        raise ValueError("a webhook begins by being made")
    match event:
        case SecretRotated():
            latest, *before = rotated((webhook.earlier_until, *webhook.before), event.at)
            return replace(
                webhook,
                generation=webhook.generation + 1,
                earlier_until=latest,
                before=tuple(before),
            )
        case WebhookPaused():
            return replace(webhook, status=Status.PAUSED)
        case WebhookDisabled():
            return replace(webhook, status=Status.DISABLED, reason=event.reason)
        case WebhookResumed():
            return replace(webhook, status=Status.ACTIVE, reason=None)
        case WebhookRemoved():
            return replace(webhook, status=Status.REMOVED)
    assert_never(event)


def resource(webhook: Webhook) -> dict[str, str]:
    """What the policy looks at: the field that binds its owner."""
    kind, _, code = webhook.owner.partition(":")
    return {BOUND[kind]: code} if kind in BOUND else {}
