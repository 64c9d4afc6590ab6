"""Who may see what here; who may take a step stands with the step."""

from chassis.identity import Access, kinds

COMMUNITY = kinds("community")
STREETS = kinds("street")
DEPARTMENTS = kinds("department")
"""Of the departments only whose it is, where a step says so."""
DISTRICT = kinds("district_admin")
OFFICE = kinds("department", "district_admin")
"""Of the departments civil affairs alone: it is the leading group's office (`LED`)."""
LOCAL = COMMUNITY | STREETS
"""A community its own, a street also its communities'."""

SECOND = STREETS | kinds("department", "discipline", "finance")
"""The office that a step names, and no other: a street or a unit of the register, as whichever it acts."""

ACCESS = Access(sees_all=kinds("command_centre", "discipline", "district_admin", "finance"))
OPEN = Access(
    sees_all=ACCESS.sees_all | kinds("community", "street", "department", "party_committee")
)
"""What every office reads."""
PAYING = kinds("department", "finance")
"""Of the departments only organisation and civil affairs."""
CHECKING = kinds("street", "department", "district_admin", "discipline")
"""Of streets its own, of the departments civil affairs alone."""
