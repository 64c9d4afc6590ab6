"""Something that is held for a record which is being written, so that another's can't have it meanwhile."""

from datetime import timedelta

HELD_FOR = timedelta(minutes=10)
"""Longer than a request lasts: by then the record itself says what came of it, or never will."""
