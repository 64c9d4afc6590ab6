"""An operator's mistakes: one line on stderr that names the setting and the remedy, and nothing has begun."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from chassis.settings import Misconfigured, Settings
from chassis.settings import settings as told_settings
from console.settings import ConsoleSettings
from gongzhi import keys
from gongzhi.cli import main
from gongzhi.folders import alone_in
from gongzhi.names import look
from gongzhi.roster import SERVICES
from tests.support import warm
from tests.support.platform import ROOT, all_in_one, fork, with_only
from tests.support.ports import free_port, wait_until

KEY = "ab" * 32
ADDRESSES = json.dumps({name: f"http://{name}" for name in SERVICES})

SIGNING_IN = ConsoleSettings.model_fields
NO_PEM = Path(__file__)
ONE_SERVICE = '{"housing":"http://h"}'


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Those of a service that would start."""
    for name in [name for name in os.environ if name.startswith("GONGZHI_")]:
        monkeypatch.delenv(name)
    known = keys.settings_for(tmp_path / "platform")
    return {
        "GONGZHI_STORE_URL": f"sqlite://{tmp_path}/stores",
        "GONGZHI_BUS_URL": f"local://{tmp_path}/bus.db",
        "GONGZHI_TRAIL_KEY": KEY,
        "GONGZHI_JWKS": str(known.jwks),
        "GONGZHI_SERVICES": ADDRESSES,
    }


