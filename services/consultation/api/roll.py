"""Who is there, and whether they may deliberate, while a session is held."""

from chassis.http import Door
from chassis.identity import Subject
from chassis.routes import Routes
from services.consultation.desk import ConsultationDesk
from services.consultation.domain.rollcall import Roll, roll


def router(desk: ConsultationDesk, door: Door) -> Routes:
    api = Routes(tags=["会议"])
    reading = door.reading()

    @api.get("/sessions/{id}/roll", summary="会议的签到册")
    async def shown(id: str, reader: Subject = reading) -> Roll:
        """Each seat, and what is missing for a quorum."""
        session = (await desk.sessions.show(id, reader)).aggregate
        return roll(session, await desk.setting(session.called.committee, session.called.matter))

    return api
