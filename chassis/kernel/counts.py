"""Published counts: suppressed where so small that they could identify a person."""

from collections.abc import Mapping


def shown(counts: Mapping[str, int], least: int) -> dict[str, int | None]:
    """Without the counts that could point at a person.

    What is left out could be computed from the total, so as much goes with it as makes it as vague
    as a count that may be shown: `least` between them, which one hidden place never has.
    """
    hidden = {name for name, count in counts.items() if count < least}
    others = sorted((count, name) for name, count in counts.items() if name not in hidden)
    while hidden and others and sum(counts[name] for name in hidden) < least:
        hidden.add(others.pop(0)[1])
    return {name: None if name in hidden else count for name, count in counts.items()}


def total(counts: Mapping[str, int], least: int) -> int | None:
    """None where the sum itself is too small to be shown."""
    found = sum(counts.values())
    return None if 0 < found < least else found
