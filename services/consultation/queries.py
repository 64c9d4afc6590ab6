"""Figures across documents: none yet. Lists and single documents come from the desk's guarded aggregates."""
