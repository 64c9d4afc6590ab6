"""The ways a service refuses. A refusal is a business answer and safe to show; anything else is a fault."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import ClassVar

from .rule import Rule


class Refusal(Exception):
    """An expected "no": its text may be shown to the caller, and nobody is paged for it."""

    kind: ClassVar[str]
    title: ClassVar[str]

    def __init__(
        self, detail: str, *, field: str | None = None, english: str | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field
        self.english = english
        """The same in English, on request, where the text is the platform's and not a rule's."""


OURS = ""
"""Cited instead of a clause by what the platform adds to a rule where the documents are silent."""


class RuleBroken(Refusal):
    """The district's rules, or the platform's defaults where they are silent, forbid it.

    `clause`: which of the rule's clauses, or OURS; needn't be said where the rule has one at most.
    """

    kind = "rule-broken"
    title = "违反规则"

    def __init__(
        self, rule: Rule, detail: str, *, clause: str | None = None, field: str | None = None
    ) -> None:
        super().__init__(detail, field=field)
        if clause and clause not in rule.clauses:
            raise ValueError(f"{rule.id} has no clause {clause}")
        self.rule = rule
        self.clause = next(iter(rule.clauses), None) if clause is None else clause or None

    @property
    def source(self) -> str:
        return "document" if self.clause else "platform"


class OutOfOrder(RuleBroken):
    """A step out of order, with the state in words.

    Steps are named as they are declared; the answer replaces the names by titles.
    """

    def __init__(
        self, rule: Rule, state: str, step: str, allowed: Sequence[str], clause: str | None = None
    ) -> None:
        told = "、".join(allowed) or "无"
        detail = f"当前状态为“{state}”，不能办理“{step}”；允许的步骤：{told}。"
        super().__init__(rule, detail, clause=clause)
        self._said = state, step, allowed

    def called(self, titles: Mapping[str, str]) -> "OutOfOrder":
        state, step, allowed = self._said
        names = [titles.get(one, one) for one in allowed]
        return OutOfOrder(self.rule, state, titles.get(step, step), names, self.clause or OURS)


class UnknownReference(Refusal):
    """It names a community, unit or other thing that the register does not hold."""

    kind = "unknown-reference"
    title = "引用的对象不存在"


class Malformed(Refusal):
    """It can never succeed as it was asked."""

    kind = "malformed"
    title = "请求内容有误"


class NotAllowed(Refusal):
    """Not by this subject."""

    kind = "not-allowed"
    title = "无权操作"


class NotFound(Refusal):
    """No such thing, or not one this subject may see: said alike, so that nobody learns which."""

    kind = "not-found"
    title = "未找到"

    def __init__(self, detail: str | None = None, *, field: str | None = None) -> None:
        english = "There is no such record." if detail is None else None
        super().__init__(detail or "没有这条记录。", field=field, english=english)


class PreconditionRequired(Refusal):
    """The change needs If-Match, so that two writers can't overwrite each other."""

    kind = "precondition-required"
    title = "缺少 If-Match"


class Stale(Refusal):
    """Someone changed it since the caller looked."""

    kind = "stale"
    title = "版本已过期"


class AlreadyThere(Refusal):
    """Another came first where there is one; to be looked at, and asked again."""

    kind = "already-there"
    title = "已有这一登记"


class KeyReused(Refusal):
    """The Idempotency-Key was used before for another request."""

    kind = "key-reused"
    title = "幂等键已用于其他请求"


ANOTHER = "One key stands for one request."


class TooMany(Refusal):
    """Too often in too short a time; `wait` is after how many seconds to come again."""

    kind = "too-many"
    title = "请求过于频繁"

    def __init__(self, detail: str, *, wait: int, english: str | None = None) -> None:
        super().__init__(detail, english=english)
        self.wait = wait


class Unavailable(Refusal):
    """Not now; the same request may succeed later, after so many seconds."""

    kind = "unavailable"
    title = "暂时不可用"

    def __init__(self, detail: str, *, wait: int = 2, english: str | None = None) -> None:
        super().__init__(detail, english=english)
        self.wait = wait


class Broken(Unavailable):
    """Not away but damaged: waiting won't help, and a start ends with the reason. What it says is logged, so it holds
    nothing that was sent.
    """


class Unreadable(Unavailable):
    """What is stored is none of what this version knows, as after going back to an earlier one. It is left as it is."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "这条记录读不出：可能由更新的版本写成。平台恢复到该版本后再试；是哪些记录，运维可用 gongzhi verify 查看。",
            wait=300,
        )
        self.why = why


class WrittenLater(Unavailable):
    """Somebody said something to it under a later version that this one would lose by changing it."""

    def __init__(self, why: str) -> None:
        super().__init__(
            "这条记录有更新的版本写下的内容，本版本可以查看，但一改动就会丢掉，所以没有改动。"
            "升级期间请稍后再试；若平台已退回旧版本，须升级到该版本后再办。",
            wait=30,
        )
        self.why = why


@contextmanager
def said_of(listed: str, place: int) -> Iterator[None]:
    """What is refused of one item of a list is said of that item's field."""
    try:
        yield
    except Refusal as refusal:
        refusal.field = ".".join(filter(None, (listed, str(place), refusal.field)))
        raise
