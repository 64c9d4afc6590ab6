"""What goes on paper: a session's and a matter's forms (C-30), a committee's record book (C-14)."""

from chassis.exports import Table
from chassis.identity import Subject
from chassis.papers import Paper
from services.consultation.desk import ConsultationDesk
from services.consultation.domain import forms
from services.consultation.domain.forms import MatterForm, SessionForm

from . import book, sheets
from .sheets import Names

OF_MATTERS = {
    MatterForm.REPORT: sheets.report,
    MatterForm.OPINIONS: sheets.opinions,
    MatterForm.ASSIGNMENT: sheets.assignment,
    MatterForm.HANDLING: sheets.handling,
}


async def of_matter(desk: ConsultationDesk, id: str, form: MatterForm, reader: Subject) -> Paper:
    held = await desk.matters.show(id, reader)
    forms.of_matter(form, held.aggregate)
    committee = (await desk.committees.get(held.aggregate.committee)).aggregate
    known = {unit: await desk.listed.look(unit) for unit in held.aggregate.units}
    units = {code: unit.name for code, unit in known.items() if unit is not None}
    names = Names(committee=committee.name, number=held.number or "", units=units)
    return OF_MATTERS[form](held.aggregate, names)


async def of_session(desk: ConsultationDesk, id: str, form: SessionForm, reader: Subject) -> Paper:
    session = (await desk.sessions.show(id, reader)).aggregate
    forms.of_session(form, session)
    committee = (await desk.committees.get(session.called.committee)).aggregate
    matter = await desk.matters.get(session.called.matter) if session.called.matter else None
    names = Names(committee=committee.name, topic=matter.aggregate.title if matter else "")
    invited = [one.seat for one in matter.aggregate.invited] if matter else []
    if form is SessionForm.MINUTES:
        return sheets.minutes(session, names)
    return sheets.sign_in(session, committee, invited, names)


async def record_book(
    desk: ConsultationDesk, id: str, year: int, reader: Subject
) -> tuple[Table, Paper]:
    """As a table, and to be printed."""
    committee = (await desk.committees.show(id, reader)).aggregate
    where = {"committee": id}
    sessions = {one.id: one.aggregate async for one in desk.sessions.every(where)}
    matters = [(one.aggregate, past) async for one, past in desk.matters.every_past(where)]
    table = book.table(year, sessions, matters, committee.meetings)
    return table, book.page(committee, year, table)
