"""Who may do what here. What isn't granted is denied; a unit acts as `department:<its code>`."""

from chassis.identity import Access, kinds

SECRETARIES = ("community", "street")

ACCESS = Access(
    sees_all=kinds("command_centre", "discipline", "district_admin"),
    grants={
        "collect": kinds(*SECRETARIES, "command_centre"),
        "triage": kinds(*SECRETARIES, "command_centre"),
        "settle": kinds(*SECRETARIES),
        "read_reporter": kinds(*SECRETARIES, "command_centre"),
        "blow": kinds(*SECRETARIES),
        "escalate": kinds("community"),
        "solve": kinds("street"),
        "blow_at_street": kinds("street"),
        "register": kinds("command_centre"),
        "reject": kinds("command_centre"),
        "dispatch": kinds("command_centre"),
        "arrive": kinds("department"),
        "result": kinds("department"),
        "prove": kinds("department"),
        "decline": kinds("department"),
        "competence": kinds("command_centre"),
        "route": kinds(*SECRETARIES, "command_centre"),
        "ask_extension": kinds("department"),
        "grant_extension": kinds("command_centre", "community"),
        "pause": kinds("command_centre"),
        "resume": kinds("command_centre"),
        "confirm": kinds(*SECRETARIES),
        "verify": kinds("command_centre", "community"),
        "return": kinds("command_centre", "community"),
        "marks": kinds("command_centre", "street"),
        "evaluate": kinds("command_centre", "street"),
        "answer": kinds(*SECRETARIES),
        "reopen": kinds("street"),
        "withdraw": kinds(*SECRETARIES),
        "exclude": kinds("command_centre"),
        "approve_exclusion": kinds("district_admin"),
        "assess": kinds("district_admin"),
        "appeal": kinds("department"),
        "decide_appeal": kinds("district_admin"),
        "answer_case": kinds("department", "community"),
        "close_case": kinds("discipline"),
        "list_unit": kinds("district_admin"),
        "policy": kinds("district_admin"),
    },
)
