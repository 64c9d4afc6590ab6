"""The demo's second walk: a need at a hearing is bought, fails its evaluation, and its supplier sits out a year.

Played through the gateway only; events between services cross the broker. Everything is invented.
"""

from datetime import UTC, datetime
from itertools import count
from typing import Any
from uuid import uuid4

from .demo_cast import COMMUNITY, STREET, Cast, Disappointed, arrived, every, say
from .office import Office, Refused

CONSULTATION = "/api/v1/consultation"
PROCUREMENT = "/api/v1/procurement"
CONTRACTS = f"{PROCUREMENT}/contracts"
UNITS = "/api/v1/whistle/units"
FACTS = ("registration", "governance", "accounts", "means", "taxes", "qualification")
BANK = {
    "university": "高校社会工作方向，虚构",
    "law_firm": "律所公益法律方向，虚构",
    "research": "研究机构社区治理方向，虚构",
}
PARTS = ("professional", "output", "quality", "management")
TOPICS = {
    "before": ("budget", "supplier"),
    "mid": ("money", "use", "amount", "quality"),
    "final": ("effect", "satisfaction"),
}
POINTS = {"before": 200, "mid": 200, "final": 140}
"""Of each part: 560 of 1000 in the end is not enough."""


async def need_to_lifted_restriction(cast: Cast) -> str:
    """Plays it and checks what comes of it; gives the contract's id."""
    year = datetime.now(UTC).year
    tag = uuid4().hex[:8]
    matter = await heard(cast)
    need = await listed(cast, matter, year)
    supplier = project = f"demo-{tag}"
    buyer = await free_to_plan(cast, (year, year + 1))
    await registered(cast, supplier)
    terms = {
        "supplier": supplier,
        "project": project,
        "title": "演示助餐服务",
        "street": STREET,
        "amount": 10_000_000,
    }
    plan = await planned(cast, buyer, year, needs=[need])
    contract = str((await buyer.post(CONTRACTS, {**terms, **plan}))["id"])
    say(f"签订合同  {contract}")
    await answered(cast, matter, contract)
    await evaluated(cast, contract, supplier)
    await restricted(cast, supplier, project, year)

    await refused(buyer, {**terms, **await planned(cast, buyer, year + 1)})
    free = await standing(cast, supplier, project, year + 2)
    if free["state"] != "eligible":
        raise Disappointed(f"{year + 2} 年应恢复承接资格：{free}")
    say(f"{year + 2} 年限制到期，恢复承接资格")
    return contract


async def free_to_plan(cast: Cast, years: tuple[int, ...]) -> Office:
    """A department that has no plan of these years yet: each may have one."""
    finance, centre = cast.office("finance"), cast.office("command_centre")
    planning = {
        one["state"]["purchaser"]
        for year in years
        for one in await every(finance, f"{PROCUREMENT}/plans", year=year)
    }
    units = [one["state"] for one in await every(centre, UNITS)]
    for unit in reversed(units):
        office = f"department:{unit['code']}"
        if unit["kind"] == "department" and office not in planning:
            return cast.office(office)
    raise Disappointed("各部门都已有年度计划，请换一个数据目录再演示")


async def refused(buyer: Office, terms: dict[str, Any]) -> None:
    """P-07, by its clause."""
    try:
        await buyer.post(CONTRACTS, terms)
    except Refused as refusal:
        if refusal.problem.get("rule") != "P-07":
            raise
        say(f"次年签约被拒：{refusal.problem['clause']}")
    else:
        raise Disappointed("次年不应签约")


async def heard(cast: Cast) -> str:
    """Residents deliberate, and find that a service should be bought."""
    community = cast.office(f"community:{COMMUNITY}")
    committees = await community.get(f"{CONSULTATION}/committees", community=COMMUNITY)
    committee = next(iter(committees["items"]), None) or await community.post(
        f"{CONSULTATION}/committees",
        {
            "level": "community",
            "community": COMMUNITY,
            "name": "演示议事委员会",
            "members": [
                {"seat": f"s{n:02}", "kind": "fixed", "non_party": n < 15} for n in range(21)
            ],
        },
    )
    seats = [one["seat"] for one in committee["state"]["members"] if one["kind"] == "fixed"]
    matters = f"{CONSULTATION}/matters"
    matter = await community.post(
        matters,
        {
            "committee": committee["id"],
            "title": "独居老人用餐不便",
            "category": "welfare",
            "head": "order",
            "subject": "社区助餐服务",
        },
    )
    id = str(matter["id"])
    settled = {"form": "council", "participants": "居民代表", "plan": "一上午"}
    await community.step(matters, id, "accept", {"by": "party_organisation", **settled})
    await community.step(matters, id, "research", {"findings": "已走访"})
    outcome = {
        "outcome": "usable_here",
        "present": seats,
        "unit": "civil_affairs",
        "need": "助餐服务",
    }
    await community.step(matters, id, "outcome", outcome)
    say(f"居民议事，提出购买服务需求  {id}")
    return id


async def listed(cast: Cast, matter: str, year: int) -> str:
    """The need, in procurement's list of the year; classified and published."""
    community = cast.office(f"community:{COMMUNITY}")
    surveys = f"{PROCUREMENT}/needs/surveys"

    async def found() -> tuple[str, str, bool] | None:
        page = await community.get(surveys, community=COMMUNITY, year=year)
        for one in page["items"]:
            for need in one["state"]["needs"]:
                if str(need.get("source_id", "")).startswith(matter):
                    return one["id"], need["id"], one["state"].get("published_at") is not None
        return None

    survey, need, public = await arrived(found, "需求没有进入需求清单")
    kind = {"group": "独居老人", "kind": "support", "rank": "basic"}
    await community.step(surveys, survey, f"needs/{need}/classify", kind)
    if not public:
        await community.step(surveys, survey, "publish")
    say(f"需求清单公布  {need}")
    return need


