"""A supplier (承接方): an organisation that may be contracted; never a person."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chassis.kernel.errors import Malformed
from chassis.kernel.said import said


class SupplierKind(StrEnum):
    """社会组织, 企业 or 事业单位."""

    SOCIAL_ORGANISATION = "social_organisation"
    COMPANY = "company"
    INSTITUTION = "institution"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierRegistered:
    code: str
    name: str
    kind: SupplierKind
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """Its code is also its id, and what `supplier:<code>` acts as."""

    code: str
    name: str
    kind: SupplierKind
    registered_at: datetime


def register(known: Supplier | None, registered: SupplierRegistered) -> SupplierRegistered:
    if known is not None:
        raise Malformed(f"代码 {registered.code} 已登记给其他供应方。", field="code")
    said(registered.name, "name")
    return registered


def evolve(supplier: Supplier | None, event: SupplierRegistered) -> Supplier:
    return Supplier(code=event.code, name=event.name, kind=event.kind, registered_at=event.at)
