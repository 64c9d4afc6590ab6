"""The part of the chassis a domain may import: standard library only, no I/O, no clock, no randomness."""