async def registered(cast: Cast, supplier: str) -> None:
    facts = [{"kind": one, "evidence": "演示", "on": "2026-01-05"} for one in FACTS]
    body = {
        "code": supplier,
        "name": "演示助餐服务中心（虚构）",
        "kind": "social_organisation",
        "facts": facts,
    }
    await cast.office("finance").post(f"{PROCUREMENT}/suppliers", body)


async def planned(cast: Cast, buyer: Office, year: int, **more: Any) -> dict[str, str]:
    """An item of a published plan, to be signed for."""
    item = {
        "code": "i1",
        "way": "purchase",
        "entry": "B0101",
        "title": "演示助餐服务",
        "line": "services",
        "amount": 10_000_000,
        "method": "open_tender",
        "targets": "独居老人每日助餐",
        "standard": "社会组织",
        **more,
    }
    body = {"year": year, "lines": [{"code": "services", "amount": 10_000_000}], "items": [item]}
    plans, finance = f"{PROCUREMENT}/plans", cast.office("finance")
    id = str((await buyer.post(plans, body))["id"])
    await buyer.step(plans, id, "submit")
    await finance.step(plans, id, "review", {"agreed": True, "opinion": "资金已落实"})
    await finance.step(plans, id, "examine", {"approved": ["i1"], "opinion": "同意"})
    await buyer.step(plans, id, "publish")
    say(f"{year} 年度计划公布  {id}")
    return {"plan": id, "item": "i1"}


async def answered(cast: Cast, matter: str, contract: str) -> None:
    """What came of the need, back with who deliberated."""
    community = cast.office(f"community:{COMMUNITY}")

    async def told() -> bool | None:
        found = await community.get(f"{CONSULTATION}/matters/{matter}")
        return contract in str(found["state"]) or None

    await arrived(told, "议事方没有得知合同")
    say("议事方得知需求已购买")


async def evaluated(cast: Cast, contract: str, supplier: str) -> None:
    """By a panel drawn by lot, under a scheme the supplier accepts; not well enough in the end."""
    admin, experts = cast.office("district_admin"), f"{PROCUREMENT}/experts"
    known = {one["state"]["code"] for one in await every(admin, experts)}
    numbers = (str(number) for number in count(1) if str(number) not in known)
    for (institution, profile), code in zip(BANK.items(), numbers, strict=False):
        employer = f"{supplier}-{code}"
        said = {"institution": institution, "employer": employer, "nomination": "recommended"}
        await admin.post(experts, {"code": code, "profile": profile, **said})
        await admin.step(experts, code, "appoint")
    await admin.step(CONTRACTS, contract, "panel", {"size": 3})
    drawn = await cast.office("discipline").step(
        CONTRACTS, contract, "panel/draw", {"seed": "演示"}
    )
    expert = cast.office(f"expert:{drawn['state']['panel']['drawn'][0]}")
    path = f"{CONTRACTS}/{contract}"
    indicators = [
        {
            "code": part,
            "part": part,
            "text": "演示指标",
            "points": 250,
            "basis": "objective" if part == "output" else "subjective",
        }
        for part in PARTS
    ]
    await expert.post(f"{path}/scheme", {"indicators": indicators})
    accepted = {"accepted": True}
    await cast.office(f"supplier:{supplier}").step(CONTRACTS, contract, "scheme/answer", accepted)
    for stage, points in POINTS.items():
        await expert.post(f"{path}/evaluations", _evaluation(stage, points))
    ended = await admin.get(path)
    if ended["state"].get("ended_why") != "unqualified":
        raise Disappointed(f"末期评估不合格，合同应终止：{ended['state'].get('ended_why')}")
    say("末期评估 560 分，低于合格，合同终止")


def _evaluation(stage: str, points: int) -> dict[str, Any]:
    said: dict[str, Any] = {
        "stage": stage,
        "verdicts": [{"topic": one, "text": "演示"} for one in TOPICS[stage]],
        "independent": True,
    }
    if stage == "before":
        return {**said, "parts": dict.fromkeys(PARTS, points)}
    scores = [{"code": one, "points": points, "evidence": "演示台账"} for one in PARTS]
    sides = {"satisfaction": 55, "targets": 60, "department": "未达到约定"}
    gathered = {
        "visits": 1,
        "interviewed": ["supplier", "beneficiaries"],
        "figures": {"contacts": 40, "community_events": 3, "community_attendances": 60},
        "workers": 2,
    }
    return {**said, "scores": scores, "focus_groups": 2, "sides": sides, "gathered": gathered}


async def standing(cast: Cast, supplier: str, project: str, year: int) -> dict[str, Any]:
    path = f"{PROCUREMENT}/suppliers/{supplier}/eligibility"
    return dict(await cast.office("finance").get(path, **{"for": project, "year": year}))


async def restricted(cast: Cast, supplier: str, project: str, year: int) -> None:
    """Over the broker, from the evaluation alone."""

    async def found() -> dict[str, Any] | None:
        now = await standing(cast, supplier, project, year + 1)
        return now if now["state"] == "restricted" else None

    now = await arrived(found, "承接资格没有变化")
    say(f"{year + 1} 年受限：{now['reasons'][0]['clause']}")
