"""Text as it comes in, wherever it comes in: HTTP, tables, partners' events, settings.

What looks the same is the same: normalised (NFC), without spaces around it and without invisible characters.
"""

import unicodedata

BARE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0\ufffe\uffff")
"""Drawn as nothing, though Unicode calls them letters, marks, or no characters at all."""
JOINER = "\u200d"
SELECTOR = "\ufe0f"
HIDDEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
PICTURES = frozenset(("So", "Sk"))
MOST_MARKS = 30
"""Combining marks that may follow each other (UAX 15, stream-safe): no script has more, and n of them are put in order
in n² steps."""
MARKS = frozenset("\u0f73\u0f75\u0f81")
"""No combining marks themselves, but composed of nothing else."""


class Unfit(ValueError):
    """A value that can't be taken: why, in the users' language, and in English for developers."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(chinese)
        self.english = english


def cleaned(text: str, *, lines: bool = False) -> str:
    """The text as it is kept; Unfit where it holds a control or format character, or more marks than any script has.

    With `lines`, line breaks and tabs inside it are kept. A joiner inside an emoji is a part of it.
    """
    if _is_piled(text):
        raise Unfit("含有过多相连的组合字符", "holds too many combining marks in a row")
    composed = unicodedata.normalize("NFC", text).strip()
    if lines:
        composed = composed.replace("\r\n", "\n").replace("\r", "\n")
    if composed.isprintable() and BARE.isdisjoint(composed):
        return composed  # nearly always
    for place, character in enumerate(composed):
        if _is_hidden(character) and not (lines and character in "\n\t"):
            if character != JOINER or not _joins(composed, place):
                code = f"U+{ord(character):04X}"
                raise Unfit(
                    f"含有看不见的控制或格式字符（{code}）",
                    f"holds a control or format character ({code})",
                )
    return composed


def _is_piled(text: str) -> bool:
    """Looked at before it is normalised: a megabyte of marks would take minutes."""
    if len(text) <= MOST_MARKS or text.isascii():
        return False  # nearly always
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) or character in MARKS else 0
        if marks > MOST_MARKS:
            return True
    return False


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in HIDDEN or character in BARE


def _joins(text: str, place: int) -> bool:
    """Whether the joiner stands between two pictures."""
    before, after = place - 1, text[place + 1 : place + 2]
    while before > 0 and text[before] == SELECTOR:
        before -= 1
    if before < 0 or not after:
        return False
    return {unicodedata.category(text[before]), unicodedata.category(after)} <= PICTURES
