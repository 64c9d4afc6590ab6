"""Which characters a paper's typeface has: those of Adobe-GB1 that the encoding UniGB-UCS2-H reaches."""

import unicodedata

ALIKE = {"·": "・", "•": "・", "\u00a0": " ", "−": "－", "m²": "㎡"}
"""What is set by another that looks the same, for want of its own: the dot is in many a name."""
EXTENSION_A = range(0x3400, 0x4DB6)
MORE = frozenset("¥・")
"""Beside Extension A what is there, though it has no two bytes in GB 18030."""
LESS = frozenset("ńňɑɡ").union(map(chr, range(0xFE30, 0xFE50)))
"""The other way round."""


def printable(said: str) -> str:
    """With the printers' mark, and its code, for each character that would be a blank which nobody notices (ours)."""
    said = unicodedata.normalize("NFC", said)
    for wanting, alike in ALIKE.items():
        said = said.replace(wanting, alike)
    return "".join(
        one if _there(one) else f"〓（缺字U+{ord(one):04X}）" for one in said if not _shapeless(one)
    )


def _there(one: str) -> bool:
    if one.isspace() or ord(one) in EXTENSION_A or one in MORE:
        return True
    return len(one.encode("gb18030", "replace")) <= 2 and one not in LESS


def _shapeless(one: str) -> bool:
    """A control, a joiner, what picks a variant: nothing is missed."""
    kind, name = unicodedata.category(one), unicodedata.name(one, "")
    return not one.isspace() and (kind in ("Cc", "Cf") or name.startswith("VARIATION SELECTOR"))
