"""Who may do what here. What isn't granted is denied; a supplier acts as `supplier:<its code>`."""

from chassis.identity import Access


def _to(*kinds: str) -> frozenset[str]:
    return frozenset(kinds)


LEADING = _to("finance", "district_admin", "discipline", "command_centre")
PURCHASERS = _to("street", "finance", "district_admin")

ACCESS = Access(
    sees_all=LEADING,
    grants={
        "register": _to("finance", "district_admin"),
        "sign": PURCHASERS,
        "terminate": PURCHASERS,
        "evaluate": _to("expert", "district_admin"),
        "policy": _to("district_admin"),
    },
)

REGISTER = Access(sees_all=LEADING | PURCHASERS, grants={})
"""Suppliers and their eligibility: a street sees them all, because it chooses among them."""
