"""A-20: powers of a community, from the sample of its type; each with its basis, flow, rules and risks."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chassis.kernel.errors import OURS, RuleBroken
from chassis.kernel.required import required_by

from .rules import FLOWS, POWERS, RULES


class CommunityType(StrEnum):
    URBAN = "urban"
    VILLAGE_CONVERTED = "village_converted"


class PowerKind(StrEnum):
    WORKS = "works"
    PURCHASE = "purchase"
    PERSONNEL = "personnel"
    REMUNERATION = "remuneration"
    SERVICE = "service"
    FINANCE = "finance"
    SEAL = "seal"


class Grade(StrEnum):
    HIGH = "high"
    MIDDLE = "middle"
    LOW = "low"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A step of a flow: its risk, and whether it waits for what a consultation decides."""

    name: str
    risk: Grade
    deliberated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePut:
    type: CommunityType
    kind: PowerKind
    name: str
    basis: str
    flow: tuple[Stage, ...]
    rules: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    type: CommunityType
    kind: PowerKind
    name: str
    basis: str
    flow: tuple[Stage, ...]
    rules: str
    put_at: datetime


def put(event: SamplePut) -> SamplePut:
    """Its risk points stand in its flow, graded."""
    for field, called in (("name", "名称"), ("basis", "依据"), ("rules", "操作规则")):
        text = getattr(event, field)
        required_by(RULES["A-20"], text, field, f"权力须写明{called}。", FLOWS)
    names = [one.name.strip() for one in event.flow]
    if not names or not all(names) or len(set(names)) != len(names):
        detail = "流程至少一步，各步名称不得重复。"
        raise RuleBroken(RULES["A-20"], detail, clause=FLOWS, field="flow")
    return event


def evolve_sample(_: Sample | None, event: SamplePut) -> Sample:
    return Sample(
        type=event.type,
        kind=event.kind,
        name=event.name,
        basis=event.basis,
        flow=event.flow,
        rules=event.rules,
        put_at=event.at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerListed:
    """As its sample is now."""

    street: str
    community: str
    sample: str
    of: Sample
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerStruck:
    reason: str
    at: datetime


PowerEvent = PowerListed | PowerStruck


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    street: str
    community: str
    sample: str
    of: Sample
    listed_at: datetime
    struck: PowerStruck | None = None

    @property
    def listed(self) -> bool:
        return self.struck is None


def enlist(known: Power | None, listed: PowerListed, type: str | None) -> PowerListed:
    """From the sample of the community's own type; again, where the sample has changed."""
    if type != listed.of.type:
        detail = "权力清单按社区类型的样本编制。"
        raise RuleBroken(RULES["A-20"], detail, clause=POWERS, field="sample")
    if known is not None and known.listed and known.of == listed.of:
        raise RuleBroken(RULES["A-20"], "该项权力已在清单内。", clause=OURS, field="sample")
    return listed


def may_strike(known: Power) -> None:
    if not known.listed:
        raise RuleBroken(RULES["A-20"], "该项权力已不在清单内。", clause=OURS)


def strike(known: Power, reason: str, now: datetime) -> PowerStruck:
    may_strike(known)
    required_by(RULES["A-20"], reason, "reason", "移出清单须写明理由。", OURS)
    return PowerStruck(reason=reason, at=now)


def evolve(known: Power | None, event: PowerEvent) -> Power:
    if isinstance(event, PowerListed):
        return Power(
            street=event.street,
            community=event.community,
            sample=event.sample,
            of=event.of,
            listed_at=event.at,
        )
    if known is None:
        raise ValueError("a power begins by being listed")
    return replace(known, struck=event)
