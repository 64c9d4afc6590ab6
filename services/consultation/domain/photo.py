"""A photograph of a matter's step (C-18): a file, and what it was filed for."""

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.media import Media


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """`file` is the hash of its content; `size` in bytes."""

    matter: str
    file: str
    media: Media
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoFiled:
    photo: Photo
    at: datetime


def evolve(_: Photo | None, event: PhotoFiled) -> Photo:
    return event.photo
