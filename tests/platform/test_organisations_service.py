"""The service as it runs: lists and counts agree for whoever asks, sealed persons, accounts, and what is public."""

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from chassis.cause import Cause
from gongzhi.office import Refused
from services.organisations.desk import OrganisationsDesk
from tests.support.organisations import (
    BASE,
    CIVIL,
    CODE,
    COMMUNITY,
    ITSELF,
    OFFICE,
    REGISTER,
    STREET,
    Neighbours,
    alone,
)

__all__ = ["alone"]
STREETS = f"street:{STREET}"
SEATING = {"party": {"form": "liaison", "members": 1}}
ENDING = (
    ("end", {"how": "dissolved", "document": "终-1", "findings": "自行终止"}),
    ("liquidate", {"document": "清-1", "assets_to": "区慈善会", "shared_out": False}),
    ("deregister", None),
)
NAME, NUMBER, TEXT = "某某某（虚构）", "530111190001010000", "收费不开票，请查（虚构）"


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(60):
        while not await true():
            await asyncio.sleep(0.05)


async def refused(call: Awaitable[Any]) -> tuple[int, str | None]:
    with pytest.raises(Refused) as refusal:
        await call
    return refusal.value.status, refusal.value.problem.get("rule")


async def group(running: Neighbours, community: str, name: str) -> str:
    said = {
        "community": community,
        "name": name,
        "kind": "culture",
        "purpose": "文艺活动",
        "members": 20,
    }
    by = f"community:{community}"
    id = str((await running.post(by, f"{BASE}/groups", said))["id"])
    await running.step(by, f"{BASE}/groups", id, "look", {"opinion": "符合条件"})
    return id


async def volunteer(running: Neighbours, community: str = COMMUNITY, **other: Any) -> str:
    said = {"community": community, "offers": ["elderly"], **other}
    answer = await running.post(f"community:{community}", f"{BASE}/volunteers", said)
    return str(answer["id"])


async def served(running: Neighbours, id: str, hours_ago: int, minutes: int, **other: Any) -> Any:
    begins = running.clock() - timedelta(hours=hours_ago)
    said = {
        "kind": "elderly",
        "begins": begins.isoformat(),
        "ends": (begins + timedelta(minutes=minutes)).isoformat(),
        "receiver": "community",
        "receiver_code": COMMUNITY,
        **other,
    }
    return await running.step(ITSELF, f"{BASE}/volunteers", id, "service", said)


async def test_O_15_who_received_it_is_on_a_register_and_an_error_is_withdrawn(
    alone: Neighbours,
) -> None:
    """A service that names nobody could be confirmed by nobody, and its time would be taken for good."""
    running = alone
    await running.registered()
    id = await volunteer(running, organisation=CODE)
    for receiver, code in (
        ("street", "guanshan"),
        ("community", "guanshan"),
        ("department", "nowhere"),
        ("supplier", "nobody"),
        ("volunteer", "nobody"),
    ):
        with pytest.raises(Refused) as refusal:
            await served(running, id, 5, 90, receiver=receiver, receiver_code=code)
        assert (refusal.value.status, refusal.value.problem["field"]) == (422, "receiver_code")
    other = await volunteer(running)
    running.clock.by += timedelta(days=1)
    known: list[dict[str, str | None]] = [
        {"receiver": "street", "receiver_code": STREET},
        {"receiver": "department", "receiver_code": "civil_affairs"},
        {"receiver": "volunteer", "receiver_code": other},
        {"receiver": "resident", "receiver_code": None},
    ]
    for hours, received in zip((5, 8, 11, 14), known, strict=True):
        await served(running, id, hours, 90, **received)
    wrong = {"reason": "接受方有误"}
    path = f"{BASE}/volunteers"
    with pytest.raises(Refused) as refusal:
        await running.step(OFFICE, path, id, "service/s1/withdraw", wrong)
    assert refusal.value.status == 403
    after = await running.step(ITSELF, path, id, "service/s1/withdraw", wrong)
    assert after["state"]["services"][0]["withdrawn"] == "接受方有误"
    again = await served(running, id, 5, 90)
    assert len(again["state"]["services"]) == 5


