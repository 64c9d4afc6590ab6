"""The law of the register and of what developers owe: pure, told the time and the ids."""
