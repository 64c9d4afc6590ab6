"""What is said once is shown to whom it is said: receipts, secrets, persons, what was sealed; and what was asked."""

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from console.answered import told
from console.described import WORDS as CALLED
from console.described import Described
from console.registers import Names
from console.shown import Group, Showing
from tests.support.consoles import Hand, hand, url
from tests.support.inside import Inside, inside

from .test_console_door import NEW, OURS, SAID
from .test_console_names import listed

__all__ = ["url"]

STREET, CENTRE, WATER = "street:guanshang", "command_centre", "department:water"
WORDS = "三号楼的消防通道堵了\n请来看看"
REPORTER = {"reporter.name": "王小明", "reporter.contact": "13800138000"}
RECEIPT = re.compile(r'class="receipt">(\d{4} \d{4} \d{4} \d{4})<')
PROBLEMS, WHISTLES = "/console/whistle/problems", "/console/whistle/whistles"


@pytest.fixture
async def platform(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Inside]:
    async with inside(
        tmp_path / "data", only=("housing", "whistle", "mediation", "organisations")
    ) as running:
        yield running


async def sends(one: Hand, path: str, **said: str) -> tuple[str, str, str]:
    """What the form's answer shows, where it was shown, and what a cache is told."""
    form = {"_forgery": await one.forgery(), **said}
    async with one.session.post(one.url + path, data=form) as answer:
        assert answer.status == 200, (answer.status, await answer.text())
        text = html.unescape(await answer.text())
        return text, str(answer.url), answer.headers["Cache-Control"]


def doing(page: str, step: str, part: str = "") -> str:
    """The form of a step on the record at that page."""
    href = page.replace("/console/", "/api/v1/") + part
    return f"{page}/do?{urlencode({'step': f'{href}/{step}'})}"


async def collected(platform: Inside, **more: Any) -> str:
    body = {**SAID, "asked": WORDS, **more}
    made = await platform(OURS).post("/api/v1/whistle/problems", body)
    return f"{PROBLEMS}/{made['id']}"


async def test_W_16_what_was_asked_is_read_on_its_page_by_who_may_and_by_nobody_else(
    platform: Inside, url: str
) -> None:
    problem = await collected(platform)
    blow = {"level": "street", "kind": "problem", "units": ["water"], "lead": "water"}
    triage = {"kind": "problem", "urgency": "normal", "difficulty": "hard", "handling": "joint"}
    id = problem.rpartition("/")[2]
    async with hand(url, OURS) as ours:
        for page in (problem, doing(problem, "triage")):
            assert WORDS in html.unescape(await ours.read(page))
        # Nobody is led to photographs that there are none of.
        assert "居民照片" not in await ours.read(problem)
    await platform(OURS).step("/api/v1/whistle/problems", id, "triage", triage)
    made = await platform(STREET).post("/api/v1/whistle/whistles", {**blow, "problem": id})
    for step in ("register", "dispatch"):
        await platform(CENTRE).step("/api/v1/whistle/whistles", made["id"], step)
    whistle = f"{WHISTLES}/{made['id']}"
    reads = {
        (STREET, problem): True,
        (CENTRE, whistle): True,
        (WATER, whistle): True,
        (OURS, whistle): False,
        ("discipline", problem): False,
        ("discipline", whistle): False,
    }
    for (office, page), may in reads.items():
        async with hand(url, office) as one:
            assert (WORDS in html.unescape(await one.read(page))) is may, (office, page)


async def test_W_16_the_centre_reads_what_was_asked_where_the_place_is_unknown(
    platform: Inside, url: str
) -> None:
    said = {"service_code": "noise", "address_string": "某某路口", "description": WORDS}
    path = f"{platform.url}/api/v1/whistle/open311/v2/requests.json"
    async with platform.session.post(path, data=said) as answer:
        assert answer.status == 201, await answer.text()
    [one] = (await platform(CENTRE).get("/api/v1/whistle/unplaced"))["items"]
    async with hand(url, CENTRE) as centre:
        assert WORDS in html.unescape(await centre.read(f"/console/whistle/unplaced/{one['id']}"))


async def test_W_16_the_receipt_of_what_an_office_registers_is_shown_to_it_once(
    platform: Inside, url: str
) -> None:
    async with hand(url, OURS) as ours:
        said = {**SAID, **REPORTER, "_key": "collect-0001"}
        text, where, kept = await sends(ours, NEW, **said)
        [code] = RECEIPT.findall(text)
        assert kept == "no-store" and "只显示这一次" in text
        assert code.replace(" ", "") not in where and code not in str(ours.session.cookie_jar)
        assert (await sends(ours, NEW, **said))[0].count(code) == 1
        [page] = set(re.findall(rf"{PROBLEMS}/[\w-]{{36}}", text))
        assert code not in await ours.read(page)
        case = {"code": code}
        assert "停车" in (await sends(ours, "/console/resident/receipt", **case))[0]


