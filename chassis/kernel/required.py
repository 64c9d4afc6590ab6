"""A required text: blanks alone don't count."""

from .errors import Malformed, RuleBroken
from .rule import Rule

EMPTY = "此项不能为空。"
UNSAID = "须写明内容。"


def required(text: str, field: str, wanting: str = EMPTY) -> None:
    """Malformed, with what is `wanting`, where nothing is said."""
    if not text.strip():
        raise Malformed(wanting, field=field)


def required_by(
    rule: Rule, text: str | None, field: str, wanting: str = UNSAID, clause: str | None = None
) -> None:
    """The same, where a rule asks for it."""
    if not (text or "").strip():
        raise RuleBroken(rule, wanting, clause=clause, field=field)
