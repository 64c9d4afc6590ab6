"""The command line speaks one language, and says which version it is."""

import errno
import os
import re
import sys
from pathlib import Path

import pytest

from chassis import system
from chassis.trail import faults, seal
from gongzhi import cli
from gongzhi.cli import main
from gongzhi.verify import in_words

KEY, OTHER = bytes(32), bytes([1] * 32)
ENGLISH = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}")
"""Words in a row: a sentence, and no name of ours."""


def test_it_says_which_version_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert re.fullmatch(r"gongzhi \d+\.\d+\.\d+\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    ("argv", "text"),
    [
        ([], "缺少 COMMAND"),
        (["nope"], "没有 nope；可用的有 run、"),
        (["serve"], "缺少 service"),
        (["serve", "whistel"], "没有 whistel；可用的有 "),
        (["run", "--port"], "--port 之后缺少内容"),
        (["run", "--port", "x"], "--port：应为 0 到 65535"),
        (["run", "--colour"], "没有这样的参数：--colour"),
        (["catch-up", "index"], "缺少 --reason"),
        (["calendar", "check", "/nowhere/2027.csv"], "没有这个文件或文件夹"),
        (["run", "--host", "192.0.2.1", "--port", "0"], "不是本机的地址"),
        (["backup", "copy", "--data-dir", "/nowhere"], "中没有平台"),
    ],
)
def test_a_mistake_is_said_in_one_language(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    argv: list[str],
    text: str,
) -> None:
    for name in [name for name in os.environ if name.startswith("GONGZHI_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    try:
        code = main(argv)
    except SystemExit as end:
        code = int(str(end.code))
    [line] = capsys.readouterr().err.splitlines()
    assert code == 2 and text in line, line
    assert not ENGLISH.search(line.replace("gongzhi ", "")), line


@pytest.mark.parametrize(
    ("called", "again"),
    [
        (".venv/bin/gongzhi", ".venv/bin/gongzhi"),
        ("/srv/gongzhi/__main__.py", f"{sys.executable} -m gongzhi"),
    ],
)
def test_the_commands_that_a_platform_prints_are_as_it_was_called(
    called: str, again: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [called])
    assert cli._program() == again


def test_what_the_system_says_no_with_is_said_in_our_words() -> None:
    assert system.why(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))) == "磁盘已满"
    assert system.why(OSError(errno.EIO, os.strerror(errno.EIO))) == os.strerror(errno.EIO)
    assert system.why(OSError("whistle.db：损坏")) == "whistle.db：损坏"


def test_whatever_is_wrong_with_a_trail_is_said_in_one_language() -> None:
    entry = {"version": 1, "type": "PutIn", "data": {}}
    made, foreign = seal(KEY, "jars/a", entry), seal(OTHER, "jars/a", entry)
    wrong = [
        *faults(KEY, "jars/a", [{**made, "version": 3}], 2),
        *faults(KEY, "jars/a", [foreign], 1),
    ]
    said = [
        *(one.what for one in wrong),
        "the journal has witnessed another mark for this version",
        "the state does not follow from the trail",
        "keys.street does not follow from the state",
        "this version can't read its state: status",
    ]
    assert len(said) == 8
    assert [one for one in map(in_words, said) if ENGLISH.search(one)] == []
