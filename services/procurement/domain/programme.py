"""The plan of an awarded 三社联动 project (实施方案), as revised before its contract."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from .application import Form
from .guide import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeRevised:
    """By the winner, after the panel's suggestions; again, it is confirmed and approved anew."""

    form: Form
    services: tuple[Service, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeConfirmed:
    """By its community."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeApproved:
    """By the leading group; not `approved`, it is revised again."""

    approved: bool
    opinion: str
    at: datetime


ProgrammeEvent = ProgrammeRevised | ProgrammeConfirmed | ProgrammeApproved


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    form: Form
    services: tuple[Service, ...]
    revised_at: datetime
    confirmed_at: datetime | None = None
    approved_at: datetime | None = None
    opinion: str | None = None


def evolve(programme: Programme | None, event: ProgrammeEvent) -> Programme:
    if isinstance(event, ProgrammeRevised):
        return Programme(form=event.form, services=event.services, revised_at=event.at)
    if programme is None:
        raise ValueError("a programme begins by being revised")
    match event:
        case ProgrammeConfirmed():
            return replace(programme, confirmed_at=event.at)
        case ProgrammeApproved():
            approved_at = event.at if event.approved else None
            confirmed_at = programme.confirmed_at if event.approved else None
            return replace(
                programme,
                approved_at=approved_at,
                confirmed_at=confirmed_at,
                opinion=event.opinion,
            )
        case _:
            assert_never(event)
