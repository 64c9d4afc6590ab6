"""Who may read the feed and tell news: units and streets what concerns them, the district all."""

from chassis.identity import Access

ACCESS = Access(
    sees_all=frozenset({"command_centre", "discipline", "district_admin"}),
    grants={"tell": frozenset({"partner"})},
)
