"""The front door: who comes in, where to, what partners tell, and the journal of everything told."""
