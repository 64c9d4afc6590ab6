"""What is filed for the index by the console's pages alone: a source's figures, a street's year of deliberation."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

from chassis.cause import Cause
from chassis.subscriptions import Heard
from contracts.consultation import FactRecorded
from contracts.event import Envelope, Event
from contracts.housing import StandardAssessed
from contracts.partner import ObservationReported
from contracts.procurement import PaymentOverdue, ProjectEvaluated
from tests.support.alone import MONDAY
from tests.support.consoles import Hand, console_on, hand
from tests.support.inside import HeldClock, Inside, inside

JUSTICE = "department:justice"
ONE = "/console/index/observations/2026.35"
EVALUATIONS = "/console/index/evaluations?year=2026"
SHEET = "/console/index/consultation_sheets/guandu.2026"
OWN = re.compile(r'href="(/console/index/consultation_sheets/guandu\.2026/do\?[^"]+)"[^>]*>自评<')
DO = re.compile(r'href="(/console/index/observations/2026\.35/do\?[^"]+)"[^>]*>报送数据<')
SAID = {"evidence.source": "statistics", "evidence.table": "年度统计报表"}


@pytest.fixture
async def platform(tmp_path: Path, sqlite_url: str) -> AsyncIterator[Inside]:
    only = ("housing", "whistle", "index")
    async with inside(tmp_path / "data", only=only, clock=HeldClock(MONDAY)) as running:
        yield running


async def filed(clerk: Hand, **said: str) -> str:
    """The page that one comes to, having filed by the button of the figure's page."""
    found = DO.search(await clerk.read(ONE))
    assert found is not None
    form = unescape(found[1])
    return await clerk.send(form, {**SAID, **said, "_forgery": await clerk.forgery(form)})


async def test_I_03_a_data_source_files_corrects_and_opens_a_figure_on_the_pages(
    platform: Inside,
) -> None:
    async with console_on(platform) as url, hand(url, JUSTICE) as clerk:
        assert '"/console/index/figures"' in await clerk.read("/console/index")
        sheet = await clerk.read("/console/index/figures?year=2026")
        assert ONE in sheet and '2026.1"' not in sheet and sheet.count("未报送") == 2
        assert "人民调解" in await clerk.read(ONE)

        page = await filed(clerk, values="97.5")
        assert "已办：报送数据" in page and "97.5" in page and "年度统计报表" in page
        listed = await clerk.read("/console/index/observations?year=2026")
        assert f'href="{ONE}"' in listed and "人民调解" in listed

        refused = DO.search(await clerk.read(ONE))
        assert refused is not None
        form = unescape(refused[1])
        again = {**SAID, "values": "98", "_forgery": await clerk.forgery(form)}
        assert "I-03" in await clerk.send(form, again, 409)
        page = await filed(clerk, values="98", reason="年报数")
        assert "97.5" in page and "98" in page and "年报数" in page
        assert (await clerk.read("/console/index/figures?year=2026")).count("未报送") == 1


async def test_I_02_a_figure_of_another_source_has_no_page(platform: Inside) -> None:
    async with console_on(platform) as url, hand(url, "department:finance") as other:
        await other.read(ONE, 404)
        await other.read("/console/index/observations/2026", 404)


async def heard(platform: Inside, reported: Event) -> None:
    """As the bus would deliver it."""
    subscriptions = platform.services["index"].subscriptions
    [one] = [one for one in subscriptions if one.event is type(reported)]
    envelope = Envelope(
        id="e-1",
        source="/gongzhi/partner/statistics",
        type=reported.type,
        subject="observations/2026.35",
        time=MONDAY,
        sequence="000000000001",
        correlationid="case-1",
        data={},
    )
    cause = Cause(actor="system:bus", now=MONDAY, key="event:e-1", fingerprint="e-1")
    await one.react(Heard(event=reported, envelope=envelope, cause=cause))


async def test_I_10_a_partners_figure_is_chosen_and_confirmed_on_the_pages(
    platform: Inside,
) -> None:
    await heard(platform, ObservationReported(year=2026, point=35, values=("98.9",)))
    async with console_on(platform) as url, hand(url, JUSTICE) as clerk:
        found = re.search(r'href="([^"]+confirm)"', await clerk.read(ONE))
        assert found is not None
        form = unescape(found[1])
        choice = (await clerk.read(form)).partition('name="report"')[2].partition("</select>")[0]
        [offered] = re.findall(r'<option value="([^"]+)">([^<]+)', choice)
        assert "98.9" in offered[1] and offered[0] not in offered[1]
        said = {"report": offered[0], "_forgery": await clerk.forgery(form)}
        assert "已办：确认平台数据" in await clerk.send(form, said)


