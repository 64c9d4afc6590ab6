"""Who may see what here; who may take a step stands with the step. A unit acts as `department:<its code>`."""

from chassis.identity import KINDS, Access, kinds

SECRETARIES = kinds("community", "street")
CENTRE = kinds("command_centre")
DEPARTMENT = kinds("department")
DISTRICT = kinds("district_admin")
SORTING = SECRETARIES | CENTRE
"""Who collects and triages, and asks whom to call."""

ACCESS = Access(sees_all=kinds("command_centre", "discipline", "district_admin"))
REGISTER = Access(sees_all=KINDS)
"""The units and what they serve are public."""
