"""What the use cases work on, who acts here, and what the policy looks at."""

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.aggregates import Aggregates
from chassis.copies import Copies
from chassis.guarded import Guarded
from chassis.policy import Policies
from contracts.housing import CommunityProfiled
from contracts.whistle import UnitListed
from services.index.domain.annex9_events import Sheet, SheetEvent
from services.index.domain.checklist import Task, TaskEvent
from services.index.domain.collecting import Year, YearEvent
from services.index.domain.counted import Counted, CountHeard
from services.index.domain.duty import Duty, DutyEvent
from services.index.domain.edition import Edition, EditionEvent
from services.index.domain.entry import Entry, TurnHeard
from services.index.domain.fact import Fact, FactHeard, Premises, PremisesHeard
from services.index.domain.feed import Dispute, DisputeHeard, Organisation, OrganisationHeard
from services.index.domain.finding import Finding, FindingEvent
from services.index.domain.improvement import Improvement, ImprovementEvent
from services.index.domain.innovation import (
    Innovation,
    InnovationEvent,
    Quota,
    Standard,
)
from services.index.domain.note import Note, NoteEvent
from services.index.domain.observation import Observation, ObservationEvent
from services.index.domain.offices import LEAD, STATISTICS, SUPERVISION, UNITED_FRONT
from services.index.domain.pilot import Pilot, PilotEvent
from services.index.domain.policy import IndexPolicy
from services.index.domain.survey import Survey, SurveyEvent
from services.index.domain.weakness import (
    Quarter,
    QuarterEvent,
    Weakness,
    WeaknessFound,
)
from services.index.systems import Systems


def observation_resource(observation: Observation) -> dict[str, object]:
    return {"units": tuple(dict.fromkeys((*observation.units, LEAD, STATISTICS)))}


def edition_resource(edition: Edition) -> dict[str, object]:
    return {"units": (LEAD,), "supplier": edition.reviewer}


def task_resource(task: Task) -> dict[str, object]:
    return {"units": (task.entered.code,) if task.entered.code else ()}


def duty_resource(duty: Duty) -> dict[str, object]:
    return {
        "street": duty.opened.street,
        "units": (duty.opened.unit,) if duty.opened.unit else (),
    }


def innovation_resource(one: Innovation) -> dict[str, object]:
    begun = one.begun
    units = {"units": (begun.unit,)} if begun.unit else {}
    return {"street": begun.street, "community": begun.community, **units}


def sheet_resource(sheet: Sheet) -> dict[str, object]:
    return {"street": sheet.street, "units": (UNITED_FRONT,)}


def finding_resource(finding: Finding) -> dict[str, object]:
    return {"street": finding.made.street, "units": (SUPERVISION,)}


def survey_resource(survey: Survey) -> dict[str, object]:
    """Of who is rated and who rates; the leading department sees all."""
    entered = survey.entered
    bodies = (entered.rated, entered.rater)
    units = [body.partition(":")[2] for body in bodies if body.startswith("department:")]
    return {
        "street": entered.street,
        "community": entered.community,
        "units": tuple(dict.fromkeys((LEAD, *units))),
    }


def improvement_resource(one: Improvement) -> dict[str, object]:
    return {"units": one.asked.units}


def pilot_resource(pilot: Pilot) -> dict[str, object]:
    return {"street": pilot.designated.street, "community": pilot.designated.community}


def whose(office: str) -> dict[str, object]:
    """As `street:guandu` acts."""
    kind, _, code = office.partition(":")
    return {"units": (code,)} if kind == "department" else {kind: code}


def filing_resource(observation: Observation) -> dict[str, object]:
    """Who may file: narrower than who may see."""
    return {"units": (*observation.units, STATISTICS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    entries: Aggregates[Entry, TurnHeard]
    facts: Aggregates[Fact, FactHeard]
    premises: Aggregates[Premises, PremisesHeard]
    organisations: Aggregates[Organisation, OrganisationHeard]
    notes: Aggregates[Note, NoteEvent]
    disputes: Aggregates[Dispute, DisputeHeard]
    counted: Aggregates[Counted, CountHeard]
    observations: Guarded[Observation, ObservationEvent]
    years: Guarded[Year, YearEvent]
    improvements: Guarded[Improvement, ImprovementEvent]
    editions: Guarded[Edition, EditionEvent]
    tasks: Guarded[Task, TaskEvent]
    duties: Guarded[Duty, DutyEvent]
    innovation: Guarded[Innovation, InnovationEvent]
    sheets: Guarded[Sheet, SheetEvent]
    findings: Guarded[Finding, FindingEvent]
    pilots: Guarded[Pilot, PilotEvent]
    surveys: Guarded[Survey, SurveyEvent]
    weaknesses: Guarded[Weakness, WeaknessFound]
    quarters: Aggregates[Quarter, QuarterEvent]
    communities: Copies[CommunityProfiled]
    units: Copies[UnitListed]
    standards: Mapping[str, Standard]
    quotas: Mapping[str, Quota]
    policies: Policies[IndexPolicy]
    systems: Systems
