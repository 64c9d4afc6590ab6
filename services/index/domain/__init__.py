"""The law of measuring: pure; a figure is derived from the events heard and from nothing else."""
