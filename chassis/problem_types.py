"""The types of problem documents: of each `type` its status, its title, and what the caller should do."""

from collections.abc import Mapping
from dataclasses import dataclass

AT = "/problems"
"""Where they are explained; a `type` is the address of one."""


@dataclass(frozen=True, slots=True)
class ProblemType:
    status: int
    title: str
    english: str
    then: str
    """What to do, for people."""


TYPES: Mapping[str, ProblemType] = {
    "malformed": ProblemType(
        422,
        "请求内容有误",
        "Request not acceptable",
        "按 field、errors 和 detail 改正后再发，原样重发没有用。读不出的请求为 400，未按时送达为 408，"
        "正文过大为 413，请求头过大为 431。",
    ),
    "unknown-reference": ProblemType(
        422,
        "引用的对象不存在",
        "No such thing to refer to",
        "field 所写的社区、单位或其他对象不在名册上：先查名册，改正后再发。",
    ),
    "key-reused": ProblemType(
        422,
        "幂等键已用于其他请求",
        "Key used for another request",
        "内容不同的请求另用一个 Idempotency-Key（合作方事件另用编号）。",
    ),
    "unauthenticated": ProblemType(
        401,
        "未登录或凭证无效",
        "Not signed in",
        "重新取得访问令牌，放在 Authorization: Bearer 里再发。",
    ),
    "not-allowed": ProblemType(
        403,
        "无权操作",
        "Not allowed",
        "当前身份不能办理：换用有权的身份（X-Act-As），或由有权的单位办理。",
    ),
    "not-found": ProblemType(
        404,
        "未找到",
        "Not found",
        "没有这条记录，或当前身份看不到它；两种情况答复相同。",
    ),
    "no-such-address": ProblemType(
        404,
        "没有这个地址",
        "No such address",
        "核对地址：有哪些，见 /openapi.json。",
    ),
    "method-not-allowed": ProblemType(
        405,
        "此地址不支持该方法",
        "This address doesn't know this method",
        "换用 Allow 头所列的方法。",
    ),
    "rule-broken": ProblemType(
        409,
        "违反规则",
        "Against a rule",
        "rule、clause 说明依据哪条规则和条款，detail 说明原因：先做到规则要求的，再来办理。",
    ),
    "already-there": ProblemType(
        409,
        "已有这一登记",
        "Already there",
        "已有人先登记：查看已有的那一条，再决定是否另办。",
    ),
    "stale": ProblemType(
        412,
        "版本已过期",
        "Changed meanwhile",
        "重新读取，看过改动后用新的 ETag 作 If-Match 再发。",
    ),
    "precondition-required": ProblemType(
        428,
        "缺少 If-Match",
        "If-Match is missing",
        "先读取记录，把答复的 ETag 写入 If-Match 再发。",
    ),
    "too-many": ProblemType(
        429,
        "请求过于频繁",
        "Too many requests",
        "等 Retry-After 所写的秒数后再发。",
    ),
    "unavailable": ProblemType(
        503,
        "暂时不可用",
        "Not available now",
        "等 Retry-After 所写的秒数后原样重发；写操作带同一个 Idempotency-Key，不会生效两次。",
    ),
}
