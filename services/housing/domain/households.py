"""How many households there may be: the same by form and in a file."""

from chassis.kernel.errors import Malformed

MOST = 1_000_000


def counted(text: str, *, least: int) -> int:
    """What a cell says; of a whole community nobody knows that it has none, and what isn't known is left out."""
    digits = text.isascii() and text.isdecimal() and len(text) <= len(str(MOST))
    if not digits or not least <= int(text) <= MOST:
        raise Malformed(f"户数须为 {least} 到 {MOST} 的整数。", field="households")
    return int(text)
