"""The manifests, rendered and read back: what a schema can say, and what it can't."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from kubernetes_validate import utils as kubernetes

from chassis.settings import Settings
from gongzhi.roster import GATEWAY, SERVICES
from tests.deploy import operators
from tests.deploy.cluster import (
    K8S,
    Object,
    container,
    documents,
    labels,
    of_kind,
    pod,
)
from tests.deploy.rendered import (
    EVERYONE,
    FOLDERS,
    HOME,
    OPERATED,
    PRODUCTION,
    SINGLE,
    VERSIONS,
    built,
    composed,
    deployments,
    dev_secrets,
    folder,
    objects,
    rendered_once,
    secrets_for,
)

__all__ = ["built", "composed", "deployments", "folder", "objects"]

pytestmark = pytest.mark.xdist_group("kustomize")
"""One process makes what all of them look at."""

# Valid


def validate(one: Object, version: str) -> None:
    if operators.knows(one):
        operators.validate(one)
    else:
        _validate(json.dumps(one, sort_keys=True), version)


@cache
def _validate(text: str, version: str) -> None:
    """Most objects are the same in each overlay."""
    kubernetes.validate(json.loads(text), version, strict=True)


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_valid_for_the_oldest_and_the_newest_kubernetes(
    objects: list[Object], version: str
) -> None:
    for one in objects:
        validate(one, version)


FOR_KUSTOMIZE = {"kustomization.yaml", "elsewhere.yaml"}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_file_is_valid_as_it_lies_there_even_where_nothing_can_render_it(
    version: str,
) -> None:
    files = [file for file in K8S.rglob("*.yaml") if file.name not in FOR_KUSTOMIZE]
    assert files
    for file in files:
        for one in documents(file.read_text(encoding="utf-8")):
            validate(one, version)


@pytest.mark.parametrize("built", [SINGLE])
def test_the_single_nodes_secrets_are_valid_and_no_two_alike(built: str) -> None:
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


def test_each_pod_has_the_files_of_its_own_keys_where_there_are_any(
    deployments: dict[str, Object],
) -> None:
    files = {
        f"GONGZHI_{name.upper()}" for name in Settings.model_fields if name.endswith("_key_file")
    }
    said = (K8S / "secret.example.yaml").read_text(encoding="utf-8")
    told = dict(re.findall(r"(GONGZHI_\w+_FILE): (\S+\.key)", said))
    assert set(told) == files
    for name, one in deployments.items():
        [keys] = [volume for volume in pod(one)["volumes"] if volume["name"] == "keys"]
        assert keys["secret"] == {"secretName": f"{name}-keys", "optional": True}
        [mount] = [each for each in container(one)["volumeMounts"] if each["name"] == "keys"]
        assert mount["readOnly"] is True
        assert {str(Path(path).parent) for path in told.values()} == {mount["mountPath"]}


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
        paths = {"startupProbe": "/startupz", "livenessProbe": "/livez", "readinessProbe": ready}
        assert {probe: has[probe]["httpGet"]["path"] for probe in paths} == paths
        assert {"cpu", "memory"} == set(has["resources"]["requests"])
        assert {"cpu", "memory"} == set(has["resources"]["limits"])
        assert has["lifecycle"]["preStop"]["sleep"]["seconds"] == 10
        assert pod(one)["terminationGracePeriodSeconds"] == 60
        assert "replicas" not in one["spec"], "it is the autoscaler's to say"
        assert one["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0
        [spread] = pod(one)["topologySpreadConstraints"]
        assert spread["labelSelector"]["matchLabels"].items() <= labels(one).items()
        assert "app.kubernetes.io/component" in spread["labelSelector"]["matchLabels"]


def test_every_deployment_has_a_service_a_budget_and_an_account_of_its_own(
    built: str, objects: list[Object], deployments: dict[str, Object]
) -> None:
    services, accounts = of_kind("Service", objects), of_kind("ServiceAccount", objects)
    budgets = of_kind("PodDisruptionBudget", objects)
    if built == SINGLE:
        assert not budgets, "a budget of one would hold up every drained node"
    for name, one in deployments.items():
        own = one["spec"]["selector"]["matchLabels"]
        assert own.items() <= labels(one).items()
        assert services[name]["spec"]["selector"] == own
        assert [port["port"] for port in services[name]["spec"]["ports"]] == [8000]
        if budgets:
            assert budgets[name]["spec"] == {
                "minAvailable": 1,
                "unhealthyPodEvictionPolicy": "AlwaysAllow",
                "selector": {"matchLabels": own},
            }
        assert pod(one)["serviceAccountName"] == name
        assert accounts[name]["automountServiceAccountToken"] is False


def test_every_deployment_is_scaled_by_one_scaler_and_never_below_two(
    built: str, objects: list[Object], deployments: dict[str, Object]
) -> None:
    plain, queued = of_kind("HorizontalPodAutoscaler", objects), of_kind("ScaledObject", objects)
    scaled = {one["spec"]["scaleTargetRef"]["name"]: one["spec"] for one in plain.values()}
    by_queue = {one["spec"]["scaleTargetRef"]["name"]: one["spec"] for one in queued.values()}
    assert not set(scaled) & set(by_queue)
    assert set(scaled) | set(by_queue) == (set() if built == SINGLE else set(deployments))
    assert bool(by_queue) == (built == OPERATED)
    for spec in scaled.values():
        assert (spec["minReplicas"], spec["maxReplicas"]) == (2, 4)
    for name, spec in by_queue.items():
        assert (spec["minReplicaCount"], spec["maxReplicaCount"]) == (2, 4)
        query = spec["triggers"][1]["metadata"]["query"]
        assert f'queue="{name.removeprefix("gongzhi-")}"' in query


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
        assert bool(settings.services) == settings.access_log == (name == GATEWAY)
        assert (settings.forwarded_by == "*") == (name != GATEWAY)
        # Where only the district knows the addresses of its ingress, there is a place to say them.
        assert built != PRODUCTION or "GONGZHI_FORWARDED_BY" in words


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
    said = {e["name"]: e["value"] for e in container(deployments["gongzhi-gateway"])["env"]}
    addresses = json.loads(said["GONGZHI_SERVICES"])
    assert set(addresses) == set(SERVICES)
    for name, address in addresses.items():
        host, port = re.fullmatch(r"http://([a-z-]+):(\d+)", address).groups()  # type: ignore[union-attr]
        service = of_kind("Service", objects)[host]
        assert service["spec"]["selector"]["app.kubernetes.io/component"] == name
        assert int(port) in [one["port"] for one in service["spec"]["ports"]]


def test_the_backends_of_a_single_node_find_their_secrets() -> None:
    secrets = secrets_for(SINGLE)
    for one in of_kind("StatefulSet", rendered_once(FOLDERS[SINGLE])).values():
        for env in container(one)["env"]:
            if source := env.get("valueFrom"):
                wanted = source["secretKeyRef"]
                assert wanted["key"] in secrets[wanted["name"]]["stringData"]


def test_no_secret_is_rendered(objects: list[Object]) -> None:
    assert not of_kind("Secret", objects)
