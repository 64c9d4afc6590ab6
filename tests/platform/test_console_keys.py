"""What stands by keys is asked for one by one, each by what it is called, and nobody writes JSON."""

import re
from pathlib import Path
from typing import Any

from console.described import KEYS, WORDS, Described
from console.filled import filled
from console.forms import Making
from console.registers import Names
from console.routes.steps import there
from console.shown import Showing
from tests.support.consoles import Hand, console_on, hand
from tests.support.consultation import COMMUNITY, STREET, committee
from tests.support.inside import Inside, inside

PATH = "/api/v1/consultation"
WHOLE = {"type": "integer"}
SEATS = {
    "type": "object",
    "title": "席位",
    "propertyNames": {"type": "string", "enum": ["cadre"], WORDS: {"cadre": "干部"}},
    "additionalProperties": WHOLE,
}
MARKS = {
    "type": "object",
    "patternProperties": {"^[a-z]$": WHOLE},
    KEYS: {"of": "schemes", "by": "year", "in": "items"},
}
ASKED = {"properties": {"year": WHOLE, "marks": MARKS}, "required": ["year", "marks"]}
KNOWN = Described({}, {}, (), {})
ASSESSING = "/console/consultation/assessments/new?step=assess"
SCHEME = {
    "year": 2025,
    "items": [
        {"code": "a1", "title": "制度建设", "points": 40},
        {"code": "b1", "title": "协商实效", "points": 60},
    ],
}


def test_a_mapping_by_codes_has_a_field_for_each_code() -> None:
    making = Making(described=KNOWN, names=Names({}))
    [seats] = making.fields({"properties": {"seats": SEATS}}, {"seats": {"cadre": 3}})
    [one] = seats.parts
    assert (one.name, one.title, one.kind, one.value) == ("seats.cadre", "干部", "number", "3")
    schema = {"properties": {"seats": SEATS}, "required": ["seats"]}
    assert filled(KNOWN, schema, {"seats.cadre": ["12"]}) == {"seats": {"cadre": 12}}
    assert filled(KNOWN, schema, {"seats.cadre": [" "]}) == {"seats": {}}


def test_what_was_shown_for_another_record_is_not_sent() -> None:
    """Two years' schemes may call different things by the same code."""
    form = {"year": ["2025"], "marks._for": ["2025"], "marks.a": ["30"]}
    assert filled(KNOWN, ASKED, form) == {"year": 2025, "marks": {"a": 30}}
    assert filled(KNOWN, ASKED, {**form, "year": ["2026"]}) == {"year": 2026, "marks": {}}
    making = Making(described=KNOWN, names=Names({}), records={"marks": (("a", "制度"),)})
    [_, marks] = making.fields(ASKED, {"year": 2025})
    assert (marks.value, [one.title for one in marks.parts]) == ("2025", ["制度"])


def test_a_code_is_called_by_the_title_that_stands_beside_it() -> None:
    marks = {"title": "得分", **MARKS}
    shape = {"properties": {"marks": marks, "items": {"type": "array", "items": {}}}}
    state: dict[str, Any] = {"marks": {"a": 30}, "items": [{"code": "a", "title": "制度"}]}
    facts = Showing(KNOWN, Names({})).record("", shape, state).facts
    assert ("得分", "制度：30", "") in facts


async def laid_down(platform: Inside) -> None:
    await platform("district_admin").post(f"{PATH}/schemes", SCHEME)


def _standing(page: str) -> dict[str, str]:
    """What the form begins with, in its fields of one line and of many."""
    lines = re.findall(r'<input[^>]* name="([^_"][^"]*)" value="([^"]*)"', page)
    texts = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\s*([^<]*)</textarea>', page)
    return dict([*lines, *texts])


async def sent(street: Hand, path: str, form: dict[str, str], status: int = 200) -> str:
    return await street.send(path, {"_forgery": await street.forgery(path), **form}, status)


