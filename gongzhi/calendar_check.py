"""`gongzhi calendar check`: what a year file says, and what it changes, before it is used."""

from datetime import date, timedelta
from pathlib import Path

from chassis.calendar import ALWAYS_OFF, CalendarFault, NationalCalendar, Notice, read_notice
from chassis.settings import Misconfigured

WEEKDAYS = "一二三四五六日"


def check(path: Path) -> int:
    """Prints it, and 1 where it can't be a whole year's notice; Misconfigured for a file that can't be taken."""
    try:
        notice = read_notice(path)
        before = NationalCalendar()
        after = NationalCalendar(notices=[notice])
    except CalendarFault as fault:
        raise Misconfigured(str(fault)) from None
    print(f"{notice.year} 年：放假 {len(notice.days_off)} 天，调休上班 {len(notice.worked)} 天")
    for title, days in (("调休上班", notice.worked), ("放假", notice.days_off)):
        for day, name in sorted(days.items()):
            print(f"  {title}  {_said(day)}  {name}".rstrip())
    changed = _changed(notice, before, after)
    print(f"与现有日历相比，{len(changed)} 天不同：")
    for day in changed:
        print(f"  {_said(day)}  {'上班' if after.is_working(day) else '休息'}")
    always = [date(notice.year, *day) for day in ALWAYS_OFF]
    missing = [_said(day) for day in always if day not in notice.days_off]
    if missing:
        print(f"没有写明放假：{'、'.join(missing)}；通知似未写全，启用后全年即视为已定")
    return 1 if missing else 0


def _changed(notice: Notice, before: NationalCalendar, after: NationalCalendar) -> list[date]:
    first = min([*notice.days_off, *notice.worked, date(notice.year, 1, 1)])
    days = [first + timedelta(n) for n in range((date(notice.year, 12, 31) - first).days + 1)]
    return [day for day in days if before.is_working(day) != after.is_working(day)]


def _said(day: date) -> str:
    return f"{day} 星期{WEEKDAYS[day.weekday()]}"
