"""Telling the outside: what concerns somebody is posted to his address, signed, until he has it."""
