"""Partners: who they are, what they may publish, how they authenticate, and their ways in."""
