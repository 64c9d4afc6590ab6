"""What can be asked of the desk: one frozen record per command, already parsed."""

from dataclasses import dataclass

from .domain.evaluation import Parts, Stage
from .domain.supplier import SupplierKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterSupplier:
    code: str
    name: str
    kind: SupplierKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SignContract:
    supplier: str
    project: str
    title: str
    year: int
    street: str
    community: str | None = None
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluate:
    stage: Stage
    parts: Parts
