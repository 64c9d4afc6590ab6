"""Given what happened, when we decide, then this happens, or is refused under this rule."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any, Generic, TypeVar

import pytest

from chassis.kernel.errors import Refusal, RuleBroken

S = TypeVar("S")
ANY = "any"


@dataclass(frozen=True)
class Decision(Generic[S]):
    state: S
    decide: Callable[[S], Any]
    evolve: Callable[[Any, Any], Any]

    @property
    def happened(self) -> tuple[Any, ...]:
        decided = self.decide(self.state)
        return tuple(decided) if isinstance(decided, (tuple, list)) else (decided,)

    def then(self, *expected: Any) -> "Given[S]":
        """Exactly these events, in this order; goes on from the state after them."""
        happened = self.happened
        assert happened == expected
        return past(self.state, self.evolve, happened)

    def leads_to(self) -> "Given[S]":
        """Goes on from the state after whatever happened."""
        return past(self.state, self.evolve, self.happened)

    def breaks(
        self, rule: str, *, clause: str | None = None, field: str | None = ANY, says: str = ""
    ) -> None:
        """Refused, citing the rule (and this clause, none where it is OURS, this field or none, and in these words,
        where given)."""
        with pytest.raises(RuleBroken) as refusal:
            self.decide(self.state)
        assert refusal.value.rule.id == rule
        if clause is not None:
            assert refusal.value.clause == (clause or None)
        if field is not ANY:
            assert refusal.value.field == field
        assert says in refusal.value.detail

    def refused(self, kind: type[Refusal], *, field: str | None = None) -> None:
        with pytest.raises(kind) as refusal:
            self.decide(self.state)
        if field is not None:
            assert refusal.value.field == field


@dataclass(frozen=True)
class Given(Generic[S]):
    state: S
    evolve: Callable[[Any, Any], Any]

    def when(self, decide: Callable[[S], Any]) -> Decision[S]:
        return Decision(self.state, decide, self.evolve)


def past(start: Any, evolve: Callable[[Any, Any], S], happened: Iterable[Any]) -> Given[S]:
    """`start` may be None: the first event makes the aggregate."""
    return Given(reduce(evolve, happened, start), evolve)
