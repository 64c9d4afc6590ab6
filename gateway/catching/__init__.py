"""A service whose database was set back alone hears again what the journal knows that it hears."""