async def test_what_is_on_paper_finds_it_again(alone: Neighbours) -> None:
    """By the certificate, the filing number, and whom a complaint is about; also one that isn't registered."""
    running = alone
    await running.registered()
    id = await group(running, COMMUNITY, "晨曦")
    await running.step(f"street:{STREET}", f"{BASE}/groups", id, "file", {"number": "备-77"})
    said = {"ground": "charges", "text": "乱收费。"}
    known = await running.post(CIVIL, f"{BASE}/complaints", {**said, "organisation": CODE})
    other = await running.post(CIVIL, f"{BASE}/complaints", {**said, "called": "清风会"})
    name = (await running.get(CIVIL, f"{BASE}/organisations/{CODE}"))["state"]["name"]
    agenda = {"level": "district", "agenda": ["供需对接"], "on": running.clock.day()}
    meeting = await running.post(CIVIL, f"{BASE}/meetings", agenda)
    for path, words, found in (
        ("organisations", f"证-{CODE}", CODE),
        ("organisations", CODE, CODE),
        ("groups", "备-77", id),
        ("complaints", name, known["id"]),
        ("complaints", "清风会", other["id"]),
        ("meetings", "供需对接", meeting["id"]),
    ):
        page = await running.get(CIVIL if path != "groups" else OFFICE, f"{BASE}/{path}", q=words)
        assert [one["id"] for one in page["items"]] == [found], words
    for made, called in ((known, name), (other, "清风会")):
        assert made["state"]["name"] == called


async def test_O_07_what_is_late_stays_due_in_the_list(alone: Neighbours) -> None:
    """A report that was missed may still come, and comes first."""
    running = alone
    await running.registered()
    await running.registered("tongxing", community=None)
    said = {"kind": "penalty", "what": "受到警告", "on": running.clock.day()}
    await running.step(ITSELF, f"{BASE}/organisations", CODE, "matters", said)
    running.clock.by += timedelta(days=40)

    async def missed() -> bool:
        one = await running.get(CIVIL, f"{BASE}/organisations/{CODE}")
        return any(matter.get("missed") for matter in one["state"]["matters"])

    while not await missed():
        await asyncio.sleep(0.05)
    page = await running.get(CIVIL, f"{BASE}/organisations", sort="due")
    first, second = page["items"]
    assert first["id"] == CODE and datetime.fromisoformat(first["due"]) < running.clock()
    assert datetime.fromisoformat(second["due"]) > running.clock()


async def test_O_05_counts_equal_lists_for_whoever_asks_and_are_told(alone: Neighbours) -> None:
    running = alone
    await running.registered()
    await running.registered("qinghe", community=None, street="guandu")
    await running.registered("tongxing", community=None)
    for community, name in ((COMMUNITY, "晨曦"), (COMMUNITY, "晚晴"), ("hepinglu", "和风")):
        id = await group(running, community, name)
        if name != "晚晴":
            street = "taihe" if community == "hepinglu" else STREET
            await running.step(f"street:{street}", f"{BASE}/groups", id, "file", {"number": "备-1"})
    id = await volunteer(running, organisation=CODE)
    await served(running, id, 5, 90)
    await running.step(OFFICE, f"{BASE}/volunteers", id, "service/s1/confirm", {})

    people = ["district_admin", CIVIL, STREETS, OFFICE, ITSELF, "community:hepinglu", "finance"]
    for who in people:
        for by in ("community", "street"):
            rows = await running.get(who, f"{BASE}/counts", by=by)
            for field, path, wanted in (
                ("organisations", "organisations", {"listed": "true"}),
                ("groups", "groups", {"filed": "true"}),
                ("volunteers", "volunteers", {"active": "true"}),
            ):
                page = await running.get(who, f"{BASE}/{path}", limit=200, count="true", **wanted)
                assert sum(row[field] for row in rows) == len(page["items"]) == page["count"]
                for row in rows:
                    own = [one for one in page["items"] if one["state"][by] == row["code"]]
                    assert row[field] == len(own), (who, by, row)
    [row] = [row for row in await running.get(OFFICE, f"{BASE}/counts") if row["code"] == COMMUNITY]
    assert (row["organisations"], row["groups"], row["volunteers"]) == (1, 1, 1)
    assert (row["minutes"], row["hours"], row["groups_target"]) == (90, 1, 10)

    async def told() -> bool:
        figures = (await running.counted()).get(COMMUNITY, {})
        names = ("organisations", "groups", "volunteers", "minutes", "hours")
        return [figures.get(name) for name in names] == [1, 1, 1, 90, 1]

    await until(told)


