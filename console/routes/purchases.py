"""购买服务: each item of a plan as a line with gates, from the plan to the evaluation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from chassis.kernel.clock import SHANGHAI
from console import views
from console.desk import Desk, Look
from console.routes.steps import BACK
from console.rows import Button, buttons, cell
from console.shown import yuan

PLANS, CALLS, CONTRACTS = (
    f"procurement.{name}" for name in ("plans", "solicitations", "contracts")
)
Item = Mapping[str, Any]
LINE = "/console/procurement/line"
MOST = 5
"""Pages of a year's records that are read for the lines, each of a hundred."""


@dataclass(frozen=True, slots=True)
class Gate:
    """One of the line: `passed`, begun or not; what stands there, and what may be done there."""

    title: str
    passed: bool = False
    begun: bool = False
    said: str = ""
    page: str = ""
    open: Sequence[Button] = field(default=())
    closed: Sequence[Button] = field(default=())

    @property
    def mark(self) -> str:
        return "✓" if self.passed else ("●" if self.begun else "○")

    @property
    def word(self) -> str:
        return "已办" if self.passed else ("在办" if self.begun else "未到")


@dataclass(frozen=True, slots=True)
class Line:
    page: str
    title: str
    amount: str
    by: str
    gates: Sequence[Gate]


def routes(desk: Desk) -> list[Route]:
    async def every(look: Look) -> Response:
        return await _every(desk, look)

    async def one(look: Look) -> Response:
        return await _one(desk, look)

    return [
        Route(LINE, desk.signed_in(every)),
        Route(f"{LINE}/{{plan}}/{{item}}", desk.signed_in(one)),
    ]


def _year(look: Look) -> int:
    said = look.request.query_params.get("year", "")
    return int(said) if said.isdecimal() and len(said) == 4 else datetime.now(SHANGHAI).year


async def _every(desk: Desk, look: Look) -> Response:
    year = _year(look)
    plans = await views.every(look, PLANS, {"year": str(year)}, MOST)
    calls = await views.every(look, CALLS, {"year": str(year)}, MOST)
    contracts = await views.every(look, CONTRACTS, {"year": str(year)}, MOST)
    lines = [
        _line(look, plan, item, _of(calls, plan, item), _of(contracts, plan, item))
        for plan in plans
        for item in _items(plan)
    ]
    context = {"title": "项目进程", "year": year, "lines": lines}
    return desk.page(look, "purchases.html", context)


async def _one(desk: Desk, look: Look) -> Response:
    named = look.request.path_params
    answer = await views.record(look, PLANS, named["plan"], "all")
    if not answer.good:
        return desk.refused(look, answer)
    plan = answer.json()
    item = next((one for one in _items(plan) if one["code"] == named["item"]), None)
    if item is None:
        raise HTTPException(404)
    year = {"year": str(plan["state"]["year"])}
    call = _of(await views.every(look, CALLS, year, MOST), plan, item)
    contract = _of(await views.every(look, CONTRACTS, year, MOST), plan, item)
    call = await _whole(look, CALLS, call)
    contract = await _whole(look, CONTRACTS, contract)
    context = {
        "title": item["title"],
        "line": _line(look, plan, item, call, contract),
        "year": plan["state"]["year"],
        "correlation": (contract or call or plan)["correlation"],
    }
    return desk.page(look, "purchase.html", context)


async def _whole(look: Look, key: str, found: Item | None) -> Item | None:
    """With every step, also those that aren't open and why."""
    if found is None:
        return None
    answer = await views.record(look, key, found["id"], "all")
    return answer.json() if answer.good else found


def _items(plan: Item) -> list[Item]:
    return [*plan["state"]["items"], *(plan["state"].get("reported") or ())]


def _of(found: Sequence[Item], plan: Item, item: Item) -> Item | None:
    """The newest for that item of that plan, or for what goes by the same name."""
    for one in found:
        state = one["state"]
        code = (
            state["item"]["code"] if isinstance(state.get("item"), Mapping) else state.get("item")
        )
        if (state.get("plan"), code) == (plan["id"], item["code"]):
            return one
    return None


def _line(look: Look, plan: Item, item: Item, call: Item | None, contract: Item | None) -> Line:
    return Line(
        page=f"{LINE}/{quote(plan['id'], safe='')}/{quote(item['code'], safe='')}",
        title=item["title"],
        amount=yuan(item["amount"]),
        by=look.names.office(plan["state"]["purchaser"]),
        gates=[
            _plan(look, plan),
            *_calls(look, call, signed=contract is not None),
            _contract(look, contract),
            _payments(look, contract),
            _evaluation(look, contract),
        ],
    )


