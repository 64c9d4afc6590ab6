"""Debian's Prometheus for the tests: its rule checker, and a server that scrapes one address."""

import json
import shutil
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from . import debian, ports

MISSING = "No Prometheus for the tests: install it (Debian: apt-get install prometheus)."
START_SECONDS = 30.0


def tool() -> Path:
    """`promtool`; the server lies beside it."""
    if shutil.which("promtool") is None and debian.may_install():
        debian.install("prometheus", MISSING, lambda: shutil.which("promtool"))
    found = shutil.which("promtool")
    if found is None:
        raise RuntimeError(MISSING)
    return Path(found)


def version() -> str:
    said = subprocess.run([tool(), "--version"], capture_output=True, text=True, check=True)
    return said.stdout.split()[2]


@dataclass(frozen=True)
class Prometheus:
    url: str

    def ask(self, path: str, **said: str) -> Any:
        asked = f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(said)}"
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return json.load(answer)["data"]

    def exemplars(self, query: str) -> list[Any]:
        """Those of the last hour."""
        now = time.time()
        found = self.ask("query_exemplars", query=query, start=str(now - 3600), end=str(now + 60))
        return [one for series in found for one in series["exemplars"]]

    def series(self, query: str) -> list[Any]:
        found: list[Any] = self.ask("query", query=query)["result"]
        return found


@contextmanager
def scraping(address: str, rules: Path, scratch: Path) -> Iterator[Prometheus]:
    """A server on a free port of loopback, which looks at `address` every second."""
    port = ports.free_port()
    config = scratch / "prometheus.yml"
    told = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [str(rules)],
        "scrape_configs": [
            {"job_name": "gongzhi", "static_configs": [{"targets": [address]}]},
        ],
    }
    config.write_text(yaml.safe_dump(told), encoding="utf-8")
    log = scratch / "prometheus.log"
    command = [
        str(tool().with_name("prometheus")),
        f"--config.file={config}",
        f"--storage.tsdb.path={scratch / 'series'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--enable-feature=exemplar-storage",
    ]
    process = ports.spawn(command, cwd=scratch, log=log)
    try:
        started = Prometheus(f"http://127.0.0.1:{port}")
        if not ports.wait_until(lambda: _answers(started), START_SECONDS, pause=0.2):
            raise RuntimeError(f"Prometheus did not start:\n{ports.tail(log)}")
        yield started
    finally:
        ports.end(process)


def _answers(started: Prometheus) -> bool:
    try:
        with urllib.request.urlopen(f"{started.url}/-/ready", timeout=5):
            return True
    except OSError:
        return False


def until_seen(prometheus: Prometheus, query: str, within: float = START_SECONDS) -> list[Any]:
    end = time.monotonic() + within
    while not (found := prometheus.series(query)) and time.monotonic() < end:
        time.sleep(0.5)
    return found
