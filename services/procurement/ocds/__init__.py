"""What is public of purchasing, in the Open Contracting Data Standard 1.1 (P-17)."""
