"""What this service ships: the printed tables (systems, sources, goals, tasks, duties, standards), its policy."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from chassis.policy import PLATFORM

from .domain.bringing import system_of
from .domain.checklist import TaskEntered, read_deadline
from .domain.decisions import GoalRead, Measures, PointRow, SystemBrought
from .domain.duty import Per, Printed
from .domain.innovation import Method, Quota, Standard
from .domain.pilot import Kind, PilotDesignated
from .domain.system import Gap, IndicatorSystem, system

HERE = Path(__file__).parent
POLICY = HERE / "policy.toml"
REFERENCE = HERE / "reference"
PRINTED = REFERENCE / "governance_indicators_2019.csv"
LONGER = REFERENCE / "longer_goals.csv"
TASKS = REFERENCE / "key_tasks_2019.csv"
STREETS = REFERENCE / "streets.csv"
DUTIES = REFERENCE / "duties.csv"
INNOVATION = REFERENCE / "innovation_assessment_2018.csv"
PILOTS = REFERENCE / "pilots.csv"
RURAL = REFERENCE / "rural_pilots_2019.csv"
RURAL_SYSTEM = "rural-2019"
SOURCES = REFERENCE / "data_sources.csv"


def printed_systems() -> dict[str, IndicatorSystem]:
    codes = data_sources()
    return {
        "2019": system("2019", "官发〔2019〕3号 附件2", rows(PRINTED), rows(LONGER), codes),
        RURAL_SYSTEM: _rural(),
    }


def data_sources() -> dict[str, str]:
    """The departments as the table prints them, and the code each acts under."""
    return {row["name"]: row["code"] for row in rows(SOURCES)}


def key_tasks(now: datetime) -> list[TaskEntered]:
    """The 34 of the plan's first annex, with titles of ours: its text stands in the document."""
    return [_task(row, now) for row in rows(TASKS)]


def _task(row: dict[str, str], now: datetime) -> TaskEntered:
    due, standing = read_deadline(row["deadline"])
    return TaskEntered(
        table="3-2019",
        document="官发〔2019〕3号 附件1",
        number=int(row["number"]),
        title=row["title"],
        lead=row["lead"],
        code=row["code"] or None,
        units=tuple(row["units"].split("、")),
        printed=row["deadline"],
        due=due,
        standing=standing,
        at=now,
    )


def streets() -> dict[str, str]:
    """The nine, by code."""
    return {row["code"]: row["name"] for row in rows(STREETS)}


def printed_duties() -> list[Printed]:
    return [
        Printed(
            code=row["code"],
            title=row["title"],
            body=row["body"],
            owner=row["owner"] or None,
            times=int(row["times"]),
            per=Per(row["per"]),
            clauses=tuple(row["clause"].split("|")),
        )
        for row in rows(DUTIES)
    ]


def quotas() -> dict[str, Quota]:
    """Pilot communities of each street."""
    return {
        row["code"]: Quota(first=int(row["pilots_first"]), whole=int(row["pilots"]))
        for row in rows(STREETS)
    }


def innovation_standards() -> dict[str, Standard]:
    """By code, in the order of the table; their text stands in the document."""
    standards = (_standard(row) for row in rows(INNOVATION))
    return {standard.code: standard for standard in standards}


def _standard(row: dict[str, str]) -> Standard:
    return Standard(
        code=f"{row['indicator']}.{row['standard']}",
        level1=row["level1"],
        indicator=row["name"],
        methods=tuple(Method(method) for method in row["methods"].split("|")),
        doubt=row["doubt"] or None,
    )


def named_pilots(now: datetime) -> list[PilotDesignated]:
    """Those that the documents name."""
    return [
        PilotDesignated(
            kind=Kind(row["kind"]),
            community=row["community"],
            year=int(row["year"]),
            ground=row["ground"],
            system=row["system"] or None,
            by=PLATFORM,
            at=now,
        )
        for row in rows(PILOTS)
    ]


def _rural() -> IndicatorSystem:
    """The rural pilots' own goals: the print gives no attribute, and civil affairs accepts (ours)."""
    points = tuple(
        PointRow(
            level1=row["level1"],
            level2=row["level2"],
            level3=row["level3"],
            name=row["name"],
            unit=row["unit"],
            attribute="",
            data_source="区民政局",
            units=("civil_affairs",),
            goals=(GoalRead(value=row["goal"], sense=row["sense"]),),
            satisfaction=row["satisfaction"] == "yes",
        )
        for row in rows(RURAL)
    )
    brought = SystemBrought(
        version=RURAL_SYSTEM,
        document="官办发〔2019〕7号 二",
        measures=Measures.COMMUNITY,
        rows=points,
        reason="照印",
        by=PLATFORM,
        at=datetime(2019, 5, 10, tzinfo=UTC),
    )
    gaps = tuple(Gap(number=number + 1, lacks="attribute") for number in range(len(points)))
    return replace(system_of(brought), gaps=gaps)


def rows(path: Path) -> list[dict[str, str]]:
    """A shipped table, its header in the first line."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
