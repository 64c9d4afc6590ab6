"""What is sealed: opened where it belongs, and a clear problem wherever it doesn't open."""

from base64 import b64encode

import pytest

from chassis.kernel.errors import Broken
from chassis.sealing import Seal

SEAL = Seal(bytes(32))
SAID = {"name": "某人", "phone": "0871"}


def test_a_box_opens_for_what_it_belongs_to() -> None:
    assert SEAL.open("p-1", SEAL.shut("p-1", SAID)) == SAID
    derived = Seal.derived(bytes(32), "one")
    assert derived.open("p-1", derived.shut("p-1", SAID)) == SAID


@pytest.mark.parametrize(
    ("seal", "id"),
    [(SEAL, "p-2"), (Seal(b"k" * 32), "p-1"), (Seal.derived(bytes(32), "another"), "p-1")],
)
def test_what_is_anothers_or_under_another_key_is_broken(seal: Seal, id: str) -> None:
    with pytest.raises(Broken, match="请从备份恢复|请恢复封存时的密钥"):
        seal.open(id, SEAL.shut("p-1", SAID))


@pytest.mark.parametrize("box", ["", "A", "AAAA", "名", b64encode(bytes(12)).decode()])
def test_what_is_no_box_is_broken(box: str) -> None:
    with pytest.raises(Broken):
        SEAL.open("p-1", box)
