"""The only place where a call changes."""

from dataclasses import replace
from typing import assert_never

from . import panel as panels
from . import programme as programmes
from .call import Call, CallStatus
from .call_events import (
    ApplicationsClosed,
    ApplicationsOpened,
    Applied,
    Awarded,
    CallCancelled,
    CallEvent,
    CallOpened,
    PanelClosed,
    ResultMissed,
    ResultRenewed,
    Scored,
    SigningChecked,
    StagePassed,
)
from .called import Called
from .panel import ExpertRecused, PanelDrawn, PanelListed
from .programme import ProgrammeApproved, ProgrammeConfirmed, ProgrammeRevised


def evolve(call: Call | None, event: CallEvent) -> Call:
    if isinstance(event, CallOpened):
        return Call(
            id=event.call,
            plan=event.plan,
            item=event.item,
            project=event.project,
            year=event.year,
            purchaser=event.purchaser,
            title=event.title,
            category=event.category,
            closes=event.closes,
            criteria=event.criteria,
            opened_at=event.at,
            earlier=_earlier(call),
        )
    if call is None:
        raise ValueError("a call begins by being opened")
    match event:
        case Applied() | ApplicationsOpened():
            return _applied(call, event)
        case StagePassed():
            return replace(call, stages=(*call.stages, event))
        case PanelListed() | PanelDrawn() | ExpertRecused():
            return replace(call, panel=panels.evolve(call.panel, event))
        case Scored():
            return replace(call, sealed=(*call.sealed, event.sealed))
        case PanelClosed():
            return replace(
                call,
                status=CallStatus.RANKED,
                scores=event.scores,
                ranking=event.ranking,
                publish_by=event.publish_by,
                clock=event.clock,
            )
        case Awarded():
            return replace(call, status=CallStatus.AWARDED, awarded=event)
        case ProgrammeRevised() | ProgrammeConfirmed() | ProgrammeApproved():
            return replace(call, programme=programmes.evolve(call.programme, event))
        case ApplicationsClosed() | ResultMissed() | ResultRenewed() | SigningChecked():
            return _waited(call, event)
        case CallCancelled():
            return replace(
                call,
                status=CallStatus.CANCELLED,
                cancelled_why=event.reason,
                cancelled_at=event.at,
            )
        case _:
            assert_never(event)


def _applied(call: Call, event: Applied | ApplicationsOpened) -> Call:
    if isinstance(event, ApplicationsOpened):
        return replace(call, applications=event.applications, unopened=False)
    mine = event.application
    others = (one for one in call.applications if one.supplier != mine.supplier)
    return replace(call, applications=(*others, mine))


def _waited(
    call: Call, event: ApplicationsClosed | ResultMissed | ResultRenewed | SigningChecked
) -> Call:
    match event:
        case ApplicationsClosed():
            return replace(call, closed_at=event.at, unopened=event.unopened)
        case SigningChecked():
            return replace(call, signed_in_time=event.signed)
        case ResultRenewed():
            return replace(call, publish_by=event.clock.due, clock=event.clock)
        case ResultMissed():
            return replace(call, result_missed=True, publish_by=None)
        case _:
            assert_never(event)


def _earlier(call: Call | None) -> tuple[Called, ...]:
    """Of an item that is called for again: every time before, in their order."""
    return (*call.earlier, *called(call)) if call else ()


def called(call: Call) -> tuple[Called, ...]:
    """The time that it is called for now."""
    if call.opened_at is None:
        return ()
    won = call.awarded
    return (
        Called(
            title=call.title,
            closes=call.closes,
            opened_at=call.opened_at,
            applicants=tuple(one.supplier for one in call.applications),
            winner=won.supplier if won else None,
            amount=won.amount if won else 0,
            offered=call.item.amount,
            awarded_at=won.at if won else None,
            cancelled_at=call.cancelled_at,
        ),
    )
