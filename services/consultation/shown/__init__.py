"""How records are shown on paper."""
