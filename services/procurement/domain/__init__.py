"""The law of purchasing: pure, told the time, the ids and the policy."""
