"""Tables as people have them: every line that is there is read, or what keeps it from being read is said."""

import asyncio
import gc
import io
import json
import re
import resource
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from chassis.imports.cells import day_of, whole_of
from chassis.kernel.errors import Malformed
from chassis.tables import reading as reader
from chassis.tables.columns import Column, Line, heading
from chassis.tables.reading import reading
from chassis.tables.template import as_csv, as_xlsx

COLUMNS = (
    Column(name="code", title="代码", about="代码。"),
    Column(
        name="street",
        title="街道",
        about="街道。",
        words={"关上": "guanshang", "关上街道": "guanshang"},
        listed=("关上街道",),
    ),
    Column(name="households", title="户数", about="整数。", number=True),
)
HEAD = ["代码", "街道", "户数"]
PART = "xl/worksheets/sheet1.xml"


async def of(path: Path, at_most: int = 1000) -> list[Line]:
    async with reading(path, COLUMNS, at_most) as table:
        return [line async for line in table.lines()]


async def cells(path: Path) -> list[tuple[int, list[str]]]:
    return [(line.number, list(line.cells.values())) for line in await of(path)]


def sheet_of(book: Workbook) -> Any:
    """The one a new book has."""
    return book.active


def book(path: Path, *rows: Any, change: Callable[[Any], None] = lambda _: None) -> Path:
    """Under whatever name: what comes in has none."""
    made = Workbook()
    for row in rows:
        sheet_of(made).append(row)
    change(sheet_of(made))
    file = io.BytesIO()
    made.save(file)
    path.write_bytes(file.getvalue())
    return path


