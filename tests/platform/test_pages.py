"""Pages: shares and marks as people read them, nothing run that was typed, no gap where a name is missing."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from chassis.kernel.clock import local_minute
from chassis.pages import Pages, hundredths, share


@dataclass
class Counted:
    part: int
    of: int


def test_a_share_is_rounded_half_up_and_nothing_has_no_share() -> None:
    assert share(Counted(1, 3)) == "1/3（33.3%）"
    assert share(Counted(1, 16)) == "1/16（6.3%）"
    assert share(Counted(0, 0)) == "—"


def test_hundredths_and_instants_as_people_read_them() -> None:
    assert [hundredths(value) for value in (8405, 5, 0, None)] == ["84.05", "0.05", "0.00", "—"]
    assert local_minute(datetime(2026, 2, 28, 16, 30, tzinfo=UTC)) == "2026-03-01 00:30"


def test_what_was_typed_is_text_and_the_page_may_load_nothing(tmp_path: Path) -> None:
    layout = '{% extends "print.html" %}{% block content %}{{ typed }}{% endblock %}{% block foot %}{% endblock %}'
    (tmp_path / "a.html").write_text(layout, encoding="utf-8")
    pages = Pages(tmp_path)
    shown = pages.shown("a.html", {"title": "页", "typed": "<script>1</script>"})
    assert "&lt;script&gt;" in bytes(shown.body).decode()
    assert shown.headers["content-security-policy"].startswith("default-src 'none'")
    with pytest.raises(UndefinedError):
        pages.shown("a.html", {"title": "页"})
