"""Partners: who they are, what they may tell, by which proof, and their way in."""
