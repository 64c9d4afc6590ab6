"""The console on Kubernetes: as shut in as the others, with one neighbour."""

import re
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlsplit

import kubernetes_validate as kubernetes
import pytest
from pydantic import SecretStr
from starlette.types import Message

from chassis.telemetry import Telemetry
from console.limits import Limits
from console.main import build
from console.settings import ConsoleSettings
from gongzhi import consoles
from gongzhi.roster import CONSOLE, GATEWAY
from tests.deploy import operators
from tests.deploy.cluster import (
    K8S,
    Party,
    container,
    documents,
    flows,
    labels,
    of_kind,
    pod,
    render_with_components,
)
from tests.support.inside import inside

FOLDER = K8S / "console"
OBJECTS: list[dict[str, Any]] = [
    one
    for file in sorted(FOLDER.glob("*.yaml"))
    if file.name != "kustomization.yaml"
    for one in documents(file.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("version", ["1.30", kubernetes.latest_version()])
def test_what_is_applied_is_valid(version: str) -> None:
    for one in OBJECTS:
        kubernetes.validate(one, version, strict=True)


def test_it_serves_the_console_and_may_do_nothing_else() -> None:
    [deployment] = of_kind("Deployment", OBJECTS).values()
    has = container(deployment)
    assert has["args"] == ["serve", CONSOLE]
    assert has["securityContext"]["readOnlyRootFilesystem"] is True
    assert has["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert pod(deployment)["automountServiceAccountToken"] is False
    assert {probe: has[probe]["httpGet"]["path"] for probe in has if probe.endswith("Probe")} == {
        "startupProbe": "/livez",
        "livenessProbe": "/livez",
        "readinessProbe": "/readyz",
    }
    [service] = of_kind("Service", OBJECTS).values()
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    assert service["spec"]["selector"].items() <= labels.items()


def test_its_image_comes_from_where_the_overlay_s_does() -> None:
    """Where nothing is said it would be asked for at Docker Hub, where anybody may have put one of that name."""
    of = (FOLDER, K8S / "overlays" / "production")
    here, there = (
        documents((folder / "kustomization.yaml").read_text(encoding="utf-8"))[0]["images"]
        for folder in of
    )
    assert here == there and "/" in here[0]["newName"]


def test_its_settings_take_what_it_is_told() -> None:
    [deployment] = of_kind("Deployment", OBJECTS).values()
    told = {
        one["name"].removeprefix("GONGZHI_").lower(): one["value"]
        for one in container(deployment)["env"]
    }
    said = (FOLDER / "kustomization.yaml").read_text(encoding="utf-8")
    [generated] = documents(said)[0]["configMapGenerator"]
    refers = [one for each in container(deployment)["envFrom"] for one in each.values()]
    assert [one["name"] for one in refers] == [generated["name"], "gongzhi-console"]
    told |= {
        name.removeprefix("GONGZHI_").lower(): value
        for name, _, value in (one.partition("=") for one in generated["literals"])
    }
    settings = ConsoleSettings(**told, console_key="0" * 64)
    client = settings.client()
    assert client is not None and client.home.startswith("https://")
    assert settings.gateway_url == f"http://gongzhi-{GATEWAY}:8000"
    # Its ingress may append to what a caller says of itself: only the district's own is believed.
    assert settings.forwarded_by and "*" not in settings.forwarded_by
    assert set(told) <= set(ConsoleSettings.model_fields)


def test_the_vault_gives_it_what_its_secret_holds_and_nobody_elses(tmp_path: Path) -> None:
    objects = render_with_components(FOLDER, [FOLDER / "vault"], tmp_path)
    [vault] = of_kind("ExternalSecret", objects).values()
    operators.validate(vault)
    assert vault["spec"]["target"]["name"] == "gongzhi-console"
    given = {one["secretKey"]: one["remoteRef"] for one in vault["spec"]["data"]}
    secret = {
        f"GONGZHI_{name.upper()}"
        for name, field in ConsoleSettings.model_fields.items()
        if SecretStr in (field.annotation, *get_args(field.annotation))
    }
    example = documents((K8S / "secret.example.yaml").read_text(encoding="utf-8"))
    assert set(of_kind("Secret", example)["gongzhi-console"]["stringData"]) == secret
    assert set(given) == secret
    for name, where in given.items():
        assert where == {"key": "gongzhi/console", "property": name}


def test_its_traces_go_where_the_services_do_and_a_way_out_is_there(tmp_path: Path) -> None:
    objects = render_with_components(FOLDER, [FOLDER / "monitoring"], tmp_path)
    [told] = of_kind("ConfigMap", objects).values()
    services = (K8S / "components" / "monitoring" / "kustomization.yaml").read_text("utf-8")
    [generated] = documents(services)[0]["configMapGenerator"]
    sent = told["data"]["GONGZHI_OTLP_ENDPOINT"]
    assert generated["literals"] == [f"GONGZHI_OTLP_ENDPOINT={sent}"]
    [deployment] = of_kind("Deployment", objects).values()
    home = {"kubernetes.io/metadata.name": "gongzhi"}
    console = Party("console", labels(deployment), home)
    collector = Party("collector", namespace={"gongzhi/monitoring": "true"})
    ports = ("TCP/443", "TCP/4318", "TCP/8000")
    found = flows(
        list(of_kind("NetworkPolicy", objects).values()), "gongzhi", [console, collector], ports
    )
    assert found == {
        ("console", "collector", f"TCP/{urlsplit(sent).port}"),
        ("collector", "console", "TCP/8000"),
    }


async def test_nothing_secret_stands_in_the_tree_and_nobody_picks_a_role_there() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in FOLDER.glob("*.yaml"))
    assert not re.search(r"GONGZHI_(OIDC_SECRET|CONSOLE_KEY)\s*[=:]", text)
    gateway, app = build("http://127.0.0.1:1", bytes(32), Telemetry("tests"), Limits())
    scope = {"type": "http", "method": "POST", "path": "/console/sign-in", "headers": []}
    answers: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        answers.append(message)

    await app(scope | {"query_string": b"", "scheme": "http"}, receive, send)
    await gateway.close()
    assert answers[0]["status"] == 405


async def test_that_it_is_away_or_has_no_gateway_is_measured_as_of_a_service(
    tmp_path: Path,
) -> None:
    def told(telemetry: Telemetry) -> float | None:
        return telemetry.registry.get_sample_value("gongzhi_ready", {"service": CONSOLE})

    alone = Telemetry("tests")
    gateway, app = build("http://127.0.0.1:1", bytes(32), alone, Limits())
    assert await consoles.tell_ready(app, alone) is False and told(alone) == 0
    await gateway.close()
    async with inside(tmp_path, only=("housing",)) as running:
        gateway, app = build(running.url, bytes(32), alone, Limits())
        assert await consoles.tell_ready(app, alone) is True and told(alone) == 1
        await gateway.close()


def test_it_reaches_the_gateway_the_issuer_and_names_and_nobody_else() -> None:
    policies = of_kind("NetworkPolicy", OBJECTS)
    out = policies["console"]["spec"]["egress"]
    assert [rule["ports"] for rule in out] == [
        [{"protocol": "TCP", "port": 8000}],
        [{"protocol": "TCP", "port": 443}],
        [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}],
    ]
    assert out[0]["to"] == [{"podSelector": {"matchLabels": {"gongzhi/role": "gateway"}}}]
    assert policies["console"]["spec"]["policyTypes"] == ["Ingress", "Egress"]
