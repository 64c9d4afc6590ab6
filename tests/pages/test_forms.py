"""An organisation's card, the catalogue, an agreement and a return visit on paper: A4, nothing too wide."""

from dataclasses import replace
from datetime import date

import pytest
from playwright.async_api import Browser

from chassis.cause import Cause
from chassis.copies import Told
from services.mediation.api import paper
from services.mediation.domain.events import CaseVisited
from services.mediation.domain.forms import CaseForm
from services.mediation.shown import sheets
from services.organisations import api
from services.organisations.main import desk_on
from services.organisations.queries import OrganisationsQueries
from tests.pages.test_bulletin import PAPER
from tests.pages.test_card import pages
from tests.rules.mediation import lives
from tests.rules.organisations import cases
from tests.rules.organisations import test_O_06_heads as heads
from tests.rules.organisations import test_O_07_watching as watching
from tests.rules.organisations import test_O_10_listing as listings
from tests.support.browser import Visit
from tests.support.memory import MemoryStore
from tests.support.toy import Silent
from tests.support.walks import person

CAUSE = Cause(actor="platform", now=cases.MARCH)
LONG = "为社区独居、高龄和失能老人提供上门照料、助餐、助浴、健康巡访和精神慰藉服务"


async def organisations() -> dict[str, str]:
    desk = desk_on(MemoryStore(), bytes(32), Silent(), cases.WORK)
    data = {"code": "haihua", "name": "海华社区", "street": "guanshang", "listed": 1}
    data |= {"street_name": "关上街道"}
    told = Told(event="e-1", sequence=1, data={**data, "valid_from": "2018-01-01"})
    await desk.communities.aggregates.once("haihua", [told], CAUSE)
    on_it = (cases.examined, cases.registered)
    happened = (heads.publicised, heads.named, heads.seated, watching.reported, watching.checked)
    listed = (watching.rated, listings.proposed, listings.answered, listings.entered)
    first = replace(cases.applied, scope=LONG)
    await desk.organisations.once("nuanyang", (first, *on_it, *happened, *listed), CAUSE)
    for number in range(30):
        other = replace(cases.other, code=f"o-{number}", name=f"第{number}学会（虚构）")
        await desk.organisations.once(other.code, (other, *on_it), CAUSE)
    queries = OrganisationsQueries(desk=desk)
    card = await queries.card("nuanyang", person("district_admin"))
    catalogue = await queries.catalogue_page(date(2026, 3, 20))
    return {
        "card": bytes(api.PAGES.shown("card.html", card).body).decode(),
        "catalogue": bytes(api.PAGES.shown("catalogue.html", catalogue).body).decode(),
    }


def disputes() -> dict[str, str]:
    visited = CaseVisited(on=lives.LATER.date(), settled=True, box="b", at=lives.LATER)
    case = lives.given(lives.DONE, visited).state
    names = sheets.Names(number="关上-0302-ABCD", place="关上海华社区", office="海华社区")
    shown = {}
    for form in CaseForm:
        sheet = sheets.sheet(form, case, names)
        context = {"title": sheet.title, "sheet": sheet, "at": lives.LATER}
        shown[form.value] = bytes(paper.PAGES.shown("sheet.html", context).body).decode()
    return shown


@pytest.mark.parametrize(
    ("form", "sheets_of_paper", "says"),
    [
        ("card", 1, ("社会组织登记卡", "异常名录：无法联系", "4A", "海华社区")),
        (
            "catalogue",
            3,
            ("在册 31 个", "第29学会（虚构）", "海华社区"),
        ),
        ("agreement", 2, ("调解协议书", "500.00", "甲方（签字）")),
        ("visit", 1, ("回访记录", "2026-03-16", "回访人（签字）")),
    ],
)
async def test_each_form_is_printed_on_a4(
    opened: Browser, form: str, sheets_of_paper: int, says: tuple[str, ...]
) -> None:
    content = {**await organisations(), **disputes()}[form]
    context = await opened.new_context(viewport=PAPER, locale="zh-CN")  # type: ignore[arg-type]
    page = await context.new_page()
    visit = Visit(page, "about:")
    await page.emulate_media(media="print")
    await page.set_content(content)
    assert await visit.too_wide() == []
    assert (visit.errors, visit.strangers) == ([], [])
    text = await page.inner_text("body")
    for words in says:
        assert words in text, words
    paper = await page.pdf(prefer_css_page_size=True)
    assert pages(paper) <= sheets_of_paper
