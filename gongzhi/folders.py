"""Checks a process's data folder before anything starts: it must be usable, and not another process's."""

import fcntl
import os
import ssl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from chassis.bus_nodes import addresses
from chassis.settings import Misconfigured, Settings, database, path_of
from chassis.system import why

from .roster import SERVICES

KEPT = ("store_url", "reporters_url")
LINES = ("bus_url", "partners_url")
LONGEST_NAME = 63
"""Bytes of a database's name in MongoDB: with a longer one, nothing that is asked of it is ever done."""


@contextmanager
def alone_in(data: Path) -> Iterator[None]:
    """For as long as it lasts nobody else runs on the folder; Misconfigured where another does."""
    folder = os.open(data, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Misconfigured(
                f"--data-dir {data} 正由另一个 gongzhi run 使用：请换一个目录，或先停止它"
            ) from None
        yield
    finally:
        os.close(folder)


def usable(settings: Settings) -> None:
    """Misconfigured where a store in files has no folder that can be written to, or an address can't be read."""
    for name in KEPT:
        url, setting = getattr(settings, name), f"GONGZHI_{name.upper()}"
        if url is not None and url.startswith("sqlite:"):
            _writable(path_of(url), setting)
        elif url is not None:
            _legible(url, setting)
    if settings.bus_url.startswith("local:"):
        _writable(path_of(settings.bus_url).parent, "GONGZHI_BUS_URL")
    for name in LINES:
        for address in addresses(getattr(settings, name) or ""):
            _proved(address, f"GONGZHI_{name.upper()}")


def _proved(address: str, setting: str) -> None:
    """The files that a broker's address names for TLS."""
    said = dict(parse_qsl(urlsplit(address).query))
    with _read_for(setting):
        context = ssl.create_default_context(cafile=said.get("cafile"))
        if "certfile" in said:
            context.load_cert_chain(said["certfile"], said.get("keyfile"))


NO_OPTION = "You appear to be connected|Wire protocol compression"
"""What the driver warns of besides options: whose server it is taken for, and what it goes without."""


@contextmanager
def _read_for(setting: str) -> Iterator[None]:
    """Certificates and keys."""
    try:
        yield
    except ssl.SSLError:
        raise Misconfigured(f"{setting} 有误：其中的证书或私钥文件不是有效的 PEM") from None
    except OSError as error:
        file = f"{error.filename} " if error.filename else "其中的证书或私钥文件"
        raise Misconfigured(f"{setting} 有误：{file}读不到（{why(error)}）") from None


def _legible(url: str, setting: str) -> None:
    """Asks nobody. An option that isn't known, or not as it is given, would be left out: one of TLS, too."""
    # Imported only by the command that needs it: the others answer in a second.
    from pymongo import MongoClient
    from pymongo.errors import PyMongoError

    with _read_for(setting), warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        warnings.filterwarnings("ignore", NO_OPTION, UserWarning)
        try:
            MongoClient(url, connect=False).close()
        except UserWarning as warning:
            raise Misconfigured(
                f"{setting} 有误：选项不能用（{str(warning).partition('. ')[0]}）"
            ) from None
        except (PyMongoError, ValueError):
            raise Misconfigured(
                f"{setting} 有误：应如 mongodb://用户:密码@主机:27017/gongzhi，密码中的特殊字符写成 %40 这样"
            ) from None
    named = database(url, max(SERVICES, key=len))
    if len(named.encode()) > LONGEST_NAME:
        raise Misconfigured(
            f"{setting} 有误：数据库名 {named} 超过 {LONGEST_NAME} 字节，请改短地址中的库名"
        )


def _writable(folder: Path, setting: str) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(f"{setting} 不能使用：{why(error)}（{error.filename}）") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Misconfigured(f"{setting} 不能使用：没有写入权限（{folder}）")
