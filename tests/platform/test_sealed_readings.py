"""Whoever reads what is sealed is on record, each time: which steps read it, over all services."""

import inspect
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from chassis.service import Service
from gongzhi import compose, keys
from gongzhi.roster import SERVICES, build

READINGS = {
    "affairs.proofs.person",
    "affairs.workers.person",
    "consultation.committees.person",
    "mediation.cases.export",
    "mediation.cases.sealed",
    "mediation.mediators.person",
    "organisations.complaints.export",
    "organisations.complaints.reporter",
    "organisations.organisations.export",
    "organisations.organisations.person",
    "organisations.volunteers.export",
    "organisations.volunteers.person",
    "whistle.problems.export",
    "whistle.problems.reporter",
}
READS = re.compile(
    r"\b(sealed|reporters)\.(read|open|asked|point|contact)\("
    r"|\bdesk\.(read_sealed|name_of|held_about\w*)\("
)
"""How a step comes to what is sealed."""


@pytest.fixture
def services(tmp_path: Path) -> Mapping[str, Service]:
    runtime = compose.runtime(keys.settings_for(tmp_path), "tests")
    return {name: build(name, runtime) for name in SERVICES}


def test_W_16_each_step_that_reads_what_is_sealed_needs_the_scope_for_it(
    services: Mapping[str, Service],
) -> None:
    every = [step for service in services.values() for step in service.steps]
    assert {step.operation for step in every if not step.keyed} == READINGS
    reads = {one.operation for one in every if READS.search(inspect.getsource(one.function))}
    assert reads == READINGS


def test_W_16_a_reading_of_what_is_sealed_takes_no_key_and_so_is_recorded_each_time(
    services: Mapping[str, Service],
) -> None:
    unkeyed = set()
    for service in services.values():
        app: Any = service.app()
        steps = {step.operation for step in service.steps}
        for item in app._app.openapi()["paths"].values():
            for operation in item.values():
                headers = {one["name"] for one in operation.get("parameters", ())}
                if operation["operationId"] in steps and "Idempotency-Key" not in headers:
                    unkeyed.add(operation["operationId"])
    assert unkeyed == READINGS
