"""What callers send, where a test needs something in being and doesn't care what."""

from collections.abc import Callable
from typing import Any

from gongzhi.office import Office

NOISE: dict[str, Any] = {
    "channel": "visit",
    "community": "guanshangzhongxinqu",
    "category": "noise",
    "title": "夜间施工噪声",
    "asked": "请制止",
}
"""A problem that guanshangzhongxinqu collects."""

FACTS = [
    {"kind": kind, "evidence": "证-1", "on": "2026-01-05"}
    for kind in ("registration", "governance", "accounts", "means", "taxes", "qualification")
]
"""What a supplier has to show before it may be contracted."""


def item(code: str, **other: Any) -> dict[str, Any]:
    """An item of a yearly plan, of a million yuan; tendered elsewhere, unless its way is another."""
    return {
        "code": code,
        "way": "purchase",
        "entry": "B0101",
        "title": "长者关怀服务",
        "line": "services",
        "amount": 100_000_000,
        "method": "open_tender",
        "targets": "服务四类人群",
        "standard": "3A 以上社会组织",
        "shares": {"personnel": 65_000_000, "evaluation": 5_000_000, "supervision": 10_000_000},
        **other,
    }


def plan(year: int, *items: dict[str, Any]) -> dict[str, Any]:
    """A yearly plan whose budget line holds it all."""
    held = sum(one["amount"] for one in items)
    return {"year": year, "lines": [{"code": "services", "amount": held}], "items": items}


def plan_steps(plan: dict[str, Any], by: str) -> list[tuple[str, str, Any]]:
    """Who takes which step with what, until it is public: who drew it up doesn't review it."""
    keeper = "finance" if by == "district_admin" else "district_admin"
    approved = [one["code"] for one in plan["items"]]
    return [
        (by, "submit", None),
        (keeper, "review", {"agreed": True, "opinion": "资金已落实"}),
        (keeper, "examine", {"approved": approved, "opinion": "同意"}),
        (by, "publish", None),
    ]


SERVICES = [
    {"code": f"{table}-{item}", "nature": "free"}
    for table, items in ((1, 3), (2, 3), (3, 3), (4, 3), (7, 5))
    for item in range(1, items + 1)
]
"""The fewest items of the service guide that a 三社联动 project offers."""

FORM = {
    "background": "老年人多",
    "needs": "入户调查",
    "aims": "老有所乐",
    "strategy": "小组和社区工作",
    "indicators": "每月四次",
    "schedule": "按月",
    "tracking": "按季回访",
    "people": "社工两名",
    "budget": "见预算表",
}
"""Of an application."""

EXPERTS = [
    {
        "code": code,
        "profile": "社会工作方向",
        "institution": institution,
        "employer": f"inst-{code}",
        "nomination": "recommended",
    }
    for code, institution in (("7", "university"), ("8", "law_firm"), ("9", "research"))
]
"""A bank of which every one sits on a panel of three."""


async def seated(offices: Callable[[str], Office], contract: str) -> Office:
    """Some member of the panel drawn for a contract; fills the bank, where it is empty."""
    api, admin = "/api/v1/procurement", offices("district_admin")
    if not (await admin.get(f"{api}/experts", state="appointed"))["items"]:
        for one in EXPERTS:
            await admin.post(f"{api}/experts", one)
            await admin.step(f"{api}/experts", one["code"], "appoint")
    await admin.step(f"{api}/contracts", contract, "panel", {"size": 3})
    await offices("discipline").step(f"{api}/contracts", contract, "panel/draw", {"seed": "8024"})
    panel = await admin.get(f"{api}/contracts/{contract}/panel")
    return offices(f"expert:{panel['drawn'][0]}")


async def planned(offices: Callable[[str], Office], by: str, year: int, code: str) -> str:
    """The id of a published plan of one item that everything may be signed for."""
    api, body = "/api/v1/procurement/plans", plan(year, item(code))
    drafted = await offices(by).post(api, body)
    for office, step, said in plan_steps(body, by):
        await offices(office).step(api, drafted["id"], step, said)
    return str(drafted["id"])


SCHEME = {
    "indicators": [
        {
            "code": part,
            "part": part,
            "text": "指标",
            "points": 250,
            "basis": "objective" if part == "output" else "subjective",
        }
        for part in ("professional", "output", "quality", "management")
    ]
}
"""Of an evaluation: one indicator for each part."""


SIDES = {"satisfaction": 92, "targets": 100, "department": "同意", "community": "居民认可"}


TOPICS = {
    "before": ("budget", "supplier"),
    "mid": ("money", "use", "amount", "quality"),
    "final": ("effect", "satisfaction"),
}
"""What each stage judges of a contract that isn't supervised."""


GATHERED = {
    "visits": 1,
    "interviewed": ["supplier", "supervisor", "beneficiaries"],
    "figures": {"contacts": 120, "cases_opened": 6},
    "workers": 2,
}


def evaluation(stage: str, parts: dict[str, int], *more: str) -> dict[str, Any]:
    """Points by part before the project, under `SCHEME` later; `more` topics judged."""
    verdicts = [{"topic": topic, "text": "合理"} for topic in (*TOPICS[stage], *more)]
    if stage == "before":
        return {"stage": stage, "parts": parts, "verdicts": verdicts, "independent": True}
    scores = [{"code": part, "points": given, "evidence": "台账"} for part, given in parts.items()]
    said = {"stage": stage, "scores": scores, "focus_groups": 2, "sides": SIDES}
    return {**said, "verdicts": verdicts, "gathered": GATHERED, "independent": True}


TRIAGE = {"kind": "problem", "urgency": "normal", "difficulty": "hard", "handling": "joint"}


def outfall(*units: str, kind: str = "tackle") -> dict[str, Any]:
    """A whistle a street blows for a matter of its own."""
    return {
        "level": "street",
        "kind": kind,
        "units": units,
        "lead": units[0],
        "title": "河道排污口",
        "category": "water",
    }
