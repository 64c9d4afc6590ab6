"""An organisation's file: what others told of it, each event once, whatever order it comes in."""

from dataclasses import replace
from datetime import timedelta
from functools import reduce
from itertools import permutations

from services.organisations.domain.file import File, Note, evolve, note

from .test_documents import NOTE


def heard(known: File | None, news: Note) -> File | None:
    return reduce(evolve, note(known, news), known)


def test_what_was_told_is_in_the_file_once_in_the_order_it_happened() -> None:
    news = [replace(NOTE, event=f"e-{day}", at=NOTE.at + timedelta(days=day)) for day in range(3)]
    for order in permutations([*news, news[1]]):
        file = reduce(heard, order, None)
        assert file is not None
        assert [one.event for one in file.notes] == ["e-0", "e-1", "e-2"]
