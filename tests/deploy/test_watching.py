"""What watches a running platform: each alert fires and clears, each panel of each dashboard has something to show."""

import asyncio
import json
import re
import subprocess
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from chassis.bus import Park, Retry
from chassis.telemetry import Telemetry
from tests.deploy.alerts import STORIES, proof
from tests.deploy.cluster import K8S, container, labels, of_kind, render_with_components
from tests.support import lanes, prometheus, warm
from tests.support.collector import Collector, collecting
from tests.support.platform import Platform, all_in_one
from tests.support.prometheus import Prometheus

pytestmark = pytest.mark.xdist_group("watching")
"""One process makes what all of them look at."""

ROOT = Path(__file__).resolve().parents[2]
ALERTS = ROOT / "deploy" / "monitoring" / "alerts.yml"
DASHBOARDS = sorted((ROOT / "deploy" / "monitoring" / "dashboards").glob("*.json"))
OPERATOR = K8S / "components" / "prometheus-operator"
RUNBOOKS = ROOT / "docs" / "runbooks"
SHOWN_WITHIN = 180.0


@cache
def rules() -> list[dict[str, Any]]:
    [group] = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


@cache
def queries() -> list[tuple[str, str]]:
    """Each with the panel it is of."""
    found = []
    for file in DASHBOARDS:
        board = json.loads(file.read_text(encoding="utf-8"))
        for panel in board["panels"]:
            where = f"{board['title']} / {panel['title']}"
            found += [(where, target["expr"]) for target in panel["targets"]]
    return found


def promtool(*arguments: str | Path) -> None:
    done = subprocess.run([prometheus.tool(), *arguments], capture_output=True, text=True)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    lanes.ran("Prometheus", prometheus.version())


# Alerts


def test_the_rules_are_rules_to_prometheus() -> None:
    promtool("check", "rules", ALERTS)


def test_each_alert_has_its_story() -> None:
    assert [story.alert for story in STORIES] == [rule["alert"] for rule in rules()]


def test_each_alert_is_calm_then_fires_then_clears(tmp_path: Path) -> None:
    by_name = {rule["alert"]: rule for rule in rules()}
    told = {
        "rule_files": [str(ALERTS)],
        "evaluation_interval": "1m",
        "tests": [proof(story, by_name[story.alert]) for story in STORIES],
    }
    stories = tmp_path / "stories.yml"
    stories.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    promtool("test", "rules", stories)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule["alert"])
def test_an_alert_says_whose_it_is_what_it_means_and_where_to_read_on(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in {"page", "warn"}
    assert rule["labels"]["owner"] in {"platform", "business", "partners"}
    said = rule["annotations"]
    assert said["summary"] and said["meaning"]
    page, _, place = said["runbook"].partition("#")
    text = (ROOT / page).read_text(encoding="utf-8")
    anchors = [re.sub(r"[^a-z0-9-]", "", line.lower().replace(" ", "-")) for line in headings(text)]
    assert place in anchors
    assert rule["alert"] in text


def headings(text: str) -> list[str]:
    return re.findall(r"^## (.+)$", text, re.MULTILINE)


def test_every_page_of_the_runbook_is_in_its_index() -> None:
    index = (RUNBOOKS / "README.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\(([a-z-]+\.md)", index))
    assert linked == {page.name for page in RUNBOOKS.glob("*.md")} - {"README.md"}
    assert {rule["alert"] for rule in rules()} <= set(re.findall(r"Gongzhi\w+", index))


