"""A table's columns: their titles, our names for them, and their permitted values."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from chassis.formulas import unguarded
from chassis.kernel.errors import Malformed
from contracts.text import Unfit, cleaned

WIDE = {0xFF01 + place: 0x21 + place for place in range(94)} | {0x3000: 0x20}
"""Full width to plain. Nothing else is made a digit: `50²` isn't 502."""
UNIT = re.compile("(?:单位:?|[(,;])(?:人民币)?([元圆角分])(?=[),;/]|$)")
MANY = re.compile(
    "(?:单位|[(])[^()]*?(?<![0-9.一二三四五六七八九两几数十百千万亿])([十百千万亿]+[元圆])"
    "|(?:单位:?|[(,;])([百千]?万)(?=[),;/]|$)"
)
"""However it is put (`以万元计`, `单位为万元`): where it is missed, a sum is ten thousand times too small. With a
number before it, it is a sum (`500 万元以上`); `附件（十）` is an annex.
"""
GROUPED = re.compile(r"[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")


def plain_number(text: str) -> str:
    """`１，２３４.５０` as `1234.50`; a comma that parts no thousands stays, and is no number to anybody."""
    bare = text.translate(WIDE).strip()
    return bare.replace(",", "") if GROUPED.fullmatch(bare) else bare


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`name` in the API, `title` in people's tables, `about` on the template's sheet of explanations.

    `words`: what people write → the code for it; the code itself is always understood. `listed` are the
    words a template offers. A `number` is written with digits of any width, its thousands parted or not.
    """

    name: str
    title: str
    about: str
    aliases: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    listed: tuple[str, ...] = ()
    number: bool = False

    @property
    def unit(self) -> str | None:
        """Of money, as its title says: `金额（元）`."""
        return unit_of(self.title)

    @property
    def headings(self) -> list[str]:
        return [heading(name) for name in (self.name, self.title, *self.aliases)]

    def written(self, code: str) -> str:
        """What people write for the code, where a template offers a word for it; what `read` takes back."""
        return next((word for word in self.listed if self.words.get(word) == code), code)

    def read(self, text: str) -> str:
        """The cell as the service takes it; Malformed names the column."""
        try:
            bare = plain_number(text) if self.number else unguarded(text)
            said = cleaned(bare)
        except Unfit as fault:
            raise Malformed(f"{self.title}：{fault}。", field=self.name) from None
        return self.words.get(said, said)


@dataclass(frozen=True, slots=True)
class Line:
    """One line with content: its number in the file, and its cells, read; or what is wrong with it."""

    number: int
    cells: Mapping[str, str]
    fault: Malformed | None = None


def unit_of(text: str) -> str | None:
    """Which unit of money a heading, or a note above one, says: `金额（万元）`, `单位：万元`."""
    bare = "".join(unicodedata.normalize("NFKC", text).split())
    if many := MANY.search(bare):
        return many[1] or many[2]
    found = UNIT.search(bare)
    return found[1] if found else None


def heading(text: str) -> str:
    """A heading without what people add to it: `户数（必填）*` is `户数`."""
    bare = unicodedata.normalize("NFKC", text).strip().casefold()
    return bare.partition("(")[0].strip(" *:")


def line(
    number: int,
    found: Sequence[str | None],
    faults: Sequence[str | None],
    columns: Sequence[Column],
) -> Line:
    """A row as it came from the file, in the order of the columns."""
    cells: dict[str, str] = {}
    for column, text, wrong in zip(columns, found, faults, strict=True):
        if wrong is not None:
            return Line(number, _raw(found, columns), Malformed(wrong, field=column.name))
        try:
            cells[column.name] = column.read(text or "")
        except Malformed as fault:
            return Line(number, _raw(found, columns), fault)
    return Line(number, cells)


def _raw(found: Sequence[str | None], columns: Sequence[Column]) -> dict[str, str]:
    return {column.name: (text or "").strip() for column, text in zip(columns, found, strict=True)}
