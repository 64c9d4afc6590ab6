"""The law of the whistle: pure, told the time, the ids and the policy."""
