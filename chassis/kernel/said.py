"""A text that has to say something."""

from .errors import Malformed


def said(text: str, field: str) -> None:
    """Malformed where nothing is said: blanks alone are nothing."""
    if not text.strip():
        raise Malformed("此项不能为空。", field=field)
