"""Social organisations, community groups, and volunteers."""
