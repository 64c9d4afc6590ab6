"""Tables as people have them: read in a process of its own, by declared columns; offered as templates."""
