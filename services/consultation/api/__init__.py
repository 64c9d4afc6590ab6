"""What is read here besides the records themselves; the steps are in `steps`."""

from fastapi import APIRouter

from chassis.http import Door
from services.consultation.desk import ConsultationDesk

from . import coverage, members, minutes


def routers(desk: ConsultationDesk, door: Door) -> tuple[APIRouter, ...]:
    return (minutes.router(desk, door), members.router(desk, door), coverage.router(desk, door))
