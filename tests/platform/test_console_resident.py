"""居民: what is asked for and told without an account, in words, at its field, with nothing of it lost."""

import html
import re
import time

import pytest

from console.routes.residents import code_of
from tests.support.consoles import Hand, hand, url
from tests.support.held import clock, platform
from tests.support.inside import Inside

from .test_whistle_receipts import COMMUNITY, PROBLEMS, answered, collected

__all__ = ["url"]

__all__ = ["clock", "platform"]

REPORT, RECEIPT = "/console/resident", "/console/resident/receipt"
FOUR = re.compile(r"(?=(?:\d{4})+$)(?<=\d)")
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
RATE, REOPEN, PHOTO = 'value="rate"', 'value="reopen"', "附上照片"


async def sends(one: Hand, path: str, status: int = 200, **said: str) -> str:
    form = {"_forgery": await one.forgery(path), **said}
    return html.unescape(await one.send(path, form, status))


async def test_W_09_a_resident_reads_names_and_is_offered_what_he_may_still_do(
    platform: Inside, url: str
) -> None:
    problem = await collected(platform)
    code = problem["receipt"]
    async with hand(url) as resident:
        page = await sends(resident, RECEIPT, code=code)
        assert PHOTO in page and RATE not in page and REOPEN not in page
        await answered(platform, problem["id"])
        page = await sends(resident, RECEIPT, code=code)
        assert RATE in page and REOPEN in page and PHOTO not in page
        assert "区水务局" in page
        record = page.partition('<section class="record">')[2].partition("</section>")[0]
        assert not re.findall(r"[a-z]+", re.sub(r"<[^>]*>", "", record))
        for wrong in ("9" * 5000, "好"):
            await sends(resident, RECEIPT, 422, code=code, step="rate", rating=wrong)
        for _ in range(2):
            page = await sends(resident, RECEIPT, code=code, step="rate", rating="2")
            assert RATE not in page and REOPEN in page and "已经评价过" not in page
        # What is refused is said above the case, and what was typed stays at its field.
        page = await sends(resident, RECEIPT, 409, code=code, step="rate", rating="5")
        assert "已经评价过" in page and "夜间不再施工" in page and REOPEN in page
        page = await sends(resident, RECEIPT, 422, code=code, step="reopen", reason="  ")
        assert 'id="reason-error"' in page and "夜间不再施工" in page and REOPEN in page
        for _ in range(2):
            page = await sends(resident, RECEIPT, code=code, step="reopen", reason="又施工了")
            assert PHOTO in page and REOPEN not in page


async def test_W_01_what_the_community_settled_is_said_to_be_over_and_where_one_goes_on(
    platform: Inside, url: str
) -> None:
    problem = await collected(platform)
    triage = {"kind": "problem", "urgency": "normal", "difficulty": "easy"}
    office, id = platform(COMMUNITY), problem["id"]
    await office.step(PROBLEMS, id, "triage", {**triage, "handling": "immediate"})
    await office.step(PROBLEMS, id, "settle", {"how": "已停工"})
    async with hand(url) as resident:
        page = await sends(resident, RECEIPT, code=problem["receipt"])
    assert "处理情况" in page and "已停工" in page and "再反映一次" in page
    assert not any(one in page for one in (PHOTO, RATE, REOPEN))


async def test_W_16_a_code_is_read_however_it_was_typed_and_what_is_none_is_said_at_its_field(
    platform: Inside, url: str
) -> None:
    code = (await collected(platform))["receipt"]
    typed = (FOUR.sub(" ", code), FOUR.sub("-", code), code.translate(WIDE), f" {code}\n")
    async with hand(url) as resident:
        for said in typed:
            assert "已收集" in await sends(resident, RECEIPT, code=said), said
        for said in ("12ab", code[:-1], "回执码", ""):
            page = await sends(resident, RECEIPT, 422, code=said)
            assert "回执码是 16 位数字" in page and 'id="code-error"' in page
            assert f'value="{said}"' in page


@pytest.mark.parametrize(
    ("name", "text", "called"),
    [("description", "   ", "什么问题"), ("service_code", "", "哪一类问题")],
)
async def test_W_01_what_a_resident_left_out_is_said_in_his_words_at_its_field(
    platform: Inside, url: str, name: str, text: str, called: str
) -> None:
    whole = {"service_code": "noise", "address_id": "haihua", "description": "夜间施工"}
    async with hand(url) as resident:
        page = await sends(resident, REPORT, 400, **{**whole, "phone": "139", name: text})
    assert f"“{called}”必须填写。" in page and f'id="{name}-error"' in page
    assert name not in re.sub(r"<[^>]*>", "", page) and 'value="139"' in page


async def test_W_01_a_report_that_is_sent_again_is_the_same_and_shows_the_same_code(
    platform: Inside, url: str
) -> None:
    """A second tap where the network is slow; a phone that loads the answer's page anew."""
    said = {"service_code": "noise", "address_id": "guanshangzhongxinqu", "description": "夜间施工"}
    async with hand(url) as resident:
        form = await resident.read(REPORT)
        hidden = dict(re.findall(r'name="(_\w+)" value="([^"]+)"', form))
        pages = [await resident.send(REPORT, {**hidden, **said}) for _ in range(2)]
    first, again = (re.findall(r'class="receipt">([^<]*)<', page) for page in pages)
    assert len(first) == 1 and again == first
    assert len((await platform(COMMUNITY).get(PROBLEMS))["items"]) == 1


async def test_W_01_a_report_that_was_refused_keeps_its_key_while_it_is_put_right(
    platform: Inside, url: str
) -> None:
    """Refused may also be what was taken and not answered in time."""
    async with hand(url) as resident:
        page = await sends(resident, REPORT, 400, address_id="haihua", _key="k" * 36)
    assert f'name="_key" value="{"k" * 36}"' in page


async def test_W_01_all_that_a_resident_left_out_is_said_in_one_go(
    platform: Inside, url: str
) -> None:
    async with hand(url) as resident:
        page = await sends(resident, REPORT, 400, address_id="haihua", phone="1" * 81)
    for name, called in (("service_code", "哪一类问题"), ("description", "什么问题")):
        assert f"“{called}”必须填写。" in page and f'id="{name}-error"' in page
    assert "“电话”" in page and 'id="phone-error"' in page


async def test_W_16_of_a_code_that_is_nobody_s_nothing_is_asked_twice(
    platform: Inside, url: str
) -> None:
    """A second question would count as a second wrong try."""
    code = (await collected(platform))["receipt"]
    async with hand(url) as resident:
        for wrong in range(4):
            await sends(resident, RECEIPT, 404, code=f"{wrong:016d}", step="rate", rating="5")
        assert "已收集" in await sends(resident, RECEIPT, code=code)


def test_a_code_is_read_at_once_whatever_was_typed_for_it() -> None:
    assert code_of("１２３４-5678 9012 3456") == "1234567890123456"
    began = time.process_time()
    code_of("\u0315\u0300" * 200_000)
    assert time.process_time() - began < 5
