"""Who hears what: the table that queues are declared from says what the services really hear."""

import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chassis.bus import WITNESS
from chassis.service import Service
from contracts.heard import HEARD, family, topology
from contracts.published import EVENTS
from gateway import main as gateway
from gateway.forward import Direct
from gongzhi import compose, keys
from gongzhi.roster import GATEWAY, SERVICES, build

TOLD_ONLY = {
    "whistle.blown.v1",
    "whistle.dispatched.v1",
    "whistle.arrived.v1",
    "whistle.returned.v1",
    "whistle.urged.v1",
    "whistle.verified.v1",
    "whistle.department_assessed.v1",
    "whistle.appeal_overdue.v1",
    "housing.agreement_signed.v1",
    "procurement.plan_published.v1",
    "procurement.publication_missed.v1",
    "procurement.purchaser_restricted.v1",
    "procurement.solicitation_opened.v1",
    "procurement.supervision_missed.v1",
    "index.duty_missed.v1",
    "index.edition_published.v1",
    "index.observation_filed.v1",
    "index.observation_missed.v1",
    "index.task_missed.v1",
    "affairs.disclosure_missed.v1",
    "affairs.finding_missed.v1",
    "affairs.funds_missing.v1",
    "affairs.power_exercised.v1",
    "affairs.intrusion_found.v1",
    "affairs.levels_reviewed.v1",
    "affairs.pay_approved.v1",
    "affairs.pay_missed.v1",
    "affairs.review_missed.v1",
    "affairs.training_missed.v1",
    "affairs.work_admitted.v1",
    "affairs.work_ended.v1",
    "affairs.work_refused.v1",
    "organisations.report_missed.v1",
    "mediation.case_registered.v1",
    "mediation.date_missed.v1",
    "mediation.meeting_missed.v1",
    "mediation.risk_raised.v1",
    "mediation.supervision_missed.v1",
    "platform.news_refused.v1",
}
"""For the journal, the console and partners (the specification's own list)."""

AWAITED: dict[str, str] = {}
"""Told already, heard by nobody yet → who will, by the specification. Strike what is heard now."""


@pytest.fixture
async def services(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[dict[str, Service]]:
    """Every service and the gateway, built as the all-in-one builds them and never started."""
    for name in [name for name in os.environ if name.startswith("GONGZHI_")]:
        monkeypatch.delenv(name)
    runtime = compose.runtime(keys.settings_for(tmp_path), "test")
    built = {name: build(name, runtime) for name in SERVICES}
    door, _ = gateway.build(runtime, Direct({}))
    yield {**built, GATEWAY: door}
    for service in (*built.values(), door):
        await service.close()
    runtime.telemetry.close()


def test_each_service_hears_what_the_table_says(services: dict[str, Service]) -> None:
    for name in SERVICES:
        said = {event.type for event in HEARD[name]}
        hears = {subscription.event.type for subscription in services[name].subscriptions}
        assert hears == said, f"contracts/heard.py and services/{name}/consumers.py differ"


def test_nothing_is_subscribed_or_said_twice(services: dict[str, Service]) -> None:
    for name, service in services.items():
        hears = [subscription.event.type for subscription in service.subscriptions]
        assert len(hears) == len(set(hears)), name
    for queue, events in HEARD.items():
        assert len(events) == len(set(events)), queue


def test_every_queue_belongs_to_somebody(services: dict[str, Service]) -> None:
    handled = {queue for service in services.values() for queue in service.handlers}
    assert handled == {WITNESS}
    assert set(HEARD) == set(SERVICES) | handled


def test_only_what_is_published_is_heard() -> None:
    for queue, events in HEARD.items():
        for event in events:
            assert EVENTS.get(event.type) is event, f"{queue} hears {event.type}"


def test_only_services_and_partners_tell() -> None:
    told = {type.partition(".")[0] for type in EVENTS}
    assert told <= set(SERVICES) | {"partner", "platform"}


def test_queues_are_bound_to_every_version_of_a_type() -> None:
    assert topology().keys() == HEARD.keys()
    assert topology()["index"][1] == "whistle.unit_listed"
    for queue, families in topology().items():
        assert families == tuple(family(event.type) for event in HEARD[queue])
        assert all(re.fullmatch(r"[a-z]+\.[a-z_]+", bound) for bound in families)


def test_what_nobody_hears_is_written_down() -> None:
    heard = {event.type for events in HEARD.values() for event in events}
    unheard = EVENTS.keys() - heard - TOLD_ONLY
    assert sorted(unheard - AWAITED.keys()) == [], (
        "nobody hears it: forgotten, or to be listed here"
    )
    assert sorted(AWAITED.keys() - unheard) == [], "listed as unheard, but heard: strike it"
