"""A part of the demo: an organisation on the abnormal list can't be bought from until the cause is remedied.

The organisation, its papers and what is found are invented.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from chassis.kernel.clock import local_date

from .office import Office

REGISTER = "/api/v1/organisations/organisations"
SUPPLIERS = "/api/v1/procurement/suppliers"
SHOWN = ("registration", "governance", "accounts", "means", "taxes", "qualification")
PATIENCE = 30.0


async def organisation_listed(
    office: Callable[[str], Office], say: Callable[[str], None]
) -> tuple[str, str]:
    """What it may do in procurement, while it is listed and after."""
    civil, finance = office("department:civil_affairs"), office("finance")
    today = local_date(datetime.now(UTC)).isoformat()
    tag = uuid4().hex[:8]
    code = f"zhulao-{tag}"
    entry = {
        "code": code,
        "name": "演示助老服务中心（虚构）",
        "kind": "service_institution",
        "sector": "community_service",
        "street": "guanshang",
        "scope": "社区养老服务",
        "certificate": f"演示证第 {tag} 号（虚构）",
        "on": today,
    }
    await civil.post(f"{REGISTER}/registered", entry)
    papers = [{"kind": kind, "evidence": "演示材料", "on": today} for kind in SHOWN]
    supplier = {"code": code, "name": entry["name"], "kind": "social_organisation"}
    await finance.post(SUPPLIERS, {**supplier, "facts": papers})
    say(f"在册的社会组织（虚构）：{entry['name']}，也是承接方")

    finding = {"list": "abnormal", "ground": "unreachable", "findings": "登记住所无法联系（演示）"}
    await civil.step(REGISTER, code, "listings", finding)
    answer = {"answer": "已搬迁，正在变更"}
    await office(f"supplier:{code}").step(REGISTER, code, "listings/1/answer", answer)
    await civil.step(REGISTER, code, "listings/1/enter")
    listed = await _becomes(finance, code, "restricted")
    say(f"列入异常名录：{listed['reasons'][0]['text']}（{listed['reasons'][0]['clause']}）")

    await civil.step(REGISTER, code, "listings/1/lift", {"reason": "已更新住所"})
    free = await _becomes(finance, code, "eligible")
    say("改正后移出，可以承接")
    return str(listed["state"]), str(free["state"])


async def _becomes(finance: Office, code: str, state: str) -> dict[str, Any]:
    """Its eligibility, as soon as procurement has heard."""
    year = datetime.now(UTC).year + 1
    path = f"{SUPPLIERS}/{code}/eligibility"
    async with asyncio.timeout(PATIENCE):
        while True:
            found: dict[str, Any] = await finance.get(path, **{"for": "elderly-care", "year": year})
            if found["state"] == state:
                return found
            await asyncio.sleep(0.05)