async def test_C_31_a_community_is_assessed_item_by_item(tmp_path: Path, sqlite_url: str) -> None:
    async with inside(tmp_path / "data", only=("housing", "whistle", "consultation")) as platform:
        await laid_down(platform)
        async with console_on(platform) as url, hand(url, STREET) as street:
            assert 'name="marks.a1"' not in await street.read(ASSESSING)
            whose = {"community": "guanshangzhongxinqu", "year": "2025"}
            page = await sent(street, ASSESSING, {**whose, "_more": "marks"})
            assert "制度建设（分值 40）" in page and "协商实效（分值 60）" in page
            marks = {"marks._for": "2025", "marks.a1": "30", "marks.b1": "61"}
            page = await sent(street, ASSESSING, {**whose, **marks}, 422)
            wrong = page.partition('id="f-marks-b1-error"')[2].partition("</span>")[0]
            assert wrong == ">“协商实效”的得分应在 0 到 60 之间。"
            assert re.search(r'name="marks\.a1" value="30"', page)
            page = await sent(street, ASSESSING, {**whose, **marks, "marks.b1": "60"})
            assert "制度建设：30，协商实效：60" in page and "a1" not in page
            [held] = (await platform(STREET).get(f"{PATH}/assessments"))["items"]
            step = f"{PATH}/assessments/{held['id']}/by/street/correct"
            putting = f"/console/consultation/assessments/{held['id']}/do?step={step}"
            shown = await street.read(putting)
            assert re.search(r'name="marks\.a1" value="30"', shown) and "显示各项" not in shown
            assert "制度建设（分值 40）" in shown
            version = re.search(r'name="_version" value="(\d+)"', shown)
            assert version is not None
            said = {"_version": version[1], "marks.a1": "3", "marks.b1": "60", "reason": "录错。"}
            assert "制度建设：3，协商实效：60" in await sent(street, putting, said)


async def test_C_17_a_correction_begins_with_what_was_assessed(
    tmp_path: Path, sqlite_url: str
) -> None:
    """Whoever puts the grade right leaves the rest as it was."""
    async with inside(tmp_path / "data", only=("housing", "whistle", "consultation")) as platform:
        seated = await platform(COMMUNITY).post(f"{PATH}/committees", committee())
        member = f"{PATH}/committees/{seated['id']}/members/s1"
        work = {"mediated": 3, "useful": 0, "outstanding": "牵头加装电梯。"}
        said = {"year": 2025, "grade": "excellent", "reward": "表彰", **work}
        await platform(COMMUNITY).post(f"{member}/assess", said, version=seated["version"])
        step = f"{member}/assessments/2025/correct"
        page = f"/console/consultation/committees/{seated['id']}/do?step={step}"
        async with console_on(platform) as url, hand(url, COMMUNITY) as community:
            shown = await community.read(page)
            version = re.search(r'name="_version" value="(\d+)"', shown)
            assert version is not None
            form = {"_version": version[1], **_standing(shown), "grade": "good", "reason": "录错。"}
            await sent(community, page, form)
        held = await platform(COMMUNITY).get(f"{PATH}/committees/{seated['id']}")
    [assessed] = held["state"]["assessed"]
    assert (assessed["grade"], assessed["reward"], assessed["work"]) == ("good", "表彰", work)


def test_M_04_a_correction_begins_with_what_stands_in_the_record_or_in_one_thing_of_it() -> None:
    """Whoever puts a day right and leaves the amount empty would take it off."""
    corrects = {"title": "更正协议登记", "href": "/api/v1/mediation/cases/c-1/agreement/correct"}
    fields = ("signed_on", "perform_by", "amount", "reason")
    asked: dict[str, Any] = {"properties": dict.fromkeys(fields, {})}
    agreed = {"signed_on": "2026-03-02", "perform_by": "2026-03-16", "amount": 300000}
    case = {"status": "agreed", "agreement": {**agreed, "box": "b-1"}, "text": {"amount": 1}}
    assert there(corrects, asked, case) == agreed
    assert there(corrects, asked, {**case, **agreed, "amount": 5}) == {**agreed, "amount": 5}
    assert there(corrects, asked, {**case, "agreement": None}) == {}
    assert there({**corrects, "title": "登记协议"}, asked, case) == {}
    # Another thing in the record may be called the same, and be what was put right already.
    survey = {**corrects, "href": "/api/v1/index/surveys/s-1/correct"}
    assert there(survey, {"properties": {"score": {}}}, {"entered": {"score": 8550}}) == {}


async def test_C_02_a_street_allocates_the_seats_class_by_class(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with inside(tmp_path / "data", only=("housing", "whistle", "consultation")) as platform:
        seated = await platform(STREET).post(f"{PATH}/committees", committee())
        step = f"{PATH}/committees/{seated['id']}/allocate"
        page = f"/console/consultation/committees/{seated['id']}/do?step={step}"
        async with console_on(platform) as url, hand(url, STREET) as street:
            shown = await street.read(page)
            assert 'name="seats.resident"' in shown and ">居民<" in shown
            version = re.search(r'name="_version" value="(\d+)"', shown)
            assert version is not None
            said = {"_version": version[1], "seats.resident": "12", "seats.cadre": "10"}
            await sent(street, page, said)
        held = await platform(STREET).get(f"{PATH}/committees/{seated['id']}")
    assert held["state"]["allocated"] == {"resident": 12, "cadre": 10}
