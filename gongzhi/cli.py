"""`gongzhi`: run the whole platform or one service, make a token, play the demo, import a table, verify trails.

Server code is loaded only by the commands that serve: the others answer in a second.
"""

import argparse
import gc
import io
import os
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import uvloop

from chassis.settings import Misconfigured, Settings
from chassis.settings import settings as told

from . import (
    backup,
    calendar_check,
    catch_up,
    folders,
    imports,
    keys,
    offices,
    parked,
    refold,
    replay,
    rotation,
    verify,
    verify_draw,
    verify_minutes,
)
from .office import Refused
from .parser import MISTAKEN, Parser, Version
from .roster import CONSOLE, GATEWAY, SERVICES

DATA = Path("data")
HERE = "http://127.0.0.1:8000"
OURS_ALONE = 0o077
"""Permissions that files and folders are created without: only the user running the platform may read its data."""


def main(argv: Sequence[str] | None = None) -> int:
    """0, or 1 where a check found something, or 2 where an operator has to mend something first."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that has no Chinese
    asked = _parser().parse_args(argv)
    try:
        return int(asked.does(asked) or 0)
    except Misconfigured as mistake:
        print(f"gongzhi: {mistake}", file=sys.stderr)
    except aiohttp.ClientConnectionError:
        print(f"gongzhi: --url {asked.url} 连接不上：平台没有运行，或地址有误", file=sys.stderr)
    except Refused as refused:
        print(f"gongzhi: --url {asked.url}：{refused}", file=sys.stderr)
    except aiohttp.ClientResponseError:
        print(f"gongzhi: --url {asked.url} 答复的不是共治平台，请检查地址", file=sys.stderr)
    return MISTAKEN


def _port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"应为 0 到 65535 的端口号，不是 {text}")
    return int(text)


def _address(text: str) -> str:
    """Of a platform: what is asked for follows it, so that it ends without a slash."""
    try:
        said = urlsplit(text)
        good = said.scheme in ("http", "https") and said.hostname and said.port != 0
    except ValueError:
        good = False
    if not good or said.query or said.fragment:
        raise argparse.ArgumentTypeError(f"应为平台的网址，例如 {HERE}，不是 {text}")
    return text.rstrip("/")


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="gongzhi", description="共治：一个区的社会治理平台")
    parser.add_argument("--version", action=Version, nargs=0, help="which one this is")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="serve the whole platform on one port")
    run.add_argument("--port", type=_port, default=8000)
    run.add_argument("--host", default="127.0.0.1")
    run.add_argument("--data-dir", type=Path, default=DATA)
    run.add_argument("--sandbox", action="store_true", help="with a partner and invented cases")
    run.set_defaults(does=_run)

    one = commands.add_parser("serve", help="serve one service, the gateway, or the console, alone")
    one.add_argument("service", choices=[*SERVICES, GATEWAY, CONSOLE])
    one.add_argument("--port", type=_port, default=8000)
    one.add_argument("--host", default="0.0.0.0")
    one.set_defaults(does=_serve)

    _add_trying(commands)
    _add_import(commands)
    _add_parked(commands)
    _add_keeping(commands)
    _add_keys(commands)
    _add_checks(commands)
    return parser


def _add_trying(commands: "argparse._SubParsersAction[Parser]") -> None:
    token = commands.add_parser("token", help="an access token of the built-in issuer")
    token.add_argument("acts_as", help="e.g. street:guanshang, command_centre, department:water")
    token.add_argument("--scope", help="instead of everything this subject can use")
    token.add_argument("--data-dir", type=Path, default=DATA)
    token.set_defaults(does=_token)

    play = commands.add_parser(
        "demo", help="play a need to the street's scorecard, another to a lifted restriction"
    )
    play.add_argument("--url", type=_address, help="a running platform; without it, one of its own")
    play.add_argument("--data-dir", type=Path, default=DATA, help="of the running platform")
    play.set_defaults(does=_play)


def _add_import(commands: "argparse._SubParsersAction[Parser]") -> None:
    takes = commands.add_parser("import", help="check a table, CSV or XLSX, and enter it")
    takes.add_argument(
        "table",
        choices=imports.TABLES,
        help="which; its columns, empty or as it stands: GET …/TABLE/import/template and …/current",
    )
    takes.add_argument("file", type=Path)
    takes.add_argument(
        "--as",
        dest="acts_as",
        default=imports.ADMIN,
        help="who brings it: catalogues finance, needs a street, applications a supplier",
    )
    takes.add_argument("--reason", required=True, help="kept with every entry")
    takes.add_argument("--enter", action="store_true", help="not only check: enter, if all is good")
    takes.add_argument("--url", type=_address, default=HERE)
    takes.add_argument("--data-dir", type=Path, default=DATA)
    takes.set_defaults(does=_import)


def _add_parked(commands: "argparse._SubParsersAction[Parser]") -> None:
    lies = commands.add_parser("parked", help="messages that a consumer gave up, and what to do")
    lies.add_argument("queue", nargs="?", help="e.g. whistle; without it, how many lie where")
    lies.add_argument("settle", nargs="?", choices=["list", "replay", "discard"], default="list")
    lies.add_argument("marks", nargs="*", metavar="MARK", help="as `list` shows them")
    lies.add_argument("--reason", default="", help="kept with what is done")
    lies.add_argument("--url", type=_address, default=HERE)
    lies.add_argument("--data-dir", type=Path, default=DATA)
    lies.set_defaults(does=_parked)


def _add_keeping(commands: "argparse._SubParsersAction[Parser]") -> None:
    """What is kept against loss, how it comes back, and how it goes on after an upgrade."""
    copies = commands.add_parser("backup", help="copy everything as it is now; it goes on running")
    copies.add_argument("folder", type=Path)
    copies.add_argument("--data-dir", type=Path, default=DATA)
    copies.set_defaults(does=lambda asked: backup.back_up(asked.folder, asked.data_dir))

    back = commands.add_parser("restore", help="put a backup where nothing is")
    back.add_argument("folder", type=Path)
    back.add_argument("services", nargs="*", help="these alone; without them, everything")
    back.add_argument("--data-dir", type=Path, default=DATA)
    back.set_defaults(
        does=lambda asked: backup.restore(asked.folder, asked.services, asked.data_dir)
    )

    again = commands.add_parser("catch-up", help="fill a service set back alone from the journal")
    again.add_argument("service", choices=SERVICES)
    again.add_argument("--reason", required=True, help="kept with what is done")
    again.add_argument("--url", type=_address, default=HERE)
    again.add_argument("--data-dir", type=Path, default=DATA)
    again.set_defaults(
        does=lambda asked: catch_up.run(
            asked.url, keys.of_a_platform(asked.data_dir), asked.service, asked.reason
        )
    )

    anew = commands.add_parser(
        "refold", help="after an upgrade: make anew from its trail what no longer follows from it"
    )
    anew.add_argument("--url", type=_address, default=HERE)
    anew.add_argument("--data-dir", type=Path, default=DATA)
    anew.set_defaults(does=lambda asked: refold.run(asked.url, keys.of_a_platform(asked.data_dir)))


def _add_keys(commands: "argparse._SubParsersAction[Parser]") -> None:
    held = commands.add_parser("keys", help="what trails are marked and people are sealed with")
    asks = held.add_subparsers(required=True, metavar="COMMAND")
    newer = asks.add_parser("rotate", help="a newer key; what is sealed is sealed again by and by")
    newer.add_argument("which", nargs="*", help="trail, reporters; without it, both")
    newer.add_argument("--data-dir", type=Path, default=DATA)
    newer.set_defaults(does=lambda asked: rotation.rotate(asked.which, asked.data_dir))
    look = asks.add_parser("status", help="which keys there are, and how much is under each")
    look.add_argument("--url", type=_address, default=HERE)
    look.add_argument("--data-dir", type=Path, default=DATA)
    look.set_defaults(
        does=lambda asked: rotation.status(asked.url, keys.of_a_platform(asked.data_dir))
    )


def _add_checks(commands: "argparse._SubParsersAction[Parser]") -> None:
    """What only looks."""
    calendar = commands.add_parser("calendar", help="what a year file of the calendar changes")
    asks = calendar.add_subparsers(required=True, metavar="COMMAND")
    file = asks.add_parser("check", help="days off, weekends worked, and what differs")
    file.add_argument(
        "file", type=Path, help="2027.csv; in each line: 2027-01-01,holiday|workday,name"
    )
    file.set_defaults(does=lambda asked: calendar_check.check(asked.file))

    again = commands.add_parser("replay", help="make a service's figures anew from the journal")
    again.add_argument("service", choices=["index"], help="the streets' scorecards, digit by digit")
    again.add_argument("--url", type=_address, default=HERE)
    again.add_argument("--data-dir", type=Path, default=DATA)
    again.set_defaults(does=lambda asked: replay.run(asked.url, keys.of_a_platform(asked.data_dir)))

    check = commands.add_parser(
        "verify", help="verify every trail, and its end against the journal"
    )
    check.add_argument("--url", type=_address, default=HERE)
    check.add_argument("--data-dir", type=Path, default=DATA)
    check.set_defaults(does=lambda asked: verify.run(asked.url, keys.of_a_platform(asked.data_dir)))
    files = check.add_subparsers(metavar="COMMAND")
    draw = files.add_parser("draw", help="draw again from a file of a draw, without the platform")
    draw.add_argument("file", type=Path)
    draw.set_defaults(does=lambda asked: verify_draw.run(asked.file))
    minutes = files.add_parser("minutes", help="check a file of minutes, without the platform")
    minutes.add_argument("file", type=Path)
    minutes.add_argument("--seal", help="of its first line, as it was told when the session ended")
    minutes.set_defaults(does=lambda asked: verify_minutes.run(asked.file, asked.seal))


def _run(asked: argparse.Namespace) -> None:
    os.umask(OURS_ALONE)
    gc.disable()  # until it serves: what is loaded and built by then is there to stay
    from . import names, sandbox

    names.look(os.environ)
    settings = (sandbox if asked.sandbox else keys).settings_for(asked.data_dir)
    keys.console_key(asked.data_dir)  # one that is damaged is said before anything is opened
    with folders.alone_in(asked.data_dir):
        folders.usable(settings)
        _run_alone(asked, settings)


def _run_alone(asked: argparse.Namespace, settings: Settings) -> None:
    from . import compose, consoles, sandbox
    from .serving import listening, serve, server

    opened = listening(asked.host, asked.port)
    built = compose.runtime(settings, "gongzhi")
    process, app = compose.all_in_one(built)
    port = opened.getsockname()[1]
    base = f"http://{asked.host}:{port}"
    gateway, app = consoles.beside(app, asked.data_dir, asked.host, port, built.telemetry)
    program = _program()
    print(
        f"共治 Gongzhi  {base}\n"
        f"  工作台 console  {base}/\n"
        f"  就绪 ready      {base}/readyz\n"
        f"  接口 API        {base}/openapi.json\n"
        f"  规则 rules      {base}/api/v1/whistle/rules\n"
        f"  令牌 token      {program} token street:guanshang --data-dir {asked.data_dir}\n"
        f"  演示 demo       {program} demo --url {base} --data-dir {asked.data_dir}",
        flush=True,
    )
    door = server(app, asked.host, asked.port)
    level = settings.log_level if "log_level" in settings.model_fields_set else "warning"
    serving = consoles.closing(serve(door, process, opened, log_level=level), gateway)
    if asked.sandbox:
        serving = sandbox.beside(serving, base, asked.data_dir)
    _until_stopped(serving)


def _program() -> str:
    """As it was called, to be called again."""
    own = sys.argv[0]
    return f"{sys.executable} -m gongzhi" if own.endswith("__main__.py") else own


def _serve(asked: argparse.Namespace) -> None:
    from . import names

    names.look(os.environ)
    if asked.service == CONSOLE:
        _serve_console(asked)
        return
    gc.disable()  # until it serves: what is loaded and built by then is there to stay
    from . import compose
    from .serving import listening, serve, server

    settings = told()
    folders.usable(settings)
    process, app = compose.one_service(compose.runtime(settings, asked.service), asked.service)
    opened = listening(asked.host, asked.port)
    door = server(app, asked.host, asked.port, settings.forwarded_by)
    _until_stopped(serve(door, process, opened, log_level=settings.log_level))


def _serve_console(asked: argparse.Namespace) -> None:
    from console.main import build
    from console.settings import ConsoleSettings

    from . import consoles
    from .serving import listening, server

    settings = consoles.told(ConsoleSettings)
    telemetry = consoles.telemetry(settings)
    gateway, app = build(
        settings.gateway_url, settings.key, telemetry, settings.limits, client=settings.client()
    )
    door = server(app, asked.host, asked.port, settings.forwarded_by)
    opened = listening(asked.host, asked.port)
    looking = consoles.keep_telling(app, telemetry)
    _until_stopped(consoles.serve_alone(door, gateway, opened, settings.log_level, looking))


def _token(asked: argparse.Namespace) -> None:
    data = keys.of_an_issuer(asked.data_dir)
    made = keys.token(data, asked.acts_as, asked.scope)
    offices.look_at(data, asked.acts_as, asked.scope)
    print(made)


def _play(asked: argparse.Namespace) -> int:
    from . import demo

    data = keys.of_a_platform(asked.data_dir) if asked.url else asked.data_dir
    return demo.play(asked.url, data)


def _import(asked: argparse.Namespace) -> int:
    data = keys.of_a_platform(asked.data_dir)
    return imports.run(
        asked.url,
        data,
        asked.table,
        asked.file,
        asked.reason,
        enter=asked.enter,
        acts_as=asked.acts_as,
    )


def _parked(asked: argparse.Namespace) -> int:
    data = keys.of_a_platform(asked.data_dir)
    return parked.run(asked.url, data, asked.queue, asked.settle, asked.marks, asked.reason)


def _until_stopped(serving: Coroutine[Any, Any, None]) -> None:
    uvloop.run(serving)


if __name__ == "__main__":
    sys.exit(main())
