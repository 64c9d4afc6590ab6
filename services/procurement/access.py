"""Who may see what here; who may take a step stands with the step. A supplier acts as `supplier:<its code>`."""

from chassis.identity import Access, kinds

LEADING = kinds("finance", "district_admin", "discipline", "command_centre")
PURCHASERS = kinds("street", "finance", "district_admin")
KEEPERS = kinds("finance", "district_admin")
PAYERS = kinds("finance", "district_admin")
JUDGES = kinds("expert", "district_admin")

ACCESS = Access(sees_all=LEADING)
REGISTER = Access(sees_all=LEADING | PURCHASERS)
"""Suppliers and their eligibility: a street sees them all, because it chooses among them."""