def test_the_log_lines_and_measures_that_a_page_names_there_are() -> None:
    code = "".join(
        file.read_text(encoding="utf-8")
        for part in ("chassis", "services", "gateway", "console", "gongzhi")
        for file in (ROOT / part).rglob("*.py")
    )
    said = {f"delivery_{kind.__name__.lower()}" for kind in (Park, Retry)}
    theirs = {"khepri_db", "message_containers", "net_ticktime", "stream_queue"}
    """The broker's own."""
    for page in RUNBOOKS.glob("*.md"):
        named = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)[`{]", page.read_text(encoding="utf-8")))
        assert [one for one in named - said - theirs if one not in code] == [], page.name


def test_alerts_and_panels_watch_measures_that_a_process_gives() -> None:
    telemetry = Telemetry("tests")
    telemetry.calendar_known(lambda: 30)
    given = {metric.name for metric in telemetry.registry.collect()}
    asked = [rule["expr"] for rule in rules()] + [expr for _, expr in queries()]
    watched = {name for expr in asked for name in re.findall(r"(?:gongzhi|process)_\w+", expr)}
    assert {re.sub(r"_(total|bucket|count)$", "", name) for name in watched} <= given


def test_a_process_gives_no_measure_of_what_it_does_not_know() -> None:
    """One without labels is there, as nought, from when it is made: the console knows no calendar."""
    given = [one for metric in Telemetry("console").registry.collect() for one in metric.samples]
    assert [one for one in given if one.name.startswith("gongzhi_") and not one.labels] == []


def test_the_operators_rules_are_these() -> None:
    kept = yaml.safe_load((OPERATOR / "rules.yaml").read_text(encoding="utf-8"))
    assert kept["kind"] == "PrometheusRule"
    assert kept["spec"] == yaml.safe_load(ALERTS.read_text(encoding="utf-8"))


def test_the_operator_scrapes_the_port_that_every_pod_opens() -> None:
    monitor = yaml.safe_load((OPERATOR / "pods.yaml").read_text(encoding="utf-8"))
    service = yaml.safe_load((K8S / "base" / "service" / "deployment.yaml").read_text("utf-8"))
    console = yaml.safe_load((K8S / "console" / "deployment.yaml").read_text("utf-8"))
    [wanted] = monitor["spec"]["selector"]["matchExpressions"]
    assert (monitor["kind"], wanted["operator"]) == ("PodMonitor", "In")
    [end] = monitor["spec"]["podMetricsEndpoints"]
    for each in (service, console):
        assert labels(each)[wanted["key"]] in wanted["values"]
        assert end["port"] in {port["name"] for port in container(each)["ports"]}
    assert end["path"] == "/metrics"


def test_the_operators_component_brings_every_dashboard(tmp_path: Path) -> None:
    production = K8S / "overlays" / "production"
    objects = render_with_components(production, [OPERATOR], tmp_path)
    brought = of_kind("ConfigMap", objects)["gongzhi-dashboards"]
    assert brought["metadata"]["labels"]["grafana_dashboard"] == "1"
    assert brought["data"] == {file.name: file.read_text("utf-8") for file in DASHBOARDS}


# Dashboards


def test_a_panel_has_a_title_and_a_place_of_its_own() -> None:
    assert [file.stem for file in DASHBOARDS] == ["bus", "district", "service"]
    for file in DASHBOARDS:
        panels = json.loads(file.read_text(encoding="utf-8"))["panels"]
        cells: set[tuple[int, int]] = set()
        for panel in panels:
            at = panel["gridPos"]
            own = {
                (x, y)
                for x in range(at["x"], at["x"] + at["w"])
                for y in range(at["y"], at["y"] + at["h"])
            }
            assert panel["title"] and at["x"] + at["w"] <= 24 and not own & cells
            cells |= own
        assert len({panel["id"] for panel in panels}) == len(panels)


@pytest.fixture(scope="module")
def traces() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


@pytest.fixture(scope="module")
def watched(
    traces: Collector, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Platform, Prometheus]]:
    """A platform on which the demo was played, and a Prometheus that saw it."""
    scratch = tmp_path_factory.mktemp("watching")
    with all_in_one(scratch / "data", GONGZHI_OTLP_ENDPOINT=traces.endpoint) as platform:
        address = platform.url.removeprefix("http://")
        with prometheus.scraping(address, ALERTS, scratch) as watching:
            assert prometheus.until_seen(watching, "gongzhi_ready == 1")
            play(platform)
            asyncio.run(asked_in_vain(platform))
            lanes.ran("Prometheus", prometheus.version())
            yield platform, watching


def play(platform: Platform) -> None:
    done = warm.run(["gongzhi", "demo", "--url", platform.url, "--data-dir", str(platform.data)])
    assert done.returncode == 0, done.stdout + done.stderr


async def asked_in_vain(platform: Platform) -> None:
    async with platform.offices() as cast:
        url = platform.url + "/api/v1/whistle/whistles/none"
        headers = {"Authorization": f"Bearer {cast('command_centre').token}"}
        async with cast.session.get(url, headers=headers) as answer:
            assert answer.status == 404


def test_every_panel_of_every_dashboard_shows_something(
    watched: tuple[Platform, Prometheus],
) -> None:
    _, watching = watched
    asked = [
        (where, expr.replace("$__rate_interval", "1m").replace("$service", "whistle"))
        for where, expr in queries()
    ]
    until = time.monotonic() + SHOWN_WITHIN
    while empty := [one for one in asked if not watching.series(one[1])]:
        assert time.monotonic() < until, empty
        time.sleep(1)
    assert len(asked) > 30


def test_prometheus_takes_the_rules_and_finds_a_well_platform_well(
    watched: tuple[Platform, Prometheus],
) -> None:
    _, watching = watched
    [group] = watching.ask("rules")["groups"]
    assert {rule["health"] for rule in group["rules"]} == {"ok"}
    firing = {rule["name"] for rule in group["rules"] if rule["state"] == "firing"}
    # The calendar that ships does end, with its last year's.
    assert firing <= {"GongzhiCalendarEnds"}


def test_no_measure_has_a_label_that_the_scraper_gives_itself(
    watched: tuple[Platform, Prometheus],
) -> None:
    """It would be set aside under another name, and a rule by it would be by the scraper's."""
    _, watching = watched
    assert [name for name in watching.ask("labels") if name.startswith("exported_")] == []


def test_from_a_measured_request_prometheus_leads_to_its_trace(
    watched: tuple[Platform, Prometheus], traces: Collector
) -> None:
    _, watching = watched
    lead = {
        one["labels"]["trace_id"]
        for one in watching.exemplars("gongzhi_http_request_seconds_bucket")
    }
    sent = {span.trace_id.hex() for _, span in traces.spans()}
    assert len(lead) > 10 and lead & sent


# Traces


def test_the_collector_listens_where_our_processes_send_to() -> None:
    said = yaml.safe_load((ALERTS.parent / "collector.yaml").read_text(encoding="utf-8"))
    component = (K8S / "components" / "monitoring" / "kustomization.yaml").read_text("utf-8")
    sent = re.search(r"GONGZHI_OTLP_ENDPOINT=http://[\w.]+:(\d+)/v1/traces", component)
    [listening] = said["receivers"]["otlp"]["protocols"].values()
    assert sent and listening["endpoint"] == f"0.0.0.0:{sent[1]}"
    for kind in ("receivers", "processors", "exporters"):
        asked = {one for line in said["service"]["pipelines"].values() for one in line[kind]}
        assert asked == set(said[kind])
