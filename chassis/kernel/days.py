"""A day as people write it in tables."""

import re
import unicodedata
from datetime import date

BETWEEN = re.compile(r"\s*([-/.年月日])\s*")
YEAR, ONE = "((?:19|20)[0-9]{2})", "([0-9]{1,2})"
FORMS = tuple(
    re.compile(form)
    for form in (
        f"{YEAR}-{ONE}-{ONE}",
        f"{YEAR}/{ONE}/{ONE}",
        rf"{YEAR}\.{ONE}\.{ONE}",
        f"{YEAR}年{ONE}月{ONE}日",
        f"{YEAR}([0-9]{{2}})([0-9]{{2}})",
    )
)
"""The year first: where it stands last, nobody knows which of two numbers is the month."""


def written_day(text: str) -> date | None:
    """`2026/1/5` or another of the forms, in characters of any width; None of none, ValueError of no day there is."""
    said = BETWEEN.sub(r"\1", unicodedata.normalize("NFKC", text)).strip()
    found = next(filter(None, (form.fullmatch(said) for form in FORMS)), None)
    return date(*map(int, found.groups())) if found else None
