"""Who may see what here; who may take a step stands with the step."""

from chassis.identity import KINDS, Access, kinds

CONVENERS = kinds("community", "street", "district_admin")
"""A community in its own committees, a street in all of its own, the district."""
CARRYING_OUT = CONVENERS | kinds("department")
"""Who leads a matter, or carries it out."""
STREETS = kinds("street", "district_admin")
"""What a street reviews or agrees to."""

DISTRICT = kinds("district_admin")
ASSESSING = kinds("street", "department")
"""A street its communities, civil affairs all of them."""
GUIDING = kinds("department", "district_admin")
"""Who guides a unit checks and accepts it."""

ACCESS = Access(sees_all=kinds("command_centre", "discipline", "district_admin"))
OFFICES = Access(sees_all=KINDS - kinds("resident"))
