"""Who may do what here. What isn't granted is denied; the register itself is for everybody to read."""

from chassis.identity import Access, kinds

KEEPERS = ("street", "department", "district_admin")
"""Who keeps agreements: their street, the housing department (it stands in `units`), the district."""

ACCESS = Access(
    sees_all=kinds("command_centre", "discipline", "district_admin"),
    grants={
        "enter": kinds("district_admin"),
        "sign": kinds(*KEEPERS),
        "hand_over": kinds(*KEEPERS),
        "extend": kinds(*KEEPERS),
        "cancel": kinds(*KEEPERS),
    },
)
