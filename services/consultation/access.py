"""Who may do what here: a community in its own committees, a street in all of its own, the district."""

from chassis.identity import Access


def _to(*kinds: str) -> frozenset[str]:
    return frozenset(kinds)


CONVENERS = ("community", "street", "district_admin")

ACCESS = Access(
    sees_all=_to("command_centre", "discipline", "district_admin"),
    grants={
        "seat": _to(*CONVENERS),
        "propose": _to(*CONVENERS),
        "accept": _to(*CONVENERS),
        "refuse": _to(*CONVENERS),
        "research": _to(*CONVENERS),
        "outcome": _to(*CONVENERS),
        "policy": _to("district_admin"),
    },
)
