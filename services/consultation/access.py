"""Who may do what here: a community in its own committees, a street in all of its own, the district."""

from chassis.identity import Access, kinds

CONVENERS = ("community", "street", "district_admin")

ACCESS = Access(
    sees_all=kinds("command_centre", "discipline", "district_admin"),
    grants={
        "seat": kinds(*CONVENERS),
        "propose": kinds(*CONVENERS),
        "accept": kinds(*CONVENERS),
        "refuse": kinds(*CONVENERS),
        "research": kinds(*CONVENERS),
        "outcome": kinds(*CONVENERS),
        "policy": kinds("district_admin"),
    },
)
