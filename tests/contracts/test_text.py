"""Text that comes in: what looks the same is the same, and nothing hides in it."""

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
