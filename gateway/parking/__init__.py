"""What was given up, and what became of it: looked at, delivered again as it was or mended, or discarded."""
