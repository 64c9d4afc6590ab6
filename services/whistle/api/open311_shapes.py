"""What Open311 answers, as the standard has it: field by field, in its own words."""

from collections.abc import Mapping
from typing import Any

Shape = dict[str, Any]
TEXT: Shape = {"type": "string"}
MAYBE: Shape = {"type": ["string", "null"]}


def _row(fields: Mapping[str, Shape]) -> Shape:
    return {"type": "object", "required": [*fields], "properties": dict(fields)}


def _rows(fields: Mapping[str, Shape]) -> Shape:
    return {"type": "array", "items": _row(fields)}


ERRORS = _rows({"code": {"type": "integer"}, "description": TEXT})
ENDPOINTS = _rows(
    {
        **dict.fromkeys(("specification", "url", "changeset", "type"), TEXT),
        "formats": {"type": "array", "items": TEXT},
    }
)
DISCOVERY = _row(
    {**dict.fromkeys(("changeset", "contact", "key_service"), TEXT), "endpoints": ENDPOINTS}
)
SERVICES = _rows(
    {
        **dict.fromkeys(("service_code", "service_name", "description"), TEXT),
        "metadata": {"type": "boolean"},
        **dict.fromkeys(("type", "keywords", "group"), TEXT),
    }
)
TAKEN = _rows({"service_request_id": TEXT, "service_notice": TEXT, "account_id": MAYBE})
_KNOWN = "service_request_id status_notes service_name service_code".split()
_TIMES = ("requested_datetime", "updated_datetime")
_EMPTY = "description service_notice address address_id zipcode lat long media_url".split()
REQUESTS = _rows(
    {
        **dict.fromkeys(_KNOWN, TEXT),
        "status": {"type": "string", "enum": ["open", "closed"]},
        **dict.fromkeys(_TIMES, TEXT),
        **dict.fromkeys(("agency_responsible", "expected_datetime"), MAYBE),
        **dict.fromkeys(_EMPTY, {"type": "null"}),
    }
)
"""What points at a person, or a place, stays empty (W-16)."""
