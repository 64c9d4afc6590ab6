"""Keys of the all-in-one: rotating them, and how much is sealed under each."""

import asyncio
import os
import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path

import aiohttp

from chassis.keyring import Keyring, read_keys
from chassis.settings import Misconfigured
from chassis.system import why

from . import keys
from .office import Office
from .roster import GATEWAY, SERVICES


def rotate(which: Sequence[str], data: Path) -> int:
    """A running platform takes the newer keys up by itself, and goes on reading under the earlier ones."""
    settings = keys.settings_for(keys.of_a_platform(data))
    if strange := sorted(set(which) - set(keys.KEYS)):
        raise Misconfigured(f"没有密钥 {'、'.join(strange)}；密钥有 {'、'.join(keys.KEYS)}")
    for name in which or keys.KEYS:
        file = getattr(settings, f"{name}_key_file")
        if file is None:
            setting = f"GONGZHI_{name.upper()}_KEY"
            raise Misconfigured(
                f"密钥来自 {setting}：请在其末尾加逗号和新密钥后重启，或改用 {setting}_FILE"
            )
        try:
            _add(file)
        except OSError as error:
            raise Misconfigured(f"{file} 不能写：{why(error)}") from None
        print(f"{name}  {' → '.join(Keyring.read(file).ids)}")
    print("密钥文件有变：须与数据备份分开，重新保管")
    return 0


def _add(file: Path) -> None:
    """The file with one line more, whole at once, for its owner only."""
    known = [key.hex() for key in read_keys(file.read_text(encoding="utf-8"))]
    handle, draft = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as made:
            made.write("".join(f"{key}\n" for key in (*known, secrets.token_hex(32))))
            made.flush()
            os.fsync(made.fileno())
        Path(draft).replace(file)
    finally:
        Path(draft).unlink(missing_ok=True)  # a full disk leaves nothing that holds keys


def status(url: str, data: Path) -> int:
    return asyncio.run(shown(url, data))


async def shown(url: str, data: Path) -> int:
    """1 while something is still sealed under an earlier key."""
    stale = 0
    async with aiohttp.ClientSession() as session:
        office = Office(session, url, keys.token(data, "district_admin"))
        for name in (*SERVICES, GATEWAY):
            said = await office.get(f"/api/v1/{name}/keys")
            print(f"{name:16}留痕 {' → '.join(said['trail'])}")
            for one in said["sealed"]:
                left = "  待重新封存" if one["stale"] else ""
                stale += one["boxes"] if one["stale"] else 0
                print(f"{'':16}{one['collection']}  {one['key']}  {one['boxes']} 条{left}")
    print(f"{stale} 条待重新封存")
    return 1 if stale else 0
