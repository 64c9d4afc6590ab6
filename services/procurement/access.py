"""Who may see what here; who may take a step stands with the step. A supplier acts as `supplier:<its code>`."""

from chassis.identity import Access, Subject, kinds

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

ACCESS = Access(sees_all=LEADING)
REGISTER = Access(sees_all=LEADING | PURCHASERS)
"""Suppliers and their eligibility: a street sees them all, because it chooses among them."""


def own(subject: Subject) -> tuple[str, ...]:
    """A department buys in its own name, for whichever street."""
    return (subject.code,) if subject.kind == "department" and subject.code else ()
