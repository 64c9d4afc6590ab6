"""What runs containers: docker where one answers, else podman, which Debian has."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pytest

from tests.support import debian, lanes, ports

PACKAGES = "podman buildah runc netavark aardvark-dns iptables catatonit"
MISSING = (
    f"No engine for containers: start docker, or (Debian, as root): apt-get install {PACKAGES}"
)
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
# On some machines a container gets no limits but these, and crun doesn't know their control groups.
CONFIGURATION = """[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
"""


@dataclass(frozen=True)
class Engine:
    program: str
    said: str
    """Its name and version, for the end of the run."""
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def podman(self) -> bool:
        return Path(self.program).name == "podman"

    def ask(
        self, *arguments: str | Path, within: float = 600, given: IO[bytes] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.program, *arguments],
            env={**os.environ, **self.environment},
            stdin=given or subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=within,
            check=False,
        )

    def __call__(
        self, *arguments: str | Path, within: float = 600, given: IO[bytes] | None = None
    ) -> str:
        done = self.ask(*arguments, within=within, given=given)
        assert done.returncode == 0, f"{arguments}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout.strip()

    def has(self, image: str) -> bool:
        return self.ask("image", "inspect", image).returncode == 0

    def inspect(self, container: str) -> dict[str, Any]:
        [found] = json.loads(self("container", "inspect", container))
        assert isinstance(found, dict)
        return found

    def healthy(self, container: str) -> bool:
        """Podman's own checks want systemd, so they are asked for."""
        if self.podman:
            return self.ask("healthcheck", "run", container).returncode == 0
        return bool(self.inspect(container)["State"].get("Health", {}).get("Status") == "healthy")

    def compose(self, folder: Path, *arguments: str) -> str:
        own = [sys.executable, "-m", "podman_compose", "--podman-path", self.program]
        command = [*(own if self.podman else [self.program, "compose"]), *arguments]
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout


def find(scratch: Path) -> Engine:
    """Docker first. Skips, and says so at the end of the run, where there is none and none can be had."""
    if ports.docker_answers():
        return _named("docker", {})
    if debian.may_install() and not _podman():
        debian.install(PACKAGES, MISSING, _podman)
    if not _podman():
        lanes.note(f"containers: NOT RUN. {MISSING}")
        pytest.skip(MISSING)
    told = scratch / "containers.conf"
    told.write_text(CONFIGURATION, encoding="utf-8")
    return _named("podman", {"CONTAINERS_CONF": str(told), "DISABLE_HC_SYSTEMD": "true"})


def _podman() -> bool:
    # Without iptables its networks say "no such file or directory" and nothing more.
    return all(shutil.which(name) for name in ("podman", "runc", "iptables"))


def _named(name: str, environment: Mapping[str, str]) -> Engine:
    program = str(shutil.which(name))
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    return Engine(program, said.stdout.strip().replace(" version ", " ", 1), environment)
