"""A file larger than any command goes through the gateway, is tried out, and is entered from what was kept."""

import asyncio
import io
from pathlib import Path
from uuid import uuid4

import pytest

from gongzhi import imports
from services.housing.tables import YARDS
from tests.support import warm
from tests.support.imports import ended
from tests.support.platform import Cast

HOUSING = "/api/v1/housing"

COMMUNITIES = (
    "guanshangzhongxinqu hepinglu wuliduo jiangong yishujiayuan haixiang haihua yunxiang dongbei wula"
).split()
EACH = 4_000
LINES = EACH * len(COMMUNITIES)


def register() -> bytes:
    rows = [
        f"{community},y{n // 20},小区{n // 20},self_governed,{n},{n % 97}"
        for community in COMMUNITIES
        for n in range(EACH)
    ]
    return "\n".join([",".join(column.name for column in YARDS), *rows]).encode()


async def test_H_11_a_large_file_is_tried_out_through_the_gateway_and_then_entered(
    cast: Cast,
) -> None:
    admin, content = cast("district_admin"), register()
    assert len(content) > 1024 * 1024
    made = await admin.upload(f"{HOUSING}/yards/import", content, reason="年度更新")
    path = f"{HOUSING}/imports/{made['id']}"
    tried = await ended(admin, path)
    assert (tried["status"], tried["total"], tried["bad"]) == ("checked", LINES, 0)
    now = await admin.get(path)
    await admin.post(f"{path}/enter", version=now["version"])
    assert (await ended(admin, path))["status"] == "entered"
    kept = await admin.get(f"{HOUSING}/yards/wula")
    assert sum(len(yard["buildings"]) for yard in kept["state"]["yards"]) == EACH


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "社区.csv"


async def told(cast: Cast, *arguments: str) -> tuple[int, str]:
    """`gongzhi import`, as a clerk types it."""
    where = ["--url", cast.platform.url, "--data-dir", str(cast.platform.data)]
    done = await asyncio.to_thread(warm.run, ["gongzhi", "import", *arguments, *where])
    return done.returncode, done.stdout + done.stderr


async def test_a_clerk_checks_and_enters_a_table_from_the_command_line(
    cast: Cast, table: Path
) -> None:
    code = f"c{uuid4().hex[:8]}"
    table.write_text(f"代码,名称,街道,类型,户数\n{code},{code},关上,,\n", encoding="gb18030")
    status, said = await told(cast, "communities", str(table), "--reason", "核对")
    assert status == 0 and "核对完毕，未写入：1 行，1 处变动" in said
    status, said = await told(cast, "communities", str(table), "--reason", "核对", "--enter")
    assert status == 0 and "已全部写入" in said and code in said
    table.write_text("代码,名称,街道,类型,户数\nx9,无,天上,,\n", encoding="utf-8")
    status, said = await told(cast, "communities", str(table), "--reason", "核对", "--enter")
    assert status == 1 and "第 2 行  street：" in said and "没有写入任何一行" in said
    status, said = await told(cast, "communities", str(table) + ".old", "--reason", "核对")
    assert status == 2 and len(said.splitlines()) == 1


async def test_every_table_that_the_command_line_offers_is_taken_from_whom_it_is(
    cast: Cast, table: Path
) -> None:
    async with cast.session.get(cast.platform.url + "/openapi.json") as answer:
        paths = (await answer.json())["paths"]
    files = {
        path.split("/")[-2]: of["post"]
        for path, of in paths.items()
        if path.endswith("/import") and "x-who" in of.get("post", {})
        if any(one["name"] == "dry_run" for one in of["post"].get("parameters", ()))
    }
    assert {*files} == {*imports.TABLES}
    table.write_text("代码\n", encoding="utf-8")
    for name, who in (("catalogues", "finance"), ("needs", "street:guanshang")):
        status, said = await told(cast, name, str(table), "--reason", "核对")
        assert status == 1 and "--as" in said
        _, said = await told(cast, name, str(table), "--reason", "核对", "--as", who)
        assert "表头缺少列" in said, said


async def test_a_command_is_not_a_file(cast: Cast) -> None:
    admin = cast("district_admin")
    headers = {"Authorization": f"Bearer {admin.token}", "Content-Type": "application/json"}
    async with cast.session.post(
        cast.platform.url + "/api/v1/housing/agreements",
        data=io.BytesIO(b" " * (1024 * 1024 + 1)),
        headers=headers,
    ) as answer:
        assert answer.status == 413
        assert answer.content_type == "application/problem+json"
