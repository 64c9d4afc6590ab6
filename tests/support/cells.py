"""A workbook computed cell by cell, by as much of a spreadsheet's language as our formulas use."""

import io
import re
from collections.abc import Callable
from typing import Any

from openpyxl import load_workbook

TOKENS = re.compile(
    r'"[^"]*"|[A-Z]+\(|[\u4e00-\u9fff]+![A-Z]+\d+|[A-Z]+\d+|\d+(?:\.\d+)?|>=|<=|[=<>+\-*/(),]'
)
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    "=": lambda a, b: a == b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
}
Lazy = Callable[[], Any]


class Cells:
    """`cells("指标", "D2")` is what a spreadsheet would show there."""

    def __init__(self, file: bytes) -> None:
        self.book = load_workbook(io.BytesIO(file))
        self._known: dict[tuple[str, str], Any] = {}

    def __call__(self, sheet: str, address: str) -> Any:
        if (sheet, address) not in self._known:
            said = self.book[sheet][address]
            formula = said.data_type == "f"
            value = _Formula(self, sheet, said.value[1:]).value() if formula else said.value
            self._known[sheet, address] = value
        return self._known[sheet, address]


class _Formula:
    """Read by descent; each part is computed only where it is asked for, as IF does."""

    def __init__(self, cells: Cells, sheet: str, text: str) -> None:
        self.cells, self.sheet = cells, sheet
        self.tokens = TOKENS.findall(text)
        assert "".join(self.tokens) == text, text

    def value(self) -> Any:
        found = self.comparison()
        assert not self.tokens
        return found()

    def comparison(self) -> Lazy:
        left = self.chain(self.product, "+-")
        if self.tokens and self.tokens[0] in COMPARED:
            compare, right = COMPARED[self.tokens.pop(0)], self.chain(self.product, "+-")
            return lambda: compare(left(), right())
        return left

    def product(self) -> Lazy:
        return self.chain(self.atom, "*/")

    def chain(self, part: Callable[[], Lazy], signs: str) -> Lazy:
        parts = [("", part())]
        while self.tokens and self.tokens[0] in signs:
            parts.append((self.tokens.pop(0), part()))

        def computed() -> Any:
            total = parts[0][1]()
            for sign, one in parts[1:]:
                number = one()
                if sign in "*/":
                    total = total * number if sign == "*" else total / number
                else:
                    total = total + number if sign == "+" else total - number
            return total

        return computed

    def atom(self) -> Lazy:
        token = self.tokens.pop(0)
        if token.endswith("("):
            arguments = [self.comparison()]
            while self.tokens.pop(0) == ",":
                arguments.append(self.comparison())
            return lambda: _called(token[:-1], arguments)
        if token[0] == '"':
            return lambda: token[1:-1]
        if token[0].isdigit():
            return lambda: float(token)
        sheet, _, address = token.rpartition("!")
        return lambda: self.cells(sheet or self.sheet, address)


def _called(name: str, arguments: list[Lazy]) -> Any:
    match name:
        case "IF":
            return arguments[1]() if arguments[0]() else arguments[2]()
        case "OR":
            return any(one() for one in arguments)
        case "ISNUMBER":
            return isinstance(arguments[0](), int | float)
        case "ROUND":
            return round(arguments[0]() + 1e-12, int(arguments[1]()))
    values = [one() for one in arguments]
    match name:
        case "":
            return values[0]
        case "AVERAGE":
            return sum(values) / len(values)
        case "MAX":
            return max(values)
        case "ABS":
            return abs(values[0])
    raise AssertionError(name)
