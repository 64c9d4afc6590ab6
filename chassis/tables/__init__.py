"""Tables as people have them: read in a separate process, by declared columns; offered as templates."""
