"""Bookings of rooms: by public offices, by suppliers at work here, by the community's desk in its own name."""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from chassis.at import At
from chassis.http import Asked, ReasonIn
from chassis.identity import granted
from chassis.kernel.clock import local_date
from chassis.kernel.errors import RuleBroken
from chassis.steps import Collection, Part
from chassis.words import Moment, Month
from contracts.event import Id
from services.housing.access import BOOKERS, HOSTS, PUBLIC
from services.housing.desk import HousingDesk, place_of
from services.housing.desk.bookings import month_id
from services.housing.domain import booking as bookings
from services.housing.domain.booking import BookingEvent, Purpose, RoomBooked, RoomMonth, month_of
from services.housing.domain.premises import Premises
from services.housing.domain.rules import RULES
from services.housing.shown.months import BookingOut, MonthOut, shown


async def _premises(desk: HousingDesk, month: RoomMonth | None, _: At[None]) -> Premises | None:
    """A month says where its room lay when it began; these, where it lies now."""
    held = await desk.premises.look(month.community) if month is not None else None
    return held.aggregate if held else None


MONTHS: Collection[RoomMonth, BookingEvent, HousingDesk, Premises | None] = Collection(
    service="housing",
    name="room_months",
    title="预订",
    path="/rooms",
    state=RoomMonth,
    events=get_args(BookingEvent),
    evolve=bookings.evolve,
    resource=place_of,
    access=PUBLIC,
    keys=lambda month: {**place_of(month), "room": month.room, "month": month.month},
    indexes=("community+month", "month"),
    read=frozenset(),
    of=lambda desk: desk.months,
    knows=_premises,
    out=shown,
    shows=MonthOut,
)


def theirs(known: RoomMonth | Premises, at: At[Any]) -> Mapping[str, object]:
    """A street and a community book what is theirs; a department and a supplier are nobody's own here."""
    return {**place_of(known), "units": (at.subject.code,), "supplier": at.subject.code}


class BookingIn(Asked):
    start: Moment
    end: Moment
    purpose: Purpose


@MONTHS.step(
    "预订房间",
    "/rooms/{room}/bookings",
    who=BOOKERS,
    rules="H-10",
    record=None,
    versioned=False,
    claims=True,
    status=201,
    types={"room": Id},
)
async def book(desk: HousingDesk, at: At[Premises | None], body: BookingIn) -> BookingOut:
    premises = await desk.premises_of(at["room"])
    at.demand(theirs(premises, at))
    await _at_work(desk, premises, at)
    asked = RoomBooked(
        booking=at.asking.new_id("bookings"),
        room=at["room"],
        month=month_of(body.start),
        street=premises.street,
        community=premises.community,
        **body.model_dump(),
        by=at.by,
    )
    _, policy = await desk.policies.current()
    made = await desk.months.record(
        month_id(asked.room, asked.month),
        lambda known: bookings.book(known, asked, now=at.now, days_ahead=policy.booking_days_ahead),
        at.cause,
    )
    return next(one for one in shown(made.aggregate).bookings if one.id == asked.booking)


async def _at_work(desk: HousingDesk, premises: Premises, at: At[Any]) -> None:
    """H-10: a supplier, under a contract that runs in this street or community."""
    subject, today = at.subject, local_date(at.now)
    if subject.kind == "supplier" and not await desk.may_book(
        str(subject.code), premises.street, premises.community, today
    ):
        detail = "承接方须已登记、未被禁止，并在本街道或社区有执行中的合同，方可预订。"
        raise RuleBroken(RULES["H-10"], detail)


def anybodys(month: RoomMonth, at: At[Any]) -> Mapping[str, object]:
    """Nobody is kept from it by where he is: who booked may cancel, and that is asked of the booking."""
    code = at.subject.code
    return {"street": code, "community": code, "units": (code,), "supplier": code}


def standing(month: RoomMonth) -> Iterable[Mapping[str, str]]:
    place = {"room": month.room, "month": month.month}
    return ({**place, "id": booking.id} for booking in month.standing)


def keeps(month: RoomMonth, at: At[Premises | None]) -> bool:
    return granted(at.subject, HOSTS, place_of(at.known or month))


@MONTHS.step(
    "取消预订",
    "/rooms/{room}/bookings/{month}/{id}/cancel",
    who=BOOKERS | HOSTS,
    rules="H-10",
    opens=lambda m, at: m.may_cancel(at.id, by=at.by, keeps=keeps(m, at), now=at.now),
    part=Part(places=standing, whose=anybodys),
    record=lambda path: month_id(path["room"], path["month"]),
    versioned=False,
    claims=True,
    types={"room": Id, "month": Month, "id": Id},
)
def cancel(m: RoomMonth, at: At[Premises | None], body: ReasonIn) -> tuple[BookingEvent, ...]:
    """By who booked it, or by who keeps the room."""
    return m.cancel(at.id, by=at.by, keeps=keeps(m, at), reason=body.reason, now=at.now)


STEPS = (book, cancel)
