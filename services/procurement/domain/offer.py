"""An application (申报) as it lies sealed from everybody but its applicant, until its call is closed and opens it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never

from chassis.kernel.clock import end_of
from chassis.kernel.errors import OURS, RuleBroken

from .application import Application
from .call import Call
from .rules import RULES, TOGETHER

MOST = 60
"""How many may lie for a call (ours): as many as fit into its record when it opens them, were it for the third time and
each of them as long as it may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFiled:
    """For a call as it was opened at that time; again, it takes the place of the one before."""

    call: str
    opened_at: datetime | None = None
    title: str
    closes: date
    application: Application


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferWithdrawn:
    at: datetime


OfferEvent = OfferFiled | OfferWithdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """`application` is None once it is withdrawn."""

    call: str
    opened_at: datetime | None = None
    title: str
    closes: date
    supplier: str
    application: Application | None = None
    withdrawn_at: datetime | None = None

    @property
    def said_at(self) -> datetime:
        filed_at = self.application and self.application.at
        return max(at for at in (filed_at, self.withdrawn_at) if at)

    def withdraw(self, now: datetime) -> OfferWithdrawn:
        """P-10 (ours): what is withdrawn is never opened; until the call closes another may be filed."""
        self.may_withdraw(now)
        return OfferWithdrawn(at=now)

    def may_withdraw(self, now: datetime) -> None:
        if self.application is None:
            raise RuleBroken(RULES["P-10"], "该申报已经撤回。", clause=OURS)
        if now >= end_of(self.closes):
            raise RuleBroken(
                RULES["P-10"], f"征集已于 {self.closes} 截止，不得撤回申报。", clause=OURS
            )


def file(call: Call, application: Application) -> OfferFiled:
    return OfferFiled(
        call=call.id,
        opened_at=call.opened_at,
        title=call.title,
        closes=call.closes,
        application=application,
    )


def offered(call: Call, lying: Iterable[Offer]) -> dict[str, Application | None]:
    """What each supplier filed last for a call as it is open now, under whichever id; None of who withdrew."""
    last = sorted(lying, key=lambda one: one.said_at)
    return {one.supplier: one.application for one in last if one.opened_at == call.opened_at}


def fits(offered: Mapping[str, Application | None], supplier: str) -> None:
    """P-10 (ours): there is room for what this supplier files; what is withdrawn takes none."""
    others = sum(one is not None for name, one in offered.items() if name != supplier)
    if others >= MOST:
        detail = f"一次征集最多受理 {MOST} 份申报，现已收满；有申报撤回后方可再报。"
        raise RuleBroken(RULES["P-10"], detail, clause=TOGETHER, field="call")


def evolve(offer: Offer | None, event: OfferEvent) -> Offer:
    if isinstance(event, OfferFiled):
        return Offer(
            call=event.call,
            opened_at=event.opened_at,
            title=event.title,
            closes=event.closes,
            supplier=event.application.supplier,
            application=event.application,
        )
    if offer is None:
        raise ValueError("an offer begins by being filed")
    match event:
        case OfferWithdrawn():
            return replace(offer, application=None, withdrawn_at=event.at)
        case _:
            assert_never(event)
