"""Records as people see them on paper."""
