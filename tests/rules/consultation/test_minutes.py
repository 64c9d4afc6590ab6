"""C-14: minutes are sealed when the session ends; any byte that was changed is found without the platform."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gongzhi.cli import main
from services.consultation.domain.events import Disagreement
from services.consultation.domain.minutes import faults, sealed, written
from services.consultation.domain.session import Session
from services.consultation.domain.session_events import FloorAsked, FloorGiven, Side, Signatory
from tests.support.specification import Given

from .test_session import DECIDED, NEXT_MONDAY, OPEN, held

CLAUSE = "官办通〔2018〕58号 附件7"
BY = "community:guanshangzhongxinqu"
DISSENT = (Disagreement(seat="s2", reason="先保障老人。"),)
SPOKEN = (
    FloorAsked(seat="s2", side=Side.AGAINST),
    FloorGiven(seat="s2", side=Side.AGAINST, at=NEXT_MONDAY),
    replace(DECIDED, conclusion=replace(DECIDED.conclusion, disagreement=DISSENT)),
)


def ended() -> Given[Session]:
    return held(*OPEN, *SPOKEN).when(lambda s: s.close("同意划线。", NEXT_MONDAY)).leads_to()


def whole() -> Session:
    signed = ended().when(lambda s: s.sign(Signatory.CHAIR, BY, NEXT_MONDAY)).leads_to()
    both = signed.when(lambda s: s.sign(Signatory.RECORDER, BY, NEXT_MONDAY)).leads_to()
    return both.when(lambda s: s.annex("第二项应为东侧。", BY, NEXT_MONDAY)).leads_to().state


def test_C_14_minutes_say_what_happened_by_seat() -> None:
    first, *_ = [json.loads(line) for line in written(ended().state.minutes).splitlines()]
    body = first["body"]
    assert body["called"]["place"] == "居民议事厅"
    assert body["conclusion"]["disagreement"] == [{"seat": "s2", "reason": "先保障老人。"}]
    assert [(one["seat"], one["came"]) for one in body["movements"]][:2] == [
        ("s0", True),
        ("s1", True),
    ]
    assert body["speeches"] == [
        {"seat": "s2", "side": "against", "at": "2025-03-10T01:00:00.000000+00:00"}
    ]
    assert (body["summary"], body["chair"]) == ("同意划线。", "secretary")


def test_C_14_any_byte_that_is_altered_is_found() -> None:
    content = written(whole().minutes)
    assert faults(content) == []
    for place in range(len(content)):
        for other in (content[place] ^ 1, 0x20):
            altered = content[:place] + bytes([other]) + content[place + 1 :]
            assert altered == content or faults(altered), place
        assert faults(content[:place] + content[place + 1 :]), place
        assert faults(content[:place]), place


def test_C_14_lines_left_out_or_put_in_or_swapped_are_found() -> None:
    lines = written(whole().minutes).splitlines(keepends=True)
    for n in range(len(lines)):
        assert faults(b"".join(lines[:n] + lines[n + 1 :]))
        assert faults(b"".join([*lines[: n + 1], lines[n], *lines[n + 1 :]]))
    assert faults(b"".join([lines[1], lines[0], *lines[2:]]))


def test_C_14_who_rewrites_all_of_it_is_found_by_the_seal_that_was_told() -> None:
    minutes = whole().minutes
    told = minutes[0].seal
    assert faults(written(minutes), told) == []
    forged = sealed((), "minutes", {"summary": "不同意划线。"})
    assert faults(written([forged])) == []
    assert faults(written([forged]), told) == ["首行封印与已公布的不符"]


def test_C_14_each_signs_once_and_after_the_end_there_are_only_annexes() -> None:
    signed = ended().when(lambda s: s.sign(Signatory.CHAIR, BY, NEXT_MONDAY)).leads_to()
    signed.when(lambda s: s.sign(Signatory.CHAIR, BY, NEXT_MONDAY)).breaks(
        "C-14", clause=CLAUSE, field="signatory"
    )
    before = signed.state
    after = signed.when(lambda s: s.annex("更正。", BY, NEXT_MONDAY)).leads_to().state
    assert after.minutes[:2] == before.minutes
    assert after.annexes == ("更正。",)
    assert replace(after, minutes=before.minutes, annexes=()) == before
    signed.when(lambda s: s.annex(" ", BY, NEXT_MONDAY)).breaks("C-14", field="text")
    held(*OPEN).when(lambda s: s.annex("更正。", BY, NEXT_MONDAY)).breaks("C-09")


@pytest.mark.parametrize(("altered", "code"), [(False, 0), (True, 1)])
def test_C_14_the_command_line_checks_a_file(
    altered: bool, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    minutes = whole().minutes
    file = tmp_path / "minutes.ndjson"
    content = written(minutes)
    file.write_bytes(content.replace("东侧".encode(), "西侧".encode()) if altered else content)
    assert main(["verify", "minutes", str(file), "--seal", minutes[0].seal]) == code
    said = capsys.readouterr().out
    assert ("第 4 行与封存时不符" in said) is altered
    assert main(["verify", "minutes", str(tmp_path / "none")]) == 2
