"""Redelivers from the journal the events that a service consumes, after its database alone was restored."""