async def test_O_12_a_complaints_reporter_is_nowhere_but_sealed(alone: Neighbours) -> None:
    running = alone
    await running.registered()
    said = {
        "organisation": CODE,
        "street": STREET,
        "ground": "charges",
        "text": TEXT,
        "reporter": {"name": NAME, "phone": "13000000000"},
    }
    taken = await running.post(STREETS, f"{BASE}/complaints", said)
    path, id = f"{BASE}/complaints", taken["id"]
    assert (await refused(running.get(ITSELF, f"{path}/{id}")))[0] == 404
    reader = running.inside
    assert await refused(reader(CIVIL).post(f"{path}/{id}/reporter", {"reason": " "})) == (
        409,
        "O-12",
    )
    assert (await refused(reader(STREETS).post(f"{path}/{id}/reporter", {"reason": "x"})))[0] == 403
    opened = await reader(CIVIL).post(f"{path}/{id}/reporter", {"reason": "核实"})
    assert opened == {"name": NAME, "phone": "13000000000", "text": TEXT}
    asked = reader(STREETS).post(f"{path}/{id}/export", {"reason": "x"})
    assert (await refused(asked))[0] == 403
    held = await reader(CIVIL).post(f"{path}/{id}/export", {"reason": "本人申请查阅"})
    assert (held["person"], held["record"]["ground"]) == (opened, "charges")
    assert [one["reason"] for one in held["read"]] == ["核实", "本人申请查阅"]
    decision = {"outcome": "penalty", "document": "民罚-1", "findings": "属实"}
    await running.step(CIVIL, path, id, "decide", decision)
    await running.step(CIVIL, path, id, "publish", {"notice": "予以警告"})
    [public] = await running.anybody(f"{BASE}/public/decisions")
    assert (public["organisation"], public["notice"]) == (CODE, "予以警告")
    assert public["revoked_by"] is None
    review = {"document": "复议-1", "reason": "事实不清"}
    await running.step(CIVIL, path, id, "revoke", review)
    [public] = await running.anybody(f"{BASE}/public/decisions")
    assert (public["notice"], public["revoked_by"]) == ("予以警告", "复议-1")

    trail = await running.get(CIVIL, f"{path}/{id}/trail", verify="true")
    assert [entry["type"] for entry in trail["entries"]][1] == "ComplaintRead"
    assert trail["faults"] == []
    seen = json.dumps([await running.get(CIVIL, f"{path}/{id}"), trail], ensure_ascii=False)
    told = json.dumps([one.data for one in await running.told()], ensure_ascii=False)
    kept = _everything_kept(running)
    assert "民罚-1" in kept
    for secret in (NAME, "13000000000", TEXT):
        assert secret not in seen + told + kept


def _everything_kept(running: Neighbours) -> str:
    """All that the service's own store holds, as text."""
    with sqlite3.connect(running.inside.data / "organisations.db") as open_store:
        return "\n".join(open_store.iterdump())


async def _an_official_of_two_heads_one(running: Neighbours) -> None:
    """The same person was publicised for both, and has taken office in `CODE`."""
    official = {"post": "deputy", "official": True, "approval": "组干-1"}
    for code in (CODE, "qinghe"):
        await running.registered(code)
        await running.step(CIVIL, REGISTER, code, "heads", official)
        person = {"name": NAME, "number": NUMBER}
        await running.step(CIVIL, REGISTER, code, "people/h1", person, method="PUT")
    running.clock.by += timedelta(days=20)
    await running.step(CIVIL, REGISTER, CODE, "heads/h1/seat", SEATING)


async def test_O_06_who_heads_it_is_sealed_and_an_official_heads_one_alone(
    alone: Neighbours,
) -> None:
    running = alone
    await _an_official_of_two_heads_one(running)
    again = running.step(CIVIL, REGISTER, "qinghe", "heads/h1/seat", SEATING)
    assert await refused(again) == (409, "O-06")
    await running.step(CIVIL, REGISTER, CODE, "heads/h1/step_down", {"reason": "届满"})
    await running.step(CIVIL, REGISTER, "qinghe", "heads/h1/seat", SEATING)
    asked = running.inside(CIVIL).post(f"{REGISTER}/{CODE}/people/h1", {"reason": "核查"})
    assert (await asked)["name"] == NAME
    assert NAME not in _everything_kept(running)
    assert NUMBER not in _everything_kept(running)
    path = f"{REGISTER}/{CODE}/people/h1/export"
    assert (await refused(running.inside(STREETS).post(path, {"reason": "核查"})))[0] == 403
    held = await running.inside(CIVIL).post(path, {"reason": "本人申请查阅"})
    assert (held["person"]["name"], held["elsewhere"]) == (
        NAME,
        [{"organisation": "qinghe", "seat": "h1"}],
    )
    assert [one["reason"] for one in held["read"]] == ["核查", "本人申请查阅"]
    removals = f"{BASE}/removals"
    assert (await refused(running.inside(CIVIL).get(removals)))[0] == 403
    assert (await running.get("district_admin", removals))["items"] == []
    running.clock.by += timedelta(days=1827)

    async def gone() -> bool:
        items = (await running.get("district_admin", removals))["items"]
        return [one["record"] for one in items] == [f"{CODE}/h1"]

    await until(gone)
    assert (await refused(running.inside(CIVIL).post(path, {"reason": "核查"})))[0] == 404