def told(argv: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one line."""
    try:
        code = main(argv)
    except SystemExit as end:
        code = int(str(end.code))
    said = capsys.readouterr()
    assert code == 2, (code, said)
    assert said.out == "" and len(said.err.splitlines()) == 1, said
    return said.err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GONGZHI_STORE_URL", None),
        ("GONGZHI_BUS_URL", None),
        ("GONGZHI_TRAIL_KEY", None),
        ("GONGZHI_JWKS", None),
        ("GONGZHI_STORE_URL", ""),
        ("GONGZHI_STORE_URL", "data"),
        ("GONGZHI_STORE_URL", "postgres://db"),
        ("GONGZHI_STORE_URL", "mongodb://"),
        ("GONGZHI_STORE_URL", "mongodb://h:port/gongzhi"),
        ("GONGZHI_STORE_URL", "mongodb://u:p@ss:w@h/gongzhi"),
        ("GONGZHI_STORE_URL", "mongodb://h/a b$c"),
        ("GONGZHI_STORE_URL", "mongodb://h/gongzhi?tls=maybe"),
        ("GONGZHI_STORE_URL", f"mongodb://h/{'g' * 50}"),
        ("GONGZHI_REPORTERS_URL", f"mongodb://h/{'治' * 17}"),
        ("GONGZHI_STORE_URL", "mongodb://h/gongzhi?ssl_ca=/etc/ca.pem"),
        ("GONGZHI_STORE_URL", "mongodb://h/gongzhi?tls=true&tlsCAFile=/nowhere/ca.pem"),
        ("GONGZHI_STORE_URL", f"mongodb://h/gongzhi?tls=true&tlsCAFile={NO_PEM}"),
        ("GONGZHI_BUS_URL", "rabbit"),
        ("GONGZHI_BUS_URL", "ampq://broker"),
        ("GONGZHI_BUS_URL", "amqps://one,amqp://two"),
        ("GONGZHI_BUS_URL", "amqp://one,amqp://"),
        ("GONGZHI_BUS_URL", "local:///bus.db,amqp://two"),
        ("GONGZHI_BUS_URL", "local:///proc/nowhere/bus.db"),
        ("GONGZHI_BUS_URL", "amqp://h:99999/gongzhi"),
        ("GONGZHI_BUS_URL", "amqp://one,amqp://two:port"),
        ("GONGZHI_BUS_URL", "amqp://[::1/gongzhi"),
        ("GONGZHI_BUS_URL", "amqps://h/gongzhi?cafile=/nowhere/ca.pem"),
        ("GONGZHI_BUS_URL", f"amqps://h/gongzhi?cafile={NO_PEM}"),
        ("GONGZHI_PARTNERS_URL", "amqp://h:port/partners"),
        ("GONGZHI_TRAIL_KEY", "abcd"),
        ("GONGZHI_TRAIL_KEY", ""),
        ("GONGZHI_TRAIL_KEY", "zz" * 32),
        ("GONGZHI_TRAIL_KEY", "ab" * 33),
        ("GONGZHI_REPORTERS_KEY", "ab" * 16),
        ("GONGZHI_REPORTERS_URL", "reporters"),
        ("GONGZHI_JWKS", "/nowhere/jwks.json"),
        ("GONGZHI_JWKS", "https://host:port/jwks"),
        ("GONGZHI_JWKS", "https://[host/jwks"),
        ("GONGZHI_TICK", "0"),
        ("GONGZHI_TICK", "-1"),
        ("GONGZHI_TICK", "soon"),
        ("GONGZHI_TICK", "inf"),
        ("GONGZHI_ISSUER", "gong\u200bzhi"),
        ("GONGZHI_SERVICES", ADDRESSES.replace("http://whistle", "http://whistle\u202e")),
        ("GONGZHI_SWEEP_AFTER", "0"),
        ("GONGZHI_OUTBOX_BOUND", "0"),
        ("GONGZHI_BODIES_BOUND", "1000000"),
        ("GONGZHI_LIMIT_SUBJECT", "often"),
        ("GONGZHI_LIMIT_SUBJECT", "0/minute"),
        ("GONGZHI_LIMIT_ADDRESS", "0/second"),
        ("GONGZHI_CORS", "https://front.example/app"),
        ("GONGZHI_CORS", "*"),
        ("GONGZHI_CORS", "https://front.example:port"),
        ("GONGZHI_CORS", "https://[front"),
        ("GONGZHI_MESSENGER_URL", "sms.example"),
        ("GONGZHI_MESSENGER_SECRET", "whsec_short"),
        ("GONGZHI_LIMIT_ADDRESS", "0/minute/x"),
        ("GONGZHI_WEBHOOK_NETWORKS", "10.0.0.0/8,here"),
        ("GONGZHI_LOG_LEVEL", "loud"),
        ("GONGZHI_MONGO_DRIVER", "mongoose"),
        ("GONGZHI_FORWARDED_BY", "ingress"),
        ("GONGZHI_OTLP_ENDPOINT", "collector:4318"),
        ("GONGZHI_OTLP_ENDPOINT", "http://the collector:4318"),
        ("GONGZHI_SERVICES", "{"),
        ("GONGZHI_SERVICES", ADDRESSES.replace("whistle", "wistle")),
        ("GONGZHI_SERVICES", ADDRESSES.replace("http://index", "index:8000")),
        ("GONGZHI_SERVICES", ADDRESSES.replace("http://index", "http://index:port")),
        ("GONGZHI_SERVICES", ONE_SERVICE),
    ],
)
def test_a_setting_that_is_missing_or_wrong_is_named(
    settings: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    value: str | None,
) -> None:
    for known, usual in settings.items():
        monkeypatch.setenv(known, usual)
    if value is None:
        monkeypatch.delenv(name)
    else:
        monkeypatch.setenv(name, value)
    line = told(["serve", "gateway", "--port", str(free_port())], capsys)
    assert name in line and KEY not in line
    assert ("缺少" in line) == (not value or value == ONE_SERVICE), line
    assert ("wistle" in line) == ("wistle" in str(value)), line
    assert value in (None, "", "{") or "KEY" not in name or value not in line


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"keys": "x"}', '{"keys": [{"kty": "EC"}]}', "\x00"]
)
def test_a_file_that_holds_no_keys_of_an_issuer_is_named(
    settings: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    content: str,
) -> None:
    """It came up, was ready, and refused every token."""
    file = tmp_path / "jwks.json"
    file.write_text(content, encoding="utf-8")
    for name, value in {**settings, "GONGZHI_JWKS": str(file)}.items():
        monkeypatch.setenv(name, value)
    line = told(["serve", "housing", "--port", "0"], capsys)
    assert str(file) in line and "JWKS" in line


def test_a_role_that_stands_for_a_scope_nobody_knows_is_named(
    settings: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    file = tmp_path / "issuers.json"
    scopes = {"clerk": ["whistle:read", "wistle:write"]}
    file.write_text(json.dumps([{"issuer": "https://sso.example", "scopes": scopes}]), "utf-8")
    for name, value in {**settings, "GONGZHI_ISSUERS": str(file)}.items():
        monkeypatch.setenv(name, value)
    line = told(["serve", "housing", "--port", "0"], capsys)
    assert "GONGZHI_ISSUERS" in line and "wistle:write" in line and "whistle:write" in line


def test_a_space_around_a_setting_is_no_part_of_it(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, f" {value}\u3000")
    monkeypatch.setenv("GONGZHI_ISSUER", "gongzhi ")
    monkeypatch.setenv("GONGZHI_SERVICES", ADDRESSES.replace("http://whistle", " http://whistle"))
    given = told_settings()
    assert (given.store_url, given.issuer) == (settings["GONGZHI_STORE_URL"], "gongzhi")
    assert (
        given.trail_secret == bytes.fromhex(KEY) and given.services["whistle"] == "http://whistle"
    )


def test_a_space_behind_a_comma_is_no_part_of_what_follows(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GONGZHI_CORS", "https://a.example, https://b.example ,")
    monkeypatch.setenv("GONGZHI_WEBHOOK_NETWORKS", "10.0.0.0/8, 10.1.2.3")
    given = told_settings()
    assert given.origins == ("https://a.example", "https://b.example")
    assert [str(one) for one in given.may_be_told] == ["10.0.0.0/8", "10.1.2.3/32"]


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("GONGZHI_LIMT_SUBJECT", "GONGZHI_LIMIT_SUBJECT"),
        ("GONGZHI_TRAIL_KEYFILE", "GONGZHI_TRAIL_KEY_FILE"),
        ("GONGZHI_WEBHOOK_NETWORK", "GONGZHI_WEBHOOK_NETWORKS"),
        ("gongzhi_calender", "GONGZHI_CALENDAR"),
        ("GONGZHI_OIDC_ISUER", "GONGZHI_OIDC_ISSUER"),
        ("GONGZHI_TRACES", "deploy/README.md"),
    ],
)
@pytest.mark.parametrize("argv", [["run"], ["serve", "gateway"], ["serve", "console"]])
def test_a_setting_that_nobody_knows_ends_the_start_with_the_nearest(
    settings: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    argv: list[str],
    name: str,
    nearest: str,
) -> None:
    monkeypatch.setenv(name, "10.0.0.0/8")
    folder = tmp_path / "new"
    where = ["--data-dir", str(folder)] if argv == ["run"] else []
    line = told([*argv, "--port", "0", *where], capsys)
    assert name in line and nearest in line and "10.0.0.0" not in line
    assert not folder.exists()


def test_what_other_programs_and_a_cluster_say_is_no_setting_of_ours() -> None:
    said = (
        *(f"GONGZHI_{name.upper()}" for name in {**Settings.model_fields, **SIGNING_IN}),
        "GONGZHI_TEST_AMQP_URL",
        "GONGZHI_TEST_MONGO_URL",
        "GONGZHI_WHISTLE_SERVICE_HOST",
        "GONGZHI_WHISTLE_SERVICE_PORT_HTTP",
        "GONGZHI_WHISTLE_PORT",
        "GONGZHI_WHISTLE_PORT_8000_TCP_ADDR",
        "PATH",
    )
    look(said)
    with pytest.raises(Misconfigured, match="GONGZHI_TICKS"):
        look([*said, "GONGZHI_TICKS"])


def test_whistle_alone_needs_a_place_for_reporters(
    settings: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for known, usual in settings.items():
        monkeypatch.setenv(known, usual)
    assert "GONGZHI_REPORTERS_URL" in told(["serve", "whistle", "--port", "0"], capsys)


@pytest.mark.parametrize("port", ["99999", "-1", "http", "８０", ""])
def test_a_port_out_of_range_is_named(capsys: pytest.CaptureFixture[str], port: str) -> None:
    assert "--port" in told(["run", f"--port={port}"], capsys)


@pytest.mark.parametrize(
    "argv", [[], ["rum"], ["serve", "whistel"], ["token"], ["run", "--colour"]]
)
def test_a_command_that_is_not_there_is_one_line(
    capsys: pytest.CaptureFixture[str], argv: list[str]
) -> None:
    assert "--help" in told(argv, capsys)


def test_a_port_that_is_taken_is_named(
    settings: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert port in told(["run", "--port", port, "--data-dir", str(tmp_path / "d")], capsys)


@pytest.mark.parametrize("what", ["a file", "under a file", "read-only"])
def test_a_data_folder_that_cannot_be_used_is_named(
    settings: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    places = {
        "a file": tmp_path / "file",
        "under a file": tmp_path / "file" / "data",
        "read-only": Path("/proc/gongzhi"),
    }
    assert "--data-dir" in told(["run", "--port", "0", "--data-dir", str(places[what])], capsys)


def test_a_data_folder_that_another_runs_on_is_named(
    settings: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "platform"
    with alone_in(data):
        line = told(["run", "--port", "0", "--data-dir", str(data)], capsys)
    assert str(data) in line and "另一个" in line
    with alone_in(data):
        pass  # and free again


@pytest.mark.parametrize("setting", ["GONGZHI_STORE_URL", "GONGZHI_REPORTERS_URL"])
def test_a_store_that_cannot_be_written_is_named(
    settings: dict[str, str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    setting: str,
) -> None:
    for name, value in {**settings, "GONGZHI_REPORTERS_KEY": KEY}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GONGZHI_REPORTERS_URL", settings["GONGZHI_STORE_URL"])
    monkeypatch.setenv(setting, "sqlite:////proc/gongzhi")
    line = told(["serve", "whistle", "--port", "0"], capsys)
    assert setting in line and "/proc/gongzhi" in line


@pytest.mark.parametrize("does", ["replay", "discard"])
@pytest.mark.parametrize("queue", ["whistle", "nosuch"])
def test_what_is_done_with_parked_messages_wants_its_reason(
    settings: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    queue: str,
    does: str,
) -> None:
    argv = ["parked", queue, does, "x", "--data-dir", str(tmp_path / "platform")]
    assert "--reason" in told(argv, capsys)


@pytest.mark.parametrize("name", ["issuer.json", "trail.key", "reporters.key"])
@pytest.mark.parametrize("content", ["", "{", "abcd"])
def test_a_damaged_key_file_is_named_and_left_alone(
    settings: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    content: str,
) -> None:
    file = tmp_path / "platform" / "keys" / name
    file.write_text(content, encoding="utf-8")
    argv = ["run", "--port", "0", "--data-dir", str(tmp_path / "platform")]
    assert str(file) in told(argv, capsys)
    assert file.read_text(encoding="utf-8") == content


@pytest.mark.parametrize("command", [["verify"], ["demo"]])
def test_nothing_at_the_address_is_one_line(
    settings: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    where = ["--url", url, "--data-dir", str(tmp_path / "platform")]
    assert url in told([*command, *where], capsys)


COMMANDS = (["verify"], ["keys", "status"], ["replay", "index"], ["demo"])


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    "url", ["localhost:18077", "ftp://x", "//x", "http://", "http://x:port", "http://x/?a=b", ""]
)
def test_an_address_that_is_none_is_one_line(
    capsys: pytest.CaptureFixture[str], command: list[str], url: str
) -> None:
    assert "--url" in told([*command, "--url", url], capsys)


@pytest.mark.parametrize("command", COMMANDS[:3])
def test_an_address_may_end_with_a_slash_and_another_s_answer_is_one_line(
    settings: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
) -> None:
    asked: list[str] = []

    class Other(BaseHTTPRequestHandler):
        """A server that answers everything, and is no platform."""

        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(404 if len(asked) == 1 else 200)
            self.send_header("content-type", "application/json" if len(asked) == 1 else "text/html")
            self.end_headers()
            self.wfile.write(b'{"detail": "\\u6ca1\\u6709"}')

        def log_message(self, *_: Any) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Other) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        where = [
            f"http://127.0.0.1:{server.server_port}/",
            "--data-dir",
            str(tmp_path / "platform"),
        ]
        assert "404 没有" in told([*command, "--url", *where], capsys)
        assert "不是共治平台" in told([*command, "--url", *where], capsys)
        server.shutdown()
    assert not any(path.startswith("//") for path in asked)


@pytest.mark.parametrize(
    "argv", [["token", "command_centre"], ["verify"], ["demo", "--url", "http://127.0.0.1:9"]]
)
def test_a_folder_that_is_no_platforms_is_said_and_no_keys_are_made(
    settings: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], argv: list[str]
) -> None:
    folder = tmp_path / "elsewhere"
    assert "gongzhi run" in told([*argv, "--data-dir", str(folder)], capsys)
    assert not folder.exists()


@pytest.mark.parametrize("who", ["king", "street", "street:", "", "supplier", "expert:"])
def test_a_token_for_nobody_is_refused_with_who_there_is(
    settings: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], who: str
) -> None:
    line = told(["token", who, "--data-dir", str(tmp_path / "platform")], capsys)
    assert "street:<代码>" in line and "command_centre" in line


@pytest.mark.parametrize(
    ("argv", "text"),
    [
        (["street:nope"], "street:nope"),
        (["community:nope"], "community:nope"),
        (["department:nope"], "department:nope"),
        (["finance", "--scope", "bogus"], "bogus"),
        (["finance", "--scope", "whistle:read whistle:everything"], "whistle:everything"),
    ],
)
def test_a_token_that_would_open_nothing_is_refused(
    settings: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    argv: list[str],
    text: str,
) -> None:
    data = tmp_path / "platform"
    for file, table, code in (("housing", "communities", "haihua"), ("whistle", "units", "water")):
        with sqlite3.connect(data / f"{file}.db") as db:
            db.execute(f"CREATE TABLE {table} (id)")
            db.execute(f"INSERT INTO {table} VALUES (?)", [code])
    where = ["--data-dir", str(data)]
    assert text in told(["token", *argv, *where], capsys)
    for good in ("street:guanshang", "community:haihua", "department:water", "supplier:any"):
        assert main(["token", good, "--scope", "whistle:read reporter:read", *where]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["GONGZHI_JWKS", "GONGZHI_ISSUERS"])
def test_where_another_issuer_s_tokens_are_taken_none_are_made(
    settings: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    data = tmp_path / "platform"
    keys.settings_for(data)
    monkeypatch.setenv(name, settings["GONGZHI_JWKS"])
    line = told(["token", "finance", "--data-dir", str(data)], capsys)
    assert settings["GONGZHI_JWKS"] in line and "内置签发方未启用" in line


# Processes


def test_two_that_make_the_keys_at_once_make_the_same(tmp_path: Path) -> None:
    command = (
        "import sys; from pathlib import Path; from gongzhi import keys; "
        "print(keys.settings_for(Path(sys.argv[1])).trail_secret.hex())"
    )
    folder = str(tmp_path / "new")
    both = [
        subprocess.Popen([sys.executable, "-c", command, folder], cwd=ROOT, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    said = {process.communicate(timeout=60)[0] for process in both}
    assert len(said) == 1 and all(process.returncode == 0 for process in both)


def test_a_damaged_store_ends_the_start_with_file_and_reason(tmp_path: Path) -> None:
    data = tmp_path / "data"
    keys.settings_for(data)
    (data / "whistle.db").write_bytes(b"no database " * 1000)
    done = warm.run(["gongzhi", "run", "--port", "0", "--data-dir", str(data)], env=with_only())
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert "whistle.db" in line and "已损坏" in line


def lives(port: int) -> bool:
    """It serves, and so minds signals."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_process_that_cannot_open_its_file_ends_when_told(
    tmp_path: Path, ending: signal.Signals
) -> None:
    """As when a backup holds the file."""
    data, log = tmp_path / "data", tmp_path / "log"
    keys.settings_for(data)
    with sqlite3.connect(data / "housing.db", isolation_level=None) as held:
        held.execute("CREATE TABLE t (x)")
        held.execute("BEGIN EXCLUSIVE")
        port = free_port()
        process = fork(["run", "--port", str(port), "--data-dir", str(data)], {}, log)
        assert wait_until(lambda: lives(port), 60)
        time.sleep(1)  # and it has tried the file
        process.send_signal(ending)
        process.wait(25)
        held.execute("ROLLBACK")
    assert process.returncode == 0


