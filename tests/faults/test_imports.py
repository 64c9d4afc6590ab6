"""The platform is killed in the middle of an import: the import ends whole, and enters nothing twice."""

import asyncio
from pathlib import Path
from typing import Any

from gongzhi.office import Office
from tests.support.imports import ended
from tests.support.platform import all_in_one

HOUSING = "/api/v1/housing"
LINES = 800


async def test_H_11_an_import_that_is_killed_in_the_middle_ends_whole(tmp_path: Path) -> None:
    rows = "".join(f"c{n},社区{n},guanshang,urban,{n + 1}\n" for n in range(LINES))
    content = ("code,name,street,kind,households\n" + rows).encode()
    with all_in_one(tmp_path / "data") as platform:
        async with platform.offices() as offices:
            admin = offices("district_admin")
            query = {"reason": "普查", "dry_run": "false"}
            made = await admin.upload(f"{HOUSING}/communities/import", content, **query)
            path = f"{HOUSING}/imports/{made['id']}"
            await reaches(admin, f"{HOUSING}/communities/c{LINES // 4}")
            platform.processes["gongzhi"].kill()
            platform.processes["gongzhi"].wait()
    with all_in_one(tmp_path / "data") as platform:
        async with platform.offices() as offices:
            admin = offices("district_admin")
            assert (await admin.get(path))["state"]["status"] == "entering"
            assert not await there(admin, f"{HOUSING}/communities/c{LINES - 1}")
            state = await ended(admin, path)
            assert (state["status"], state["total"], state["failed"]) == ("entered", LINES, 0)
            assert state["run"] == 2
            versions = [item["version"] async for item in every(admin) if item["id"][0] == "c"]
            assert versions == [1] * LINES


async def there(office: Office, path: str) -> bool:
    headers = {"Authorization": f"Bearer {office.token}"}
    async with office.session.get(office.url + path, headers=headers) as answer:
        return answer.status == 200


async def reaches(office: Office, path: str) -> None:
    async with asyncio.timeout(60):
        while not await there(office, path):
            await asyncio.sleep(0.02)


async def every(office: Office) -> Any:
    query: dict[str, Any] = {"limit": 200}
    while True:
        page = await office.get(f"{HOUSING}/communities", **query)
        for item in page["items"]:
            yield item
        if page["next"] is None:
            return
        query["cursor"] = page["next"]
