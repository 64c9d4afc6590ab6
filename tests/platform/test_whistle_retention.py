"""W-16 by the service's own clock: who reported goes when the term is over, and the note of it stays."""

from datetime import timedelta

import pytest

from gongzhi.office import Refused
from tests.platform.test_whistle_receipts import COMMUNITY, PROBLEMS, RECEIPTS, say
from tests.support.buses import until
from tests.support.held import clock, platform
from tests.support.inside import HeldClock, Inside

__all__ = ["clock", "platform"]

REMOVALS = "/api/v1/whistle/removals"
WHO = {"name": "演示居民", "contact": "", "text": "演示"}


async def test_W_16_a_reporter_goes_when_the_term_is_over_and_his_case_stays(
    platform: Inside, clock: HeldClock
) -> None:
    office, admin = platform(COMMUNITY), platform("district_admin")
    body = {"channel": "visit", "community": "guanshangzhongxinqu", "category": "noise"}
    said = {**body, "title": "夜间施工", "asked": "请停工", "reporter": WHO}
    problem = await office.post(PROBLEMS, said)
    triage = {"kind": "problem", "urgency": "normal", "difficulty": "easy", "handling": "immediate"}
    await office.step(PROBLEMS, problem["id"], "triage", triage)
    await office.step(PROBLEMS, problem["id"], "settle", {"how": "已停工。"})
    path = f"{PROBLEMS}/{problem['id']}/export"
    exported = await office.post(path, {"reason": "本人申请查阅"})
    assert exported["reporter"]["name"] == WHO["name"] and exported["kept_until"]
    assert (await admin.get(REMOVALS))["items"] == []
    clock.now += timedelta(days=366)

    async def gone() -> bool:
        return bool((await admin.get(REMOVALS))["items"])

    await until(gone)
    [noted] = (await admin.get(REMOVALS))["items"]
    assert (noted["collection"], noted["record"]) == ("reporters", problem["id"])
    assert WHO["name"] not in str(noted)
    with pytest.raises(Refused) as refusal:
        await office.post(path, {"reason": "本人申请查阅"})
    assert refusal.value.status == 404
    assert (await say(platform, RECEIPTS, code=problem["receipt"]))[0] == 404
    shown = await office.get(f"{PROBLEMS}/{problem['id']}")
    assert shown["state"]["status"] == "settled"
    with pytest.raises(Refused) as refusal:
        await office.get(REMOVALS)
    assert refusal.value.status == 403
