"""Reporters under more than one key (W-16): none is lost, none stays under the old one, and codes stay the same."""

import hashlib
import hmac
import json
import os
from base64 import b64encode

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chassis.keyring import Keyring
from services.whistle.reporters import ReporterKept, Reporters
from tests.support.memory import MemoryStore
from tests.support.toy import Silent

from .cases import MONDAY
from .test_W_16_reporters import ASKED, CAUSE, KEY, OTHER_KEY, TRAIL_KEY, WHO

SAID = {"asked": ASKED, **WHO}


def under(store: MemoryStore, *keys: bytes) -> Reporters:
    return Reporters(store, Keyring(keys), TRAIL_KEY, Silent())


async def of_before(store: MemoryStore, problem: str, key: bytes) -> str:
    """A record as it was kept before keys had ids; its code."""

    def marked(text: str) -> str:
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    nonce = os.urandom(12)
    text = json.dumps(SAID, ensure_ascii=False).encode()
    sealed = b64encode(nonce + AESGCM(key).encrypt(nonce, text, problem.encode())).decode()
    code = f"{int(marked(f'receipt-code/{problem}'), 16) % 10**16:016d}"
    kept = ReporterKept(sealed=sealed, receipt=marked(f"receipt/{code}"), at=MONDAY)
    await under(store, key).aggregates.once(problem, [kept], CAUSE)
    return code


async def test_W_16_a_record_of_before_opens_and_its_code_leads_to_it() -> None:
    store = MemoryStore()
    code = await of_before(store, "p-1", KEY)
    for kept in (under(store, KEY), under(store, KEY, OTHER_KEY)):
        assert await kept.read("p-1") == WHO
        assert await kept.asked("p-1") == ASKED
        assert await kept.receipt("p-1") == code
        assert await kept.problem_of(code) == "p-1"


async def test_W_16_after_sealing_again_the_old_key_is_needed_for_nothing() -> None:
    store = MemoryStore()
    old = await of_before(store, "p-1", KEY)
    await under(store, KEY).keep("p-2", SAID, CAUSE)
    codes = {"p-1": old, "p-2": await under(store, KEY).receipt("p-2")}
    await under(store, KEY).claim("p-2", MONDAY, CAUSE)
    both = under(store, KEY, OTHER_KEY)
    assert await both.boxes.reseal(lambda: MONDAY) == 2
    assert await both.boxes.reseal(lambda: MONDAY) == 0
    alone = under(store, OTHER_KEY)
    for problem, code in codes.items():
        assert await alone.read(problem) == WHO
        assert await alone.receipt(problem) == code
        assert await alone.problem_of(code) == problem
        held = await alone.aggregates.get(problem)
        assert await alone.aggregates.check(problem) == []
        assert (held.aggregate.orphan_at is None) == (problem == "p-2")
    assert under(store, KEY).boxes.seal.keys.ids[0] not in "".join(store.kept.values())


async def test_W_16_no_old_box_stays_in_a_trail() -> None:
    store = MemoryStore()
    await of_before(store, "p-1", KEY)
    box = json.loads(store.kept["reporters", "p-1"])["state"]["sealed"]
    await under(store, KEY, OTHER_KEY).boxes.reseal(lambda: MONDAY)
    assert box not in "".join(store.kept.values())


async def test_W_16_what_is_new_is_sealed_under_the_newest() -> None:
    store = MemoryStore()
    both = under(store, KEY, OTHER_KEY)
    await both.keep("p-1", SAID, CAUSE)
    assert await both.boxes.count() == {both.boxes.seal.keys.ids[-1]: 1}
    assert await both.boxes.reseal(lambda: MONDAY) == 0
    code = await both.receipt("p-1")
    assert await both.problem_of(code) == "p-1"
    assert await under(store, OTHER_KEY).read("p-1") == WHO


async def test_W_16_an_orphan_is_due_when_it_was_after_sealing_again() -> None:
    store = MemoryStore()
    await under(store, KEY).keep("p-1", SAID, CAUSE)
    before = (await under(store, KEY).aggregates.get("p-1")).aggregate.orphan_at
    both = under(store, KEY, OTHER_KEY)
    await both.boxes.reseal(lambda: MONDAY)
    assert (await both.aggregates.get("p-1")).aggregate.orphan_at == before
