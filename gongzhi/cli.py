"""`gongzhi`: run the whole platform, serve one service, make a demo token, play the demo, verify trails."""

import argparse
import os
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

import uvloop

from chassis.settings import Settings

from . import compose, demo, keys, verify
from .serving import serve, server

DATA = Path("data")


def main(argv: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(argv)
    outcome = asked.does(asked)
    return int(outcome or 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gongzhi", description="共治：一个区的社会治理平台")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="serve the whole platform on one port")
    run.add_argument("--port", type=int, default=8000)
    run.add_argument("--host", default="127.0.0.1")
    run.add_argument("--data-dir", type=Path, default=DATA)
    run.set_defaults(does=_run)

    one = commands.add_parser("serve", help="serve one service, or the gateway, alone")
    one.add_argument("service", choices=[*compose.SERVICES, compose.GATEWAY])
    one.add_argument("--port", type=int, default=8000)
    one.add_argument("--host", default="0.0.0.0")
    one.set_defaults(does=_serve)

    token = commands.add_parser("token", help="an access token of the built-in issuer")
    token.add_argument("acts_as", help="e.g. street:guanshang, command_centre, department:water")
    token.add_argument("--scope", help="instead of everything this subject can use")
    token.add_argument("--data-dir", type=Path, default=DATA)
    token.set_defaults(does=_token)

    play = commands.add_parser("demo", help="play a need through to the street's scorecard")
    play.add_argument("--url", help="a running platform; without it, one of its own")
    play.add_argument("--data-dir", type=Path, default=DATA, help="of the running platform")
    play.set_defaults(does=lambda asked: demo.play(asked.url, asked.data_dir))

    check = commands.add_parser(
        "verify", help="verify every trail, and its end against the journal"
    )
    check.add_argument("--url", default="http://127.0.0.1:8000")
    check.add_argument("--data-dir", type=Path, default=DATA)
    check.set_defaults(does=lambda asked: verify.run(asked.url, asked.data_dir))
    return parser


def _run(asked: argparse.Namespace) -> None:
    settings = keys.settings_for(asked.data_dir)
    built = compose.house(settings, "gongzhi")
    process, app = compose.all_in_one(built)
    base = f"http://{asked.host}:{asked.port}"
    program = sys.argv[0]
    print(
        f"共治 Gongzhi  {base}\n"
        f"  就绪 ready      {base}/readyz\n"
        f"  接口 API        {base}/openapi.json\n"
        f"  规则 rules      {base}/api/v1/whistle/rules\n"
        f"  令牌 token      {program} token street:guanshang --data-dir {asked.data_dir}\n"
        f"  演示 demo       {program} demo --url {base} --data-dir {asked.data_dir}",
        flush=True,
    )
    door = server(app, asked.host, asked.port)
    _until_stopped(serve(door, process, log_level=_level()))


def _serve(asked: argparse.Namespace) -> None:
    settings = Settings()
    process, app = compose.one_service(compose.house(settings, asked.service), asked.service)
    door = server(app, asked.host, asked.port, settings.forwarded_by)
    _until_stopped(serve(door, process, log_level=settings.log_level))


def _token(asked: argparse.Namespace) -> None:
    print(keys.token(asked.data_dir, asked.acts_as, asked.scope))


def _level() -> str:
    return os.environ.get("GONGZHI_LOG_LEVEL", "warning")


def _until_stopped(serving: Coroutine[Any, Any, None]) -> None:
    uvloop.run(serving)


if __name__ == "__main__":
    sys.exit(main())