async def test_O_06_an_official_heads_another_once_the_first_is_over(alone: Neighbours) -> None:
    running = alone
    await _an_official_of_two_heads_one(running)
    for step, said in ENDING:
        again = running.step(CIVIL, REGISTER, "qinghe", "heads/h1/seat", SEATING)
        assert await refused(again) == (409, "O-06")
        await running.step(CIVIL, REGISTER, CODE, step, said)
    await running.step(CIVIL, REGISTER, "qinghe", "heads/h1/seat", SEATING)


async def test_O_04_another_than_the_main_founder_is_not_seated_in_its_name(
    alone: Neighbours,
) -> None:
    running = alone
    await running.registered()
    await running.step(CIVIL, REGISTER, CODE, "heads", {"post": "head", "founder": "f1"})
    for seat, number in (("f1", NUMBER), ("h1", "530111190001010001")):
        person = {"name": NAME, "number": number}
        await running.step(CIVIL, REGISTER, CODE, f"people/{seat}", person, method="PUT")
    running.clock.by += timedelta(days=20)
    other = running.step(CIVIL, REGISTER, CODE, "heads/h1/seat", SEATING)
    assert await refused(other) == (409, "O-04")
    himself = {"name": NAME, "number": NUMBER}
    await running.step(CIVIL, REGISTER, CODE, "people/h1", himself, method="PUT")
    await running.step(CIVIL, REGISTER, CODE, "heads/h1/seat", SEATING)


async def test_O_15_hours_are_drawn_matched_met_and_given_back(alone: Neighbours) -> None:
    running = alone
    await running.registered()
    giver, drawer = [await volunteer(running, organisation=CODE) for _ in range(2)]
    await served(running, drawer, 9, 120)
    own = await refused(
        running.step(ITSELF, f"{BASE}/volunteers", drawer, "service/s1/confirm", {})
    )
    assert own[0] in (403, 409)
    await running.step(OFFICE, f"{BASE}/volunteers", drawer, "service/s1/confirm", {})
    need = {"community": COMMUNITY, "kind": "elderly", "what": "陪同就医", "minutes": 90}
    needs = f"{BASE}/needs"
    asked = await running.post(OFFICE, needs, {**need, "account": drawer})
    too_much = running.post(OFFICE, needs, {**need, "account": drawer})
    assert await refused(too_much) == (409, "O-15")
    oneself = running.step(OFFICE, needs, asked["id"], "match", {"volunteer": drawer})
    assert await refused(oneself) == (409, "O-15")
    await running.step(OFFICE, needs, asked["id"], "match", {"volunteer": giver})
    await served(
        running, giver, 5, 90, receiver="volunteer", receiver_code=drawer, need=asked["id"]
    )
    paper = {"paper": "单-1"}
    await running.step(OFFICE, f"{BASE}/volunteers", giver, "service/s1/confirm", paper)
    met = await running.step(OFFICE, needs, asked["id"], "meet", {"service": "s1"})
    assert (met["state"]["status"], met["state"]["received"]) == ("met", 90)
    reversing = running.step(
        OFFICE, f"{BASE}/volunteers", drawer, "service/s1/reverse", {"reason": "重复"}
    )
    assert await refused(reversing) == (409, "O-15")

    small = await running.post(OFFICE, needs, {**need, "minutes": 30, "account": drawer})
    await running.step(OFFICE, needs, small["id"], "cancel", {"reason": "不再需要"})
    state = (await running.get(OFFICE, f"{BASE}/volunteers/{drawer}"))["state"]
    kinds = [(one["kind"], one["minutes"]) for one in state["entries"]]
    assert kinds == [("earned", 120), ("drawn", -90), ("drawn", -30), ("restored", 30)]


