"""Who may do what here. What isn't granted is denied; the register itself is for everybody to read."""

from chassis.identity import KINDS, Access, kinds

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
        "inspect": kinds(*KEEPERS),
        "policy": kinds("district_admin"),
    },
)

PUBLIC = Access(
    sees_all=KINDS,
    grants={
        "keep_rooms": kinds("community", "street", "district_admin"),
        "redraw": kinds("district_admin"),
    },
)
"""Rooms and boundaries are public: everybody sees them; who keeps them is granted all the same."""

PUBLISHED = Access(sees_all=KINDS, grants={"declare": kinds("street", "district_admin")})
"""Declared totals are published figures; a street declares its own."""

BOOKERS = Access(
    sees_all=KINDS,
    grants={"book": kinds("community", "street", "department", "command_centre", "supplier")},
)
"""Public offices, the room's own desk, and suppliers: of these only who is at work there (H-10)."""
