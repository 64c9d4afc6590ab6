"""Who may read the feed and tell news: units and streets what concerns them, the district all."""

from chassis.identity import Access, kinds

TELLERS = kinds("partner")
ACCESS = Access(sees_all=kinds("command_centre", "discipline", "district_admin"))
