"""What a step answers beside the record: it is in no other answer, and isn't there to be read again."""

from collections.abc import Mapping
from typing import Any

RECORD = frozenset("id number version state correlation due wall provisional names actions".split())
"""Of an answer the record itself, which has a page."""


def beside(answer: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Its shape; None where the record is all. An answer whose fields nobody has named is none of a record's."""
    fields = {k: one for k, one in answer.get("properties", {}).items() if k not in RECORD}
    if fields:
        return {**answer, "properties": fields}
    return answer if answer.get("additionalProperties") else None
