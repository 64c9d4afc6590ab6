"""What would be applied: the base, both overlays, and production with components; each as a fixture, once."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from kubernetes_validate import utils as kubernetes

from gongzhi.roster import GATEWAY, SERVICES
from tests.deploy.cluster import (
    K8S,
    Object,
    documents,
    of_kind,
    render,
    render_with_components,
)
from tests.support import lanes

HOME = "gongzhi"
EVERYONE = (*SERVICES, GATEWAY)
OLDEST = "1.30"
"""`preStop: sleep` works by itself since then; deploy/README.md says so."""
VERSIONS = (OLDEST, "1.31", "1.32", "1.33", "1.34", kubernetes.latest_version())
PRODUCTION, SINGLE = "production", "single-node"
FOLDERS = {
    "base": K8S / "base",
    PRODUCTION: K8S / "overlays" / PRODUCTION,
    SINGLE: K8S / "overlays" / SINGLE,
}
COMPONENTS = sorted(
    (K8S / "components").iterdir(), key=lambda one: (one.name == "images", one.name)
)
OF_OPERATORS = {
    "rabbitmq-operator",
    "mongodb-operator",
    "partners-amqp",
    "keda",
    "external-secrets",
}
FULL = "production with every component but those of operators"
OPERATED = "production with every component"
WITH = {FULL: [one for one in COMPONENTS if one.name not in OF_OPERATORS], OPERATED: COMPONENTS}

rendered_once = cache(render)
kubernetes.schema_contents = cache(kubernetes.schema_contents)
"""A megabyte for each version, which it would read anew for each object."""


@pytest.fixture(params=[*FOLDERS, *WITH])
def built(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def composed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders in which production has components."""
    found = {}
    for built, components in WITH.items():
        found[built] = tmp_path_factory.mktemp("composed")
        render_with_components(FOLDERS[PRODUCTION], components, found[built])
    return found


@pytest.fixture
def folder(built: str, composed: dict[str, Path]) -> Path:
    return {**FOLDERS, **composed}[built]


@pytest.fixture
def objects(folder: Path) -> list[Object]:
    return rendered_once(folder)


@pytest.fixture
def deployments(objects: list[Object]) -> dict[str, Object]:
    return of_kind("Deployment", objects)


@cache
def example_secrets() -> list[Object]:
    return documents((K8S / "secret.example.yaml").read_text(encoding="utf-8"))


@cache
def dev_secrets() -> list[Object]:
    if shutil.which("openssl") is None:
        lanes.note("the single node's secrets: not made (no openssl on PATH)")
        pytest.skip("no openssl on PATH")
    done = subprocess.run(
        ["sh", FOLDERS[SINGLE] / "secrets.sh"], check=True, capture_output=True, text=True
    )
    return documents(done.stdout)


def secrets_for(built: str) -> dict[str, Object]:
    return of_kind("Secret", dev_secrets() if built == SINGLE else example_secrets())
