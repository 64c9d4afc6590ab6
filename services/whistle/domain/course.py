"""The course of a whistle on one screen: its statuses, and in which of them each step may be taken."""

from collections.abc import Mapping
from enum import StrEnum

CENTRE = "command_centre"
RESIDENT = "resident"


class Status(StrEnum):
    BLOWN = "blown"
    REGISTERED = "registered"
    DISPATCHED = "dispatched"
    ARRIVED = "arrived"
    HANDLED = "handled"
    VERIFIED = "verified"
    EVALUATED = "evaluated"
    ANSWERED = "answered"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


CALLED = frozenset({Status.DISPATCHED, Status.ARRIVED})
OVER = frozenset({Status.ANSWERED, Status.REJECTED, Status.WITHDRAWN})
ALLOWED: Mapping[str, frozenset[Status]] = {
    "register": frozenset({Status.BLOWN}),
    "reject": frozenset({Status.BLOWN}),
    "solve": frozenset({Status.BLOWN}),
    "blow": frozenset({Status.BLOWN}),
    "withdraw": frozenset({Status.BLOWN, Status.REGISTERED}),
    "dispatch": frozenset({Status.REGISTERED}),
    "escalate": CALLED | {Status.HANDLED},
    "arrive": CALLED,
    "result": CALLED,
    "decline": CALLED,
    "competence": CALLED,
    "extend": CALLED,
    "pause": CALLED,
    "resume": CALLED,
    "confirm": frozenset({Status.HANDLED}),
    "return": frozenset({Status.HANDLED}),
    "verify": frozenset({Status.HANDLED}),
    "marks": frozenset({Status.VERIFIED}),
    "evaluate": frozenset({Status.VERIFIED}),
    "answer": frozenset({Status.EVALUATED}),
    "rate": frozenset({Status.HANDLED, Status.VERIFIED, Status.EVALUATED, Status.ANSWERED}),
    "reopen": frozenset({Status.ANSWERED}),
    "urge": CALLED | {Status.BLOWN, Status.REGISTERED, Status.HANDLED, Status.VERIFIED},
}
ELSEWHERE = {"rate": "居民评价"}
"""What is no step of an office, and what it is called."""
UNDECIDED = frozenset({"solve", "blow"})
"""What the street does with a whistle that came up to it, and before which nothing else is done."""
WHOSE: Mapping[str, str] = {
    "register": "authority",
    "reject": "authority",
    "solve": "higher",
    "blow": "higher",
    "withdraw": "blower",
    "dispatch": "authority",
    "escalate": "blower",
    "competence": "centre",
    "extend": "authority",
    "pause": "centre",
    "resume": "centre",
    "confirm": "blower",
    "return": "authority",
    "verify": "authority",
    "evaluate": "evaluator",
    "answer": "blower",
    "reopen": "higher",
    "urge": "blower",
}
"""Which office of a whistle takes a step; a summoned unit's own steps are its own."""
