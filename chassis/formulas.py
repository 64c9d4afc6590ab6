"""Cells that a spreadsheet would run as formulas: escaped in exported tables, and unescaped on import."""

STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""What it takes for the start of a formula; some take a full-width sign for the sign itself."""


def guarded(text: str) -> str:
    return f"'{text}" if text.startswith(STARTS) else text


def unguarded(text: str) -> str:
    """A cell of a table of ours, as it was before it left."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(STARTS) else text
