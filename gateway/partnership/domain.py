"""A partner system (Partner, 合作方系统) that tells us what it knows: of which types, and under which secret."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from chassis.kernel.errors import Malformed, NotAllowed, RuleBroken
from chassis.signing import BOTH, holding, proves, secret_of
from contracts.published import PARTNERS
from gateway.rules import RULES

CLOCKS = timedelta(minutes=5)
"""How far its clock and ours may differ; what was signed longer ago may have been listened to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerAdmitted:
    code: str
    types: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TypesAllowed:
    types: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerSecretRotated:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerSuspended:
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerResumed:
    at: datetime


PartnerEvent = (
    PartnerAdmitted | TypesAllowed | PartnerSecretRotated | PartnerSuspended | PartnerResumed
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """`types` it may tell; of none it is all. `generation` counts its secrets; two hold at most, so that one that got
    about is shut out by changing twice.
    """

    code: str
    types: tuple[str, ...]
    admitted_at: datetime
    suspended: bool = False
    reason: str | None = None
    generation: int = 1
    earlier_until: datetime | None = None

    def may(self, step: str) -> None:
        """RuleBroken where it isn't open to this step."""
        if step == "resume" and not self.suspended:
            raise RuleBroken(RULES["G-03"], "该合作方未被暂停。")
        if step == "suspend" and self.suspended:
            raise RuleBroken(RULES["G-03"], "该合作方已被暂停。")

    def shut_out(self) -> NotAllowed | None:
        """Why it is let in nowhere, while that is so."""
        return NotAllowed("该合作方已被暂停。") if self.suspended else None

    def may_tell(self, type: str) -> None:
        """NotAllowed where it may not."""
        if shut := self.shut_out():
            raise shut
        if self.types and type not in self.types:
            allowed = "、".join(self.types)
            raise NotAllowed(
                f"该合作方可报送的事件：{allowed}。",
                field="type",
                english=f"Events that this partner may tell: {', '.join(self.types)}.",
            )

    def signed(
        self, key: bytes, id: str, at: datetime, now: datetime, body: bytes, text: str
    ) -> bool:
        """Whether one of its secrets that hold now signed this, and lately."""
        if abs(now - at) > CLOCKS:
            return False
        generations = holding(self.generation, (self.earlier_until,), now)
        secrets = [secret_of(key, secret_name(self.code), one) for one in generations]
        return proves(text, secrets, id, int(at.timestamp()), body)


def secret_name(code: str) -> str:
    return f"partner {code}"


def known_types(types: tuple[str, ...]) -> tuple[str, ...]:
    """Each once; Malformed for one that no partner tells."""
    for type in types:
        if type not in PARTNERS:
            raise Malformed(f"没有这种合作方事件：{type}", field="types")
    return tuple(dict.fromkeys(types))


def evolve(partner: Partner | None, event: PartnerEvent) -> Partner:
    if isinstance(event, PartnerAdmitted):
        return Partner(code=event.code, types=event.types, admitted_at=event.at)
    if partner is None:
        raise ValueError("a partner begins by being admitted")
    match event:
        case TypesAllowed():
            return replace(partner, types=event.types)
        case PartnerSecretRotated():
            return replace(
                partner, generation=partner.generation + 1, earlier_until=event.at + BOTH
            )
        case PartnerSuspended():
            return replace(partner, suspended=True, reason=event.reason)
        case PartnerResumed():
            return replace(partner, suspended=False, reason=None)
    assert_never(event)
