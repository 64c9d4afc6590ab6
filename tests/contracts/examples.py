"""One event of every type, as its data travels, with every field filled."""

from typing import Any

PLACE = {"street": "guanshang", "community": "haihua"}
CONCERNS: dict[str, Any] = {**PLACE, "units": ["water"], "supplier": "sup_001"}
AT = "2026-03-02T04:00:00.000000Z"
CALLED = {**CONCERNS, "kind": "problem", "level": "community", "category": "sewer"}
PREMISES = {**CONCERNS, "agreement": "agreement-1"}
CONTRACT = {**CONCERNS, "contract": "contract-1", "project": "project-1"}

RECORD = {
    "unit": "water",
    "lead": True,
    "outcome": "resolved",
    "arrival_wall_seconds": 1800,
    "arrival_working_seconds": 1800,
    "arrived_on_time": True,
    "handling_wall_seconds": 90000,
    "handling_working_seconds": 28800,
    "handled_on_time": True,
    "returns": 0,
    "score": 10000,
}

EXAMPLES: dict[str, dict[str, Any]] = {
    "consultation.matter_referred.v1": {
        **CONCERNS,
        "matter": "matter-1",
        "target": "whistle",
        "category": "parking",
        "title": "地下车库积水",
    },
    "consultation.outcome_reported.v1": {
        **CONCERNS,
        "matter": "matter-1",
        "outcome": "usable_here",
        "at": AT,
    },
    "housing.agreement_changed.v1": {
        **PREMISES,
        "change": "extended",
        "due_before": "2026-06-30",
        "due": "2026-09-30",
        "was_overdue": True,
    },
    "housing.agreement_overdue.v1": {**PREMISES, "due": "2026-06-30", "area_outstanding": 60050},
    "housing.agreement_signed.v1": {**PREMISES, "area_owed": 120050, "due": "2026-06-30"},
    "housing.community_profiled.v1": {
        **CONCERNS,
        "code": "haihua",
        "name": "海华社区",
        "kind": "urban",
        "households": 4000,
        "valid_from": "2019-01-01",
        "valid_to": "2030-12-31",
        "listed": 15,
    },
    "housing.premises_handed_over.v1": {**PREMISES, "area": 60000, "at": AT},
    "partner.problem_reported.v1": {
        **CONCERNS,
        "category": "sewer",
        "title": "污水外溢",
        "place": "北门",
        "reported_at": AT,
    },
    "procurement.contract_ended.v1": {**CONTRACT, "why": "unqualified"},
    "procurement.contract_signed.v1": {**CONTRACT, "year": 2026},
    "procurement.eligibility_changed.v1": {
        **CONCERNS,
        "state": "barred",
        "project": "project-1",
        "year": 2027,
        "until": "2027-12-31",
        "rule": "P-07",
        "clause": "官办通〔2019〕77号 四（三）5",
    },
    "procurement.project_evaluated.v1": {
        **CONTRACT,
        "year": 2026,
        "stage": "final",
        "points": 905,
        "band": "excellent",
        "evaluated_at": AT,
    },
    "procurement.supplier_registered.v1": {
        **CONCERNS,
        "kind": "social_organisation",
        "left": True,
    },
    "whistle.arrived.v1": {**CALLED, "at": AT},
    "whistle.blown.v1": {**CALLED, "problem": "problem-1"},
    "whistle.closed.v1": {
        **CALLED,
        "problem": "problem-1",
        "outcome": "resolved",
        "closed_at": AT,
        "records": [RECORD],
        "returns": 0,
        "satisfaction": 5,
        "score": 10000,
    },
    "whistle.deadline_missed.v1": {**CALLED, "unit": "water", "deadline": "arrival", "due": AT},
    "whistle.dispatched.v1": {**CALLED, "lead": "water"},
    "whistle.problem_settled.v1": {**CONCERNS, "category": "sewer", "channel": "visit"},
    "whistle.rejected.v1": {**CALLED, "problem": "problem-1"},
    "whistle.reopened.v1": CALLED,
    "whistle.unit_listed.v1": {
        **CONCERNS,
        "code": "water",
        "name": "区水务局",
        "kind": "department",
        "valid_from": "2019-01-01",
        "valid_to": "2030-12-31",
        "listed": 35,
    },
    "whistle.withdrawn.v1": CALLED,
}
