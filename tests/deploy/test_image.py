"""The image: what can be said about it without building one. And no secret anywhere in the tree."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.deploy.cluster import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
IGNORED = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
LET_THROUGH = [line[1:] for line in IGNORED if line.startswith("!")]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = [
    name.rstrip("*") for name in PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]
]
INSTRUCTIONS = re.findall(r"^([A-Z]+) (.+)$", DOCKERFILE.replace("\\\n", " "), re.MULTILINE)


def said(instruction: str) -> list[str]:
    return [what for name, what in INSTRUCTIONS if name == instruction]


def test_it_is_built_in_two_stages_from_a_tag_that_a_builder_can_pin() -> None:
    assert said("ARG") == ["PYTHON=python:3.11-slim-bookworm"]
    assert said("FROM") == ["${PYTHON} AS build", "${PYTHON}"]
    assert "sha256" in DOCKERFILE


def test_it_installs_what_is_locked_and_nothing_else() -> None:
    installs = [run for run in said("RUN") if "pip install" in run]
    assert len(installs) == 2
    assert "--require-hashes" in installs[0] and "-r requirements.lock" in installs[0]
    assert "--no-deps --no-build-isolation ." in installs[1]


def test_it_runs_as_nobody_in_particular_and_hears_sigterm() -> None:
    [user], [entrypoint] = said("USER"), said("ENTRYPOINT")
    assert user == "10001:10001"
    assert json.loads(entrypoint) == ["gongzhi"]  # exec form, so no shell stands in between
    last = [name for name, _ in INSTRUCTIONS]
    assert last.index("USER") > max(at for at, name in enumerate(last) if name == "RUN")


def test_nothing_gets_in_but_what_is_named() -> None:
    assert IGNORED[1] == "*"
    assert {*PACKAGES, "pyproject.toml", "README.md", "requirements.lock"} <= set(LET_THROUGH)
    assert not [name for name in LET_THROUGH if "*" in name or name.startswith((".", "data"))]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names in the wheel that the Dockerfile's last `pip install` would make."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    skip = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in filter(lambda name: (ROOT / name).exists(), LET_THROUGH):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=skip)
        else:
            shutil.copy(ROOT / name, source / name)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", out, source],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    [made] = out.glob("*.whl")
    return set(zipfile.ZipFile(made).namelist())


def test_the_image_carries_every_file_that_the_code_reads(wheel: set[str]) -> None:
    needed = {
        file.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and file.suffix not in {".pyc", ".md"}
    }
    for_developers = {name for name in needed if name.startswith("contracts/released/")}
    assert needed - for_developers - wheel == set()


# No secret in the tree

SECRETIVE = re.compile(
    r"://[^\s:/@]+:(?!\$\{|\$[a-z]|<)[^\s/@]+@"  # a password in an address
    r"|\b[0-9a-fA-F]{64}\b"  # 32 bytes as hex
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    r'|"d"\s*:\s*"[\w-]{20,}"'  # the private half of a JWK
)


def shipped() -> list[Path]:
    files = [ROOT / "Dockerfile", ROOT / "docker-compose.yml", ROOT / ".dockerignore"]
    return files + [file for file in (ROOT / "deploy").rglob("*") if file.is_file()]


@pytest.mark.parametrize("file", shipped(), ids=lambda file: file.relative_to(ROOT).as_posix())
def test_no_file_holds_a_secret(file: Path) -> None:
    assert not SECRETIVE.search(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "secret",
    [
        "amqp://gongzhi:hunter2@rabbitmq:5672/",
        "GONGZHI_TRAIL_KEY=" + "0a" * 32,
        "-----BEGIN EC PRIVATE KEY-----",
    ],
)
def test_a_secret_would_be_seen(secret: str) -> None:
    assert SECRETIVE.search(secret)
