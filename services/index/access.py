"""Who may see which scorecard: a street its own, those who lead the district all."""

from chassis.identity import Access

ACCESS = Access(
    sees_all=frozenset({"command_centre", "discipline", "district_admin"}),
    grants={},
)
