"""The innovation assessment through the service, from the street's list to the city's word."""

from pathlib import Path
from typing import Any

from tests.platform.test_index_surveys import haihua
from tests.support.index import Index, running

OFFICE = "department:civil_affairs"
WHO = {"self": "community:haihua", "street": "street:liujia", "office": OFFICE}


async def marked(index: Index, step: str, standards: Any) -> int:
    """Every standard at this step; the version it leads to."""
    path = "/innovation/haihua"
    version: int = (await index.ask("resident", "GET", path))[1]["version"]
    for standard in standards:
        body = {
            "standard": standard["code"],
            "found": "met",
            "method": standard["methods"][0],
            "evidence": "现场记录",
        }
        status, said = await index.ask(
            WHO[step], "POST", f"{path}/{step}/marks", body, seen=version
        )
        assert status == 200, said
        version = said["version"]
    return version


async def test_I_16_from_the_streets_list_to_the_citys_word(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with running(tmp_path, "housing") as index:
        asked = {"community": "haihua", "phase": "first"}
        for who, status in (("street:guandu", 403), ("street:liujia", 201)):
            said: Any = None
            while said is None or said.get("type") == "/problems/unavailable":
                got, said = await index.ask(who, "POST", "/innovation", asked)
            assert got == status, said
        other = {"community": "haihua", "phase": "later"}
        assert (await index.ask("street:liujia", "POST", "/innovation", other))[0] == 409
        _, standards = await index.ask("resident", "GET", "/standards")
        path = "/innovation/haihua"
        mark = {"standard": "1.1", "found": "met", "method": "papers", "evidence": "文件"}
        for step, said in (("marks", mark), ("submit", None)):  # the street isn't the community
            street = await index.ask("street:liujia", "POST", f"{path}/self/{step}", said, seen=1)
            assert street[0] == 403
        for step in ("self", "street", "office"):
            _, shown = await index.ask(WHO[step], "GET", path)
            assert [one["name"] for one in shown["actions"]] == [f"{step}_mark"]
            now = shown["version"]
            status, problem = await index.ask(
                WHO[step],
                "POST",
                f"{path}/{step}/submit",
                {"experts": 3, "residents": 9, "qualifies": True} if step == "office" else None,
                seen=now,
            )
            assert (status, problem["rule"]) == (409, "I-16")
            now = await marked(index, step, standards)
            _, shown = await index.ask(WHO[step], "GET", path)
            assert f"{step}_submit" in {one["name"] for one in shown["actions"]}
            body = {"experts": 3, "residents": 9, "qualifies": True} if step == "office" else None
            assert (
                await index.ask("district_admin", "POST", f"{path}/{step}/submit", body, seen=now)
            )[0] == 403
            status, said = await index.ask(
                WHO[step], "POST", f"{path}/{step}/submit", body, seen=now
            )
            assert status == 200, said
        city = {"passed": True, "paper": "市办发1号"}
        status, said = await index.ask(OFFICE, "POST", f"{path}/city", city, seen=said["version"])
        assert (status, said["state"]["step"]) == (200, "over")
        _, listed = await index.ask("resident", "GET", "/innovation?state=over&street=liujia")
        assert [item["id"] for item in listed["items"]] == ["haihua"]


async def test_I_16_streets_departments_and_mass_organisations_are_assessed_too(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with running(tmp_path) as index:
        path, asked = "/innovation/bodies", {"kind": "street", "code": "liujia", "phase": "first"}
        assert (await index.ask("department:health", "POST", path, asked))[0] == 403
        assert (await index.ask(OFFICE, "POST", path, {**asked, "code": "x"}))[0] == 422
        status, street = await index.ask(OFFICE, "POST", path, asked)
        assert (status, street["id"]) == (201, "street.liujia")
        assert (await index.ask(OFFICE, "POST", path, asked))[0] == 409
        mass = {"kind": "mass_organisation", "code": "women", "phase": "first"}
        status, women = await index.ask(OFFICE, "POST", path, mass)
        assert (status, women["id"]) == (201, "mass_organisation.women")
        mark = {"standard": "1.1", "found": "met", "method": "papers", "evidence": "文件"}
        for id, own, other in (
            ("street.liujia", "street:liujia", "street:guandu"),
            ("mass_organisation.women", "department:women", "department:health"),
        ):
            step = f"/innovation/{id}/self/marks"
            assert (await index.ask(other, "POST", step, mark, seen=1))[0] == 403
            assert (await index.ask(own, "POST", step, mark, seen=1))[0] == 200
        _, listed = await index.ask("resident", "GET", "/innovation?kind=street")
        assert [one["id"] for one in listed["items"]] == ["street.liujia"]
        await haihua(index)  # in guandu, whose own assessment takes no community's place
        guandu = {**asked, "code": "guandu"}
        assert (await index.ask(OFFICE, "POST", path, guandu))[0] == 201
        pilot = {"community": "haihua", "phase": "first"}
        assert (await index.ask("street:guandu", "POST", "/innovation", pilot))[0] == 201
