"""docker-compose.yml: the same cast as on Kubernetes, on one machine."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from chassis.settings import Settings
from console.settings import ConsoleSettings
from gongzhi.roster import CONSOLE, GATEWAY, SERVICES
from tests.deploy.cluster import ROOT
from tests.support import lanes

FILE = ROOT / "docker-compose.yml"
EXAMPLE = ROOT / "deploy" / "compose" / ".env.example"
EVERYONE = (*SERVICES, GATEWAY)
BACKENDS = ("rabbitmq", "store", "reporters")
COMPOSED: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
PARTS: dict[str, dict[str, Any]] = COMPOSED["services"]
ASKED = re.compile(r"\$\{([A-Z_]+)")


def environment(name: str) -> Mapping[str, str]:
    found: Mapping[str, str] = PARTS[name].get("environment", {})
    return found


def test_every_service_the_gateway_and_the_backends_are_there_and_nothing_else() -> None:
    assert set(PARTS) == {*EVERYONE, CONSOLE, *BACKENDS}
    for name in (*EVERYONE, CONSOLE):
        assert PARTS[name]["command"] == ["serve", name]


def test_the_gateway_finds_every_service_and_waits_for_it() -> None:
    assert json.loads(environment(GATEWAY)["GONGZHI_SERVICES"]) == {
        name: f"http://{name}:8000" for name in SERVICES
    }
    assert set(PARTS[GATEWAY]["depends_on"]) == {*SERVICES, "rabbitmq", "store"}


def test_everything_is_waited_for_until_it_is_healthy() -> None:
    for name, part in PARTS.items():
        assert part["healthcheck"]["test"], name
        for needed, how in part.get("depends_on", {}).items():
            assert needed in PARTS and how == {"condition": "service_healthy"}
    for name in EVERYONE:
        assert "/readyz" in PARTS[name]["healthcheck"]["test"][-1]
        compile(PARTS[name]["healthcheck"]["test"][-1], name, "exec")


def test_every_variable_is_a_setting_and_every_setting_that_must_be_is_there() -> None:
    known = {f"GONGZHI_{name.upper()}" for name in Settings.model_fields}
    must = {f"GONGZHI_{n.upper()}" for n, f in Settings.model_fields.items() if f.is_required()}
    for name in EVERYONE:
        assert must <= set(environment(name)) <= known


def test_services_take_the_gateways_word_for_a_callers_address_and_the_gateway_nobodys() -> None:
    believing = {name for name in EVERYONE if environment(name).get("GONGZHI_FORWARDED_BY") == "*"}
    assert believing == set(EVERYONE) - {"gateway"}


def test_only_whistle_knows_and_reaches_the_reporters() -> None:
    for name in EVERYONE:
        confided = {one for one in environment(name) if one.startswith("GONGZHI_REPORTERS_")}
        assert bool(confided) == (name == "whistle")
    assert {name for name in PARTS if "reporters" in PARTS[name]["networks"]} == {
        "whistle",
        "reporters",
    }


def test_the_console_is_told_where_the_gateway_is_and_nothing_of_stores_brokers_and_trails() -> (
    None
):
    known = {f"GONGZHI_{name.upper()}" for name in ConsoleSettings.model_fields}
    must = {
        f"GONGZHI_{n.upper()}" for n, f in ConsoleSettings.model_fields.items() if f.is_required()
    }
    assert must <= set(environment(CONSOLE)) <= known
    assert set(PARTS[CONSOLE]["depends_on"]) == {GATEWAY}
    assert PARTS[CONSOLE]["volumes"] == []


def test_only_the_gateway_and_the_console_are_published_and_only_to_this_machine() -> None:
    assert {name for name, part in PARTS.items() if "ports" in part} == {GATEWAY, CONSOLE}
    assert PARTS[CONSOLE]["ports"] == ["127.0.0.1:8080:8000"]
    assert PARTS[GATEWAY]["ports"] == ["127.0.0.1:8000:8000"]
    assert COMPOSED["networks"]["house"] == COMPOSED["networks"]["reporters"] == {"internal": True}


def test_our_containers_may_do_nothing_but_their_work() -> None:
    for name in (*EVERYONE, CONSOLE):
        part = PARTS[name]
        assert part["read_only"] is True and part["tmpfs"] == ["/tmp"]
        assert part["cap_drop"] == ["ALL"] and "cap_add" not in part
        assert part["security_opt"] == ["no-new-privileges:true"]
        assert part["stop_grace_period"] == "60s"
        assert all(one["read_only"] for one in part["volumes"])


def test_images_are_pinned_by_tag() -> None:
    for name, part in PARTS.items():
        assert re.search(r":\d[\w.-]*$", part["image"]), name
    assert len({PARTS[name]["image"] for name in EVERYONE}) == 1


def test_every_secret_comes_from_the_env_file_whose_example_holds_none() -> None:
    example = dict(
        line.split("=", 1)
        for line in EXAMPLE.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
    assert set(ASKED.findall(FILE.read_text(encoding="utf-8"))) == set(example)
    assert set(example.values()) == {""}


def test_the_example_says_truly_how_the_env_file_is_made() -> None:
    if shutil.which("openssl") is None:
        lanes.note("docker-compose.yml's .env: not made (no openssl on PATH)")
        pytest.skip("no openssl on PATH")
    program = re.search(r"awk '(.+?)'", EXAMPLE.read_text(encoding="utf-8"))
    assert program is not None
    made = subprocess.run(
        ["awk", program[1], EXAMPLE], check=True, capture_output=True, text=True
    ).stdout
    values = [line.split("=")[1] for line in made.splitlines() if re.match(r"[A-Z_]+=", line)]
    assert (
        len(set(values)) == len(values) == len(set(ASKED.findall(FILE.read_text(encoding="utf-8"))))
    )
    assert all(len(bytes.fromhex(value)) == 32 for value in values)


def test_docker_reads_it_as_we_do() -> None:
    docker = shutil.which("docker")
    answers = docker and subprocess.run([docker, "compose", "version"], capture_output=True)
    if not answers or answers.returncode != 0:
        lanes.note("docker compose config: not asked (no docker client with compose)")
        pytest.skip("no docker client with compose")
    given = os.environ | {
        name: "0" * 64 for name in ASKED.findall(FILE.read_text(encoding="utf-8"))
    }
    asked = [str(docker), "compose", "--file", str(FILE), "config", "--format", "json"]
    done = subprocess.run(asked, env=given, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)["services"]) == set(PARTS)
    lanes.ran("docker compose config", "read")


def test_the_file_for_partners_adds_their_way_in_and_nothing_else() -> None:
    said = (ROOT / "deploy" / "compose" / "partners.yml").read_text(encoding="utf-8")
    added = yaml.safe_load(said)["services"]
    assert set(added) == {GATEWAY, "rabbitmq"}
    assert set(added[GATEWAY]) == {"environment"}
    [(name, url)] = added[GATEWAY]["environment"].items()
    assert name.removeprefix("GONGZHI_").lower() in Settings.model_fields
    assert url.startswith("amqp://partners-bridge:") and url.endswith("@rabbitmq:5672/partners")
    assert added["rabbitmq"]["ports"] == ["127.0.0.1:5672:5672"]
    assert set(ASKED.findall(said)) == {"PARTNERS_PASSWORD"}
