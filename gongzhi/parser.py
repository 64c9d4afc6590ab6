"""The command line's own mistakes: one line on stderr like every other, in the same language."""

import argparse
import re
import sys
from importlib.metadata import version
from typing import Any, NoReturn

MISTAKEN = 2
SAID = (
    (r"the following arguments are required: (.+)", r"缺少 \1"),
    (r"argument (.+?): invalid choice: '(.*)' \(choose from (.+)\)", r"\1：没有 \2；可用的有 \3"),
    (r"argument (.+?): expected (?:one|at least one) argument", r"\1 之后缺少内容"),
    (r"argument (.+?): (.+)", r"\1：\2"),
    (r"unrecognized arguments: (.+)", r"没有这样的参数：\1"),
    (r"ambiguous option: (.+?) could match (.+)", r"\1 不明确，可能是 \2"),
)
"""What argparse says, and we."""


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {in_words(message)}（{self.prog} --help）", file=sys.stderr)
        raise SystemExit(MISTAKEN)


def in_words(message: str) -> str:
    for pattern, words in SAID:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return found.expand(words).replace("'", "").replace(", ", "、")
    return message


class Version(argparse.Action):
    """Of what is installed: asked for only when somebody wants to know."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> NoReturn:
        print(f"gongzhi {version('gongzhi')}")
        raise SystemExit(0)
