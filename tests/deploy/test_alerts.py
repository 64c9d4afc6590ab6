"""The alert rules watch measures that there are."""

import re
from pathlib import Path

import yaml

from chassis.telemetry import Telemetry

RULES = Path(__file__).resolve().parents[2] / "deploy" / "alerts.yml"


def test_every_alert_watches_a_measure_that_a_process_gives() -> None:
    [group] = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    given = {metric.name for metric in Telemetry("tests").registry.collect()}
    watched = {name for rule in group["rules"] for name in re.findall(r"gongzhi_\w+", rule["expr"])}
    assert len(group["rules"]) >= 4
    assert {name.removesuffix("_total") for name in watched} <= given
