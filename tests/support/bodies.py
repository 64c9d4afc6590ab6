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

FACTS = [
    {"kind": kind, "evidence": "证-1", "on": "2026-01-05"}
    for kind in ("registration", "governance", "accounts", "means", "taxes", "qualification")
]
"""What a supplier has to show before it may be contracted."""

SCHEME = {
    "indicators": [
        {
            "code": part,
            "part": part,
            "text": "指标",
            "points": 250,
            "basis": "objective" if part == "output" else "subjective",
        }
        for part in ("professional", "output", "quality", "management")
    ]
}
"""Of an evaluation: one indicator for each part."""


def evaluation(stage: str, parts: dict[str, int]) -> dict[str, Any]:
    """Points by part before the project, under `SCHEME` later."""
    if stage == "before":
        return {"stage": stage, "parts": parts}
    scores = [{"code": part, "points": given, "evidence": "台账"} for part, given in parts.items()]
    return {"stage": stage, "scores": scores, "focus_groups": 2}


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
