"""What is read besides the records: figures, rewards, the ledger."""