def with_part(path: Path, name: str, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with one of its parts written by a worse hand."""
    with zipfile.ZipFile(path) as old:
        parts = {info.filename: old.read(info) for info in old.infolist()}
    changed = change(parts[name])
    assert changed != parts[name]
    parts[name] = changed
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for part, content in parts.items():
            new.writestr(part, content)
    return path


THREE = (HEAD, ["a", "关上", 1], ["b", "guanshang", 2], ["c", "关上街道", 3])
READ = [(n, [code, "guanshang", str(n - 1)]) for n, code in ((2, "a"), (3, "b"), (4, "c"))]


# Every line that is there


@pytest.mark.parametrize("stale", ["A1:C2", "A1", "A1:Z9999"])
async def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path: Path, stale: str) -> None:
    path = book(tmp_path / "table", *THREE)
    with_part(path, PART, lambda xml: xml.replace(b'ref="A1:C4"', f'ref="{stale}"'.encode()))
    with zipfile.ZipFile(path) as parts:
        assert f'ref="{stale}"'.encode() in parts.read(PART)
    assert await cells(path) == READ


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be-bom"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
async def test_text_is_read_in_the_encodings_that_spreadsheets_write(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    text = "\r\n".join(separator.join(str(cell) for cell in row) for row in THREE)
    content = (
        b"\xfe\xff" + text.encode("utf-16-be")
        if encoding == "utf-16-be-bom"
        else text.encode(encoding)
    )
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    assert await cells(path) == READ


async def test_the_headings_may_stand_under_a_title_and_on_a_later_sheet(tmp_path: Path) -> None:
    made = Workbook()
    sheet_of(made).append(["填表说明", "请先阅读"])
    data = made.create_sheet("数据")
    data.append(["官渡区社区一览表"])
    data.merge_cells("A1:C1")
    data.append([None])
    data.append(["户数（必填）*", " 街道 ", "code", "备注"])
    data.append([1, "关上", "a", "x"])
    made.save(tmp_path / "table")
    assert await cells(tmp_path / "table") == [(4, ["a", "guanshang", "1"])]
    assert heading(" 户数（必填）* ") == "户数"


MONEY = (Column(name="amount", title="金额（元）", about="金额。", number=True),)


@pytest.mark.parametrize(
    ("above", "head", "unit"),
    [
        ("", "金额（万元）", "万元"),
        ("", "金额 (单位：万元)", "万元"),
        ("", "金额（含税，万元）*", "万元"),
        ("", "金额（万）", "万"),
        ("", "金额（分）", "分"),
        ("", "金额（万元人民币）", "万元"),
        ("", "金额（以万元计）", "万元"),
        ("", "金额（单位为万元）", "万元"),
        ("单位：万元（人民币）", "金额", "万元"),
        ("单位：万元。", "金额", "万元"),
        ("单位：万元、户", "金额", "万元"),
        ("单位：万元 制表人：某某", "金额", "万元"),
        ("单位：万元", "金额", "万元"),
        ("2027年购买服务计划（单位: 千元）", "金额", "千元"),
        ("单位：元", "金额（万元）", "万元"),
        ("单位：万元", "金额（元）", None),
        ("单位：元", "金额", None),
        ("", "金额（人民币元）", None),
        ("", "金额（必填）", None),
        ("填报单位：关上街道", "金额", None),
        ("附件（十）", "金额", None),
        ("附表（百）：购买计划", "金额（元）", None),
        ("限额以上项目（500 万元以上）", "金额", None),
        ("限额以上项目（五百万元以上）", "金额（元，100万元以上须论证）", None),
    ],
)
async def test_a_sum_in_another_unit_is_not_taken_for_as_many_yuan(
    tmp_path: Path, above: str, head: str, unit: str | None
) -> None:
    path = book(tmp_path / "table", [above], [head], [12.5])

    async def read() -> list[str]:
        async with reading(path, MONEY, 10) as table:
            return [line.cells["amount"] async for line in table.lines()]

    if unit is None:
        assert await read() == ["12.5"]
        return
    with pytest.raises(Malformed, match=f"以{unit}为单位，应以元为单位") as refusal:
        await read()
    assert refusal.value.field == "body"


async def test_lines_of_a_second_sheet_are_not_left_out_without_a_word(tmp_path: Path) -> None:
    path = book(tmp_path / "table", *THREE)
    made = load_workbook(io.BytesIO(path.read_bytes()))
    made.create_sheet("说明").append(["列", "填写说明"])
    second = made.create_sheet("第二页")
    second.append(HEAD)
    made.save(tmp_path / "empty")
    assert await cells(tmp_path / "empty") == READ
    second.append([None])
    second.append(["d", "关上", 4])
    made.save(path)
    with pytest.raises(Malformed, match="“Sheet”和“第二页”都有数据") as refusal:
        await of(path)
    assert refusal.value.field == "body"


async def test_only_lines_with_content_count(tmp_path: Path) -> None:
    def far(sheet: Any) -> None:
        sheet.cell(1_048_576, 1).number_format = "0.00"

    path = book(tmp_path / "table", *THREE, change=far)
    assert [line.number for line in await of(path, at_most=3)] == [2, 3, 4]
    with pytest.raises(Malformed, match="超过 2 行"):
        await of(path, at_most=2)


async def test_digits_of_any_width_are_taken_where_a_number_is_meant(tmp_path: Path) -> None:
    path = book(tmp_path / "table", HEAD, ["a", "关上", "１２"])
    assert await cells(path) == [(2, ["a", "guanshang", "12"])]


@pytest.mark.parametrize(
    "said",
    [
        "2019-05-06",
        "2019-5-6",
        "2019/5/6",
        " 2019/05/06 ",
        "2019.5.6",
        "20190506",
        "2019年5月6日",
        "2019 年 5 月 06 日",
        "２０１９／５／６",
        "２０１９－０５－０６",
        "２０１９．５．６",
        "２０１９年５月６日",
    ],
)
def test_a_day_is_taken_as_clerks_write_it_the_year_first(said: str) -> None:
    assert day_of(said, "since") == date(2019, 5, 6)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        *(
            (said, "先写年份")
            for said in ("5/6/2019", "06.05.2019", "19/5/6", "2019/5-6", "2019年5月", "2019 0506")
        ),
        *(
            (said, "先写年份")
            for said in ("43591", "2019-W19-1", "9019-5-6", "2019年5月6", "", "昨天")
        ),
        *((said, "没有这一天") for said in ("2019-02-30", "2019年13月1日", "20190230", "2019.0.6")),
    ],
)
def test_what_may_be_another_day_or_is_none_is_refused(said: str, why: str) -> None:
    with pytest.raises(Malformed, match=why) as refusal:
        day_of(said, "since")
    assert refusal.value.field == "since"


@pytest.mark.parametrize("number", [b"14", b"31", b"57"])
async def test_a_cell_that_holds_a_date_is_taken_whatever_its_format(
    tmp_path: Path, number: bytes
) -> None:
    """31 and 57 are dates of a Chinese spreadsheet, which needn't say how they look."""
    path = book(tmp_path / "table", HEAD, ["a", date(2019, 5, 6), 1])
    said = re.compile(rb"<numFmts.*?</numFmts>")
    with_part(
        path,
        "xl/styles.xml",
        lambda xml: said.sub(b"", xml).replace(b'numFmtId="164"', b'numFmtId="%s"' % number),
    )
    ((_, found),) = await cells(path)
    assert day_of(found[1], "since") == date(2019, 5, 6)


async def test_thousands_may_be_parted_where_a_number_is_meant(tmp_path: Path) -> None:
    said = ("1,234", "１，２３４ ", "1234", "1,234.50", "12,34", "1,5", "甲")
    path = book(tmp_path / "table", HEAD, *(["a", "关上", each] for each in said))
    read = ["1234", "1234", "1234", "1234.50", "12,34", "1,5", "甲"]
    assert [found[2] for _, found in await cells(path)] == read
    assert whole_of(" 1,234 ", "parties") == 1234
    with pytest.raises(Malformed):
        whole_of("1,5", "parties")


def features(path: Path, *features: Any, **whole: Any) -> Path:
    made = {"type": "FeatureCollection", "features": features, **whole}
    path.write_text("\ufeff " + json.dumps(made), encoding="utf-8")
    return path


SHAPES = (
    Column(name="code", title="代码", about="代码。"),
    Column(name="geometry", title="范围", about="图形。"),
)


async def shapes(path: Path) -> list[tuple[int, list[str]]]:
    async with reading(path, SHAPES, 1000) as table:
        return [(one.number, list(one.cells.values())) async for one in table.lines()]


async def test_a_geojson_is_a_table_of_a_feature_a_line(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [102.7, 25]}
    path = features(
        tmp_path / "map",
        {"properties": {"name": "x", "geometry": "no"}, "geometry": point},
        {"properties": {"代码": 7, "name": None}, "geometry": point},
        {"properties": {"代码": "b"}, "geometry": None},
        "nothing",
    )
    text = json.dumps(point, separators=(",", ":"))
    assert await shapes(path) == [(1, ["", text]), (2, ["7", text]), (3, ["b", ""])]
    many = [{"properties": {"code": "c"}, "geometry": {"x": "y" * 900_000}} for _ in range(25)]
    assert len(await shapes(features(path, *many))) == 25


async def test_a_geojson_that_is_none_says_so(tmp_path: Path) -> None:
    path = tmp_path / "map"
    for content, why in (('{"type": "Fea', "UTF-8"), ('{"type": "Feature"}', "FeatureCollection")):
        path.write_text(content, encoding="utf-8")
        with pytest.raises(Malformed, match=why):
            await shapes(path)
    large = {"properties": {"code": "c"}, "geometry": {"x": "y" * 1024 * 1024}}
    async with reading(features(path, large), SHAPES, 1000) as table:
        [line] = [line async for line in table.lines()]
    assert line.fault is not None and line.fault.field == "geometry"


# What has no value says so


async def bad(path: Path) -> list[tuple[int, str | None, str]]:
    return [(n.number, n.fault.field, n.fault.detail) for n in await of(path) if n.fault]


async def test_a_formula_without_its_result_is_a_bad_line_that_names_the_cell(
    tmp_path: Path,
) -> None:
    path = book(tmp_path / "table", HEAD, ["a", "关上", "=1+1"], ["b", "关上", 2])
    [(number, field, detail)] = await bad(path)
    assert (number, field) == (2, "households") and "C2" in detail and "公式" in detail
    with_part(
        path, PART, lambda xml: xml.replace(b"<v />", b"<v>2</v>").replace(b"<v></v>", b"<v>2</v>")
    )
    assert await bad(path) == []
    assert (await cells(path))[0] == (2, ["a", "guanshang", "2"])


async def test_a_merged_cell_is_a_bad_line_that_names_the_area(tmp_path: Path) -> None:
    path = book(tmp_path / "table", *THREE, change=lambda sheet: sheet.merge_cells("B2:B4"))
    found = await bad(path)
    assert [(number, field) for number, field, _ in found] == [(3, "street"), (4, "street")]
    assert all("B2:B4" in detail for *_, detail in found)


async def test_an_error_value_is_a_bad_line(tmp_path: Path) -> None:
    path = book(tmp_path / "table", HEAD, ["a", "关上", "#REF!"])
    [(number, _, detail)] = await bad(path)
    assert number == 2 and "C2" in detail and "#REF!" in detail


async def test_hidden_characters_are_a_bad_line(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("代码,街道,户数\na\u200b,关上,1\n", encoding="utf-8")
    [(number, field, detail)] = await bad(path)
    assert (number, field) == (2, "code") and "U+200B" in detail


# What can't be read


@pytest.mark.parametrize(
    ("ending", "whole"), [("", True), ("\n", True), ("\nb,官渡", False), ("\nb,官渡\n", True)]
)
async def test_a_text_that_was_cut_off_in_its_last_line_is_said_so(
    tmp_path: Path, ending: str, whole: bool
) -> None:
    """What is missing would be written as empty; a line that ends is as its writer meant it."""
    lines = [",".join(str(cell) for cell in row) for row in THREE]
    path = tmp_path / "t.csv"
    path.write_text("\n".join(lines) + ending, encoding="utf-8")
    if whole:
        assert len(await cells(path)) >= len(READ)
    else:
        with pytest.raises(Malformed, match="最后一行不完整"):
            await cells(path)


async def test_a_cell_longer_than_any_is_said_with_its_line(tmp_path: Path) -> None:
    lines = [",".join(str(cell) for cell in row) for row in THREE]
    path = tmp_path / "t.csv"
    path.write_text("\n".join([*lines, '"x' + "x" * 200_000]), encoding="utf-8")
    with pytest.raises(Malformed) as refusal:
        await cells(path)
    detail = "第 5 行有超过 131072 个字符的单元格，请检查引号是否成对。"
    assert str(refusal.value) == detail


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def cut_xml(path: Path) -> None:
    with_part(path, PART, lambda xml: xml[: len(xml) // 2])


def malformed_xml(path: Path) -> None:
    with_part(path, PART, lambda xml: xml.replace(b"</row>", b"</rwo>", 1))


def no_number(path: Path) -> None:
    with_part(path, PART, lambda xml: xml.replace(b"<v>1</v>", b"<v>abc</v>", 1))


def no_column(path: Path) -> None:
    with_part(path, PART, lambda xml: xml.replace(b'r="C2"', b'r="ZZZZZZ2"', 1))


def entity(path: Path) -> None:
    declared = b'<!DOCTYPE x [<!ENTITY a "b">]>'
    with_part(path, PART, lambda xml: declared + xml.replace(b"<v>1</v>", b"<v>&a;</v>", 1))


def no_sheet(path: Path) -> None:
    with_part(
        path,
        "xl/workbook.xml",
        lambda xml: (
            xml[: xml.index(b"<sheets>")] + b"<sheets/>" + xml[xml.index(b"</sheets>") + 9 :]
        ),
    )


def chart_only(path: Path) -> None:
    made = Workbook()
    made.create_chartsheet("图")
    made.remove(made.worksheets[0])
    made.save(path)


def encrypted(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    path.write_bytes(bytes(content))


def deflate64(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] = 9
            at = content.find(mark, at + 4)
    path.write_bytes(bytes(content))


def old_or_with_a_password(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048))


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/media/zeros.bin", bytes(300 * 1024 * 1024))


def no_relations(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("hello.txt", "hello")


def other_strings(path: Path) -> None:
    """A text that the workbook's list of texts doesn't hold."""
    with_part(path, PART, lambda xml: xml.replace(b't="n"><v>1</v>', b't="s"><v>99999</v>', 1))


DAMAGE = [
    truncated,
    cut_xml,
    malformed_xml,
    no_number,
    no_column,
    entity,
    no_sheet,
    chart_only,
    encrypted,
    deflate64,
    old_or_with_a_password,
    bomb,
    no_relations,
    other_strings,
]


@pytest.mark.parametrize("damage", DAMAGE)
async def test_a_damaged_workbook_is_malformed_with_a_reason(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    path = book(tmp_path / "table", *THREE)
    damage(path)
    with pytest.raises(Malformed) as refusal:
        await of(path)
    assert refusal.value.field == "body"
    # In the clerk's words, and in no library's: `BadZipFile` says nothing to him.
    assert not refusal.value.detail.isascii()
    assert not any(message.islower() for message in refusal.value.detail)


async def test_an_empty_file_is_said_to_be_empty(tmp_path: Path) -> None:
    """It is no table whose headings one could add."""
    path = tmp_path / "t.csv"
    path.touch()
    with pytest.raises(Malformed, match="文件是空的") as refusal:
        await of(path)
    assert refusal.value.field == "body"


@pytest.mark.parametrize(
    "content",
    [b"\xff\xff\xff\x00\x81", "代码,街道\na,b".encode(), '代,"'.encode() + b"x" * 200_000],
    ids=["no text", "other headings", "a heading without an end"],
)
async def test_a_text_without_the_headings_is_malformed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(Malformed) as refusal:
        await of(path)
    assert refusal.value.field in ("body", "header")


async def test_what_is_missing_is_said(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("代码,名称\n", encoding="utf-8")
    with pytest.raises(Malformed, match="街道、户数"):
        await of(path)


# A process of its own


async def test_a_large_workbook_holds_up_nobody(tmp_path: Path) -> None:
    rows = [[f"c{n}", "关上", n] for n in range(20_000)]
    path = book(tmp_path / "table", HEAD, *rows)
    longest, done = 0.0, asyncio.Event()

    async def waiting() -> None:
        nonlocal longest
        while not done.is_set():
            began = time.thread_time()
            await asyncio.sleep(0.005)
            longest = max(longest, time.thread_time() - began)

    def elsewhere() -> float:
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        return spent.ru_utime + spent.ru_stime

    # As a server does at its start: else a collection of all that the tests hold is charged to the reader.
    gc.collect()
    gc.freeze()
    watching, before = asyncio.create_task(waiting()), elsewhere()
    assert len(await of(path, at_most=20_000)) == 20_000
    done.set()
    await watching
    gc.unfreeze()
    # Processor time on both sides, so that a busy machine changes neither.
    assert longest < (elsewhere() - before) / 2


async def test_a_reader_that_takes_too_long_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "WITHIN", 0.01)
    path = book(tmp_path / "table", *THREE)
    with pytest.raises(Malformed, match="用时过长"):
        await of(path)


# Templates


async def test_a_template_has_headings_explanations_and_lists_and_is_taken_back(
    tmp_path: Path,
) -> None:
    path = tmp_path / "table"
    path.write_bytes(as_xlsx("社区", COLUMNS))
    made = load_workbook(io.BytesIO(path.read_bytes()))
    sheet = made["社区"]
    assert [cell.value for cell in sheet[1]] == HEAD
    assert [row[0].value for row in made["说明"].iter_rows(min_row=2)] == HEAD
    [choices] = sheet.data_validations.dataValidation
    assert choices.formula1 == "'选项'!$B$1:$B$1" and "B2" in str(choices.sqref)
    sheet.append(["a", "关上街道", 1])
    made.save(path)
    assert await cells(path) == [(2, ["a", "guanshang", "1"])]
    path.write_bytes(as_csv("社区", COLUMNS) + "a,关上街道,1\r\n".encode())
    assert await cells(path) == [(2, ["a", "guanshang", "1"])]
