"""Our private events in the words we have promised others. Silence is a decision too."""

from contracts import index as published
from contracts.event import Event

from .domain.checklist import Task, TaskEvent, TaskMissed
from .domain.collecting import ObservationMissed, Year, YearEvent
from .domain.duty import Duty, DutyEvent, DutyMissed
from .domain.edition import Edition, EditionEvent, EditionPublished
from .domain.entry import Entry, TurnHeard
from .domain.observation import Observation, ObservationEvent, ObservationFiled
from .domain.weakness import Weakness, WeaknessFound


def of_entries(event: TurnHeard, after: Entry) -> Event | None:
    """An entry is our own affair."""
    return None


def of_observations(event: ObservationEvent, after: Observation) -> Event | None:
    if not isinstance(event, ObservationFiled):
        return None
    return published.ObservationFiled(
        units=after.units, year=after.year, point=after.point, filing=len(after.filings)
    )


def of_years(event: YearEvent, after: Year) -> Event | None:
    """A reminder stands in the year; only a miss is told."""
    if not isinstance(event, ObservationMissed):
        return None
    return published.ObservationMissed(
        units=event.units, year=after.year, point=event.point, due=event.due.isoformat()
    )


def of_editions(event: EditionEvent, after: Edition) -> Event | None:
    """Only what is published: a draft and its review are read here."""
    if not isinstance(event, EditionPublished):
        return None
    made = after.drafted
    return published.EditionPublished(
        year=made.year,
        edition=made.edition,
        number=made.number,
        system=made.system,
        score=made.result.index.score,
        coverage=made.result.index.coverage,
        binding_missed=made.result.binding_missed,
        hash=made.hash,
    )


def of_tasks(event: TaskEvent, after: Task) -> Event | None:
    """Who works on what is read here; only a miss is told."""
    if not isinstance(event, TaskMissed):
        return None
    entered = after.entered
    return published.TaskMissed(
        units=(entered.code,) if entered.code else (),
        table=entered.table,
        number=entered.number,
        lead=entered.code,
        due=event.due.isoformat(),
    )


def of_duties(event: DutyEvent, after: Duty) -> Event | None:
    """What was done is read here; only a miss is told."""
    if not isinstance(event, DutyMissed):
        return None
    set_as = after.opened
    return published.DutyMissed(
        street=set_as.street,
        units=(set_as.unit,) if set_as.unit else (),
        duty=set_as.code,
        period=event.period,
        done=event.done,
        times=set_as.times,
        due=event.due.isoformat(),
    )


def of_weaknesses(event: WeaknessFound, after: Weakness) -> Event:
    return published.WeaknessFlagged(
        street=event.street,
        theme=event.theme,
        quarter=event.quarter,
        level=event.level,
        before=event.before,
        why=event.why.value,
    )
