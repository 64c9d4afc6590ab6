"""What departments are offered to begin: what is one department's alone is offered to no other."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from console.sections import SECTIONS
from tests.support.consoles import console_on, hand
from tests.support.inside import Inside, inside

SERVICES = ("housing", "whistle", "index", "organisations", "mediation", "affairs")
PLACED = ("admissions.register", "findings.find")
"""What is begun for a place, which comes before who may begin it."""
NEW = re.compile(r'"/console/([a-z]+)/([a-z]+)/new\?step=([a-z_]+)"')
ITS_OWN = {
    "organisations": ("complaints.take", "incubations.enter", "meetings.call"),
    "affairs": ("admissions.register", "findings.find", "findings.hand"),
}
"""What civil affairs alone begin."""


@pytest.fixture
async def platform(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Inside]:
    async with inside(tmp_path / "data", only=SERVICES) as running:
        yield running


async def offered(url: str, acts_as: str, page: str, of: str = "index") -> set[str]:
    async with hand(url, acts_as) as somebody:
        found = NEW.findall(await somebody.read(page))
        return {f"{collection}.{step}" for service, collection, step in found if service == of}


@pytest.mark.parametrize("page", ["/", "/console/index"])
async def test_a_department_is_offered_what_it_may_begin_and_no_more(
    platform: Inside, page: str
) -> None:
    async with console_on(platform) as url:
        assert await offered(url, "department:finance", page) == {"surveys.enter"}
        supervision = {"surveys.enter", "checklists.import", "findings.find"}
        assert await offered(url, "department:supervision_office", page) == supervision
        leading = {"surveys.enter", "pilots.designate", "innovation.begin_body"}
        assert await offered(url, "department:civil_affairs", page) == leading
        district = {"checklists.import", "findings.find"}
        assert await offered(url, "district_admin", page) == district


async def test_what_is_civil_affairs_alone_is_offered_to_them_and_to_no_other(
    platform: Inside,
) -> None:
    async with console_on(platform) as url:
        for service, steps in ITS_OWN.items():
            asked = (f"/console/{service}", service)
            assert await offered(url, "department:civil_affairs", *asked) >= set(steps)
            assert not await offered(url, "department:health", *asked) & set(steps)
        asked = ("/console/mediation", "mediation")
        assert "mediators.enlist" in await offered(url, "department:stability", *asked)
        assert "mediators.enlist" not in await offered(url, "department:health", *asked)


async def test_what_is_offered_to_one_department_alone_is_refused_to_another(
    platform: Inside,
) -> None:
    async with platform.session.get(platform.url + "/openapi.json") as answer:
        document = await answer.json()
    operations = {
        one.get("operationId"): (method, path.replace("{id}", "haihua"), one)
        for path, item in document["paths"].items()
        for method, one in item.items()
    }
    for section in SECTIONS:
        for step, department in section.departments.items():
            method, path, operation = operations[f"{section.service}.{step}"]
            body = operation["requestBody"]["content"]["application/json"]["example"]
            body |= {"street": "guanshang"} if step in PLACED else {}
            assert await status(platform, "water", method, path, body) == 403, step
            assert await status(platform, department, method, path, body) != 403, step


async def status(platform: Inside, department: str, method: str, path: str, body: Any) -> int:
    office = platform(f"department:{department}")
    headers = {"authorization": f"Bearer {office.token}"}
    url = platform.url + path
    async with platform.session.request(method, url, json=body, headers=headers) as answer:
        return answer.status
