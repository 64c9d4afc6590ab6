"""C-14: who sits on a seat is sealed, read with a reason, and forgotten."""

import json

import pytest

from chassis.cause import Cause
from chassis.kernel.errors import Malformed, NotFound
from services.consultation.domain import naming
from services.consultation.domain.members import MemberForgotten, MemberNamed, NameRead
from services.consultation.people import People
from tests.support.memory import MemoryStore
from tests.support.toy import Silent

from .test_committee import MORNING
from .test_members import sitting

PERSON = {"name": "张三", "phone": "13800000000"}
CAUSE = Cause(actor="platform", now=MORNING)


def test_C_14_a_name_is_read_with_a_reason_that_is_recorded() -> None:
    here = sitting()
    here.when(lambda c: naming.name(c, "f99", PERSON)).refused(NotFound)
    here.when(lambda c: naming.name(c, "f1", {"name": " "})).refused(Malformed, field="name")
    here.when(lambda c: naming.read(c, "f1", "street:x", "通知开会。")).refused(NotFound)
    named = here.when(lambda c: naming.name(c, "f1", PERSON)).then(MemberNamed(seat="f1"))
    named.when(lambda c: naming.read(c, "f1", "street:x", " ")).breaks("C-14", field="reason")
    named.when(lambda c: naming.read(c, "f1", "street:x", "通知开会。")).then(
        NameRead(seat="f1", by="street:x", reason="通知开会。")
    )
    after = named.when(lambda c: naming.forget(c, "f1")).then(MemberForgotten(seat="f1"))
    assert after.state.named == ()
    after.when(lambda c: naming.forget(c, "f1")).refused(NotFound)


async def test_a_name_is_in_no_document_and_opens_for_its_own_seat_only() -> None:
    store = MemoryStore()
    people = People(store, bytes(32), Silent())
    await people.keep("c-1", "s1", PERSON, CAUSE)
    await people.keep("c-1", "s2", {"name": "李四", "phone": ""}, CAUSE)
    documents = [found async for found in people.kept._documents({})]
    assert len(documents) == 2
    for secret in ("张三", "13800000000", "李四"):
        assert secret not in json.dumps(documents, ensure_ascii=False, default=str)
    assert await people.read("c-1", "s1") == PERSON
    await people.forget("c-1", "s1")
    with pytest.raises(NotFound):
        await people.read("c-1", "s1")
