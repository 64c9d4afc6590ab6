"""What consultation prints, on paper: each form and the record book, nothing too wide, nothing from anywhere."""

from datetime import timedelta
from typing import Any

from playwright.async_api import Browser

from gongzhi import keys
from tests.pages.test_bulletin import PAPER
from tests.support.browser import Visit
from tests.support.consultation import STREET, Desk, committee, desk, seats, settled, topic

__all__ = ["desk"]

LONG = (
    "夜间占用消防通道停车，社区、物业和居民多次协调未果，建议统一划线、错时停放并由网格员每日巡查。"
    * 3
)
FORMS = ("report", "opinions", "assignment", "handling")


async def told(desk: Desk) -> dict[str, str]:
    """A street's year with everything that a form can show; the paths of what is printed, by title."""
    seated = await desk.made("/consultation/committees", STREET, committee("street", 50, 30))
    day = desk.clock().date()
    plan = {
        "year": (day + timedelta(days=20)).year,
        "topics": [
            {"head": "governance", "title": "停车"},
            {"head": "governance", "title": "小广场"},
        ],
        "regular": 2,
        "publicised_on": day.isoformat(),
    }
    await desk.take(f"/committees/{seated['id']}", "plan", STREET, plan, method="PUT")
    matter = await desk.made("/consultation/matters", STREET, topic(seated, subject=LONG))
    session = await held(desk, seated, matter)
    matter_path = f"/matters/{matter['id']}"
    for step, body in (
        ("report", None),
        ("decide", {"decision": "partly", "reasons": LONG}),
        ("feedback", {"feedback": LONG, "informed": 50, "written": 40}),
        ("progress", {"progress": LONG}),
        ("inspect", {"seat": "s1", "finding": LONG, "mark": "badly"}),
        ("inspections/0/answer", {"answer": LONG}),
    ):
        await does(desk, matter_path, step, body)
    sheets = {one: f"/consultation{matter_path}/forms/{one}" for one in FORMS}
    for one in ("minutes", "sign_in"):
        sheets[one] = f"/consultation{session}/forms/{one}"
    book = f"/consultation/committees/{seated['id']}/record-book"
    return {**sheets, "book": f"{book}?year={plan['year']}&format=html"}


async def does(desk: Desk, path: str, step: str, body: dict[str, Any] | None = None) -> None:
    status, answer = await desk.take(path, step, STREET, body)
    assert status == 200, (step, answer)


async def held(desk: Desk, seated: dict[str, Any], matter: dict[str, Any]) -> str:
    """To its end, with a dissent and a vote; where it is."""
    path = f"/matters/{matter['id']}"
    await does(desk, path, "accept", settled(STREET))
    await does(desk, path, "research", {"findings": LONG})
    called = {
        "committee": seated["id"],
        "kind": "topical",
        "called_by": "plan",
        "matter": matter["id"],
        "place": "街道议事厅",
        "held_at": (desk.clock() + timedelta(days=20)).isoformat(),
    }
    session = f"/sessions/{(await desk.made('/consultation/sessions', STREET, called))['id']}"
    await does(desk, session, "notice", {"papers": ["议题方案", "调研报告"]})
    desk.clock.ahead = timedelta(days=20)
    for step, body in (
        ("arrive", {"seats": seats(40)}),
        ("open", {"chair": "deputy_secretary"}),
        ("ask", {"seat": "s1", "side": "in_favour"}),
        ("speak", {"seat": "s1"}),
        (
            "record",
            {
                "outcome": "usable_here",
                "unit": "urban_management",
                "disagreement": [{"seat": f"s{n}", "reason": LONG} for n in range(3)],
                "votes": {"in_favour": 37, "against": 3, "abstained": 0},
            },
        ),
        ("close", {"summary": LONG}),
    ):
        await does(desk, session, step, body)
    return session


async def test_C_30_what_is_printed_is_sound_on_paper(desk: Desk, opened: Browser) -> None:
    sheets = await told(desk)
    context = await opened.new_context(
        extra_http_headers={"Authorization": f"Bearer {keys.token(desk.data, STREET)}"},
        viewport=PAPER,  # type: ignore[arg-type]
        locale="zh-CN",
    )
    page = await context.new_page()
    home = desk.addresses["consultation"]
    visit = Visit(page, home)
    await page.emulate_media(media="print")
    for name, path in sheets.items():
        answer = await page.goto(f"{home}/api/v1{path}")
        assert answer is not None and answer.status == 200, name
        assert await visit.too_wide() == [], name
        text = await page.inner_text("body")
        assert "小区停车秩序" in text and "None" not in text, name
        assert "urban_management" not in text, name
        assert (await page.pdf(prefer_css_page_size=True)).startswith(b"%PDF"), name
    assert (visit.errors, visit.strangers) == ([], [])
