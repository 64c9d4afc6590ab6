"""Who may see what here; who may take a step stands with the step. A supplier acts as `supplier:<its code>`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.identity import Access, Subject, kinds
from chassis.store import Where

LEADING = kinds("finance", "district_admin", "discipline", "command_centre")
PURCHASERS = kinds("street", "department", "finance", "district_admin")
ENTRUSTED = kinds("community")
"""Carries out what others buy; asks in vain to buy itself, and is told why (P-28)."""
STREETS = kinds("street")
SURVEYING = kinds("community", "street")
BARRING = kinds("finance")
REVIEWING = kinds("district_admin")
"""Who decides about an appeal is not who barred."""
KEEPERS = kinds("finance", "district_admin")
PAYERS = kinds("finance", "district_admin")
SUPPLIERS = kinds("supplier")
EXPERT = kinds("expert")
DRAWING = kinds("finance", "district_admin", "discipline")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing(Access):
    """What is `sealed` is seen by its own alone, also where others see all the rest."""

    def visible(self, subject: Subject) -> Where | None:
        return {"sealed": False} if subject.kind in self.sees_all else OWN.visible(subject)

    def may_see(self, subject: Subject, resource: Mapping[str, Any]) -> bool:
        all_but = subject.kind in self.sees_all and not resource["sealed"]
        return all_but or OWN.may_see(subject, resource)


OWN = Access(sees_all=frozenset())
"""Nobody sees all of it: an application lies sealed (P-10)."""
ACCESS = Access(sees_all=LEADING)
FILES = Sealing(sees_all=LEADING)
REGISTER = Access(sees_all=LEADING | PURCHASERS)
"""Suppliers and their eligibility: a street sees them all, because it chooses among them."""


def own(subject: Subject) -> tuple[str, ...]:
    """A department buys in its own name, for whichever street."""
    return (subject.code,) if subject.kind == "department" and subject.code else ()
