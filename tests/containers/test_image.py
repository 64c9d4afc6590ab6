"""The image as it was built: who it runs as, what is in it and what isn't, how it ends."""

import json
import re
import subprocess
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers.engine import Engine
from tests.deploy.test_image import SECRETIVE
from tests.support import lanes
from tests.support.ports import wait_until

ROOT = Path(__file__).parents[2]
OWN_MEGABYTES = 240
"""What we add to the base: Python packages, most of it other people's (a third is numpy, which shapely brings)."""
CONFINED = (
    "--read-only",
    "--tmpfs=/tmp",
    "--cap-drop=all",
    "--security-opt=no-new-privileges",
)
UNWANTED = re.compile(
    r"(^|/)(\.git|\.env|\.(bash|ash|python|sqlite)_history|\.netrc|\.pypirc|id_(rsa|ed25519|ecdsa))(/|$)"
    r"|(^|/)(jwks|private)\.json$|^(root|home|tmp)/.*[^/]\.(log|sqlite|db)$"
    r"|^opt/gongzhi/.*/site-packages/(tests?|pip)/"
)


@pytest.fixture(scope="module")
def tree(engine: Engine, product: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The whole file system, as one tar."""
    packed = tmp_path_factory.mktemp("image") / "tree.tar"
    container = engine("create", product)
    try:
        engine("export", "--output", packed, container)
        yield packed
    finally:
        engine("rm", "--force", container)
        packed.unlink()


def python(engine: Engine, product: str, program: str) -> str:
    own = ["--read-only-tmpfs=false"] if engine.podman else []
    return engine("run", "--rm", *CONFINED, *own, "--entrypoint", "python", product, "-c", program)


def test_it_runs_as_nobody_in_particular_and_keeps_no_secret_in_its_settings(
    engine: Engine, product: str
) -> None:
    [image] = json.loads(engine("image", "inspect", product))
    config = image["Config"]
    assert config["User"] == "10001:10001"
    assert config["Entrypoint"] == ["gongzhi"]
    assert not [one for one in config["Env"] if one.startswith("GONGZHI_")]
    assert not SECRETIVE.search(json.dumps(config))
    history = engine("history", "--no-trunc", "--format", "{{.CreatedBy}}", product)
    assert "COPY" in history and not re.search(r"(?i)password|passwd=|token|secret", history)


def test_nothing_in_it_is_history_secret_or_a_test(tree: Path) -> None:
    with tarfile.open(tree) as tar:
        names = tar.getnames()
        ours = [name for name in names if re.search(r"site-packages/gongzhi/\w+\.py$", name)]
        assert ours, "else this looks at nothing"
        assert [name for name in names if UNWANTED.search(name)] == []


def test_it_owns_and_may_change_no_file_of_its_own(tree: Path) -> None:
    with tarfile.open(tree) as tar:
        found = [one for one in tar if one.name.startswith("opt/gongzhi")]
    assert found
    changeable = [one.name for one in found if one.uid == 10001 or one.mode & 0o022]
    assert [name for name in changeable if not _is_link(found, name)] == []
    assert [one.name for one in found if one.mode & 0o6000] == []


def _is_link(found: list[tarfile.TarInfo], name: str) -> bool:
    return any(one.name == name and one.issym() for one in found)


def test_our_own_files_in_it_hold_no_secret(tree: Path) -> None:
    ours = re.compile(r"site-packages/(chassis|contracts|gateway|gongzhi|services)/.*\.(py|toml)$")
    with tarfile.open(tree) as tar:
        files = [one for one in tar if ours.search(one.name)]
        assert len(files) > 100
        for one in files:
            read = tar.extractfile(one)
            assert read and not SECRETIVE.search(read.read().decode()), one.name


def test_it_is_no_bigger_than_it_was(engine: Engine, product: str, base: str) -> None:
    own = (size(engine, product) - size(engine, base)) / 1e6
    lanes.note(f"image: {own:.0f} MB over its base")
    assert own < OWN_MEGABYTES


def size(engine: Engine, image: str) -> int:
    return int(json.loads(engine("image", "inspect", image))[0]["Size"])


def test_it_holds_what_is_locked_and_nothing_else(engine: Engine, product: str) -> None:
    asked = (
        "import importlib.metadata as m;"
        "print(*(f'{d.name}=={d.version}' for d in m.distributions()), sep='\\n')"
    )
    there = {_plain(line) for line in python(engine, product, asked).splitlines()}
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = {_plain(one) for one in re.findall(r"^([\w.\[\]-]+==[\w.]+)", lock, re.MULTILINE)}
    assert len(there) > 30
    assert there - locked == {"gongzhi==0.1.0"}


def _plain(requirement: str) -> str:
    return re.sub(r"\[.*?\]", "", requirement).lower().replace("_", "-")


def test_confined_it_writes_to_tmp_and_nowhere_else(engine: Engine, product: str) -> None:
    program = (
        "import os, pathlib\n"
        "print(os.getuid(), os.getgid())\n"
        "for place in ('/', '/opt/gongzhi', '/etc', '/tmp', '/root', '/var/tmp'):\n"
        "    try:\n"
        "        pathlib.Path(place, 'x').write_text('x')\n"
        "        print(place)\n"
        "    except OSError: pass\n"
    )
    assert python(engine, product, program).split() == ["10001", "10001", "/tmp"]


def test_it_serves_confined_and_ends_in_order_on_sigterm(engine: Engine, product: str) -> None:
    """All-in-one, on what is in memory only."""
    command = ["run", "--host", "0.0.0.0", "--data-dir", "/tmp/data"]
    container = engine("run", "--detach", *CONFINED, product, *command)
    try:
        ask = "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"

        def ready() -> bool:
            return engine.ask("exec", container, "python", "-c", ask).returncode == 0

        assert wait_until(ready, 60, pause=0.5), engine("logs", container)
        began = time.monotonic()
        engine("stop", "--time", "30", container)
        assert time.monotonic() - began < 20
        assert engine.inspect(container)["State"]["ExitCode"] == 0
    finally:
        engine("rm", "--force", container)


def test_what_it_lacks_it_says_in_one_line(engine: Engine, product: str) -> None:
    done: subprocess.CompletedProcess[str] = engine.ask("run", "--rm", product, "serve", "whistle")
    assert done.returncode == 2
    assert "GONGZHI_" in done.stderr and len(done.stderr.strip().splitlines()) == 1