def test_a_file_damaged_while_it_runs_is_not_a_fault(tmp_path: Path) -> None:
    with all_in_one(tmp_path / "data") as platform:
        token = keys.token(platform.data, "district_admin")
        for file in platform.data.glob("housing.db*"):
            file.write_bytes(b"\x00 no database " * 5000)
        request = urllib.request.Request(
            platform.url + "/api/v1/housing/communities",
            headers={"Authorization": f"Bearer {token}"},
        )
        with pytest.raises(urllib.error.HTTPError) as answer:
            urllib.request.urlopen(request, timeout=20)
        with answer.value:
            assert answer.value.code == 503


def test_port_0_is_said_as_it_is_and_everything_logged_is_json(tmp_path: Path) -> None:
    log = tmp_path / "log"
    told = {"GONGZHI_LOG_LEVEL": "info", "GONGZHI_OTLP_ENDPOINT": "http://127.0.0.1:9/none"}
    with log.open("wb") as output:
        process = subprocess.Popen(  # Really: what Python's own streams make of it is asked, too.
            [
                sys.executable,
                "-m",
                "gongzhi",
                "run",
                "--port",
                "0",
                "--data-dir",
                tmp_path / "data",
            ],
            env=with_only(told),
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.PIPE,
        )
    try:
        end = time.monotonic() + 120
        while time.monotonic() < end and b"openapi.json" not in log.read_bytes():
            time.sleep(0.1)
        first = log.read_text(encoding="utf-8").splitlines()[0]
        port = int(first.rpartition(":")[2])
        assert port > 0
        while time.monotonic() < end:
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        time.sleep(2)
    finally:
        process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate(timeout=120)
    assert process.returncode == 0 and stderr == b""
    lines = log.read_text(encoding="utf-8").splitlines()
    logged = [line for line in lines if not line.startswith(("共治", "  "))]
    assert logged and all(isinstance(json.loads(line), dict) for line in logged), logged


def test_what_is_kept_is_for_its_owner_to_read(tmp_path: Path) -> None:
    with all_in_one(tmp_path / "data"):
        kept = [tmp_path / "data", *(tmp_path / "data").rglob("*")]
        assert {"whistle.db", "bus.db", "reporters.db"} <= {one.name for one in kept}
        assert [one.name for one in kept if one.stat().st_mode & 0o077] == []