def _status(look: Look, key: str, item: Item) -> str:
    one = views.lists(look, key)
    return cell(views.showing(look, one.service), one, "status", item["state"])


def _gate(
    look: Look,
    key: str,
    item: Item,
    title: str,
    names: frozenset[str] | None,
    *,
    passed: bool,
    said: str,
) -> Gate:
    """With the steps of that name, or all but those of other gates."""
    one = views.lists(look, key)
    page = f"{one.page}/{quote(item['id'], safe='')}"
    back = urlencode({BACK: look.request.url.path})
    steps = [step for step in buttons(look, one, item) if names is None or step.name in names]
    opened = [step for step in steps if step.open]
    return Gate(
        title,
        passed=passed,
        begun=not passed,
        said=said,
        page=page,
        open=[Button(s.name, s.title, f"{s.page}&{back}", part=s.part) for s in opened],
        closed=[step for step in steps if not step.open],
    )


def _plan(look: Look, plan: Item) -> Gate:
    said = _status(look, PLANS, plan)
    passed = plan["state"]["status"] == "published"
    return _gate(look, PLANS, plan, "计划", None, passed=passed, said=said)


REVIEW = frozenset(
    ("pass_stage", "list_panel", "draw_panel", "recuse", "score", "close_panel", "award")
)
CALLING = frozenset(("cancel", "revise_programme", "confirm_programme", "approve_programme"))
PAYING = frozenset(("pay",))
SIGNED = frozenset(
    (
        "file",
        "accept",
        "agree",
        "terminate",
        "stop",
        "find_passing",
        "answer_passing",
        "settle_passing",
    )
)


def _calls(look: Look, call: Item | None, *, signed: bool) -> list[Gate]:
    if call is None:
        without = "未经征集" if signed else ""
        return [
            Gate("征集", passed=signed, said=without),
            Gate("评审", passed=signed, said=without),
        ]
    state = call["state"]
    said = f"{_status(look, CALLS, call)}，{applied(state)}"
    in_sealed = len(state.get("sealed") or ()) or len(state.get("scores") or ())
    drawn = len((state.get("panel") or {}).get("drawn") or ())
    reviewed = f"评分 {in_sealed}／{drawn} 份" if drawn else "未抽取专家"
    over = state["status"] in ("ranked", "awarded")
    return [
        _gate(look, CALLS, call, "征集", CALLING, passed=over, said=said),
        _gate(
            look,
            CALLS,
            call,
            "评审",
            REVIEW,
            passed=state["status"] == "awarded",
            said=f"已开封，{reviewed}" if state.get("ranking") else reviewed,
        ),
    ]


def applied(state: Mapping[str, Any]) -> str:
    """P-10: how many have applied nobody knows before their applications are opened."""
    closed = state.get("closed_at") or state.get("stages") or state.get("panel")
    if not closed or state.get("unopened"):
        return "申报未开启"
    return f"申报 {len(state.get('applications') or ())} 家"


def _contract(look: Look, contract: Item | None) -> Gate:
    if contract is None:
        return Gate("合同")
    state = contract["state"]
    said = (
        f"{_status(look, CONTRACTS, contract)}，{look.names.named('supplier', state['supplier'])}"
    )
    filed = bool(state.get("filed_at"))
    said += "，已备案" if filed else "，未备案"
    return _gate(look, CONTRACTS, contract, "合同", SIGNED, passed=filed, said=said)


def _payments(look: Look, contract: Item | None) -> Gate:
    if contract is None:
        return Gate("拨付")
    state = contract["state"]
    paid = state.get("payments") or ()
    whole = sum(one["amount"] for one in paid)
    said = f"已付 {yuan(whole)} 元，共 {yuan(state['amount'])} 元"
    if late := sum(bool(one.get("missed")) for one in state.get("claims") or ()):
        said += f"，逾期 {late} 笔"
    passed = whole >= state["amount"]
    return _gate(look, CONTRACTS, contract, "拨付", PAYING, passed=passed, said=said)


def _evaluation(look: Look, contract: Item | None) -> Gate:
    if contract is None:
        return Gate("评估")
    state = contract["state"]
    found = state.get("evaluations") or ()
    codes = look.described.codes("procurement")
    said = "；".join(
        f"{codes.get(one['stage'], one['stage'])} {one['points']} 分，{codes.get(one['band'], one['band'])}"
        for one in found
    )
    last = any(one["stage"] == "final" for one in found)
    known = CALLING | REVIEW | PAYING | SIGNED
    names = frozenset(a["name"] for a in contract.get("actions") or ()) - known
    return _gate(look, CONTRACTS, contract, "评估", names, passed=last, said=said or "尚未评估")
