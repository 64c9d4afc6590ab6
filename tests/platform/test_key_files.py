"""The key files of an all-in-one: made at its first start, and never again beside what was kept under them."""

import os
import sqlite3
from pathlib import Path

import pytest

from chassis.settings import Misconfigured
from gongzhi import keys
from gongzhi.cli import main

KEY = "ab" * 32


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a platform that has kept something."""
    for name in [name for name in os.environ if name.startswith("GONGZHI_")]:
        monkeypatch.delenv(name)
    keys.settings_for(tmp_path / "data")
    kept_in(tmp_path / "data" / "whistle.db")
    return tmp_path / "data"


def kept_in(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE problems (id)")
    db.close()


@pytest.mark.parametrize("command", ["run", "backup", "rotate", "token"])
@pytest.mark.parametrize("name", ["trail", "reporters"])
def test_a_key_file_that_is_gone_is_not_made_anew_beside_what_was_kept_under_it(
    data: Path, capsys: pytest.CaptureFixture[str], name: str, command: str
) -> None:
    file = data / "keys" / f"{name}.key"
    file.unlink()
    argv = {
        "run": ["run", "--port", "0"],
        "backup": ["backup", str(data.parent / "copy")],
        "rotate": ["keys", "rotate"],
        "token": ["token", "finance"],
    }
    assert main([*argv[command], "--data-dir", str(data)]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert str(file) in line and "放回" in line and "whistle.db" in line
    assert not file.exists()


def test_without_all_keys_the_folder_stays_as_it_is_so_that_they_can_be_put_back(
    data: Path,
) -> None:
    (data / "keys").rename(data.parent / "vault")
    with pytest.raises(Misconfigured, match="trail.key"):
        keys.settings_for(data)
    assert not (data / "keys").exists()
    (data.parent / "vault").rename(data / "keys")
    assert keys.settings_for(data).trail_secret.ids


def test_what_was_kept_elsewhere_wants_its_keys_as_well(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_in(data.parent / "disk" / "gateway.db")
    monkeypatch.setenv("GONGZHI_STORE_URL", f"sqlite://{data.parent}/disk")
    with pytest.raises(Misconfigured, match="gateway.db"):
        keys.settings_for(data.parent / "new")


def test_a_key_that_is_told_otherwise_needs_no_file(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = data.parent / "trail.key"
    (data / "keys" / "trail.key").rename(vault)
    monkeypatch.setenv("GONGZHI_TRAIL_KEY_FILE", str(vault))
    assert keys.settings_for(data).trail_key_file == vault
    assert not (data / "keys" / "trail.key").exists()
    monkeypatch.delenv("GONGZHI_TRAIL_KEY_FILE")
    monkeypatch.setenv("GONGZHI_TRAIL_KEY", KEY)
    assert keys.settings_for(data).trail_secret == bytes.fromhex(KEY)


@pytest.mark.parametrize("content", ["", "zz" * 32, "abcd"])
def test_a_damaged_key_of_the_console_is_named_and_left_alone(
    data: Path, capsys: pytest.CaptureFixture[str], content: str
) -> None:
    file = data / "keys" / "console.key"
    file.write_text(content, encoding="utf-8")
    assert main(["run", "--port", "0", "--data-dir", str(data)]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert str(file) in line and "已损坏" in line
    assert file.read_text(encoding="utf-8") == content


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("GONGZHI_CONSOLE_KEY", "zz" * 32, "64 个十六进制"),
        ("GONGZHI_CONSOLE_KEY", "ab", "64 个十六进制"),
        ("GONGZHI_OIDC_ISSUER", "http://sso.example", "https://"),
        ("GONGZHI_CONSOLE_URL", "https://a.example/x", "不带路径"),
        ("GONGZHI_LOG_LEVEL", "loud", "debug"),
        ("GONGZHI_GATEWAY_URL", None, "缺少"),
    ],
)
def test_a_setting_of_the_console_is_named_with_what_it_should_be(
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    value: str | None,
    expected: str,
) -> None:
    monkeypatch.setenv("GONGZHI_GATEWAY_URL", "http://gateway")
    monkeypatch.setenv("GONGZHI_CONSOLE_KEY", KEY)
    if value is None:
        monkeypatch.delenv(name)
    else:
        monkeypatch.setenv(name, value)
    assert main(["serve", "console", "--port", "0"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert name in line and expected in line and (value is None or value not in line)


def test_a_rotation_that_finds_no_room_leaves_no_draft(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    before = {one.name: one.read_bytes() for one in (data / "keys").iterdir()}
    monkeypatch.setattr(os, "fsync", full)
    assert main(["keys", "rotate", "--data-dir", str(data)]) == 2
    assert "磁盘已满" in capsys.readouterr().err
    assert {one.name: one.read_bytes() for one in (data / "keys").iterdir()} == before