async def test_I_11_figures_of_rooms_and_of_deliberation_are_opened_on_the_pages(
    platform: Inside,
) -> None:
    """What they are made of has a day, or only its number, and no hour."""
    place = {"street": "guandu", "community": "guanduzhongxinqu"}
    await heard(platform, StandardAssessed(**place, day="2026-03-01", area=40_000, met=True))
    await heard(
        platform, FactRecorded(street="guandu", year=2026, item=4, fixed=True, walls=2, at=MONDAY)
    )
    contract = {"contract": "c-1", "project": "p-1"}
    await heard(platform, PaymentOverdue(street="guandu", **contract, instalment="mid", due=MONDAY))
    marked = {"year": 2026, "stage": "final", "points": 851, "band": "good"}
    await heard(
        platform, ProjectEvaluated(street="guandu", **contract, **marked, evaluated_at=MONDAY)
    )
    card = "/console/index/scorecards/guandu/{}?quarter=2026-Q1"
    async with console_on(platform) as url, hand(url, "street:guandu") as clerk:
        for figure in ("premises_at_standard", "area_per_100"):
            page = await clerk.read(card.format(figure))
            assert "2026-03-01" in page
        page = await clerk.read(card.format("premises_at_standard"))
        assert "计入 1/1" in page
        page = await clerk.read(card.format("consultation"))
        assert "附件9第 4 项：4.00（满分 6.00）" in page
        page = await clerk.read(card.format("payments_on_time"))
        assert "计入 0/1" in page
        page = await clerk.read(card.format("evaluation"))
        assert "计入 85.10 分" in page


async def test_I_24_a_department_answers_what_an_edition_asks_on_the_pages(
    platform: Inside,
) -> None:
    editions, lead = "/api/v1/index/editions", platform("department:civil_affairs")
    source = platform("department:finance")
    low = {"values": ["60"], "evidence": {"source": "statistics", "table": "决算表"}}
    await source.put("/api/v1/index/observations/2026/1", low)
    made = await lead.post(f"{editions}/2026", {})
    await lead.step(editions, made["id"], "review", {"reviewer": "third_party"})
    party = platform("supplier:third_party")
    await party.step(editions, made["id"], "sign", {"opinion": "数据属实"})
    page = f"/console/index/editions/{made['id']}"
    async with console_on(platform) as url, hand(url, "department:finance") as clerk:
        await clerk.read(page, 404)
        async with hand(url, "district_admin") as district:
            assert "未答复" in await district.read(page)
            assert "/console/index/improvements/2026.1" not in await district.read(page)
            assert "2026年指数第1版：公布<" in await district.read("/")
        await platform("district_admin").step(editions, made["id"], "publish")
        assert "/console/index/improvements/2026.1" in await clerk.read(page)
        assert "2026年指数薄弱环节：1项待答复<" in await clerk.read("/")
        shown = await clerk.read("/console/index/improvements/2026.1")
        found = re.search(r'href="([^"]+)"[^>]*>答复短板<', shown)
        assert found is not None and "第 0 版" not in shown
        form = unescape(found[1])
        said = {"what": "明年预算增加民生支出", "_forgery": await clerk.forgery(form)}
        assert "已办：答复短板" in await clerk.send(form, said)
        assert said["what"] in await clerk.read(page)
        await clerk.read("/console/index/improvements/2026.2", 404)
        assert "待答复" not in await clerk.read("/")


async def test_I_03_who_was_reminded_finds_on_the_first_page_what_is_unfiled(
    tmp_path: Path, sqlite_url: str
) -> None:
    only, october = ("housing", "whistle", "index"), datetime(2026, 10, 20, 2, 0, tzinfo=UTC)
    async with inside(tmp_path / "data", only=only, clock=HeldClock(october)) as running:
        async with console_on(running) as url, hand(url, JUSTICE) as clerk:
            while "2026年填报数据：2项未报送<" not in (page := await clerk.read("/")):
                await asyncio.sleep(0.1)
            assert "待办 <small>1</small>" in page and "2026-10-31 24:00" in page
            await filed(clerk, values="97.5")
            assert "2026年填报数据：1项未报送<" in await clerk.read("/")
        async with console_on(running) as url, hand(url, "department:water") as other:
            assert "未报送" not in await other.read("/")


async def test_I_15_a_street_begins_its_sheet_and_finds_its_own_points(platform: Inside) -> None:
    async with console_on(platform) as url, hand(url, "street:guandu") as clerk:
        assert '"/console/index/evaluations"' in await clerk.read("/console/index")
        page = await clerk.read(EVALUATIONS)
        assert SHEET in page and page.count("10项未评") == 2
        assert "consultation_sheets/liujia.2026" not in page
        found = OWN.search(await clerk.read(SHEET))
        assert found is not None
        form = unescape(found[1])
        said = {"item": "4", "claim.place": "yes", "claim.walls": "3", "evidence": "照片"}
        done = await clerk.send(form, {**said, "_forgery": await clerk.forgery(form)})
        assert "已办：自评" in done
        page = await clerk.read(EVALUATIONS)
        assert "6.00（9项未评）" in page and page.count("10项未评") == 1


async def test_I_15_who_assesses_finds_every_streets_sheet(platform: Inside) -> None:
    async with console_on(platform) as url:
        async with hand(url, "department:united_front") as office:
            page = await office.read(EVALUATIONS)
            assert SHEET in page and "consultation_sheets/liujia.2026" in page
        async with hand(url, "department:finance") as other:
            assert "没有由您查看的街道评价表" in await other.read(EVALUATIONS)


async def test_I_23_what_a_pilot_is_measured_by_is_called_by_its_document_and_chosen_so(
    platform: Inside,
) -> None:
    async with console_on(platform) as url, hand(url, "department:civil_affairs") as civil:
        pilots = await civil.read("/console/index/pilots?kind=rural")
        assert "官办发〔2019〕7号 二" in pilots and "rural-2019" not in pilots
        form = await civil.read("/console/index/pilots/new?step=designate")
        assert '<option value="rural-2019">官办发〔2019〕7号 二</option>' in form
