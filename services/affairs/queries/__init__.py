"""What is read across records."""
