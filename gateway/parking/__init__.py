"""Parked messages, and what became of them: inspected, redelivered unchanged or corrected, or discarded."""