@pytest.mark.parametrize("step", ["reporter", "export"])
async def test_W_16_who_reported_it_is_shown_to_who_wrote_down_why(
    platform: Inside, url: str, step: str
) -> None:
    reporter = {"name": "王小明", "contact": "13800138000"}
    problem = await collected(platform, reporter=reporter)
    async with hand(url, OURS) as ours:
        path = doing(problem, step)
        said = {"reason": "回访", "_key": "read-0001"}
        text, where, kept = await sends(ours, path, **said)
        assert "王小明" in text and "13800138000" in text and "查看已留痕" in text
        assert kept == "no-store" and "13800138000" not in where and "%E7%8E%8B" not in where
        assert (await sends(ours, path, **said))[0].count("王小明") == 1
        if step == "export":
            assert "回访" in text and WORDS in text
        shown = await ours.read(problem)
        assert "王小明" not in shown and shown.count("回访") == 2, "each showing is on record"
    for office in ("community:haihua", "discipline"):
        async with hand(url, office) as other:
            form = {"_forgery": await other.forgery(), "reason": "看看"}
            async with other.session.post(url + path, data=form) as answer:
                assert answer.status in (403, 404), office
                assert "王小明" not in await answer.text()


async def test_G_01_a_secret_is_shown_to_who_makes_an_address_and_to_who_changes_it(
    platform: Inside, url: str
) -> None:
    new = "/console/gateway/webhooks/new?step=make"
    async with hand(url, STREET) as street:
        text, *_ = await sends(street, new, url="https://example.com/", types="whistle.blown.v1")
        [first] = re.findall(r'class="receipt">(whsec_\S+)<', text)
        [page] = set(re.findall(r"/console/gateway/webhooks/[\w-]{36}", text))
        version = (await platform(STREET).get(page.replace("/console/", "/api/v1/")))["version"]
        text, *_ = await sends(street, doing(page, "rotate"), _version=str(version))
        [second] = re.findall(r'class="receipt">(whsec_\S+)<', text)
        assert first != second and "只显示这一次" in text
        assert "whsec_" not in await street.read(page)


async def test_M_02_what_is_sealed_is_shown_to_the_mediators_who_wrote_down_why(
    platform: Inside, url: str
) -> None:
    dispute = {
        "dispute": "neighbours",
        "source": "screening",
        "community": "guanshangzhongxinqu",
        "text": "楼上漏水，吵了三次。",
        "parties": [{"name": "赵一", "phone": "13800000001"}, {"name": "钱二"}],
    }
    made = await platform(OURS).post("/api/v1/mediation/cases", dispute)
    page = f"/console/mediation/cases/{made['id']}"
    async with hand(url, OURS) as ours:
        text, *_ = await sends(ours, doing(page, "sealed"), reason="调解前核实")
        for said in ("楼上漏水，吵了三次。", "赵一", "13800000001", "钱二", "乙方"):
            assert said in text, said
        text, *_ = await sends(ours, doing(page, "export", "/parties/a"), reason="本人申请查阅")
        assert "赵一" in text and "钱二" not in text and "调解前核实" in text
        assert "赵一" not in await ours.read(page)


async def test_W_16_persons_are_read_one_by_one_and_not_of_many_at_once(
    platform: Inside, url: str
) -> None:
    """Of many at once nobody would be shown any, and each would be on record."""
    problem = await collected(platform, reporter={"name": "王小明"})
    id, batch = problem.rpartition("/")[2], f"{PROBLEMS}/batch"
    async with hand(url, OURS) as ours:
        offered = await ours.read(PROBLEMS)
        assert 'value="triage"' in offered and 'value="reporter"' not in offered
        text, *_ = await sends(
            ours, batch, ids=id, step="reporter", reason="回访", _key="many-0001"
        )
        assert "须逐件办理" in text and "0 件已办" in text
        assert "回访" not in await ours.read(problem)


FIELDS = {
    name: {"title": title}
    for name, title in {"name": "名称", "party": "当事人", "visits": "回访", "by": "期限"}.items()
}
KINDS = {"type": "string", "enum": ["social_work"], CALLED: {"social_work": "社会工作者职业证书"}}


def flat(group: Group) -> list[str]:
    inner = [line for one in group.groups for line in flat(one)]
    return [
        *([group.title] if group.title else []),
        *(f"{a}：{b}" for a, b, _ in group.facts),
        *inner,
    ]


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ({"name": "王小明", "number": ""}, ["姓名：王小明"]),
        ({"name": {"name": "李四"}}, ["姓名：李四"]),
        ({"social_work": {"number": "G1"}}, ["社会工作者职业证书", "编号：G1"]),
        ({"a": {"name": "赵一"}}, ["当事人 a", "姓名：赵一"]),
        ({"visit-1": {"heard": "已修好"}}, ["回访 1", "回访情况：已修好"]),
        (
            {"read": [{"at": "2026-03-02T02:00:00Z", "by": "system:clock", "reason": "核查"}]},
            ["谁查看过 1", "时间：2026-03-02 10:00", "谁：到时自动", "理由：核查"],
        ),
        ({"record": {"title": "停车"}, "kept_until": None}, ["登记的情况", "标题：停车"]),
    ],
)
def test_what_is_told_of_persons_is_called_in_words(said: dict[str, Any], lines: list[str]) -> None:
    more = {"number": "编号", "heard": "回访情况", "at": "时间", "reason": "理由"}
    properties = FIELDS | {name: {"title": title} for name, title in more.items()}
    known = Described({"index.One": {"properties": properties}, "index.Kind": KINDS}, {}, (), {})
    one = listed(title={"title": "标题", "type": "string"})
    free = {"type": "object", "additionalProperties": True}
    assert flat(told(Showing(known, Names({}), "index"), one, free, said)) == lines
