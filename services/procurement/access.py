"""Who may do what here. What isn't granted is denied; a supplier acts as `supplier:<its code>`."""

from chassis.identity import Access, kinds

LEADING = kinds("finance", "district_admin", "discipline", "command_centre")
PURCHASERS = kinds("street", "finance", "district_admin")

ACCESS = Access(
    sees_all=LEADING,
    grants={
        "register": kinds("finance", "district_admin"),
        "sign": PURCHASERS,
        "terminate": PURCHASERS,
        "evaluate": kinds("expert", "district_admin"),
        "policy": kinds("district_admin"),
    },
)

REGISTER = Access(sees_all=LEADING | PURCHASERS, grants={})
"""Suppliers and their eligibility: a street sees them all, because it chooses among them."""
