"""What is read of several records together."""
