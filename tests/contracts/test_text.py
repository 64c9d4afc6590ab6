"""Text that comes in: what looks the same is the same, and nothing hides in it."""

import time

import pytest

from contracts.text import Unfit, cleaned


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("关上街道", "关上街道"),
        ("\u3000 关上\xa0\n", "关上"),
        ("cafe\u0301", "caf\xe9"),
        ("第\u3000一", "第\u3000一"),
        ("\u3000\u2003", ""),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("㐀𠀀\U00031350", "㐀𠀀\U00031350"),
    ],
)
def test_what_looks_the_same_is_kept_the_same(given: str, kept: str) -> None:
    assert cleaned(given) == kept


@pytest.mark.parametrize(
    "hidden",
    [
        "\x00",
        "a\u202eb",
        "a\u200bb",
        "\ufeffa",
        "a\u200db",
        "a\x7fb",
        "a\nb",
        "a\u2028b",
        "a\u3164",
        "a\ud800",
        "\u200d😀",
        "😀\u200d",
        "\ufe0f\u200d😀",
    ],
)
def test_what_cannot_be_seen_is_refused_by_its_code(hidden: str) -> None:
    with pytest.raises(Unfit, match=r"U\+[0-9A-F]{4}") as refusal:
        cleaned(hidden)
    assert "U+" in refusal.value.english


def test_lines_and_tabs_belong_to_a_passage_and_breaks_are_of_one_kind() -> None:
    assert cleaned("一\r\n二\r三\t四\n", lines=True) == "一\n二\n三\t四"
    with pytest.raises(Unfit):
        cleaned("一\x0b二", lines=True)


@pytest.mark.parametrize("marks", ["\u0315\u0300", "\u0345", "\u0f73"])
def test_marks_that_no_script_piles_up_are_refused_before_they_are_put_in_order(marks: str) -> None:
    """A megabyte of them took minutes, in which nobody else was answered."""
    assert cleaned("a" + marks * (30 // len(marks)))
    began = time.process_time()
    with pytest.raises(Unfit, match="组合字符") as refusal:
        cleaned("关" + marks * (400_000 // len(marks)), lines=True)
    assert refusal.value.english.isascii() and time.process_time() - began < 5


def test_however_many_pictures_are_joined_each_joiner_is_looked_at_once() -> None:
    family = "❤\ufe0f\u200d" * 150_000 + "🔥"
    began = time.process_time()
    assert cleaned(family) == family
    assert time.process_time() - began < 5
