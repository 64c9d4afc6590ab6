"""housing: the register of communities, and the premises that developers owe them."""
