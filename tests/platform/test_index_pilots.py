"""The register of pilots through the service: shipped, listed, checked, accepted, withdrawn."""

import asyncio
from pathlib import Path

from tests.platform.test_index_surveys import haihua
from tests.support.index import running

LEAD = "department:civil_affairs"


async def test_I_23_designated_within_its_number_checked_accepted_and_withdrawn(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with running(tmp_path) as index:
        await haihua(index)
        _, found = await index.ask("resident", "GET", "/pilots?kind=rural")
        assert sorted(one["id"] for one in found["items"]) == ["rural.wula", "rural.xiaoshao"]
        said = {
            "kind": "reform",
            "community": "haihua",
            "year": 2020,
            "ground": "官民函〔2022〕61号",
        }
        assert (await index.ask("street:guandu", "POST", "/pilots", said))[0] == 403
        assert (await index.ask("department:finance", "POST", "/pilots", said))[0] == 403
        for wrong in ({"community": "nowhere"}, {"system": "none"}):
            status, problem = await index.ask(LEAD, "POST", "/pilots", {**said, **wrong})
            assert status == 422, problem
        status, problem = await index.ask(LEAD, "POST", "/pilots", {**said, "kind": "rural"})
        assert (status, problem["rule"], problem["field"]) == (409, "I-23", "kind")
        status, problem = await index.ask(LEAD, "POST", "/pilots", {**said, "kind": "linkage"})
        assert (status, problem["rule"], problem["field"]) == (409, "I-23", "community")
        status, made = await index.ask(LEAD, "POST", "/pilots", {**said, "system": "rural-2019"})
        assert status == 201, made
        path = f"/pilots/{made['id']}"
        check = {"evidence": "自查报告"}
        assert (await index.ask("community:yunxiang", "POST", f"{path}/check", check, seen=1))[
            0
        ] == 403
        assert (await index.ask("community:haihua", "POST", f"{path}/check", check, seen=1))[
            0
        ] == 200
        accept = {"passed": True, "found": "达标"}
        assert (await index.ask(LEAD, "POST", f"{path}/accept", accept, seen=2))[0] == 200
        gone = {"reason": "不再符合"}
        assert (await index.ask(LEAD, "POST", f"{path}/withdraw", gone, seen=3))[0] == 200
        _, found = await index.ask("resident", "GET", "/pilots?community=haihua&state=withdrawn")
        assert [one["id"] for one in found["items"]] == [made["id"]]
        assert (await index.ask(LEAD, "POST", "/pilots", said))[0] == 201


async def test_I_23_pilots_that_are_designated_at_once_stay_within_their_number(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with running(tmp_path) as index:
        await haihua(index)
        said = {"kind": "building", "community": "haihua", "year": 2020, "ground": "批复"}
        asked = [index.ask(LEAD, "POST", "/pilots", said) for _ in range(8)]
        found = await asyncio.gather(*asked)
        assert sorted(status for status, _ in found) == [201] + 7 * [409]
        refused = {said["field"] for status, said in found if status == 409}
        assert refused == {"community"}
