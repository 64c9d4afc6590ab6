"""A reservation for a record that is being written, so that no other record can take the same thing meanwhile."""

from datetime import timedelta

HELD_FOR = timedelta(minutes=10)
"""Longer than a request lasts: by then the record itself says what came of it, or never will."""
