"""A schema's constraints in words: its type, length, range and unit.

Generated here for every property of every service, from its own schema; a title's brackets name a unit: `金额（分）`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

PATTERNS = {
    "^[a-z0-9][a-z0-9_-]{0,63}$": "代码，小写字母、数字、下划线和连字符，最多 64 字符",
    "^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$": "标识，最多 128 字符",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$": "日期，如 2026-03-02",
    "^[0-9]{16}$": "16 位数字",
}
FORMATS = {
    "date-time": "时刻，带时区，如 2026-03-02T08:00:00+08:00",
    "date": "日期，如 2026-03-02",
    "binary": "文件",
}
UNITS = (
    "分",
    "元",
    "字节",
    "分钟",
    "小时",
    "工作日或秒",
    "%",
    "平方米",
    "百分之一分",
    "百分之一平方米",
    "百万分之一度",
)
UNIT = re.compile(f"（({'|'.join(UNITS)})[^（）]*）$")
Schema = Mapping[str, Any]
MODULES = "__"
"""What the framework writes between modules, where two classes of a service have one name."""
LAYERS = frozenset("api desk domain events model queries steps".split())
"""Words of modules that say nothing of what is in them."""


def shape_of(schema: Schema, title: str = "") -> str:
    """In one sentence; `title` may name the unit of its numbers."""
    said = _said(schema)
    if found := UNIT.search(title):
        said += f"，单位：{found[1]}" if found[1] not in said else ""
    if "default" in schema and isinstance(schema["default"], str | int) and schema["default"] != "":
        default = schema["default"]
        said += f"；默认 {str(default).lower() if isinstance(default, bool) else default}"
    return said + "。"


def published(name: str) -> str:
    """Of classes of one name: each with the words of its module before it, and none with our layers.

    `services__consultation__domain__matter__Status` is `MatterStatus`, the contract of `contract` plainly `Contract`.
    """
    *modules, kind = name.split(MODULES)
    below = modules[2:] if modules[:1] == ["services"] else modules[1:]
    parts = [part for module in below for part in module.split("_") if part not in LAYERS]
    before = "".join(part.capitalize() for part in parts)
    return kind if before == kind else before + kind


def _said(schema: Schema) -> str:
    if "$ref" in schema:
        return f"见 {published(schema['$ref'].rpartition('/')[2])}"
    if "const" in schema:
        return f"固定为 {schema['const']}"
    if "enum" in schema:
        return f"取值：{'、'.join(map(str, schema['enum']))}"
    if alternatives := schema.get("anyOf") or schema.get("oneOf"):
        kinds = [_said(one) for one in alternatives if one.get("type") != "null"]
        empty = "，可为空" if len(kinds) < len(alternatives) else ""
        return "，或".join(dict.fromkeys(kinds)) + empty
    return KINDS.get(schema.get("type", ""), _anything)(schema)


def _anything(_: Schema) -> str:
    return "任意内容"


def _text(schema: Schema) -> str:
    if said := PATTERNS.get(schema.get("pattern", "")) or FORMATS.get(schema.get("format", "")):
        return said
    bounds = _bounds(schema.get("minLength"), schema.get("maxLength"), "字")
    if "pattern" in schema:
        return f"文字，形如 {schema['pattern']}{bounds}"
    return f"文字{bounds}"


def _number(schema: Schema) -> str:
    kind = "整数" if schema["type"] == "integer" else "数"
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    said = _bounds(schema.get("minimum"), schema.get("maximum"), "")
    if above is not None:
        said += f"，大于 {_plain(above)}"
    return kind + said + (f"，小于 {_plain(below)}" if below is not None else "")


def _list(schema: Schema) -> str:
    bounds = _bounds(schema.get("minItems"), schema.get("maxItems"), "项")
    parts = schema.get("prefixItems")
    if parts:
        return f"依次为：{'；'.join(_said(one) for one in parts)}"
    return f"列表{bounds}，每项：{_said(schema.get('items', {}))}"


def _object(schema: Schema) -> str:
    values = schema.get("additionalProperties")
    if isinstance(values, Mapping):
        return f"按名称列出，每项：{_said(values)}"
    return "若干名称和内容"


def _plain(number: float) -> str:
    """A whole one without a point, however the framework keeps it, and with all of its digits."""
    return str(int(number) if float(number).is_integer() else number)


def _bounds(least: float | None, most: float | None, unit: str) -> str:
    if least is not None and most is not None:
        return f"，{_plain(least)} 至 {_plain(most)} {unit}".rstrip()
    if most is not None:
        return f"，最多 {_plain(most)} {unit}".rstrip()
    return f"，至少 {_plain(least)} {unit}".rstrip() if least is not None else ""


KINDS: Mapping[str, Callable[[Schema], str]] = {
    "string": _text,
    "integer": _number,
    "number": _number,
    "boolean": lambda _: "是（true）或否（false）",
    "array": _list,
    "object": _object,
    "null": lambda _: "空",
}
