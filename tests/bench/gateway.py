"""What the gateway costs on the way to a service: against a bare aiohttp proxy and nginx, one process each, in turns.

`python -m tests.bench.gateway [--seconds S] [--rounds N]`. All three pass the same request, with a token, to the same
nginx that answers at once; wrk asks. Tokens are verified and requests counted as always, only the allowed number is
raised. Printed are medians of the rounds and their ratios; with less than the limits it ends with 1. nginx and wrk are
Debian's, installed where they are missing and may be.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
PATH = "/api/v1/whistle/whistles?limit=20"
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


@contextmanager
def standing(folder: Path, program: str) -> Iterator[tuple[Mapping[str, int], str]]:
    """The ports of the three, and of a second gateway; and a token."""
    ports = {name: free_port() for name in ("answers", "nginx", "bare", "gateway", "second")}
    behind = ports["answers"]
    processes = {
        "answers": nginx(program, folder / "answers", ANSWERS.format(port=behind, body=BODY)),
        "nginx": nginx(
            program, folder / "nginx", PASSES.format(port=ports["nginx"], behind=behind)
        ),
    }
    command = ["-m", "tests.bench.bare_proxy", f"http://127.0.0.1:{behind}", str(ports["bare"])]
    processes["bare"] = subprocess.Popen([sys.executable, *command])
    data = folder / "data"
    keys.settings_for(data)
    backs = ",".join(f'"{name}":"http://127.0.0.1:{behind}"' for name in SERVICES)
    try:
        for name in ("gateway", "second"):
            own = folder / name
            own.mkdir()
            told = environment_of(data, f"sqlite:///{own}", f"local:///{own}/bus.db")
            told["GONGZHI_SERVICES"] = f"{{{backs}}}"
            serving = ["serve", "gateway", "--host", "127.0.0.1", "--port", str(ports[name])]
            processes[name] = start(serving, told, own / "log")
            ready(f"http://127.0.0.1:{ports[name]}", processes[name], own / "log")
        wait_until(lambda: all(listens(port) for port in ports.values()), 30)
        yield ports, keys.token(data, "street:guanshang")
    finally:
        end(processes)


def measured(ports: Mapping[str, int], token: str, wrk: str, seconds: float, rounds: int) -> bool:
    """Whether it is within the limits."""
    rates: dict[str, list[float]] = {name: [] for name in ("nginx", "bare", "gateway", "both")}
    for _ in range(rounds):
        for name in ("nginx", "bare", "gateway"):
            rates[name].append(rate(asking(wrk, ports[name], token, seconds)))
        both = [asking(wrk, ports[name], token, seconds) for name in ("gateway", "second")]
        rates["both"].append(sum(rate(each) for each in both))
    middle = {name: statistics.median(said) for name, said in rates.items()}
    for name, said in middle.items():
        print(f"{name}: {said:,.0f}/s ({', '.join(f'{one:,.0f}' for one in rates[name])})")

    def of(name: str, other: str) -> float:
        """Of neighbours in time, so that what else the machine does weighs on both."""
        return statistics.median(a / b for a, b in zip(rates[name], rates[other], strict=True))

    of_bare, of_nginx, of_one = (
        of(*pair) for pair in (("gateway", "bare"), ("gateway", "nginx"), ("both", "gateway"))
    )
    print(
        f"gateway: {of_bare:.2f} of the bare proxy (wanted {OF_BARE}), {of_nginx:.2f} of nginx (wanted {OF_NGINX})"
    )
    cores = len(os.sched_getaffinity(0))
    enough = cores >= CORES
    judged = f"wanted {OF_ONE}" if enough else f"not judged: {cores} cores, it takes {CORES}"
    print(f"two gateways: {of_one:.2f} of one ({judged})")
    return of_bare >= OF_BARE and of_nginx >= OF_NGINX and (of_one >= OF_ONE or not enough)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=5)
    said = parser.parse_args()
    program, wrk = tools()
    with tempfile.TemporaryDirectory(prefix="gongzhi-bench-") as folder:
        with standing(Path(folder), program) as (ports, token):
            return 0 if measured(ports, token, wrk, said.seconds, said.rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
