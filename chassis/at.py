"""The facts a guard is given: who takes a step (or looks at what they could do), on what, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from .asking import Asking
from .cause import Cause
from .identity import Subject, granted
from .kernel.errors import NotAllowed

K = TypeVar("K")
L = TypeVar("L")
Path = Mapping[str, str]
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class At(Generic[K]):
    """Who takes a step, when and where, and what has to be `known` to decide about it."""

    asking: Asking
    known: K
    path: Path = field(default_factory=dict)
    who: frozenset[str] = NOBODY
    title: str = ""

    @property
    def by(self) -> str:
        return self.asking.by

    @property
    def now(self) -> datetime:
        return self.asking.cause.now

    @property
    def subject(self) -> Subject:
        return self.asking.subject

    @property
    def cause(self) -> Cause:
        return self.asking.cause

    @property
    def id(self) -> str:
        return self.path["id"]

    def __getitem__(self, name: str) -> str:
        """A part of the path."""
        return self.path[name]

    def knowing(self, known: L) -> "At[L]":
        return At(asking=self.asking, known=known, path=self.path, who=self.who, title=self.title)

    def on(self, path: Path, who: frozenset[str], title: str) -> "At[K]":
        """The same in another place, where others may take another step."""
        return At(asking=self.asking, known=self.known, path=path, who=who, title=title)

    def demand(self, resource: Mapping[str, Any]) -> None:
        """NotAllowed where the step isn't for this subject, or not here."""
        if not granted(self.subject, self.who, resource):
            raise NotAllowed(f"当前身份无权执行“{self.title}”。")
