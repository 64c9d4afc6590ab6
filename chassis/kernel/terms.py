"""How long something may be kept: the bounds that every retention table keeps to."""

from dataclasses import fields
from typing import Any

from .errors import Malformed

LEAST_DAYS, MOST_DAYS = 30, 10950
"""No shorter than somebody may come back to it, no longer than thirty years (ours)."""


def check_terms(retention: Any) -> None:
    """Each field of the table is a number of days."""
    for field in fields(retention):
        if not LEAST_DAYS <= getattr(retention, field.name) <= MOST_DAYS:
            detail = f"保存天数须在 {LEAST_DAYS} 至 {MOST_DAYS} 天之间。"
            raise Malformed(detail, field=f"retention.{field.name}")
