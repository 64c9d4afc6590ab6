"""A partner's event, checked: it fits its contract, its codes exist, and it names nobody else as concerned."""

import inspect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from chassis.kernel.errors import Malformed
from contracts.event import Event
from contracts.published import PARTNERS
from contracts.text import Unfit

from .codes import Codes
from .partnership.domain import CLOCKS

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
"""As of every time in a request. What is told of has happened, by clocks that differ as little as a signature's."""
Fault = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Checked:
    """`said` is all of it; `data` without the fields that would address it to others."""

    said: Mapping[str, Any]
    data: dict[str, Any]


async def checked(type: str, data: Mapping[str, Any], codes: Codes, now: datetime) -> Checked:
    """RequestValidationError naming every field that is wrong, as of the envelope."""
    contract = PARTNERS.get(type)
    if contract is None:
        raise Malformed(f"不接受这种事件：{type}", field="type")
    try:
        event = contract.model_validate(data)
    except ValidationError as error:
        raise RequestValidationError(_in_data(error.errors(include_url=False))) from None
    wrong = [*_out_of_time(event, now), *await _unknown(event, codes)]
    if wrong:
        raise RequestValidationError(_in_data(wrong))
    said = event.model_dump(mode="json", exclude_none=True)
    return Checked(said, {name: value for name, value in said.items() if name in _own(contract)})


def _own(contract: type[Event]) -> Iterable[str]:
    """The fields of the contract itself. Whom else an event concerns is decided by the platform: a partner can't choose
    whose feed shows it."""
    return inspect.get_annotations(contract)


def _in_data(errors: Iterable[Fault]) -> list[Fault]:
    return [{**one, "loc": ("data", *one["loc"])} for one in errors]


def _out_of_time(event: Event, now: datetime) -> Iterable[Fault]:
    at: datetime | None = getattr(event, "reported_at", None)
    if at is not None and not EARLIEST <= at <= now + CLOCKS:
        year, minutes = EARLIEST.year, int(CLOCKS.total_seconds() // 60)
        yield _fault(
            "reported_at",
            Unfit(
                f"时间应在 {year} 年以后，至多比现在晚 {minutes} 分钟",
                f"should be after the year {year}, and at most {minutes} minutes from now",
            ),
        )


async def _unknown(event: Event, codes: Codes) -> list[Fault]:
    """What its own fields name that isn't on its list."""
    own = _own(type(event))
    found = {
        name: await codes.wrong(name, getattr(event, name)) for name in codes.of if name in own
    }
    return [_fault(name, why) for name, why in found.items() if why is not None]


def _fault(field: str, why: Unfit) -> Fault:
    return {"type": "value_error", "loc": (field,), "msg": why.english, "ctx": {"error": why}}
