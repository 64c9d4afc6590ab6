"""The use cases, one file per business thing: load, decide, save. One public method per command."""
