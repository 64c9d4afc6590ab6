"""Who may see what here; who may take a step stands with the step. The register is for everybody to read."""

from chassis.identity import KINDS, Access, kinds

DISTRICT = kinds("district_admin")
KEEPERS = kinds("street", "department", "district_admin")
"""Who keeps agreements: their street, the housing department (it stands in `units`), the district."""
HOSTS = kinds("community", "street", "district_admin")
"""Who keeps rooms."""
BOOKERS = kinds("community", "street", "department", "command_centre", "supplier")
"""Public offices, the room's own desk, and suppliers: of these only who is at work there (H-10)."""

ACCESS = Access(sees_all=kinds("command_centre", "discipline", "district_admin"))
PUBLIC = Access(sees_all=KINDS)
"""The register, boundaries, rooms and declared totals are for everybody to read."""
