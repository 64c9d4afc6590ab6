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
