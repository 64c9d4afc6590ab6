"""Cases as they go on paper, notices as they stand."""
