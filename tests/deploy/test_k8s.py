"""The manifests, rendered and read back: what a schema can say, and what it can't."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from kubernetes_validate import utils as kubernetes

from chassis.settings import Settings
from gongzhi.roster import GATEWAY, SERVICES
from tests.deploy.cluster import (
    K8S,
    Object,
    Party,
    container,
    documents,
    flows,
    labels,
    of_kind,
    pod,
    render,
    render_with_components,
)
from tests.support import lanes

HOME = "gongzhi"
EVERYONE = (*SERVICES, GATEWAY)
OLDEST = "1.30"
"""`preStop: sleep` works by itself since then; deploy/README.md says so."""
VERSIONS = (OLDEST, kubernetes.latest_version())
FOLDERS = {
    "base": K8S / "base",
    "district": K8S / "overlays" / "district",
    "dev": K8S / "overlays" / "dev",
}
COMPONENTS = sorted((K8S / "components").iterdir())
FULL = "district with every component"

rendered_once = cache(render)


@pytest.fixture(params=[*FOLDERS, FULL])
def built(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def objects(built: str, tmp_path: Path) -> list[Object]:
    if built == FULL:
        return render_with_components(FOLDERS["district"], COMPONENTS, tmp_path)
    return rendered_once(FOLDERS[built])


@pytest.fixture
def deployments(objects: list[Object]) -> dict[str, Object]:
    return of_kind("Deployment", objects)


@cache
def example_secrets() -> list[Object]:
    return documents((K8S / "secret.example.yaml").read_text(encoding="utf-8"))


@cache
def dev_secrets() -> list[Object]:
    if shutil.which("openssl") is None:
        lanes.note("the dev overlay's secrets: not made (no openssl on PATH)")
        pytest.skip("no openssl on PATH")
    done = subprocess.run(
        ["sh", FOLDERS["dev"] / "secrets.sh"], check=True, capture_output=True, text=True
    )
    return documents(done.stdout)


def secrets_for(built: str) -> dict[str, Object]:
    return of_kind("Secret", dev_secrets() if built == "dev" else example_secrets())


# Valid

OPERATORS = "monitoring.coreos.com/v1"
"""Kinds that Kubernetes' own schemas don't know; test_watching.py reads them."""


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_valid_for_the_oldest_and_the_newest_kubernetes(
    objects: list[Object], version: str
) -> None:
    for one in objects:
        if one["apiVersion"] != OPERATORS:
            kubernetes.validate(one, version, strict=True)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_file_is_valid_as_it_lies_there_even_where_nothing_can_render_it(
    version: str,
) -> None:
    files = [file for file in K8S.rglob("*.yaml") if file.name != "kustomization.yaml"]
    assert files
    for file in files:
        for one in documents(file.read_text(encoding="utf-8")):
            if one["apiVersion"] != OPERATORS:
                kubernetes.validate(one, version, strict=True)


@pytest.mark.parametrize("built", ["dev"])
def test_the_dev_secrets_are_valid_and_no_two_alike(built: str) -> None:
    made = dev_secrets()
    for one in made:
        kubernetes.validate(one, VERSIONS[-1], strict=True)
    keys = [v for one in made for k, v in one["stringData"].items() if k.endswith("_KEY")]
    assert len(keys) == len(set(keys)) == len(EVERYONE) + 1
    assert all(len(bytes.fromhex(key)) == 32 for key in keys)


# Complete


def test_one_deployment_each_and_its_name_label_command_and_secret_agree(
    deployments: dict[str, Object],
) -> None:
    assert set(deployments) == {f"gongzhi-{name}" for name in EVERYONE}
    for name in EVERYONE:
        one = deployments[f"gongzhi-{name}"]
        assert labels(one)["app.kubernetes.io/component"] == name
        assert labels(one)["gongzhi/role"] == ("gateway" if name == GATEWAY else "service")
        assert container(one)["args"] == ["serve", name]
        assert container(one)["envFrom"][1] == {"secretRef": {"name": f"gongzhi-{name}"}}


def test_services_differ_in_nothing_but_their_names(deployments: dict[str, Object]) -> None:
    def nameless(name: str) -> str:
        return re.sub(rf"\b{name}\b", "…", json.dumps(deployments[f"gongzhi-{name}"]))

    assert len({nameless(name) for name in SERVICES}) == 1


def test_every_deployment_is_probed_limited_spread_and_ends_in_order(
    deployments: dict[str, Object],
) -> None:
    for name, one in deployments.items():
        has = container(one)
        ready = "/livez" if name == f"gongzhi-{GATEWAY}" else "/readyz"
        paths = {"startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": ready}
        assert {probe: has[probe]["httpGet"]["path"] for probe in paths} == paths
        assert {"cpu", "memory"} == set(has["resources"]["requests"])
        assert {"cpu", "memory"} == set(has["resources"]["limits"])
        assert has["lifecycle"]["preStop"]["sleep"]["seconds"] == 10
        assert pod(one)["terminationGracePeriodSeconds"] == 60
        assert one["spec"]["replicas"] == 2
        assert one["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
        [spread] = pod(one)["topologySpreadConstraints"]
        assert spread["labelSelector"]["matchLabels"].items() <= labels(one).items()
        assert "app.kubernetes.io/component" in spread["labelSelector"]["matchLabels"]


def test_every_deployment_has_a_service_a_budget_and_an_account_of_its_own(
    objects: list[Object], deployments: dict[str, Object]
) -> None:
    services, accounts = of_kind("Service", objects), of_kind("ServiceAccount", objects)
    budgets = of_kind("PodDisruptionBudget", objects)
    for name, one in deployments.items():
        own = one["spec"]["selector"]["matchLabels"]
        assert own.items() <= labels(one).items()
        assert services[name]["spec"]["selector"] == own
        assert [port["port"] for port in services[name]["spec"]["ports"]] == [8000]
        assert budgets[name]["spec"] == {
            "minAvailable": 1,
            "unhealthyPodEvictionPolicy": "AlwaysAllow",
            "selector": {"matchLabels": own},
        }
        assert pod(one)["serviceAccountName"] == name
        assert accounts[name]["automountServiceAccountToken"] is False


def test_no_pod_could_be_refused_by_the_restricted_pod_security_standard(
    objects: list[Object],
) -> None:
    [namespace] = of_kind("Namespace", objects).values()
    for mode in ("enforce", "audit", "warn"):
        assert namespace["metadata"]["labels"][f"pod-security.kubernetes.io/{mode}"] == "restricted"
    allowed = {"configMap", "emptyDir", "secret"}
    for kind in ("Deployment", "StatefulSet"):
        for one in of_kind(kind, objects).values():
            spec, security = pod(one), pod(one)["securityContext"]
            assert security["runAsNonRoot"] is True and security["runAsUser"] > 0
            assert security["seccompProfile"] == {"type": "RuntimeDefault"}
            assert spec["automountServiceAccountToken"] is False
            assert not {"hostNetwork", "hostPID", "hostIPC", "initContainers"} & set(spec)
            assert all(set(volume) - {"name"} <= allowed for volume in spec.get("volumes", []))
            own = container(one)["securityContext"]
            assert own["allowPrivilegeEscalation"] is False
            assert own["capabilities"] == {"drop": ["ALL"]}


def test_our_own_pods_write_to_tmp_only(deployments: dict[str, Object]) -> None:
    for one in deployments.values():
        assert pod(one)["securityContext"]["runAsUser"] == 10001  # as in the Dockerfile
        assert container(one)["securityContext"]["readOnlyRootFilesystem"] is True
        writable = [v["name"] for v in pod(one)["volumes"] if "emptyDir" in v]
        mounts = {m["mountPath"]: m.get("readOnly") for m in container(one)["volumeMounts"]}
        assert writable == ["tmp"]
        assert {path for path, read_only in mounts.items() if not read_only} == {"/tmp"}


def test_images_are_pinned(objects: list[Object]) -> None:
    for kind in ("Deployment", "StatefulSet"):
        for one in of_kind(kind, objects).values():
            image = container(one)["image"]
            assert re.search(r":\d[\w.-]*$|@sha256:[0-9a-f]{64}$", image), image


def test_everything_lives_in_one_namespace(objects: list[Object]) -> None:
    for one in objects:
        home = one["metadata"].get("namespace")
        assert home == (None if one["kind"] == "Namespace" else HOME)


# Told what it needs, and nothing else


def told(deployment: Object, objects: list[Object], secrets: dict[str, Object]) -> dict[str, str]:
    has = container(deployment)
    found: dict[str, Any] = {}
    for source in has["envFrom"]:
        if "configMapRef" in source:
            found |= of_kind("ConfigMap", objects)[source["configMapRef"]["name"]]["data"]
        else:
            found |= secrets[source["secretRef"]["name"]]["stringData"]
    return found | {one["name"]: one["value"] for one in has.get("env", [])}


@pytest.fixture
def empty_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[..., Settings]]:
    """What the secret's example leaves open filled in, and the keys' file where it is mounted."""
    mounted = tmp_path / "jwks.json"
    mounted.write_text("{}", encoding="utf-8")
    filled = {"<32 bytes as hex>": "ab" * 32, "/etc/gongzhi/jwks.json": str(mounted)}

    def settings(told: dict[str, str]) -> Settings:
        with monkeypatch.context() as environment:
            for name in Settings.model_fields:
                environment.delenv(f"GONGZHI_{name.upper()}", raising=False)
            for name, value in told.items():
                environment.setenv(name, filled.get(value, value))
            return Settings()

    yield settings


def test_settings_accept_what_each_pod_is_told_and_only_whistle_hears_of_reporters(
    built: str,
    objects: list[Object],
    deployments: dict[str, Object],
    empty_environment: Callable[..., Settings],
) -> None:
    secrets = secrets_for(built)
    for name in EVERYONE:
        words = told(deployments[f"gongzhi-{name}"], objects, secrets)
        settings = empty_environment(words)
        assert settings.store_url.startswith("mongodb://")
        assert settings.bus_url.startswith(("amqp://", "amqps://"))
        assert bool(settings.reporters_url) == bool(settings.reporters_key) == (name == "whistle")
        assert bool(settings.services) == (name == GATEWAY)
        assert (settings.forwarded_by == "*") == (name != GATEWAY)


def test_no_variable_is_unknown_to_the_settings(
    built: str, objects: list[Object], deployments: dict[str, Object]
) -> None:
    known = {f"GONGZHI_{name.upper()}" for name in Settings.model_fields}
    for one in deployments.values():
        words = told(one, objects, secrets_for(built))
        assert set(words) - {"SSL_CERT_FILE"} <= known


def test_the_gateway_finds_every_service(
    objects: list[Object], deployments: dict[str, Object]
) -> None:
    [told_to] = [e for e in container(deployments["gongzhi-gateway"])["env"]]
    addresses = json.loads(told_to["value"])
    assert set(addresses) == set(SERVICES)
    for name, address in addresses.items():
        host, port = re.fullmatch(r"http://([a-z-]+):(\d+)", address).groups()  # type: ignore[union-attr]
        service = of_kind("Service", objects)[host]
        assert service["spec"]["selector"]["app.kubernetes.io/component"] == name
        assert int(port) in [one["port"] for one in service["spec"]["ports"]]


def test_the_backends_of_the_dev_overlay_find_their_secrets() -> None:
    secrets = secrets_for("dev")
    for one in of_kind("StatefulSet", rendered_once(FOLDERS["dev"])).values():
        for env in container(one)["env"]:
            if source := env.get("valueFrom"):
                wanted = source["secretKeyRef"]
                assert wanted["key"] in secrets[wanted["name"]]["stringData"]


def test_no_secret_is_rendered(objects: list[Object]) -> None:
    assert not of_kind("Secret", objects)


# Who may speak to whom

PORTS = ("UDP/53", "TCP/53", "TCP/443", "TCP/4318", "TCP/5671", "TCP/5672", "TCP/8000", "TCP/27017")
OUTSIDE = (
    Party("front door", namespace={"gongzhi/front-door": "true"}),
    Party("monitoring", namespace={"gongzhi/monitoring": "true"}),
    Party(
        "a stranger's pod", {"gongzhi/role": "gateway"}, {"kubernetes.io/metadata.name": "other"}
    ),
    Party("DNS", {"k8s-app": "kube-dns"}, {"kubernetes.io/metadata.name": "kube-system"}),
    Party("kube-system", {"k8s-app": "other"}, {"kubernetes.io/metadata.name": "kube-system"}),
    Party("RabbitMQ", address="192.0.2.10"),
    Party("MongoDB", address="192.0.2.20"),
    Party("reporters", address="192.0.2.30"),
    Party("issuer", address="192.0.2.40"),
    Party("the internet", address="198.51.100.7"),
    Party("the district's net", address="10.20.0.5"),
    Party("the cloud's own address", address="169.254.169.254"),
)


def declared(built: str) -> set[tuple[str, str, str]]:
    """The table at the head of network.yaml."""
    dev = built == "dev"
    broker = ("rabbitmq", "TCP/5672") if dev else ("RabbitMQ", "TCP/5671")
    store = ("mongo-store" if dev else "MongoDB", "TCP/27017")
    reporters = ("mongo-reporters" if dev else "reporters", "TCP/27017")
    issuer = set() if dev else {("issuer", "TCP/443")}
    everyone = {("DNS", "UDP/53"), ("DNS", "TCP/53"), broker, store} | issuer
    own = {
        ("front door", "gongzhi-gateway", "TCP/8000"),
        ("gongzhi-whistle", *reporters),
        *(("gongzhi-gateway", f"gongzhi-{name}", "TCP/8000") for name in SERVICES),
        *((f"gongzhi-{name}", *to) for name, to in product(EVERYONE, everyone)),
    }
    if built == FULL:
        own |= {("monitoring", f"gongzhi-{name}", "TCP/8000") for name in EVERYONE}
        own |= {(f"gongzhi-{name}", "monitoring", "TCP/4318") for name in EVERYONE}
        # Receivers of webhooks are anywhere, and the documentation addresses lie there, too.
        public = ("the internet", "RabbitMQ", "MongoDB", "reporters", "issuer")
        own |= {("gongzhi-gateway", name, "TCP/443") for name in public}
    return own


def test_every_declared_flow_is_let_through_and_no_other(built: str, objects: list[Object]) -> None:
    pods = [
        Party(name, labels(one), {"kubernetes.io/metadata.name": HOME})
        for kind in ("Deployment", "StatefulSet")
        for name, one in of_kind(kind, objects).items()
    ]
    newcomer = Party("a pod that nobody declared", {}, {"kubernetes.io/metadata.name": HOME})
    policies = list(of_kind("NetworkPolicy", objects).values())
    found = flows(policies, HOME, [*pods, newcomer, *OUTSIDE], PORTS)
    assert found - declared(built) == set()
    assert declared(built) - found == set()


def test_the_policies_name_no_port_that_the_table_leaves_out(objects: list[Object]) -> None:
    def ports(spec: dict[str, Any]) -> Iterator[str]:
        for rule in (*spec.get("ingress", []), *spec.get("egress", [])):
            assert rule["ports"] and all(isinstance(one["port"], int) for one in rule["ports"])
            yield from (f"{one['protocol']}/{one['port']}" for one in rule["ports"])

    for policy in of_kind("NetworkPolicy", objects).values():
        assert set(ports(policy["spec"])) <= set(PORTS)
