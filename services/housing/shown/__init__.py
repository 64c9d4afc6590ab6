"""How records are shown where they are not shown as they are."""
