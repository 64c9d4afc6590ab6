"""A register of one unit, as whistle tells it."""

from chassis.cause import Cause
from chassis.copies import Told
from services.consultation.desk import ConsultationDesk

UNIT = {"code": "urban_management", "name": "城管", "kind": "department", "listed": 1}


async def listed(desk: ConsultationDesk, cause: Cause, **more: str) -> None:
    told = Told(event="u-1", sequence=1, data={**UNIT, "valid_from": "2019-01-01", **more})
    await desk.listed.aggregates.once("urban_management", [told], cause)
