"""What is wrong with a field, in the sender's language: Chinese, or English on request.

Never the value, which may be personal data.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from contracts.text import Unfit

from .kernel.errors import Malformed

Fault = Mapping[str, Any]
"""One of pydantic's error details: `type`, `loc`, `msg`, `ctx`."""

CHINESE = {
    # What isn't there, or shouldn't be
    "missing": "必须填写",
    "missing_argument": "必须填写",
    "missing_keyword_only_argument": "必须填写",
    "missing_positional_only_argument": "必须填写",
    "missing_sentinel_error": "不应填写",
    "extra_forbidden": "没有这一项，请检查名称",
    "unexpected_keyword_argument": "没有这一项，请检查名称",
    "unexpected_positional_argument": "没有这一项，请检查名称",
    "multiple_argument_values": "填写了多次",
    "none_required": "应为空",
    "ellipsis_error": "应为省略号",
    "no_such_attribute": "没有这一项，请检查名称",
    "get_attribute_error": "读取失败",
    "frozen_field": "不能修改",
    "frozen_instance": "不能修改",
    "default_factory_not_called": "前面的内容有误，无法取默认值",
    # The document as a whole
    "json_invalid": "不是有效的 JSON",
    "json_type": "应为 JSON 文本",
    "needs_python_object": "应为 JSON 值",
    "recursion_loop": "内容引用了自身",
    "recursion_depth_exceeded": "嵌套过深",
    "invalid_key": "键应为文字",
    "model_type": "应为一个对象",
    "model_attributes_type": "应为一个对象",
    "dataclass_type": "应为一个对象",
    "dataclass_exact_type": "应为一个对象",
    "named_tuple_type": "应为一个对象",
    "arguments_type": "应为一个对象",
    "dict_type": "应为一个对象",
    "frozen_dict_type": "应为一个对象",
    "ordered_dict_type": "应为一个对象",
    "counter_type": "应为一个对象",
    "mapping_type": "应为一个对象",
    "list_type": "应为一个列表",
    "deque_type": "应为一个列表",
    "tuple_type": "应为一个列表",
    "set_type": "应为一个列表",
    "frozen_set_type": "应为一个列表",
    "iterable_type": "应为一个列表",
    "iteration_error": "列表读取失败",
    "set_item_not_hashable": "列表中的内容应为简单的值",
    "too_short": "长度至少 {min_length}，现有 {actual_length}",
    "too_long": "长度最多 {max_length}",
    # Numbers
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "应不大于 {le}",
    "multiple_of": "应为 {multiple_of} 的倍数",
    "finite_number": "应为有限的数",
    "int_type": "应为整数（不加引号、不带小数点）",
    "int_parsing": "应为整数",
    "int_parsing_size": "整数过大",
    "int_from_float": "应为整数（不带小数点）",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "decimal_type": "应为数字",
    "decimal_parsing": "应为数字",
    "decimal_max_digits": "最多 {max_digits} 位数字",
    "decimal_max_places": "最多 {decimal_places} 位小数",
    "decimal_whole_digits": "小数点前最多 {whole_digits} 位数字",
    "fraction_type": "应为分数",
    "fraction_parsing": "应为分数",
    "complex_type": "应为复数",
    "complex_str_parsing": "应为复数",
    "bool_type": "应为 true 或 false（不加引号）",
    "bool_parsing": "应为 true 或 false",
    # Texts
    "string_type": "应为文字",
    "string_unicode": "含有无效的字符",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "string_not_ascii": "只能用英文字符",
    "bytes_type": "应为字节内容",
    "bytes_too_short": "至少 {min_length} 字节",
    "bytes_too_long": "最多 {max_length} 字节",
    "bytes_invalid_encoding": "编码无效",
    "enum": "应为以下之一：{expected}",
    "literal_error": "应为以下之一：{expected}",
    "union_tag_invalid": "类别应为以下之一：{expected_tags}",
    "union_tag_not_found": "缺少类别",
    "assertion_error": "不符合要求",
    "is_instance_of": "类型不符",
    "is_subclass_of": "类型不符",
    "callable_type": "类型不符",
    # Days and times
    "date_type": "应为日期，例如 2026-01-01",
    "date_parsing": "应为日期，例如 2026-01-01",
    "date_from_datetime_parsing": "应为日期，例如 2026-01-01",
    "date_from_datetime_inexact": "应为日期，不带时间",
    "date_past": "应为过去的日期",
    "date_future": "应为将来的日期",
    "time_type": "应为时刻，例如 09:00",
    "time_parsing": "应为时刻，例如 09:00",
    "datetime_type": "应为时间，例如 2026-01-01T09:00:00+08:00",
    "datetime_parsing": "应为时间，例如 2026-01-01T09:00:00+08:00",
    "datetime_object_invalid": "应为时间，例如 2026-01-01T09:00:00+08:00",
    "datetime_from_date_parsing": "应为时间，例如 2026-01-01T09:00:00+08:00",
    "datetime_past": "应为过去的时间",
    "datetime_future": "应为将来的时间",
    "timezone_naive": "不应带时区",
    "timezone_aware": "应带时区，例如 +08:00",
    "timezone_offset": "时区偏移不符",
    "time_delta_type": "应为时长，例如 PT1H",
    "time_delta_parsing": "应为时长，例如 PT1H",
    # Addresses and ids
    "url_type": "应为网址",
    "url_parsing": "应为网址",
    "url_syntax_violation": "应为网址",
    "url_too_long": "网址最多 {max_length} 个字符",
    "url_scheme": "网址应以下列之一开头：{expected_schemes}",
    "uuid_type": "应为 UUID",
    "uuid_parsing": "应为 UUID",
    "uuid_version": "应为第 {expected_version} 版的 UUID",
}
"""By pydantic's kind of error. `value_error` and `string_pattern_mismatch` say more: see below."""

