"""The calendar belongs to the district: its year files over the notices that ship. The year here is invented."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from chassis.calendar import CalendarFault, NationalCalendar, read_notice, read_notices
from chassis.kernel.clock import Budget, WorkTime, start
from chassis.settings import Misconfigured
from gongzhi.calendar_check import check

INVENTED = """日期,类型,名称
2026-12-26,workday,元旦调休
2026-12-31,holiday,元旦
2027-01-01,holiday,元旦
2027-02-06,holiday,春节
2027-02-08,holiday,春节
2027-02-14,workday,春节调休
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "2027.csv").write_text(INVENTED, encoding="gb18030")
    return tmp_path


def test_a_year_file_is_laid_over_what_ships(folder: Path) -> None:
    shipped = NationalCalendar()
    ours = NationalCalendar(notices=read_notices(folder))
    assert shipped.valid_through == date(2026, 12, 31)
    assert ours.valid_through == date(2027, 12, 31)
    assert ours.certain_through == date(2027, 12, 19)
    days = [date(2026, 12, 26), date(2026, 12, 31), date(2027, 1, 1), date(2027, 2, 14)]
    assert [shipped.is_working(day) for day in days] == [False, True, True, False]
    assert [ours.is_working(day) for day in days] == [True, False, False, True]
    before = ours.as_known_through(date(2026, 12, 31))
    assert [before.is_working(day) for day in days] == [shipped.is_working(day) for day in days]
    assert before.version == shipped.version == "2026-12-31"


def test_a_file_that_excel_saved_is_the_same(folder: Path) -> None:
    there = NationalCalendar(notices=read_notices(folder)).version
    saved = INVENTED.replace("-0", "/").replace("-", "/").replace("\n", "\r\n")
    assert "2027/2/6,holiday,春节" in saved
    (folder / "2027.csv").write_bytes(saved.encode("utf-8-sig"))
    assert NationalCalendar(notices=read_notices(folder)).version == there


def test_an_amended_file_is_another_version(folder: Path) -> None:
    first = NationalCalendar(notices=read_notices(folder)).version
    amended = INVENTED.replace("2027-02-14,workday", "2027-02-21,workday")
    (folder / "2027.csv").write_text(amended, encoding="utf-8")
    second = NationalCalendar(notices=read_notices(folder)).version
    assert first != second and first.startswith("2027-12-31+") and second.startswith("2027-12-31+")


def test_a_shipped_year_can_be_amended(tmp_path: Path) -> None:
    (tmp_path / "2026.csv").write_text("2026-05-02,holiday,劳动节\n", encoding="utf-8")
    ours = NationalCalendar(notices=read_notices(tmp_path))
    assert ours.valid_through == date(2026, 12, 31)
    assert ours.is_working(date(2026, 10, 1)), "the year is what its file says"


def test_W_06_a_december_deadline_is_provisional_until_the_notice_and_then_moves(
    folder: Path,
) -> None:
    at = datetime(2026, 12, 24, 2, 0, tzinfo=UTC)
    shipped, ours = NationalCalendar(), NationalCalendar(notices=read_notices(folder))
    before = start(Budget.working_days(5), at, WorkTime(days=shipped))
    after = start(Budget.working_days(5), at, WorkTime(days=ours))
    assert (before.due.date(), before.provisional) == (date(2026, 12, 31), True)
    assert (after.due.date(), after.provisional) == (date(2026, 12, 30), False)


def test_W_06_from_the_first_day_a_later_notice_may_name_nothing_is_certain() -> None:
    """That of 2019 made 2018-12-29 a working day."""
    known = WorkTime(days=NationalCalendar(date(2018, 12, 31)))
    friday = datetime(2018, 12, 28, 8, 0, tzinfo=UTC)
    assert start(Budget.working_hours(4), friday, known).provisional
    assert not start(
        Budget.working_hours(4), datetime(2018, 12, 14, 1, 0, tzinfo=UTC), known
    ).provisional


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("2027.csv", "2027-01-01,holiday\n2027-13-01,holiday\n", "第 2 行：日期写作"),
        ("2027.csv", "1/2/2027,holiday\n", "第 1 行：日期写作"),
        ("2027.csv", "2026-12-31,holiday\n", "没有 2027 年的日期"),
        ("2027.csv", "2027-01-01,closed\n", "holiday 或 workday"),
        ("2027.csv", "2027-01-01,holiday\n2027-01-01,workday\n", "写了两次"),
        ("2027.csv", "2027-01-01,holiday\n2027-01-04,workday\n", "第 2 行：2027-01-04 不是周末"),
        ("2027.csv", "2029-01-01,holiday\n", "2027"),
        ("2027.csv", "2027-01-01,holiday\n2029-01-01,holiday\n", "2029-01-01"),
        ("next.csv", "2027-01-01,holiday\n", "文件名"),
        ("2028.csv", "2028-01-01,holiday\n", "缺少 2027 年"),
        ("2027.txt", "", "没有年份文件"),
        ("2027.csv", '2027-01-01,holiday,"元旦\n2027-01-02,holiday,元旦\n', "第 1 行：引号"),
        ("2027.csv", f"2027-01-01,holiday,{'元' * 200_000}\n", "第 1 行：引号"),
    ],
)
def test_a_file_that_cannot_be_taken_says_where_and_why(
    tmp_path: Path, name: str, content: str, says: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(CalendarFault, match=says):
        read_notices(tmp_path)


def test_what_is_no_folder_or_no_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(CalendarFault, match="不是文件夹"):
        read_notices(tmp_path / "nowhere")
    (tmp_path / "2027.csv").write_bytes(b"2027-01-01,holiday,\xff\xff\n")
    with pytest.raises(CalendarFault, match="编码"):
        read_notices(tmp_path)


def test_a_check_says_what_a_file_changes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = INVENTED + "2027-05-01,holiday,劳动节\n2027-10-01,holiday,国庆节\n"
    (folder / "2027.csv").write_text(whole, encoding="utf-8")
    assert check(folder / "2027.csv") == 0
    said = capsys.readouterr().out
    assert "没有写明放假" not in said
    (folder / "2027.csv").write_text(INVENTED, encoding="utf-8")
    assert check(folder / "2027.csv") == 1, "it isn't the whole notice"
    said = capsys.readouterr().out
    assert "没有写明放假：2027-05-01 星期六、2027-10-01 星期五" in said
    assert said.startswith("2027 年：放假 4 天，调休上班 2 天")
    assert "2026-12-26 星期六  上班" in said and "2027-01-01 星期五  休息" in said
    assert "5 天不同" in said, "2027-02-06 is a Saturday: off either way"
    with pytest.raises(Misconfigured, match="nothing.csv"):
        check(folder / "nothing.csv")


def test_a_heading_is_not_needed(tmp_path: Path) -> None:
    path = tmp_path / "2027.csv"
    path.write_text("2027-01-01,休,元旦\n\n2027-01-03,班,元旦\n", encoding="utf-8-sig")
    notice = read_notice(path)
    assert dict(notice.days_off) == {date(2027, 1, 1): "元旦"}
    assert dict(notice.worked) == {date(2027, 1, 3): "元旦"}
