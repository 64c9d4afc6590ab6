"""The guides, followed word for word."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from gongzhi.roster import SERVICES
from tests.support import lanes, node, warm
from tests.support.platform import ROOT, Platform, all_in_one
from tests.support.ports import free_port


def follow(guide: str, folder: Path, **environment: str) -> str:
    """Its files written, its commands run in one go, as they stand; what they print."""
    text = (ROOT / "docs" / "guides" / guide).read_text("utf-8")
    blocks = re.findall(r"```(bash|(?:python|typescript) \S+)\n(.*?)```", text, re.S)
    for kind, block in blocks:
        if kind != "bash":
            (folder / kind.split()[1]).write_text(block, encoding="utf-8")
    walk = "\n".join(block for kind, block in blocks if kind == "bash")
    walk = walk.replace(".venv/bin/gongzhi", warm.command("gongzhi"))
    clean = {k: v for k, v in os.environ.items() if not k.startswith("GONGZHI_")}
    said, trouble = folder / "stdout", folder / "stderr"
    with said.open("wb") as out, trouble.open("wb") as errors:
        walking = subprocess.Popen(
            ["bash", "-c", "set -eu\n" + walk],
            cwd=folder,
            env={**clean, "PYTHONPATH": str(ROOT), **environment},
            stdout=out,
            stderr=errors,
            start_new_session=True,
        )
        try:
            status = walking.wait(600)
        finally:
            # Where a command failed, what was begun before it is still there.
            with suppress(ProcessLookupError):
                os.killpg(walking.pid, signal.SIGKILL)
    text = said.read_text(encoding="utf-8")
    assert status == 0, text + trouble.read_text(encoding="utf-8")
    return text


def secret(data: Path) -> str:
    """As the sandbox keeps it for its partner, once it is prepared."""
    file = data / "sandbox.json"
    for _ in range(1200):
        if file.exists() and file.read_text(encoding="utf-8").endswith("}"):
            assert file.stat().st_mode & 0o077 == 0
            return str(json.loads(file.read_text(encoding="utf-8"))["secret"])
        time.sleep(0.1)
    raise AssertionError("the sandbox was never prepared")


def wants(there: bool, guide: str, what: str) -> None:
    """Packages come from afar while these two are followed; where they can't, that is said at the end of the run."""
    if not there:
        lanes.note(f"{guide}: not followed, {what} isn't reached")
        pytest.skip(f"{what} isn't reached")


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Platform]:
    with all_in_one(tmp_path / "data", "--sandbox") as running:
        assert secret(running.data)
        yield running


def test_a_partner_in_a_day(sandbox: Platform, tmp_path: Path) -> None:
    said = follow(
        "partner.md",
        tmp_path,
        BASE=sandbox.url,
        DATA=str(sandbox.data),
        PORT=str(free_port()),
    )
    answers = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    first, again, signed, batch, found = answers
    assert (first["repeated"], again["repeated"], signed["repeated"]) == (False, True, False)
    assert [one["status"] for one in batch["items"]] == [202, 403]
    told = [line.split() for line in (tmp_path / "told.txt").read_text().splitlines()]
    types = {type for type, _ in told}
    assert {"whistle.problem_collected.v1", "whistle.problem_settled.v1"} <= types
    [number] = {reference for _, reference in told if reference != "-"}
    assert number.startswith("hotline-")
    assert "whistle.problem_settled.v1" in {one["event"]["type"] for one in found["items"]}


def test_a_work_screen_in_a_day(tmp_path: Path) -> None:
    node.find()
    wants(node.reached(), "the guide to a work screen", "npm's registry")
    with all_in_one(tmp_path / "data") as running:
        said = follow("screen.md", tmp_path, BASE=running.url, DATA=str(running.data))
    lines = [line.split(" ", 1) for line in said.splitlines()]
    shown = {name: [rest for called, *rest in lines if called == name] for name, *_ in lines}
    assert ["live"] in lines and len(shown["task"]) == 1
    assert "报到" in shown["actions"][0][0]
    assert shown["status"] == [["handled"]]
    assert [entry[0].rpartition(" ")[2] for entry in shown["trail"]][-2:] == [
        "UnitArrived",
        "ResultFiled",
    ]
    assert "报到" in shown["refused"][0][0] or "arrive" in shown["refused"][0][0]
    assert "whistle.arrived.v1" in shown["told"][0][0]


def test_a_typed_client_for_python(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    asked = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "openapi-python-client"]
    got = subprocess.run(asked, cwd=tmp_path, capture_output=True, check=False)
    wants(got.returncode == 0, "the guide to a Python client", "the package index")
    sandbox: Platform = request.getfixturevalue("sandbox")
    said = follow("client.md", tmp_path, BASE=sandbox.url, DATA=str(sandbox.data))
    lines = [line.split() for line in said.splitlines()]
    units = {code for called, code, *_ in lines if called == "unit"}
    assert len(units) > 10 and "urban_management" in units
    assert ["proof", "image/png", "16"] in lines
    assert lines[-1][2:] == ["department:urban_management", "报到"]
    # The guide takes the service it uses. Of all of them together, the same tool makes a client that compiles, too.
    whole = (
        f"curl -sS --fail-with-body {sandbox.url}/openapi.json | {sys.executable} fitted.py > whole.json && "
        "made/bin/openapi-python-client generate --path whole.json --config made.yml --output-path whole "
        "--meta none >whole.txt 2>&1 && made/bin/python -m compileall -q whole"
    )
    subprocess.run(["bash", "-c", whole], cwd=tmp_path, check=True)
    for service in SERVICES:
        assert f"/api/v1/{service}/" in (tmp_path / "whole.json").read_text("utf-8")
    assert len([*(tmp_path / "whole" / "api").rglob("*.py")]) > 500


def test_a_sandbox_that_starts_again_is_the_same(tmp_path: Path) -> None:
    data = tmp_path / "data"
    secrets = []
    for _ in range(2):
        (data / "sandbox.json").unlink(missing_ok=True)
        with all_in_one(data, "--sandbox"):
            secrets.append(secret(data))
    assert secrets[0] == secrets[1]


def test_the_gateway_on_your_cluster(tmp_path: Path) -> None:
    for tool in ("kubectl", "openssl", "curl"):
        wants(shutil.which(tool) is not None, "the guide to the gateway", tool)
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    said = follow("gateway.md", tmp_path, PORT=str(free_port()))
    lines = said.splitlines()
    ready = next(json.loads(line) for line in lines if line.startswith("{"))
    assert set(SERVICES) <= set(ready["troubles"])
    assert {"ready 503", "stranger 401", "away 503"} <= set(lines)
    assert any(line.lower().startswith('ratelimit: "subject";r=9') for line in lines)
    assert any("GONGZHI_LIMIT_SUBJECT" in line and "often" not in line for line in lines)
    assert f"deployments {len(SERVICES) + 1}" in lines
    assert "GONGZHI_ISSUER: https://sso.district.example" in lines
    keys = len(SERVICES) + 3  # the gateway's, whistle's second, and the console's
    assert any(line.startswith(f"keys {keys}, still to fill in: ") for line in lines)
