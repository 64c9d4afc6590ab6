"""What codes are called on paper."""

from services.consultation.vocabulary import WORDS

NOTHING = "—"


def word(code: str | None) -> str:
    """A dash where there is none."""
    return NOTHING if code is None else WORDS.get(code, code)
