"""A part of the demo: a survey without admission is found; it applies, is admitted, taken on, assessed, and over.

The survey, its papers and what is found are invented.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.kernel.clock import local_date

from .demo_cast import COMMUNITY, STREET
from .office import Office, Refused

BASE = "/api/v1/affairs"
ADMISSIONS = f"{BASE}/admissions"
UNIT = "health"
ITEM = "居家养老需求调查（虚构）"
FORM: dict[str, Any] = {
    "unit": UNIT,
    "community": COMMUNITY,
    "item": ITEM,
    "basis": "演示依据",
    "aim": "摸清养老需求",
    "task": "入户填表",
    "process": "培训、入户、汇总",
    "assessed_by": "抽查一成",
    "staff": "每个社区派两人",
    "powers": "查阅居家养老台账",
    "funds": 2_000_000,
    "provision": "funds",
    "term": "stage",
    "out_of_season": "演示",
}


async def survey_admitted(
    office: Callable[[str], Office], say: Callable[[str], None]
) -> tuple[str, str]:
    """Where the intrusion and the admission stand at the end."""
    community, street = office(f"community:{COMMUNITY}"), office(f"street:{STREET}")
    what = {"community": COMMUNITY, "unit": UNIT, "item": ITEM, "what": "未经准入逐户填表（演示）"}
    intrusion = await community.post(f"{BASE}/intrusions", what)
    path = f"{BASE}/intrusions"
    await street.step(path, intrusion["id"], "verify", {"found": True, "opinion": "属实（演示）"})
    today = local_date(datetime.now(UTC))
    gone = await street.step(path, intrusion["id"], "withdraw", {"on": today.isoformat()})
    say(f"社区报告、街道核实：{ITEM}未经准入，已退出")
    return str(gone["state"]["status"]), await _through(office, say)


async def _through(office: Callable[[str], Office], say: Callable[[str], None]) -> str:
    unit, leading = office(f"department:{UNIT}"), office("department:civil_affairs")
    today = local_date(datetime.now(UTC))
    dates = {"begins_on": today, "until": today + timedelta(days=90)}
    form = {**FORM, **{name: day.isoformat() for name, day in dates.items()}}
    try:
        await unit.post(f"{BASE}/applications", {**form, "assessed_by": ""})
    except Refused as refusal:
        say(f"申请缺项不受理：{refusal.problem['detail']}（{refusal.problem['clause']}）")
    asked = await unit.post(f"{BASE}/applications", form)
    id, due = str(asked["id"]), asked["state"]["due"]
    say(f"申请准入，初审期限（10个工作日）：{due}")
    await _decided(leading, id, today.isoformat())
    await _worked(office, id, today.isoformat())
    say("准入、街道安排、社区承接，经费到位；评估达不到，领导小组决定退出")
    over = await leading.step(ADMISSIONS, id, "end", {"reason": "居民认可度不足（演示）"})
    return str(over["state"]["status"])


async def _decided(leading: Office, id: str, today: str) -> None:
    heard = [f"street:{STREET}", f"community:{COMMUNITY}"]
    review = {"hearing": "coordination", "heard": heard, "opinion": "必要（演示）"}
    await leading.step(ADMISSIONS, id, "review", {**review, "on": today})
    decision = {"mode": "stage", "scope": "全部楼栋", "document": "演示〔2026〕1号"}
    await leading.step(ADMISSIONS, id, "admit", decision)


async def _worked(office: Callable[[str], Office], id: str, today: str) -> None:
    community, street = office(f"community:{COMMUNITY}"), office(f"street:{STREET}")
    await street.step(ADMISSIONS, id, "arrange", {"how": "按楼栋推进（演示）"})
    window = {"on": today, "window": "一号窗口"}
    await community.step(ADMISSIONS, id, "enter", window)
    money = {"fen": FORM["funds"], "evidence": "演示凭证", "on": today}
    await community.step(ADMISSIONS, id, "funds", money)
    short = {"effect": "入户率低", "funds": "已用一半", "recognition": 40, "enough": False}
    await community.step(ADMISSIONS, id, "assess", short)
    await street.step(ADMISSIONS, id, "confirm", {"opinion": "属实（演示）"})
