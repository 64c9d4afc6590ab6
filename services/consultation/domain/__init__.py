"""The law of deliberating: pure; times and ids are arguments."""
