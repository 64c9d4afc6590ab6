"""consultation: residents deliberate their matters in committees, and every outcome goes somewhere."""
