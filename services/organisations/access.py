"""Who may see what here; who may take a step stands with the step. An organisation acts as `supplier:<its code>`."""

from chassis.identity import Access, kinds

LEADING = kinds("command_centre", "discipline", "district_admin", "finance")
CIVIL_AFFAIRS = kinds("department", "district_admin")
"""Of the departments civil affairs alone, where a step says so (`CIVIL`)."""
SUPERVISING = kinds("department")
"""Of the departments the organisation's own supervising unit, where a step says so."""
DRAWING = kinds("department", "discipline", "district_admin")
"""Of the departments civil affairs alone, for the lists of the others."""
ORGANISATION = kinds("supplier")

DISTRICT = kinds("district_admin")
COMMUNITY = kinds("community")
STREETS = kinds("street")

ACCESS = Access(sees_all=LEADING)
