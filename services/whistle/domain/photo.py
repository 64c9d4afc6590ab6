"""Photographs that a resident adds to what he reported (W-01): what was seen, and nothing of where or with what."""

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel.errors import OURS, Malformed, RuleBroken
from chassis.kernel.media import Media

from .rules import RULES


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """`file` is the hash of its content; `size` in bytes."""

    file: str
    media: Media
    size: int
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoAdded:
    photo: Photo


@dataclass(frozen=True, slots=True, kw_only=True)
class Photos:
    """Of one report."""

    photos: tuple[Photo, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(one.file for one in self.photos)

    @property
    def last(self) -> datetime:
        return self.photos[-1].added_at


def evolve(known: Photos | None, event: PhotoAdded) -> Photos:
    before = known or Photos()
    return replace(before, photos=(*before.photos, event.photo))


def taken(media: Media) -> None:
    """A photograph, and no paper."""
    if media is Media.PDF:
        raise Malformed("照片只接受 JPEG 或 PNG。", field="body")


def add(known: Photos | None, photo: Photo, *, most: int, over: bool) -> tuple[PhotoAdded, ...]:
    """W-01: while something is still to be done, and so many at most; the same once more is nothing."""
    if known is not None and photo.file in known.files:
        return ()
    if over:
        raise RuleBroken(RULES["W-01"], "已办结的事项不再接受照片。", clause=OURS)
    if known is not None and len(known.photos) >= most:
        raise RuleBroken(RULES["W-01"], f"每件至多附 {most} 张照片。", clause=OURS)
    return (PhotoAdded(photo=photo),)
