"""What a file is, and what it was filed for."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chassis.kernel.errors import Malformed
from chassis.kernel.media import Media, recognised
from services.housing.domain.evidence import EvidenceFiled, evolve, file

filed = EvidenceFiled(
    agreement="a1",
    street="yiliu",
    community="yunxiang",
    media=Media.JPEG,
    size=4,
    at=datetime(2026, 3, 2, 4, 0, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"\xff\xd8\xff\xe0", Media.JPEG),
        (b"\x89PNG\r\n\x1a\n1", Media.PNG),
        (b"%PDF-1.7", Media.PDF),
    ],
)
def test_a_file_is_what_its_first_bytes_say(content: bytes, media: Media) -> None:
    assert recognised(content, at_most=100) is media


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"MZ", b" %PDF-1.7", b"\xff\xd8"])
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(Malformed):
        recognised(content, at_most=100)


def test_a_file_has_a_largest_size() -> None:
    assert recognised(b"%PDF-" + bytes(5), at_most=10) is Media.PDF
    with pytest.raises(Malformed):
        recognised(b"%PDF-" + bytes(6), at_most=10)


def test_the_same_file_is_filed_once_for_each_agreement() -> None:
    known = evolve(None, filed)
    assert file(None, filed) == (filed,)
    assert file(known, filed) == ()
    other = replace(filed, agreement="a2")
    assert file(known, other) == (other,)
    both = evolve(known, other)
    assert both.is_for("a1") and both.is_for("a2") and not both.is_for("a3")