PATTERNS = {
    r"^[a-z0-9][a-z0-9_-]{0,63}$": (
        "应为代码：小写字母、数字、_ 和 -，以字母或数字开头，最多 64 个字符",
        "should be a code: lower-case letters, digits, _ and -, beginning with a letter or digit,"
        " at most 64 characters",
    ),
    r"^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$": (
        "应为编号：字母、数字和 . _ ~ -，以字母或数字开头，最多 128 个字符",
        "should be an id: letters, digits and . _ ~ -, beginning with a letter or digit, at most"
        " 128 characters",
    ),
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$": ("应为日期，例如 2026-01-01", "should be a day: 2026-01-01"),
    r"^20[0-9]{2}-(0[1-9]|1[0-2])$": ("应为月份，例如 2026-01", "should be a month: 2026-01"),
    r"^20[0-9]{2}-Q[1-4]$": ("应为季度，例如 2026-Q1", "should be a quarter: 2026-Q1"),
    r"^[0-9]{16}$": ("应为 16 位数字的回执号", "should be a receipt's 16 digits"),
    r"^[\x21-\x7e]+$": (
        "只能用可见的英文字符，不含空格",
        "should be of visible ASCII characters, without spaces",
    ),
    r"^[0-9A-Za-z][0-9A-Za-z._/#-]{0,63}$": (
        "应为合作方自己的编号：字母、数字和 . _ / # -，以字母或数字开头，最多 64 个字符",
        "should be your own number: letters, digits and . _ / # -, beginning with a letter or digit,"
        " at most 64 characters",
    ),
    r"^1\.0$": ("应为 1.0", "should be 1.0"),
    r"^/partners/[a-z0-9_-]+(/[A-Za-z0-9._~-]+)*$": (
        "应以 /partners/ 和本单位代码开头，例如 /partners/hotline",
        "should begin with /partners/ and your own code: /partners/hotline",
    ),
}
"""What a pattern asks for, in words."""

OTHERWISE = "不符合要求"
NO_JSON = (
    "应为 JSON，并在请求头注明 Content-Type: application/json",
    "Should be JSON, and said to be: Content-Type: application/json",
)
"""For a body that isn't read because of its Content-Type, such as the one that curl sends by default."""
BOUND = re.compile(r"datetime\.(?:date|datetime)\((\d+), (\d+), (\d+)[^)]*\)")
ITEMS = re.compile(r" items? after validation.*")
ENGLISH = re.compile(r"\s*en\b", re.IGNORECASE)


def wants_english(accept_language: str | None) -> bool:
    """Whether English comes first in `Accept-Language`; Chinese is what we speak unasked."""
    return bool(ENGLISH.match(accept_language or ""))


def asks_english(scope: Mapping[str, Any]) -> bool:
    """The same of a request as the server hands it over."""
    said = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    return wants_english(said.decode("latin-1"))


def said(fault: Fault, *, english: bool = False) -> str:
    """Why the field can't be taken."""
    kind, context, msg = str(fault["type"]), fault.get("ctx") or {}, str(fault["msg"])
    if isinstance(fault.get("input"), bytes) and fault["loc"] == ("body",):
        return NO_JSON[english]
    if kind == "string_pattern_mismatch" and (words := PATTERNS.get(context.get("pattern", ""))):
        return words[english]
    if kind == "value_error" and isinstance(cause := context.get("error"), Unfit):
        return cause.english if english else str(cause)
    if kind in ("too_short", "too_long") and isinstance(fault.get("input"), str):
        # Measured after it was cleaned, where pydantic no longer knows that it counts characters.
        kind, msg = f"string_{kind}", ITEMS.sub(" characters", msg)
    if english:
        return _dated(msg)
    told = {name: _plain(word) for name, word in context.items()}
    return CHINESE.get(kind, OTHERWISE).format_map(defaultdict(str, told))


def _plain(word: Any) -> str:
    """A list of codes without quotes."""
    return _dated(str(word)).replace("'", "").replace(" or ", " 或 ").replace(", ", "、")


def _dated(text: str) -> str:
    """A bound in time as a day: pydantic gives it as Python writes it."""
    return BOUND.sub(lambda day: f"{int(day[1])}-{int(day[2]):02}-{int(day[3]):02}", text)


def path(loc: Sequence[int | str]) -> str:
    """Where the field stands: `body.members.0.seat`."""
    return ".".join(str(part) for part in loc) or "document"


def first_fault(error: ValidationError) -> str:
    """Field and reason of the first fault, for logs and for the operator who corrects an event."""
    first = error.errors(include_input=False, include_url=False)[0]
    return f"{path(first['loc'])}: {said(first, english=True)}"


def refused(error: ValidationError, *, under: str = "", saying: str = "") -> Malformed:
    """The first thing wrong, as a refusal that names the field (`under` is where it stands)."""
    field, why = each_wrong(error)[0]
    return Malformed(f"{saying}{under}{field}：{why}", field=f"{under}{field}")


def each_wrong(error: ValidationError) -> list[tuple[str, str]]:
    """Field and reason of all that is wrong."""
    return [(path(fault["loc"]), said(fault)) for fault in error.errors(include_url=False)]
