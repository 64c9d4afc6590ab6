"""Cases as they go on paper."""
