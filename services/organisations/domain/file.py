"""What others told of an organisation, in its file: each event once."""

from .events import Noted
from .organisation import Organisation
from .parts import Note


def note(organisation: Organisation, note: Note) -> tuple[Noted, ...]:
    if any(one.event == note.event for one in organisation.file):
        return ()
    return (Noted(note=note),)
