"""The components: front door, vault, registry."""

import os
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from chassis.edge import MAX_UPLOAD
from console.main import MAX_SENT
from tests.deploy.cluster import (
    K8S,
    Object,
    container,
    of_kind,
)
from tests.deploy.rendered import (
    EVERYONE,
    FOLDERS,
    OPERATED,
    SINGLE,
    built,
    composed,
    deployments,
    example_secrets,
    folder,
    objects,
)

__all__ = ["built", "composed", "deployments", "folder", "objects"]

pytestmark = pytest.mark.xdist_group("kustomize")
"""One process makes what all of them look at."""


def led(rules: dict[tuple[str, str], str], path: str) -> str | None:
    """To whom; the longest that matches, by whole parts of the path."""
    found = [
        (len(place), to)
        for (place, kind), to in rules.items()
        if path == place or (kind == "Prefix" and path.startswith(f"{place}/"))
    ]
    return max(found)[1] if found else None


@pytest.mark.parametrize("built", [OPERATED])
def test_both_front_doors_lead_to_both_under_the_certificate_and_to_no_metrics(
    objects: list[Object],
) -> None:
    [certificate] = of_kind("Certificate", objects).values()
    [ingress], [gateway] = (of_kind(kind, objects).values() for kind in ("Ingress", "Gateway"))
    [route] = of_kind("HTTPRoute", objects).values()
    secret, hosts = certificate["spec"]["secretName"], certificate["spec"]["dnsNames"]
    assert ingress["spec"]["tls"] == [{"hosts": hosts, "secretName": secret}]
    assert [rule["host"] for rule in ingress["spec"]["rules"]] == hosts
    told = {
        name.rpartition("/")[2]: said for name, said in ingress["metadata"]["annotations"].items()
    }
    # What is too large is for us to refuse: nginx' own page is no problem document, nor the form with what was typed.
    # But it gathers bodies first: passed on as they come, slow ones would be cut off and held in our memory.
    assert int(told["proxy-body-size"].removesuffix("m")) * 1024**2 > MAX_SENT > MAX_UPLOAD
    assert "proxy-request-buffering" not in told
    door = of_kind("Service", objects)["gongzhi-gateway"]["spec"]["ports"][0]
    by_ingress = {
        (each["path"], each["pathType"]): each["backend"]["service"]["name"]
        for each in ingress["spec"]["rules"][0]["http"]["paths"]
        if each["backend"]["service"]["port"] == {"name": door["name"]}
    }
    [listener] = gateway["spec"]["listeners"]
    assert listener["tls"]["certificateRefs"] == [{"kind": "Secret", "name": secret}]
    assert [listener["hostname"]] == route["spec"]["hostnames"] == hosts
    [parent] = route["spec"]["parentRefs"]
    assert parent == {"name": gateway["metadata"]["name"], "sectionName": listener["name"]}
    by_route = {
        (one["path"]["value"], one["path"]["type"].removeprefix("Path")): to["name"]
        for rule in route["spec"]["rules"]
        for to in rule["backendRefs"]
        if to["port"] == door["port"]
        for one in rule["matches"]
    }
    assert by_ingress == by_route
    for path, to in {
        "/": "gongzhi-console",
        "/console/sign-in": "gongzhi-console",
        "/api/v1/events": "gongzhi-gateway",
        "/docs": "gongzhi-gateway",
        "/docs/docs.js": "gongzhi-gateway",
        "/schemas/whistle.blown.v1": "gongzhi-gateway",
        "/problems/stale": "gongzhi-gateway",
        "/openapi.json": "gongzhi-gateway",
        "/asyncapi.json": "gongzhi-gateway",
        "/readyz": "gongzhi-gateway",
        "/metrics": None,
        "/livez": None,
    }.items():
        assert led(by_ingress, path) == to, path


@pytest.mark.parametrize("built", [OPERATED])
def test_the_vault_gives_each_service_what_its_secret_holds(objects: list[Object]) -> None:
    vault = of_kind("ExternalSecret", objects)
    assert set(vault) == {f"gongzhi-{name}" for name in EVERYONE}
    wanted_by = of_kind("Secret", example_secrets())
    del wanted_by["gongzhi-console"]  # its vault stands beside it
    assert {*wanted_by} == {*vault}
    for name, wanted in wanted_by.items():
        spec = vault[name]["spec"]
        assert spec["target"]["name"] == name
        assert {one["secretKey"] for one in spec["data"]} == set(wanted["stringData"])
        own = f"gongzhi/{name.removeprefix('gongzhi-')}"
        assert {one["remoteRef"]["key"] for one in spec["data"]} == {own}


@pytest.mark.parametrize("built", [OPERATED])
def test_each_service_is_a_user_of_its_own_database_and_of_no_other(objects: list[Object]) -> None:
    stores = of_kind("MongoDBCommunity", objects)
    assert set(stores) == {"gongzhi-store", "gongzhi-reporters"}
    users = {name: stores[name]["spec"]["users"] for name in stores}
    assert [one["name"] for one in users["gongzhi-store"]] == list(EVERYONE)
    assert [one["name"] for one in users["gongzhi-reporters"]] == ["reporters"]
    for one in (*users["gongzhi-store"], *users["gongzhi-reporters"]):
        assert one["roles"] == [{"name": "readWrite", "db": f"gongzhi_{one['name']}"}]
    passwords = [one["passwordSecretRef"]["name"] for kept in users.values() for one in kept]
    assert len(set(passwords)) == len(passwords)


def images_of(folder: Path, path: str = os.environ["PATH"]) -> list[str]:
    done = subprocess.run(
        ["sh", K8S / "images.sh", folder],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.parametrize("built", [SINGLE, OPERATED])
def test_one_command_lists_every_image_and_the_last_component_moves_them_all(
    built: str, objects: list[Object], folder: Path
) -> None:
    asked = {
        container(one)["image"]
        for kind in ("Deployment", "StatefulSet")
        for one in of_kind(kind, objects).values()
    } | {one["spec"]["image"] for one in of_kind("RabbitmqCluster", objects).values()}
    assert images_of(folder) == sorted(asked)
    if built == OPERATED:
        assert all(image.startswith("registry.example/") for image in asked) and len(asked) == 2


def test_where_skopeo_is_images_are_named_by_digest(tmp_path: Path) -> None:
    skopeo = tmp_path / "skopeo"
    skopeo.write_text('#!/bin/sh\nprintf "%s" "$3"\n', encoding="utf-8")
    skopeo.chmod(0o755)
    found = images_of(FOLDERS[SINGLE], f"{tmp_path}:{os.environ['PATH']}")
    digest = sha256(b"docker://mongo:8.0").hexdigest()
    assert len(found) == 3 and f"mongo:8.0@sha256:{digest}" in found
