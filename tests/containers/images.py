"""The product's image, and what stands in for images that no registry gives: made of Debian's packages, once."""

import shutil
import subprocess
import tarfile
from importlib.metadata import version
from pathlib import Path

from tests.support import debian, ports

from .engine import AUTHORITIES, Engine

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
PRODUCT = "gongzhi:0.1.0"
OFFICIAL = "docker.io/library/python:3.11-slim-bookworm"
PYTHON = "localhost/gongzhi-tests/python:bookworm"
RABBITMQ = "localhost/gongzhi-tests/rabbitmq:trixie"
PEER = f"localhost/gongzhi-tests/mongo-peer:{version('nx-27017')}"
AS_THE_OFFICIAL_ONE = (
    "USER rabbitmq",
    "ENV PATH=/usr/lib/rabbitmq/bin:/usr/local/bin:/usr/bin:/bin",
    "ENV HOME=/var/lib/rabbitmq",
    "VOLUME /var/lib/rabbitmq",
    'CMD ["rabbitmq-server"]',
)
SECRETS_OF_AN_INSTALLATION = ("var/lib/rabbitmq/.erlang.cookie",)


def python(engine: Engine) -> str:
    """The official base where it is to be had, else Debian's Python 3.11."""
    if engine.has(OFFICIAL) or engine.ask("pull", "--quiet", OFFICIAL, within=300).returncode == 0:
        return OFFICIAL
    if not engine.has(PYTHON):
        _from_debian(engine, PYTHON, "bookworm", "python3,python3-venv,ca-certificates")
    return PYTHON


def rabbitmq(engine: Engine) -> str:
    """RabbitMQ 4.0 of Debian 13."""
    if not engine.has(RABBITMQ):
        _from_debian(engine, RABBITMQ, "trixie", "rabbitmq-server", *AS_THE_OFFICIAL_ONE)
    return RABBITMQ


def product(engine: Engine, base: str) -> str:
    _build(engine, PRODUCT, "--build-arg", f"PYTHON={base}", ROOT)
    return PRODUCT


def peer(engine: Engine, base: str) -> str:
    """What speaks MongoDB's protocol in the other tests, too. It is not MongoDB."""
    said = ("--build-arg", f"PYTHON={base}", "--build-arg", f"PEER={version('nx-27017')}")
    _build(engine, PEER, *said, "--file", HERE / "peer.Dockerfile", HERE)
    return PEER


def _build(engine: Engine, name: str, *arguments: str | Path) -> None:
    """Where pip is to trust whom this machine trusts, the list is lent for the build, and isn't in the image."""
    lent = ["--volume", f"{AUTHORITIES}:{AUTHORITIES}:ro"] if AUTHORITIES.exists() else []
    own = ["--layers", *lent] if engine.podman else []
    engine("build", *own, "--tag", name, *arguments, within=1800)


def _from_debian(engine: Engine, name: str, suite: str, include: str, *changes: str) -> None:
    if shutil.which("debootstrap") is None:
        debian.install(
            "debootstrap",
            "Images from Debian want debootstrap.",
            lambda: shutil.which("debootstrap"),
        )
    workspace = ports.Workspace("gongzhi-image-")
    try:
        tree, packed = workspace.path / "tree", workspace.path / "tree.tar"
        made = subprocess.run(
            ["debootstrap", "--variant=minbase", f"--include={include}", suite, tree],
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stdout[-3000:] + made.stderr[-1000:]
        python = tree / "usr" / "bin" / "python"
        if not python.exists() and (tree / "usr" / "bin" / "python3").exists():
            python.symlink_to("python3")
        with tarfile.open(packed, "w") as tar:
            tar.add(tree, ".", filter=_wanted)
        said = [word for change in changes for word in ("--change", change)]
        engine("import", *said, packed, name)
    finally:
        workspace.remove()


def _wanted(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    name = member.name.removeprefix("./")
    thrown = name.startswith(("var/cache/apt/archives/", "var/lib/apt/lists/", "dev/", "proc/"))
    return None if thrown or name in SECRETS_OF_AN_INSTALLATION else member
