"""It starts and works where the machine speaks GBK, and where it speaks nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import debian
from tests.support.platform import ROOT


def installed() -> bool:
    charmap = Path("/usr/share/i18n/charmaps/GBK.gz")
    return charmap.exists() and shutil.which("localedef") is not None


@pytest.fixture(scope="module")
def gbk(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The locale as an administrator would have generated it."""
    if not installed():
        if not debian.may_install():
            pytest.skip("no localedef with GBK here, and not allowed to install it")
        missing = "install the package with localedef and the charmap GBK"
        debian.install("locales", missing, installed)
    folder = tmp_path_factory.mktemp("locales")
    subprocess.run(
        ["localedef", "-c", "-i", "zh_CN", "-f", "GBK", str(folder / "zh_CN.GBK")],
        check=False,  # it returns 1 for warnings; what counts is what Python then says
        capture_output=True,
    )
    return {"LOCPATH": str(folder), "LC_ALL": "zh_CN.GBK", "PYTHONUTF8": "0"}


def run(arguments: list[str], locale: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    usual = {k: v for k, v in os.environ.items() if not k.startswith(("GONGZHI_", "LC_", "LANG"))}
    return subprocess.run(
        [sys.executable, *arguments],
        env={**usual, **locale},
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=False,
    )


def test_the_demo_plays_under_gbk(gbk: dict[str, str]) -> None:
    ask = "import locale, sys; print(locale.getpreferredencoding(False), sys.stdout.encoding)"
    assert run(["-c", ask], gbk).stdout.decode().lower().split() == ["gbk", "gbk"]
    played = run(["-m", "gongzhi", "demo"], gbk)
    assert played.returncode == 0, played.stderr.decode("gbk")
    assert "平台就绪" in played.stdout.decode("gbk")


def test_the_demo_plays_without_any_locale() -> None:
    bare = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    played = run(["-m", "gongzhi", "demo"], bare)
    assert played.returncode == 0, played.stderr.decode()
    assert played.stdout.isascii()
