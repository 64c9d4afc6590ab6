"""What callers send, where a test needs something in being and doesn't care what."""

from typing import Any

NOISE: dict[str, Any] = {
    "channel": "visit",
    "community": "guanshangzhongxinqu",
    "category": "noise",
    "title": "夜间施工噪声",
    "asked": "请制止",
}
"""A problem that guanshangzhongxinqu collects."""

TRIAGE = {"kind": "problem", "urgency": "normal", "difficulty": "hard", "handling": "joint"}


def outfall(*units: str, kind: str = "tackle") -> dict[str, Any]:
    """A whistle a street blows for a matter of its own."""
    return {
        "level": "street",
        "kind": kind,
        "units": units,
        "lead": units[0],
        "title": "河道排污口",
        "category": "water",
    }
