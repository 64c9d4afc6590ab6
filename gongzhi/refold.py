"""After an upgrade: rebuilds records of an earlier build whose state differs from what today's code folds from their
trail."""

import asyncio
from pathlib import Path
from urllib.parse import quote

import aiohttp

from . import keys
from .office import Office, Refused
from .roster import GATEWAY, SERVICES
from .verify import heads_of, trails_of, unwitnessed, verified


def run(url: str, data: Path) -> int:
    return asyncio.run(refold(url, data))


async def refold(url: str, data: Path) -> int:
    """1 where a trail itself isn't as it was written, or as the journal witnessed it: that record is left as it is."""
    async with aiohttp.ClientSession() as session:
        office = Office(session, url, keys.token(data, "district_admin"))
        heads = await heads_of(office)
        anew, left = 0, 0
        for name in (*SERVICES, GATEWAY):
            async for subject, item in verified(office, name):
                if [*unwitnessed(item, heads.get(subject, {}))]:
                    left += 1
                    print(f"{subject}  与日志见证的封印不同，未改动")
                elif item["faults"]:
                    done = await _refolded(office, name, subject)
                    anew, left = anew + done, left + (not done)
        print(f"已按留痕重新推算 {anew} 条，{left} 条未改动")
        return 1 if left else 0


async def _refolded(office: Office, name: str, subject: str) -> bool:
    """Whether it follows from its trail now; told by name what was otherwise, or why it can't be made anew."""
    collection, _, id = subject.removeprefix(f"{name} ").partition("/")
    path = f"{trails_of(name)}/{collection}/{quote(id, safe='')}/refold"
    try:
        changed = (await office.post(path))["changed"]
    except Refused as refused:
        print(f"{subject}  未改动：{refused.problem.get('detail')}")
        return False
    print(f"{subject}  {'、'.join(changed) or '已与留痕一致'}")
    return True
