"""Who may see which scorecard: a street its own, those who lead the district all."""

from chassis.identity import Access, kinds

ACCESS = Access(sees_all=kinds("command_centre", "discipline", "district_admin"))
