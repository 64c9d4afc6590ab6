"""Whatever the described API admits, and much that it doesn't."""
