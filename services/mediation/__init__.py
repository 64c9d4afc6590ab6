"""Disputes: found early, given to who must settle them, followed until they are settled or shown another way."""
