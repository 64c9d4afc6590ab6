"""What is asked without changing anything, one file per business thing."""
