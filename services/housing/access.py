"""Who may do what here. What isn't granted is denied; the register itself is for everybody to read."""

from chassis.identity import Access


def _to(*kinds: str) -> frozenset[str]:
    return frozenset(kinds)


KEEPERS = ("street", "department", "district_admin")
"""Who keeps agreements: their street, the housing department (it stands in `units`), the district."""

ACCESS = Access(
    sees_all=_to("command_centre", "discipline", "district_admin"),
    grants={
        "enter": _to("district_admin"),
        "sign": _to(*KEEPERS),
        "hand_over": _to(*KEEPERS),
        "extend": _to(*KEEPERS),
        "cancel": _to(*KEEPERS),
    },
)
