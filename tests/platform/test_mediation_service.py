"""Mediation as it runs: lists, counts, ledger and figures are one, forms print by label, clocks fire once."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from chassis.kernel.clock import local_date, quarter_of
from chassis.service import Process
from contracts.whistle import ProblemSettled, UnitListed
from gongzhi import compose, keys
from services.consultation import main as consultation
from services.mediation import main as mediation
from tests.support.consultation import Clock, Desk, registered, served, until

COMMUNITY, STREET, OTHER = "community:guanshangzhongxinqu", "street:guanshang", "street:taihe"
STABILITY, DISTRICT = "department:stability", "district_admin"
CASES = "/mediation/cases"
DISPUTE = {
    "dispute": "neighbours",
    "source": "screening",
    "community": "guanshangzhongxinqu",
    "text": "某甲与某乙为滴水争执。",
    "parties": [{"name": "某甲", "phone": "13800000001"}, {"name": "某乙"}],
}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    clock = Clock()
    runtime = compose.runtime(keys.settings_for(tmp_path), "test", clock=clock)
    services = {"consultation": consultation.build(runtime), "mediation": mediation.build(runtime)}
    process = Process(runtime, list(services.values()))
    process.start()
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(aiohttp.ClientSession())
        addresses = {
            name: await stack.enter_async_context(served(service))
            for name, service in services.items()
        }
        stack.push_async_callback(process.stop)
        there = Desk(runtime, clock, services, tmp_path, addresses, client)
        await units(there)
        await registered(there)
        yield there


async def units(desk: Desk) -> None:
    """The bus is up, and tells of the one unit there is."""

    async def up() -> bool:
        return not any(
            trouble.get("start")
            for trouble in [(await s.health()).troubles for s in desk.services.values()]
        )

    await until(up)
    health = UnitListed(
        code="health", name="区卫生健康局", kind="department", valid_from="2018-01-01", listed=1
    )
    await desk.tell("/gongzhi/whistle", "units/health", "unit-health", health)


async def step(desk: Desk, case: str, name: str, by: str, body: dict[str, Any]) -> dict[str, Any]:
    path = f"{CASES}/{case}"
    _, now = await desk.ask("GET", path, DISTRICT)
    status, answer = await desk.ask(
        "POST", f"{path}/{name}", by, body, if_match=f'"{now["version"]}"'
    )
    assert status == 200, answer
    return answer


async def made(desk: Desk, **more: Any) -> str:
    answer = await desk.made(CASES, COMMUNITY, {**DISPUTE, **more})
    return str(answer["id"])


async def test_lists_counts_and_the_ledger_are_one_for_whoever_reads(desk: Desk) -> None:
    await made(desk)
    await made(desk, dispute="medical", to="department:health")
    today = local_date(desk.clock()).isoformat()
    for reader, seen in (
        (COMMUNITY, 2),
        (STREET, 2),
        (OTHER, 0),
        (STABILITY, 2),
        ("department:health", 1),
        (DISTRICT, 2),
        ("resident", 0),
    ):
        _, page = await desk.ask("GET", f"{CASES}?count=true&names=true", reader)
        _, ledger = await desk.ask("GET", f"/mediation/ledger?from={today}&to={today}", reader)
        listed = {one["id"] for one in page["items"]}
        assert (page["count"], len(listed)) == (seen, seen), reader
        assert {one["id"] for one in ledger["items"]} == listed, reader
        for secret in ("某甲", "某乙", "13800000001", "滴水"):
            assert secret not in json.dumps([page, ledger], ensure_ascii=False)
    file = await desk.file(f"/mediation/ledger?from={today}&to={today}&format=csv", STREET)
    text = file.decode("utf-8-sig")
    # People know a case by its number; the record's own code stands last, for machines.
    heading = text.splitlines()[0].split(",")
    assert (heading[0], heading[-1]) == ("案号", "记录代码")
    assert "区卫生健康局" in text and "排查发现" in text and "某甲" not in text


async def test_M_03_another_street_s_office_that_is_named_has_it_and_who_had_it_sees_it_still(
    desk: Desk,
) -> None:
    """Sent back, handed on, or registered as its at once: found, seen and accepted there, once."""
    sent, handed = await made(desk), await made(desk)
    at_once = await made(desk, to="community:hepinglu")
    why = {"reason": "属太和街道。"}
    await step(desk, sent, "whose", COMMUNITY, {"to": OTHER, **why})
    await step(desk, handed, "accept", COMMUNITY, {})
    there = {"to": "community:hepinglu", "commission": True, **why}
    await step(desk, handed, "transfer", COMMUNITY, there)
    for reader, ids in (
        (OTHER, {sent, handed, at_once}),
        ("community:hepinglu", {handed, at_once}),
        (STREET, {sent, handed, at_once}),
        (COMMUNITY, {sent, handed, at_once}),
        ("street:liujia", set()),
    ):
        _, page = await desk.ask("GET", f"{CASES}?count=true&names=true", reader)
        assert {one["id"] for one in page["items"]} == ids, reader
        assert page["count"] == len(ids)
        for case in (sent, handed, at_once):
            status, _ = await desk.ask("GET", f"{CASES}/{case}", reader)
            assert status == (200 if case in ids else 404), (reader, case)
    for case in (sent, handed, at_once):
        _, now = await desk.ask("GET", f"{CASES}/{case}", DISTRICT)
        etag = f'"{now["version"]}"'
        for before in (COMMUNITY, STREET):
            status, _ = await desk.ask("POST", f"{CASES}/{case}/accept", before, {}, if_match=etag)
            assert status == 403
    _, figures = await desk.ask(
        "GET", f"/mediation/figures?quarter={quarter_of(desk.clock())}", OTHER
    )
    assert figures["found"]["total"] == 0, "they are in guanshang"
    await step(desk, sent, "accept", OTHER, {})
    await step(desk, at_once, "accept", OTHER, {})
    await step(desk, handed, "accept", "community:hepinglu", {})
    raised = {"risk": "serious", "reason": "扬言。"}
    await step(desk, handed, "raise", "community:hepinglu", raised)
    mediator = {"code": "t1", "name": "某丁", "street": "taihe"}
    await desk.made("/mediation/mediators", OTHER, mediator)
    today = local_date(desk.clock()).isoformat()
    trained = {"on": today, "hours": 8, "subject": "调解技巧"}
    await desk.ask("POST", "/mediation/mediators/t1/train", OTHER, trained, if_match='"1"')
    for party in "ab":
        await step(desk, sent, "will", OTHER, {"party": party, "willing": True})
    met = {"on": today, "body": "committee", "mediators": ["t1"]}
    await step(desk, sent, "session", OTHER, met)


async def test_what_is_sealed_is_read_with_a_reason_by_whose_it_is(desk: Desk) -> None:
    case = await made(desk)
    path = f"{CASES}/{case}/sealed"
    status, refusal = await desk.ask("POST", path, COMMUNITY, {"reason": " "})
    assert (status, refusal["rule"]) == (409, "M-02")
    for stranger, status in ((OTHER, 404), (STABILITY, 403), ("resident", 404)):
        answered, _ = await desk.ask("POST", path, stranger, {"reason": "想看。"})
        assert answered == status, stranger
    _, opened = await desk.ask("POST", path, STREET, {"reason": "通知调解。"})
    assert opened["a"] == {"name": "某甲", "phone": "13800000001"}
    assert opened["text"] == {"text": DISPUTE["text"]}
    _, trail = await desk.ask("GET", f"{CASES}/{case}/trail?verify=true", STREET)
    assert trail["faults"] == []
    read = [one for one in trail["entries"] if one["type"] == "SealedRead"]
    assert [(one["actor"], one["data"]["reason"]) for one in read] == [(STREET, "通知调解。")]


async def test_M_02_what_is_read_again_under_the_same_key_is_recorded_again(desk: Desk) -> None:
    """By then somebody else may have been named."""
    case = await made(desk, parties=[{"name": "某甲"}], count=2)
    readings = []
    for _ in range(2):
        asked = {"reason": "办案。"}
        path, key = f"{CASES}/{case}/sealed", {"Idempotency_Key": "one-reading-key"}
        _, opened = await desk.ask("POST", path, COMMUNITY, asked, **key)
        readings.append(opened.get("b"))
        named = {"name": "后来者", "phone": "13700000000"}
        etag = f'"{(await desk.ask("GET", f"{CASES}/{case}", COMMUNITY))[1]["version"]}"'
        path = f"{CASES}/{case}/parties/b"
        assert (await desk.ask("PUT", path, COMMUNITY, named, if_match=etag))[0] == 200
    assert readings == [None, named]
    _, trail = await desk.ask("GET", f"{CASES}/{case}/trail", COMMUNITY)
    assert [one["type"] for one in trail["entries"]].count("SealedRead") == len(readings)


async def test_M_02_all_that_is_held_about_one_party_is_exported_and_goes_with_its_term(
    desk: Desk,
) -> None:
    case = await settled(desk)
    path = f"{CASES}/{case}/parties/a/export"
    asked = {"reason": "本人申请查阅。"}
    for stranger, status in ((OTHER, 404), (STABILITY, 403), ("resident", 404)):
        assert (await desk.ask("POST", path, stranger, asked))[0] == status, stranger
    status, refusal = await desk.ask("POST", path, COMMUNITY, {"reason": " "})
    assert (status, refusal["rule"]) == (409, "M-02")
    _, held = await desk.ask("POST", path, COMMUNITY, asked)
    assert held["person"] == {"name": "某甲", "phone": "13800000001"}
    assert [(one["by"], one["reason"]) for one in held["read"]] == [(COMMUNITY, asked["reason"])]
    term = timedelta(days=1095)
    ended = datetime.fromisoformat(held["kept_until"]) - term
    assert ended <= desk.clock() and held["record"]["status"] == "ended"
    for other in ("某乙", "滴水", "接管排水"):
        assert other not in json.dumps(held, ensure_ascii=False)
    assert (await desk.ask("GET", "/mediation/removals", COMMUNITY))[0] == 403
    assert (await desk.ask("GET", "/mediation/removals", DISTRICT))[1]["items"] == []
    desk.clock.ahead += term

    async def gone() -> bool:
        _, page = await desk.ask("GET", "/mediation/removals", DISTRICT)
        records = {one["record"] for one in page["items"]}
        return {f"{case}/a", f"{case}/b", f"{case}/text"} <= records

    await until(gone)
    assert (await desk.ask("POST", path, COMMUNITY, asked))[0] == 404
    assert (await desk.ask("GET", f"{CASES}/{case}", COMMUNITY))[0] == 200


async def test_forms_print_by_label_and_what_is_sealed_is_on_none(desk: Desk) -> None:
    case = await settled(desk, visit=False)
    for form, words in (("agreement", "调解协议书"), ("visit", "回访记录")):
        page = (await desk.file(f"{CASES}/{case}/forms/{form}", COMMUNITY)).decode()
        assert words in page and "当事人（手写）" in page
        assert "某甲" not in page and "接管排水" not in page
    early = await made(desk)
    for form in ("agreement", "visit"):
        status, refusal = await desk.ask("GET", f"{CASES}/{early}/forms/{form}", COMMUNITY)
        assert (status, refusal["rule"]) == (409, "M-04")


async def settled(desk: Desk, *, visit: bool = True, **more: Any) -> str:
    today = local_date(desk.clock()).isoformat()
    if (await desk.ask("GET", "/mediation/mediators/m1", DISTRICT))[0] == 404:
        await desk.made("/mediation/mediators", STABILITY, {"code": "m1", "name": "某丙"})
        trained = {"on": today, "hours": 8, "subject": "调解技巧"}
        status, _ = await desk.ask(
            "POST", "/mediation/mediators/m1/train", STABILITY, trained, if_match='"1"'
        )
        assert status == 200
    case = await made(desk, **more)
    agreed = {"signed_on": today, "signed": ["a", "b"], "perform_by": today, "terms": "接管排水。"}
    steps: list[tuple[str, dict[str, Any]]] = [
        ("accept", {}),
        *(("will", {"party": party, "willing": True}) for party in "ab"),
        ("session", {"on": today, "body": "committee", "mediators": ["m1"]}),
        ("agree", agreed),
        ("perform", {"on": today}),
    ]
    if visit:
        steps.append(("visit", {"on": today, "settled": True, "heard": "不再滴水。"}))
    for name, body in steps:
        await step(desk, case, name, COMMUNITY, body)
    return case


async def test_a_quarter_s_figures_and_rewards_are_those_of_its_cases(desk: Desk) -> None:
    for risk in ("ordinary", "ordinary", "ordinary", "serious", "serious"):
        await settled(desk, risk=risk)
    await made(desk)
    quarter = quarter_of(desk.clock())
    _, figures = await desk.ask("GET", f"/mediation/figures?quarter={quarter}", STREET)
    assert figures["found"]["total"] == 6
    assert figures["settled"]["by_street"] == {"guanshang": 5}
    assert figures["success"] == {"part": 5, "of": 5}
    _, other = await desk.ask("GET", f"/mediation/figures?quarter={quarter}", OTHER)
    assert (other["found"]["total"], other.get("success")) == (0, None)
    _, earned = await desk.ask("GET", f"/mediation/rewards?quarter={quarter}", DISTRICT)
    assert earned["items"] == [{"mediator": "m1", "settled": 5, "fen": 3 * 5_000 + 2 * 10_000}]
    status, refusal = await desk.ask("GET", "/mediation/figures?quarter=2026", STREET)
    assert (status, refusal["field"]) == (422, "quarter")


async def test_each_clock_fires_once_on_the_one_engine(desk: Desk) -> None:
    case = await made(desk, risk="mass_incident")
    until_day = (local_date(desk.clock()) + timedelta(days=3)).isoformat()
    listing = {"until": until_day, "reason": "久拖未决。"}
    await step(desk, case, "list", STABILITY, listing)
    notice = await desk.made(
        "/mediation/notices",
        STABILITY,
        {"office": STREET, "reason": "居高不下。", "until": until_day},
    )
    assert notice["state"]["cases"] == 1
    desk.clock.ahead = timedelta(days=70)

    async def missed() -> bool:
        _, now = await desk.ask("GET", f"{CASES}/{case}", STREET)
        _, then = await desk.ask("GET", f"/mediation/notices/{notice['id']}", STREET)
        _, met = await desk.ask("GET", "/mediation/screenings/guanshang", STREET)
        return (
            len(now["state"].get("missed", ())) == 3
            and len(then["state"].get("missed", ())) == 1
            and len(met["state"].get("missed", ())) >= 3
        )

    await until(missed)
    await asyncio.sleep(2.5)
    _, now = await desk.ask("GET", f"{CASES}/{case}", STREET)
    awaited = sorted(one["awaited"] for one in now["state"]["missed"])
    assert awaited == ["charge", "response", "supervision"]
    _, met = await desk.ask("GET", "/mediation/screenings/guanshang", STREET)
    periods = [one["period"] for one in met["state"]["missed"]]
    assert len(periods) == len(set(periods)) and periods == sorted(periods)
    _, district = await desk.ask("GET", "/mediation/screenings/district", STABILITY)
    assert len(district["state"]["missed"]) in (1, 2)


async def test_M_13_a_notice_that_was_lifted_stands_on_no_rung(desk: Desk) -> None:
    until_day = (local_date(desk.clock()) + timedelta(days=3)).isoformat()
    said = {"office": STREET, "reason": "居高不下。", "until": until_day}
    ids = [(await desk.made("/mediation/notices", STABILITY, said))["id"] for _ in range(2)]
    path = f"/mediation/notices/{ids[0]}"
    for name, by, body, version in (
        ("answer", STREET, {"causes": "物业更替。", "measures": "逐户走访。"}, 1),
        ("lift", STABILITY, {"result": "已下降。"}, 2),
    ):
        status, _ = await desk.ask("POST", f"{path}/{name}", by, body, if_match=f'"{version}"')
        assert status == 200, name
    for state, there in (("notified", ids[1:]), ("lifted", ids[:1])):
        _, page = await desk.ask("GET", f"/mediation/notices?state={state}", STREET)
        assert [one["id"] for one in page["items"]] == there
        assert [one["state"]["status"] for one in page["items"]] == [state]
    for office, many in ((STREET, 2), (OTHER, 0)):
        _, page = await desk.ask("GET", f"/mediation/notices?office={office}&count=true", DISTRICT)
        assert page["count"] == many, office
    _, page = await desk.ask("GET", "/mediation/notices?count_by=state", STREET)
    assert page["counts"] == {"notified": 1, "lifted": 1}


async def test_an_office_that_isn_t_there_is_named(desk: Desk) -> None:
    for to, field in (
        ("department:nowhere", "to"),
        ("community:nowhere", "to"),
        ("street:nowhere", "to"),
        ("resident", "to"),
    ):
        status, refusal = await desk.ask("POST", CASES, COMMUNITY, {**DISPUTE, "to": to})
        assert (status, refusal["field"]) == (422, field), to
    for stranger in (OTHER, "command_centre", "resident"):
        status, _ = await desk.ask("POST", CASES, stranger, DISPUTE)
        assert status == 403
    for to in (STABILITY, "department:court", STREET, "community:hepinglu"):
        assert (await desk.ask("POST", CASES, COMMUNITY, {**DISPUTE, "to": to}))[0] == 201


HEAD = "代码,街道,社区,等级,培训日期,学时,培训内容,在册起始日期\n"


async def test_the_roster_is_taken_from_a_file_and_given_back_as_one(desk: Desk) -> None:
    async def imported(content: str, who: str = DISTRICT) -> Any:
        headers = {"authorization": "Bearer " + keys.token(desk.data, who)}
        path = "/api/v1/mediation/mediators/import?reason=核对&dry_run=false"
        url = desk.addresses["mediation"] + path
        async with desk.client.post(url, data=content.encode(), headers=headers) as answer:
            body = await answer.json()
            if answer.status != 202:
                return answer.status
        shown: dict[str, Any] = {}

        async def over() -> bool:
            _, now = await desk.ask("GET", f"/mediation/imports/{body['id']}", DISTRICT)
            shown.update(now["state"])
            return now["state"].get("next") is None

        await until(over)
        return shown

    line = "k1,guanshang,,四级,2026-01-05,8,调解技巧,2024-05-06\n"
    assert await imported(HEAD + line, STREET) == 403
    bad = (
        "k1,guanshang,,四级,,,,\nk2,nowhere,,四级,,,,\nk3,,,特级,,,,\nk4,,,四级,昨天,8,x,\n"
        "k5,,,四级,2026-01-05,八,x,\nk6,,,四级,2099-01-05,8,x,\n,,,四级,,,,\n"
        "k7,,,四级,,,,昨天\nk8,,,四级,,,,2099-01-05\n"
    )
    wrong = await imported(HEAD + line + bad)
    assert (wrong["bad"], wrong["status"]) == (9, "refused")
    assert (await imported(HEAD + line + "k2,,,未评定,,,,\n"))["status"] == "entered"
    _, one = await desk.ask("GET", "/mediation/mediators/k1", DISTRICT)
    assert (one["state"]["street"], one["state"]["grade"]) == ("guanshang", "fourth")
    assert (len(one["state"]["training"]), one["state"]["since"]) == (1, "2024-05-06")
    again = await desk.file("/mediation/mediators/import/current?format=csv", DISTRICT)
    same = await imported(again.decode())
    assert (same["changes"], same["bad"]) == (0, 0)
    moved = await imported(HEAD + "k1,taihe,,三级,,,,\n")
    assert moved["bad"] == 1
    better = await imported(HEAD + "k1,guanshang,,三级,2026-02-05,8,法律知识,\n")
    assert better["status"] == "entered"
    _, one = await desk.ask("GET", "/mediation/mediators/k1", DISTRICT)
    assert (one["state"]["grade"], len(one["state"]["training"])) == ("third", 2)
    unsaid = await imported(HEAD + "k1,guanshang,,,,,,\nk7,,,,,,,\n")
    assert (unsaid["status"], unsaid["changes"]) == ("entered", 1)
    for code, grade in (("k1", "third"), ("k7", "unrated")):
        _, one = await desk.ask("GET", f"/mediation/mediators/{code}", DISTRICT)
        assert one["state"]["grade"] == grade
    template = await desk.file("/mediation/mediators/import/template?format=csv", DISTRICT)
    assert template.decode("utf-8-sig").startswith("代码")


async def test_M_02_of_one_problem_registered_at_once_the_first_one_s_words_stay(
    desk: Desk,
) -> None:
    bodies = [
        {**DISPUTE, "source": "whistle", "problem": "problem-2", "text": f"说法{n}"}
        for n in range(8)
    ]
    answers = await asyncio.gather(*(desk.ask("POST", CASES, COMMUNITY, one) for one in bodies))
    assert sorted(status for status, _ in answers) == [201, *[409] * 7]
    [(made_of_it, text)] = [
        (answer["id"], body["text"])
        for (status, answer), body in zip(answers, bodies, strict=True)
        if status == 201
    ]
    path = f"{CASES}/{made_of_it}/sealed"
    _, opened = await desk.ask("POST", path, COMMUNITY, {"reason": "通知调解。"})
    assert opened["text"] == {"text": text}


async def test_M_02_a_problem_handed_here_is_one_case_and_goes_on_with_its_story(
    desk: Desk,
) -> None:
    body = {**DISPUTE, "source": "whistle", "problem": "problem-1"}
    mistaken = await desk.made(CASES, OTHER, {**body, "community": "hepinglu"})
    made_of_it = await desk.made(CASES, COMMUNITY, body)
    case = f"{CASES}/{made_of_it['id']}"
    assert made_of_it["correlation"] == "problem-1"
    status, refusal = await desk.ask("POST", CASES, STREET, {**body, "text": "另一说法。"})
    assert (status, refusal["detail"]) == (409, "这条记录已经存在，请查看后再办。")
    _, opened = await desk.ask("POST", f"{case}/sealed", STREET, {"reason": "通知调解。"})
    assert opened["text"] == {"text": DISPUTE["text"]}
    settled = ProblemSettled(
        street="guanshang", community="guanshangzhongxinqu", category="noise", channel="visit"
    )
    for id in ("s-1", "s-2"):
        await desk.tell("/gongzhi/whistle", "problems/problem-1", id, settled)

    async def noted() -> bool:
        _, now = await desk.ask("GET", case, STREET)
        return now["state"].get("problem_settled_at") is not None

    await until(noted)
    _, there = await desk.ask("GET", f"{CASES}/{mistaken['id']}", OTHER)
    assert there["state"].get("problem_settled_at") is None
    joined = await step(desk, made_of_it["id"], "parties", COMMUNITY, {})
    assert joined["state"]["parties"] == ["a", "b", "c"]
    _, trail = await desk.ask("GET", f"{case}/trail?verify=true", STREET)
    kinds = [one["type"] for one in trail["entries"]]
    assert (kinds.count("ProblemSettled"), trail["faults"]) == (1, [])


async def test_M_02_a_case_that_is_named_and_not_there_is_the_field_s(desk: Desk) -> None:
    case = await made(desk)
    again = {**DISPUTE, "community": "hepinglu", "repeats": case}
    path = "/mediation/screenings/guanshang/meetings"
    _, now = await desk.ask("GET", "/mediation/screenings/guanshang", STREET)
    meeting = {"on": local_date(desk.clock()).isoformat(), "cases": ["nope"], "minutes": "纪要"}
    etag = f'"{now["version"]}"'
    for answer, field in (
        (await desk.ask("POST", CASES, OTHER, again), "repeats"),
        (await desk.ask("POST", path, STREET, meeting, if_match=etag), "cases.0"),
    ):
        status, refusal = answer
        assert (status, refusal["type"]) == (422, "/problems/unknown-reference")
        assert refusal["field"] == field
    assert (await desk.ask("POST", CASES, STREET, {**DISPUTE, "repeats": case}))[0] == 201
    nowhere = {"case": case, "office": "street:nowhere", "until": meeting["on"]}
    listed = {**meeting, "cases": [case], "decided": [nowhere]}
    _, refusal = await desk.ask("POST", path, STREET, listed, if_match=etag)
    assert refusal["field"] == "decided.0.office"
    early = {**meeting, "cases": [case], "on": "1999-01-01"}
    _, refusal = await desk.ask("POST", path, STREET, early, if_match=etag)
    assert (refusal["rule"], refusal["field"]) == ("M-01", "on")
    assert (await desk.ask("POST", path, STREET, {**meeting, "cases": [case]}, if_match=etag))[
        0
    ] == 200


async def test_M_01_a_meeting_s_record_says_which_cases_and_each_case_what_was_decided(
    desk: Desk,
) -> None:
    decided, listed, other = [await made(desk) for _ in range(3)]
    path, day = "/mediation/screenings/guanshang/meetings", local_date(desk.clock()).isoformat()
    until_day = (local_date(desk.clock()) + timedelta(days=5)).isoformat()
    meeting = {
        "on": day,
        "cases": [decided, listed],
        "decided": [{"case": decided, "office": "community:hepinglu", "until": until_day}],
        "minutes": "纪要2026-3",
    }
    _, now = await desk.ask("GET", "/mediation/screenings/guanshang", STREET)
    status, after = await desk.ask("POST", path, STREET, meeting, if_match=f'"{now["version"]}"')
    assert status == 200
    numbers = {
        one: (await desk.ask("GET", f"{CASES}/{one}", STREET))[1]["number"]
        for one in (decided, listed)
    }
    [held] = after["state"]["meetings"]
    assert held["numbers"] == [numbers[decided], numbers[listed]]
    assert held["decided"][0]["number"] == numbers[decided]
    _, page = await desk.ask("GET", "/mediation/screenings?q=纪要2026-3", DISTRICT)
    assert [one["id"] for one in page["items"]] == ["guanshang"], "found by its minutes"
    about = {"level": "street", "street": "guanshang", "on": day, "minutes": "纪要2026-3"}
    for case, what in (
        (decided, [{**about, "office": "community:hepinglu", "until": until_day}]),
        (listed, [about]),
        (other, []),
    ):
        _, one = await desk.ask("GET", f"{CASES}/{case}", COMMUNITY)
        found = [
            {key: met[key] for key in (*about, "office", "until") if met.get(key) is not None}
            for met in one["state"].get("screened", ())
        ]
        assert found == what
    for office in ("community:hepinglu", OTHER):
        assert (await desk.ask("GET", f"{CASES}/{decided}", office))[0] == 200
        assert (await desk.ask("GET", f"{CASES}/{listed}", office))[0] == 404


async def test_M_02_a_blank_is_no_registration(desk: Desk) -> None:
    for wrong, field in (
        ({"text": "  "}, "text"),
        ({"parties": [{"name": " "}]}, "parties.0.name"),
        ({"count": -1}, "count"),
    ):
        _, refusal = await desk.ask("POST", CASES, COMMUNITY, {**DISPUTE, **wrong})
        assert refusal["field"] == field


async def test_C_04_a_proposal_that_is_a_dispute_is_mediated_and_its_proposer_reads_how_it_ended(
    desk: Desk,
) -> None:
    """Also where no committee sits that could refuse it as a topic."""
    proposals = "/consultation/public/proposals"
    said = {"community": "guanshangzhongxinqu", "title": "空调滴水", "text": "两户争执。"}
    url = f"{desk.addresses['consultation']}/api/v1"
    async with desk.client.post(f"{url}{proposals}", json=said) as answer:
        receipt = await answer.json()
    assert receipt["kept_days"] == 365
    _, page = await desk.ask("GET", "/consultation/proposals?state=waiting", COMMUNITY)
    path = f"/proposals/{page['items'][0]['id']}"
    down = {"reason": "属两方纠纷，转人民调解。", "ground": "two_party_dispute"}
    assert (await desk.take(path, "turn_down", COMMUNITY, down))[0] == 200
    found: list[str] = []

    async def came() -> bool:
        _, cases = await desk.ask("GET", f"{CASES}?source=consultation", COMMUNITY)
        found[:] = [one["id"] for one in cases["items"]]
        return bool(found)

    await until(came)
    [case] = found
    await step(desk, case, "accept", COMMUNITY, {})
    await step(desk, case, "fail", COMMUNITY, {"how": "unsuited", "told": ["court"]})

    async def read() -> bool:
        code = {"code": receipt["code"]}
        async with desk.client.post(f"{url}/consultation/public/case", json=code) as answer:
            told = await answer.json()
        return (told["status"], told.get("mediation")) == ("turned_down", "unsuited")

    await until(read)