async def test_O_15_what_was_not_received_is_given_back_and_a_reversal_opens_the_need_again(
    alone: Neighbours,
) -> None:
    running, needs, path = alone, f"{BASE}/needs", f"{BASE}/volunteers"
    await running.registered()
    giver, drawer = [await volunteer(running, organisation=CODE) for _ in range(2)]
    running.clock.by += timedelta(days=1)
    await served(running, drawer, 9, 120)
    await running.step(OFFICE, path, drawer, "service/s1/confirm", {})
    need = {"community": COMMUNITY, "kind": "elderly", "what": "陪同就医", "minutes": 60}
    id = (await running.post(OFFICE, needs, {**need, "account": drawer}))["id"]
    await running.step(OFFICE, needs, id, "match", {"volunteer": giver})
    to = {"receiver": "volunteer", "receiver_code": drawer, "need": id}
    await served(running, giver, 5, 10, **to)
    paper = {"paper": "单-1"}
    await running.step(OFFICE, path, giver, "service/s1/confirm", paper)
    met = await running.step(OFFICE, needs, id, "meet", {"service": "s1"})
    assert (met["state"]["status"], met["state"]["received"]) == ("met", 10)

    async def balance() -> int:
        state = (await running.get(OFFICE, f"{path}/{drawer}"))["state"]
        return sum(one["minutes"] for one in state["entries"])

    assert await balance() == 110
    await running.step(OFFICE, path, giver, "service/s1/reverse", {"reason": "时长有误"})
    assert (await running.get(OFFICE, f"{needs}/{id}"))["state"]["status"] == "matched"
    await served(running, giver, 5, 60, **to)
    await running.step(OFFICE, path, giver, "service/s2/confirm", paper)
    met = await running.step(OFFICE, needs, id, "meet", {"service": "s2"})
    assert (met["state"]["received"], await balance()) == (60, 60)


