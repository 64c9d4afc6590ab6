"""What `podman kube play` takes of the manifests: a Deployment as it is rendered, confined as it says.

It knows no Service, no StatefulSet and no NetworkPolicy, and (4.3) wants a Secret to be one of its own.
"""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.containers.engine import Engine
from tests.deploy.cluster import container, of_kind
from tests.deploy.rendered import FOLDERS, SINGLE, rendered_once, secrets_for
from tests.support import lanes
from tests.support.ports import wait_until

NAME = "gongzhi-whistle"
KEYS = f"{NAME}-keys"
POD = f"{NAME}-pod-0"
INSIDE = f"{POD}-gongzhi"
ASK = (
    "import urllib.request as u, urllib.error as e\n"
    "try: print(u.urlopen('http://127.0.0.1:8000{}', timeout=4).status)\n"
    "except e.HTTPError as no: print(no.code)"
)


@pytest.fixture
def played(engine: Engine, product: str, tmp_path: Path) -> Iterator[Engine]:
    """The whistle service of the single node; without broker and store it waits, and says so."""
    if not engine.podman:
        pytest.skip("docker has no kube play")
    objects = rendered_once(FOLDERS[SINGLE])
    issuer = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "gongzhi-issuer"}}
    deployment = of_kind("Deployment", objects)[NAME]
    container(deployment)["image"] = f"localhost/{product}"
    wanted = [
        *of_kind("ConfigMap", objects).values(),
        {**issuer, "data": {"jwks.json": '{"keys": []}'}},
        deployment,
    ]
    manifests, secret = tmp_path / "whistle.yaml", tmp_path / "secret.json"
    manifests.write_text(yaml.safe_dump_all(wanted), encoding="utf-8")
    said = secrets_for(SINGLE)[NAME]["stringData"]
    coded = {name: base64.b64encode(value.encode()).decode() for name, value in said.items()}
    secret.write_text(json.dumps(coded), encoding="utf-8")
    engine("secret", "create", NAME, secret)
    # Podman 4.3 doesn't know that a Secret may be missing (`optional`).
    files = tmp_path / "keys.json"
    files.write_text(json.dumps({"trail.key": coded["GONGZHI_TRAIL_KEY"]}), encoding="utf-8")
    engine("secret", "create", KEYS, files)
    try:
        engine("kube", "play", manifests)
        yield engine
    finally:
        engine.ask("pod", "rm", "--force", POD)
        engine.ask("secret", "rm", NAME, KEYS)
        for name in of_kind("ConfigMap", objects):
            engine.ask("volume", "rm", "--force", name)
        engine.ask("volume", "rm", "--force", "gongzhi-issuer", KEYS)


def answer(engine: Engine, path: str) -> str:
    return engine.ask("exec", INSIDE, "python", "-c", ASK.format(path)).stdout.strip()


def test_a_deployment_runs_as_it_is_rendered_and_waits_for_its_backends(played: Engine) -> None:
    assert wait_until(lambda: answer(played, "/livez") == "200", 60, pause=1.0)
    assert answer(played, "/startupz") == "503"
    found = played.inspect(INSIDE)
    assert found["HostConfig"]["ReadonlyRootfs"] is True
    assert found["HostConfig"]["Memory"] == 512 * 2**20
    status = played("exec", INSIDE, "cat", "/proc/1/status")
    said = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert said["Uid"].split() == ["10001"] * 4
    assert (int(said["CapEff"], 16), said["NoNewPrivs"], said["Seccomp"]) == (0, "1", "2")
    memory = int(said["VmRSS"].split()[0]) / 1024
    lanes.note(f"kube play: {NAME} as rendered, {memory:.0f} MiB while it waits")
    asked = container(of_kind("Deployment", rendered_once(FOLDERS[SINGLE]))[NAME])["resources"]
    assert asked["requests"]["memory"] == "256Mi" and memory < 256
    played("stop", "--time", "30", INSIDE)
    assert played.inspect(INSIDE)["State"]["ExitCode"] == 0
