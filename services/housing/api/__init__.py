"""HTTP in, command out, one file per business thing. A route parses, asks and answers; it decides nothing."""
