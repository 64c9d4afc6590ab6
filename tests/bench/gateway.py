"""What the gateway costs on the way to a service: against a bare aiohttp proxy and nginx, one process each, in turns.

`python -m tests.bench.gateway [--seconds S] [--rounds N]`. All three pass the same request, with a token, first to an
nginx that answers at once, then to a service (`housing`, one process, its list of communities); wrk asks,
connections are kept throughout. Tokens are verified and requests counted as always, only the allowed number is
raised. Before what answers at once the gateway is judged against the bare proxy, of the same making; against nginx,
which takes a tenth of the time of any Python, where a caller meets it, before a service.
Printed are medians of the rounds, their ratios and the processor time for each request, which is steadier where the
machine does other things; with less than the limits it ends with 1. nginx and wrk are Debian's, installed where they
are missing and may be.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from gongzhi import keys
from gongzhi.roster import SERVICES
from tests.support import debian
from tests.support.platform import end, environment_of, ready, start
from tests.support.ports import free_port, listens, wait_until

ABREAST = 32
OF_BARE, OF_NGINX, OF_ONE = 0.8, 0.6, 1.7
CORES = 5
"""What it takes to see two gateways at work: they, whoever asks each, and what answers."""
TICKS = os.sysconf("SC_CLK_TCK")
AT_ONCE, SERVICE = "what answers at once", "a service"
BEHIND = "housing"
PATH = f"/api/v1/{BEHIND}/communities?limit=20"
BODY = '{"items": [' + ", ".join(f'{{"id": "w-{n:07}", "version": 3}}' for n in range(20)) + "]}"
NGINX = """
worker_processes 1; daemon off; error_log stderr crit; pid {folder}/pid;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fast;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  {more}
}}
"""
ANSWERS = "server {{ listen 127.0.0.1:{port}; location / {{ default_type application/json; return 200 '{body}'; }} }}"
PASSES = """
  upstream behind {{ server 127.0.0.1:{behind}; keepalive 64; }}
  server {{ listen 127.0.0.1:{port}; location / {{
    proxy_pass http://behind; proxy_http_version 1.1; proxy_set_header Connection ""; }} }}
"""


def tools() -> tuple[str, str]:
    """nginx and wrk."""

    def there() -> tuple[str, str] | None:
        found = shutil.which("nginx", path=os.defpath + ":/usr/sbin"), shutil.which("wrk")
        return (found[0], found[1]) if found[0] and found[1] else None

    if there() is None and debian.may_install():
        debian.install("nginx-light wrk", "install nginx and wrk", there)
    if (found := there()) is None:
        sys.exit("nginx and wrk are needed (Debian: apt-get install nginx-light wrk)")
    return found


def nginx(program: str, folder: Path, more: str) -> subprocess.Popen[bytes]:
    folder.mkdir()
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, more=more), encoding="utf-8")
    return subprocess.Popen([program, "-c", str(config), "-p", str(folder)])


def asking(wrk: str, port: int, token: str, seconds: float) -> subprocess.Popen[str]:
    command = [wrk, "-t", "1", "-c", str(ABREAST), "-d", f"{seconds:g}s"]
    command += ["-H", f"Authorization: Bearer {token}", f"http://127.0.0.1:{port}{PATH}"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def rate(asked: subprocess.Popen[str]) -> float:
    said, _ = asked.communicate()
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if asked.returncode or found is None or "Non-2xx" in said or "Socket errors" in said:
        raise AssertionError(said)
    return float(found[1])


@dataclass(frozen=True)
class Way:
    """One of those that pass a request on, its processes, and where it is asked."""

    port: int
    processes: tuple[int, ...]

    def spent(self) -> float:
        """Seconds of processor time, until now."""
        said = [Path(f"/proc/{pid}/stat").read_text("utf-8") for pid in self.processes]
        fields = [one.rpartition(")")[2].split() for one in said]
        return sum(int(user) + int(system) for *_, user, system in (f[:13] for f in fields)) / TICKS


@dataclass
class Bench:
    folder: Path
    program: str
    """nginx."""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def at_once(self) -> int:
        port = free_port()
        more = ANSWERS.format(port=port, body=BODY)
        self.processes["answers"] = nginx(self.program, self.folder / "answers", more)
        assert wait_until(lambda: listens(port), 30)
        return port

    def gongzhi(self, called: str, name: str, services: Mapping[str, int]) -> Way:
        own, port = self.folder / called, free_port()
        own.mkdir()
        told = environment_of(self.data, f"sqlite:///{own}", f"local:///{own}/bus.db")
        backs = {one: f"http://127.0.0.1:{behind}" for one, behind in services.items()}
        told["GONGZHI_SERVICES"] = json.dumps(backs)
        serving = ["serve", name, "--host", "127.0.0.1", "--port", str(port)]
        process = self.processes[called] = start(serving, told, own / "log")
        ready(f"http://127.0.0.1:{port}", process, own / "log")
        return Way(port, (process.pid,))

    def ways(self, called: str, behind: int, services: Mapping[str, int]) -> dict[str, Way]:
        """nginx, the bare proxy and the gateway, all before the same."""
        ports = free_port(), free_port()
        more = PASSES.format(port=ports[0], behind=behind)
        passes = nginx(self.program, self.folder / f"nginx-{called}", more)
        self.processes[f"nginx-{called}"] = passes
        command = ["-m", "tests.bench.bare_proxy", f"http://127.0.0.1:{behind}", str(ports[1])]
        bare = subprocess.Popen([sys.executable, *command])
        self.processes[f"bare-{called}"] = bare
        assert wait_until(lambda: all(listens(port) for port in ports), 30)
        children = Path(f"/proc/{passes.pid}/task/{passes.pid}/children").read_text("utf-8")
        return {
            "nginx": Way(ports[0], (passes.pid, *map(int, children.split()))),
            "bare": Way(ports[1], (bare.pid,)),
            "gateway": self.gongzhi(f"gateway-{called}", "gateway", services),
        }


@contextmanager
def standing(folder: Path, program: str) -> Iterator[tuple[dict[str, dict[str, Way]], Way, str]]:
    """The three before each of the two, a second gateway before what answers at once, and a token."""
    bench = Bench(folder, program)
    keys.settings_for(bench.data)
    try:
        answers = bench.at_once()
        none = dict.fromkeys(SERVICES, answers)
        service = bench.gongzhi(BEHIND, BEHIND, {})
        ways = {
            AT_ONCE: bench.ways("answers", answers, none),
            SERVICE: bench.ways("service", service.port, {**none, BEHIND: service.port}),
        }
        second = bench.gongzhi("second", "gateway", none)
        yield ways, second, keys.token(bench.data, "street:guanshang")
    finally:
        end(bench.processes)


class Measured:
    def __init__(self, wrk: str, token: str, seconds: float) -> None:
        self._asking = partial(asking, wrk, token=token, seconds=seconds)
        self._seconds = seconds
        self._rates: dict[str, list[float]] = {}
        self._spent: dict[str, list[float]] = {}

    def asked(self, name: str, *ways: Way) -> None:
        before = sum(way.spent() for way in ways)
        each = [self._asking(way.port) for way in ways]
        said = sum(rate(one) for one in each)
        spent = sum(way.spent() for way in ways) - before
        self._rates.setdefault(name, []).append(said)
        self._spent.setdefault(name, []).append(spent / (said * self._seconds))

    def of(self, name: str, other: str) -> float:
        """Of neighbours in time, so that what else the machine does weighs on both."""
        both = zip(self._rates[name], self._rates[other], strict=True)
        return statistics.median(one / two for one, two in both)

    def told(self, before: str) -> None:
        print(f"before {before}:")
        for name, said in self._rates.items():
            each = ", ".join(f"{one:,.0f}" for one in said)
            spent = statistics.median(self._spent[name]) * 1e6
            print(f"  {name}: {statistics.median(said):,.0f}/s ({each}), {spent:,.0f} µs a request")


def judged(
    ways: Mapping[str, Mapping[str, Way]], second: Way, new: Callable[[], Measured], rounds: int
) -> bool:
    """Whether it is within the limits."""
    found = {}
    for before, three in ways.items():
        found[before] = new()
        for _ in range(rounds):
            for name, way in three.items():
                found[before].asked(name, way)
            if before == AT_ONCE:
                found[before].asked("both", three["gateway"], second)
        found[before].told(before)
    alone, met = found[AT_ONCE], found[SERVICE]
    of_bare, of_nginx = alone.of("gateway", "bare"), met.of("gateway", "nginx")
    print(f"gateway before {AT_ONCE}: {of_bare:.2f} of the bare proxy (wanted {OF_BARE}),")
    print(f"  {alone.of('gateway', 'nginx'):.2f} of nginx (not judged)")
    print(f"gateway before {SERVICE}: {of_nginx:.2f} of nginx (wanted {OF_NGINX}),")
    print(f"  {met.of('gateway', 'bare'):.2f} of the bare proxy (not judged)")
    cores, of_one = len(os.sched_getaffinity(0)), alone.of("both", "gateway")
    enough = cores >= CORES
    said = f"wanted {OF_ONE}" if enough else f"not judged: {cores} cores, it takes {CORES}"
    print(f"two gateways: {of_one:.2f} of one ({said})")
    return of_bare >= OF_BARE and of_nginx >= OF_NGINX and (of_one >= OF_ONE or not enough)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=5)
    args = parser.parse_args()
    program, wrk = tools()
    with tempfile.TemporaryDirectory(prefix="gongzhi-bench-") as folder:
        with standing(Path(folder), program) as (ways, second, token):
            new = partial(Measured, wrk, token, args.seconds)
            return 0 if judged(ways, second, new, args.rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
