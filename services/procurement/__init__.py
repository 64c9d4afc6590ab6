"""procurement: contracts for social services are signed and evaluated, and evaluations decide who may bid."""
