"""The command line and the all-in-one: the only place that knows every service."""
