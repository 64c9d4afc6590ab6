"""Who may see and do what: a street and a source their own, those who lead the district all."""

from chassis.identity import KINDS, Access, kinds

DISTRICT = kinds("district_admin")
SOURCES = kinds("department")
"""Data sources act as `department:<code>`; of them only those a point names."""

LEADERS = kinds("department", "district_admin")
"""Of the departments only the one that leads the evaluation."""
COMMUNITY = kinds("community")
STREET = kinds("street")
DEPARTMENT = kinds("department")
LISTERS = kinds("department", "district_admin")
"""Who keeps the task tables: of the departments only the goal supervision."""
SELVES = kinds("community", "street")
"""A pilot looks at itself."""
RATERS = kinds("community", "department", "street")
"""Who enters a survey: the department that leads, or who rates another."""
BODIES = kinds("department", "street")
"""Who does a duty: a street its own, the district's its department."""
THIRD_PARTY = kinds("supplier")
"""Who reviews an edition, as `supplier:<code>`; only the one it was given to."""

ACCESS = Access(sees_all=kinds("command_centre", "discipline", "district_admin"))
PUBLIC = Access(sees_all=KINDS)
"""What was missed is published."""
