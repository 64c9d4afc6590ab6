"""Callers, and what they may do: one policy, as a function and as a filter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .kernel.errors import NotAllowed
from .store import Has, Where

KINDS = frozenset(
    "resident community street department command_centre finance party_committee supplier expert "
    "discipline district_admin partner".split()
)
BOUND = {
    "street": "street",
    "community": "community",
    "department": "units",
    "supplier": "supplier",
    "partner": "partner",
}
"""Kinds that see and do only what carries their own code, and the field that carries it."""


class Unauthenticated(NotAllowed):
    """No token, or not one we can trust."""

    kind = "unauthenticated"
    title = "未登录或凭证无效"


def kinds(*names: str) -> frozenset[str]:
    """Kinds of subject by name; one that doesn't exist is a programming error."""
    if unknown := set(names) - KINDS:
        raise ValueError(f"no such kind of subject: {sorted(unknown)}")
    return frozenset(names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One caller: an opaque `sub`, the office it acts as, and what its token is good for."""

    sub: str
    kind: str
    code: str | None
    scopes: frozenset[str]

    @property
    def acts_as(self) -> str:
        return f"{self.kind}:{self.code}" if self.code else self.kind

    @property
    def office(self) -> str:
        """As others speak of it: of a kind that is bound to no place there is one."""
        return self.acts_as if self.kind in BOUND else self.kind

    def must_be(self, of: frozenset[str]) -> None:
        """NotAllowed for an office of another kind."""
        if self.kind not in of:
            raise NotAllowed("当前身份无权进行此操作。", english="This office may not do this.")

    def needs(self, scope: str) -> None:
        if scope not in self.scopes:
            raise NotAllowed(
                f"令牌缺少权限范围 {scope}。",
                field="scope",
                english=f"The token lacks the scope {scope}.",
            )


def office(acts_as: str) -> tuple[str, str | None] | None:
    """Kind and code of an office as it is written, `street:guanshang`; None where nobody acts like that."""
    kind, colon, code = acts_as.partition(":")
    if kind not in KINDS or (not code and (colon or kind in BOUND)):
        return None
    return kind, code or None


# The policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who sees all of a collection; others see what carries their own code, and nobody sees the rest."""

    sees_all: frozenset[str]

    def visible(self, subject: Subject) -> Where | None:
        """The filter for what the subject may see; None when that is nothing."""
        if subject.kind in self.sees_all:
            return {}
        if (bound := BOUND.get(subject.kind)) is None:
            return None
        return {bound: Has([subject.code]) if bound == "units" else subject.code}

    def may_see(self, subject: Subject, resource: Mapping[str, Any]) -> bool:
        return subject.kind in self.sees_all or _concerns(subject, resource)


def granted(subject: Subject, to: frozenset[str], resource: Mapping[str, Any]) -> bool:
    """Whether these kinds have this subject among them and, where it is bound to its own, it is its own."""
    return subject.kind in to and (subject.kind not in BOUND or _concerns(subject, resource))


def _concerns(subject: Subject, resource: Mapping[str, Any]) -> bool:
    bound = BOUND.get(subject.kind)
    if bound is None:
        return False
    carried = resource.get(bound)
    if bound == "units" and not isinstance(carried, str):
        return subject.code in (carried or ())
    return subject.code == carried
