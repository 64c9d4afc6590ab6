"""Who may do what here. What isn't granted is denied; a unit acts as `department:<its code>`."""

from chassis.identity import Access


def _to(*kinds: str) -> frozenset[str]:
    return frozenset(kinds)


SECRETARIES = ("community", "street")

ACCESS = Access(
    sees_all=_to("command_centre", "discipline", "district_admin"),
    grants={
        "collect": _to(*SECRETARIES, "command_centre"),
        "triage": _to(*SECRETARIES, "command_centre"),
        "settle": _to(*SECRETARIES),
        "read_reporter": _to(*SECRETARIES, "command_centre"),
        "blow": _to(*SECRETARIES),
        "escalate": _to("community"),
        "solve": _to("street"),
        "register": _to("command_centre"),
        "reject": _to("command_centre"),
        "dispatch": _to("command_centre"),
        "arrive": _to("department"),
        "result": _to("department"),
        "ask_extension": _to("department"),
        "grant_extension": _to("command_centre", "community"),
        "pause": _to("command_centre", "community"),
        "resume": _to("command_centre", "community"),
        "confirm": _to(*SECRETARIES),
        "verify": _to("command_centre", "community"),
        "return": _to("command_centre", "community"),
        "marks": _to("command_centre", "street"),
        "evaluate": _to("command_centre", "street"),
        "answer": _to(*SECRETARIES),
        "reopen": _to("street"),
        "withdraw": _to(*SECRETARIES),
        "list_unit": _to("district_admin"),
        "policy": _to("district_admin"),
    },
)
