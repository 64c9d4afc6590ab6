"""Who may see what here; who may take a step stands with the step. An office acts as `street:<code>` and the like."""

from chassis.identity import Access, kinds

REGISTERING = kinds("community", "street", "department", "district_admin")
"""Whoever meets with a dispute."""
HOLDERS = REGISTERING
"""Of these only whose the case is; a street may stand in for its communities."""
DECIDING = kinds("street", "district_admin")
WATCHING = kinds("street", "department", "district_admin")
"""A street its own; of the departments only the one that leads the work."""

DISTRICT = kinds("district_admin")
LEADING = kinds("department", "district_admin")
"""Of the departments only the one that leads the work."""

ACCESS = Access(sees_all=kinds("command_centre", "discipline", "district_admin"))