async def test_O_15_an_account_is_moved_by_the_clock_where_the_asker_was_cut_off(
    alone: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    await alone.registered()
    drawer = await volunteer(alone, organisation=CODE)
    await served(alone, drawer, 9, 120)
    await alone.step(OFFICE, f"{BASE}/volunteers", drawer, "service/s1/confirm", {})
    need = {"community": COMMUNITY, "kind": "elderly", "what": "陪同就医", "minutes": 90}
    needs = f"{BASE}/needs"
    settle, asked = OrganisationsDesk.settle, []

    async def cut_off(desk: OrganisationsDesk, id: str, cause: Cause) -> Any:
        """As if the process ended between the two documents; the clock isn't cut off."""
        if cause.actor != OFFICE:
            return await settle(desk, id, cause)
        asked.append(id)
        raise RuntimeError("cut off")

    async def entries() -> list[tuple[str, int]]:
        state = (await alone.get(OFFICE, f"{BASE}/volunteers/{drawer}"))["state"]
        return [(one["kind"], one["minutes"]) for one in state["entries"]]

    async def drawn() -> bool:
        return await entries() == [("earned", 120), ("drawn", -90)]

    async def restored() -> bool:
        return await entries() == [("earned", 120), ("drawn", -90), ("restored", 90)]

    monkeypatch.setattr(OrganisationsDesk, "settle", cut_off)
    asking = alone.post(OFFICE, needs, {**need, "account": drawer})
    assert (await refused(asking))[0] == 500
    await until(drawn)
    cancelling = alone.step(OFFICE, needs, asked[0], "cancel", {"reason": "不再需要"})
    assert (await refused(cancelling))[0] == 500
    await until(restored)


async def test_O_08_a_year_that_is_missed_is_told_and_listed_and_the_rest_is_public(
    alone: Neighbours,
) -> None:
    running = alone
    await running.registered()
    running.clock.by += timedelta(days=400)

    async def proposed() -> bool:
        state = (await running.get(ITSELF, f"{REGISTER}/{CODE}"))["state"]
        return [one["ground"] for one in state["listings"]] == ["report_missed"]

    await until(proposed)
    year = (await running.get(ITSELF, f"{REGISTER}/{CODE}"))["state"]["years"][0]["year"]
    report = {
        "year": year,
        **dict.fromkeys(("registration", "rating", "enforcement", "activities"), "无变更"),
        "income": 100,
        "spending": 90,
        "donations": 0,
        "donations_used": "无",
    }
    await running.step(ITSELF, REGISTER, CODE, "years", report)
    [public] = await running.anybody(f"{BASE}/public/organisations/{CODE}/years")
    assert (public["year"], public["report"]["late"]) == (year, True)
    [listed] = (await running.anybody(f"{BASE}/public/organisations"))["items"]
    assert (listed["code"], listed["abnormal"]) == (CODE, False)
    page = await running.page(None, f"{BASE}/public/organisations?format=html")
    assert "暖阳社会工作服务中心" in page
    card = await running.page(CIVIL, f"{REGISTER}/{CODE}/card")
    assert "迟报" in card
    sheet = await running.page(CIVIL, f"{BASE}/counts/table?by=street&format=csv")
    assert "社会组织目标" in sheet

    async def told() -> bool:
        missed = "organisations.report_missed.v1"
        news = [one.data for one in await running.told() if one.type == missed]
        return [(one["what"], one["year"]) for one in news] == [("yearly", year)]

    await until(told)


async def test_O_01_the_register_comes_in_as_a_table(alone: Neighbours) -> None:
    running = alone
    heading = (
        "代码,名称,类型,类别,街道代码,社区代码,业务主管单位代码,业务范围,登记证书编号,登记日期"
    )
    rows = [
        f"xinyu,新雨志愿者协会（虚构）,社会团体,公益慈善类,,{COMMUNITY},,志愿服务,证-7,2020-05-01",
        "wrong,错行,社会团体,其他,,,,助学,证-8,2020-05-01",
    ]
    office = running.inside("district_admin")
    path = f"{BASE}/organisations/import"
    file = "\n".join((heading, *rows)).encode()
    sent = await office.upload(path, file, reason="年度核对", dry_run="true")
    address = f"{BASE}/imports/{sent['id']}"

    async def checked() -> bool:
        return bool((await office.get(address))["state"]["status"] in ("checked", "refused"))

    await until(checked)
    state = (await office.get(address))["state"]
    assert (state["changes"], state["bad"]) == (1, 1), state


async def test_O_10_what_a_register_says_of_it_stands_in_its_file_once(alone: Neighbours) -> None:
    await alone.registered()
    said: dict[str, Any] = {"supplier": CODE, "register_kind": "penalty", "clean": False}
    entry = {"reference": "P-26-17", "on": "2026-03-01", "until": "2027-02-28"}
    news: dict[str, Any] = {
        "specversion": "1.0",
        "id": "penalty-17",
        "source": "/partners/credit",
        "type": "partner.integrity_reported.v1",
        "data": {**said, **entry},
    }
    for _ in range(2):
        await alone.post("partner:credit", "/api/v1/partners/events", news)
    await alone.post(
        "partner:credit",
        "/api/v1/partners/events",
        {**news, "id": "penalty-18", "data": {**news["data"], "clean": True}},
    )
    path = f"{REGISTER}/{CODE}/file"

    async def both() -> bool:
        return len(await alone.get(ITSELF, path)) == 2

    await until(both)
    first, second = await alone.get(ITSELF, path)
    assert (first["news"], first["register_kind"], first["clean"]) == (
        "integrity",
        "penalty",
        False,
    )
    assert (first["on"], first["until"], second["clean"]) == ("2026-03-01", "2027-02-28", True)
    assert await refused(alone.get("resident", path)) == (404, None)


async def test_O_17_who_is_to_do_it_is_an_office_that_there_is(alone: Neighbours) -> None:
    running, path = alone, f"{BASE}/meetings"
    await running.registered()
    day = running.clock.day()
    said = {"level": "street", "street": STREET, "on": day, "agenda": ["对接需求"]}
    id = (await running.post(STREETS, path, said))["id"]

    def decided(kind: str, code: str) -> Awaitable[Any]:
        task = {"what": "对接", "kind": kind, "code": code, "by": day}
        of = {"what": "统筹", "kind": "department", "code": "civil_affairs", "by": day}
        return running.step(STREETS, path, id, "decide", {"decision": "照办", "tasks": [of, task]})

    for kind in ("street", "community", "department", "supplier"):
        with pytest.raises(Refused) as refusal:
            await decided(kind, "nowhere")
        found = refusal.value.problem
        assert (found["status"], found["field"]) == (422, "tasks.1.code"), kind
    taken = await decided("supplier", CODE)
    assert [one["who"] for one in taken["state"]["tasks"]] == [CIVIL, ITSELF]
