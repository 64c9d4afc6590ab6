"""Who somebody is stands in no log, no measure, no span and no event, whatever is done with it, right or wrong."""

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from gongzhi.office import Office, Refused
from tests.support.collector import Collector, collecting
from tests.support.platform import Platform, all_in_one

NAME, CONTACT, WORDS = "欧阳验证甲", "13900135791", "楼下验证用的油烟味"
ASKED = "验证用诉求：请停止夜间烧烤"
TITLE = "验证用标题：夜间油烟"
PARTY, TELEPHONE, TOLD = "司徒验证乙", "13900246802", "验证用纠纷：屋檐滴水"
COMPLAINANT, REACHED, COMPLAINED = "诸葛验证丙", "13900357913", "验证用投诉：冒名收费"
SAID = (
    *(NAME, CONTACT, WORDS, ASKED, TITLE),
    *(PARTY, TELEPHONE, TOLD),
    *(COMPLAINANT, REACHED, COMPLAINED),
)
PROBLEMS = "/api/v1/whistle/problems"
CASES = "/api/v1/mediation/cases"
COMPLAINTS = "/api/v1/organisations/complaints"
PROBLEM = {
    "channel": "visit",
    "community": "guanshangzhongxinqu",
    "category": "parking",
    "title": TITLE,
    "asked": ASKED,
    "reporter": {"name": NAME, "contact": CONTACT, "text": WORDS},
}
DISPUTE = {
    "dispute": "neighbours",
    "source": "screening",
    "community": "guanshangzhongxinqu",
    "text": TOLD,
    "parties": [{"name": PARTY, "phone": TELEPHONE}, {"name": NAME}],
}
COMPLAINT = {
    "called": "某协会",
    "street": "guanshang",
    "ground": "unregistered",
    "text": COMPLAINED,
    "reporter": {"name": COMPLAINANT, "phone": REACHED},
}


async def wrongly(office: Office) -> None:
    """What comes in where it doesn't belong: in a path, a query, a field that there isn't, a body that is none."""
    for path, right, who, number in (
        (PROBLEMS, PROBLEM, NAME, CONTACT),
        (CASES, DISPUTE, PARTY, TELEPHONE),
        (COMPLAINTS, COMPLAINT, COMPLAINANT, REACHED),
    ):
        bodies: tuple[Any, ...] = ({**right, "name": who}, {**right, "street": number})
        for body in (*bodies, [who, number], who):
            with suppress(Refused):
                await office.post(path, body)
        for asked in (f"{path}/{number}", f"/api/v1/{number}/{who}", f"{path}?name={who}"):
            with suppress(Refused):
                await office.get(asked)


async def read_back(platform: Platform, cast: Any) -> str:
    """Each said rightly, and read by who may, with a reason; the receipt's code."""
    community = cast("community:guanshangzhongxinqu")
    reason = {"reason": "核对联系方式"}
    problem = await community.post(PROBLEMS, PROBLEM)
    who = await community.step(PROBLEMS, problem["id"], "reporter", reason)
    assert who["name"] == NAME, "else this test looks for nothing"
    case = await community.post(CASES, DISPUTE)
    opened = await community.step(CASES, case["id"], "sealed", reason)
    assert opened["a"]["name"] == PARTY
    civil = cast("department:civil_affairs")
    taken = await cast("street:guanshang").post(COMPLAINTS, COMPLAINT)
    heard = await civil.post(f"{COMPLAINTS}/{taken['id']}/reporter", reason)
    assert heard["name"] == COMPLAINANT
    return str(problem["receipt"])


async def measures(platform: Platform, office: Office, accept: str = "*/*") -> str:
    url = platform.url + "/metrics"
    async with office.session.get(url, headers={"accept": accept}) as answer:
        return await answer.text()


async def events(office: Office) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    after = 0
    while True:
        page = await office.get("/api/v1/events", after=after, limit=500)
        if not page["items"]:
            return found
        found += page["items"]
        after = page["next"]


async def test_nobody_is_in_a_log_a_measure_a_span_or_an_event(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with collecting() as collector:
        told = {"GONGZHI_LOG_LEVEL": "debug", "GONGZHI_OTLP_ENDPOINT": collector.endpoint}
        with all_in_one(data, **told) as platform:
            async with platform.offices() as cast:
                receipt = await read_back(platform, cast)
                await wrongly(cast("community:guanshangzhongxinqu"))
                district = cast("district_admin")
                measured = await measures(platform, district)
                exact = await measures(platform, district, "application/openmetrics-text")
                feed = json.dumps(await events(district), ensure_ascii=False)
        logged = data.with_suffix(".log").read_text(encoding="utf-8")
    assert "whistle.problem_collected.v1" in feed
    for path in ("/problems/{id}", "/cases/{id}/sealed", "/complaints/{id}/reporter"):
        assert path in measured
    traced(collector, exact)
    places = {"measures": measured + exact, "events": feed, "log": logged}
    for said in (*SAID, receipt):
        for place, text in {**places, "spans": collector.text()}.items():
            assert said not in text, (said, place)
            assert json.dumps(said)[1:-1] not in text, (said, place)


def traced(collector: Collector, measured: str) -> None:
    """The spans came, in the form that collectors take, and a measure leads to one of them."""
    assert collector.refused == []
    spans = [span for process, span in collector.spans() if process == "gongzhi"]
    answered = {s.trace_id.hex() for s in spans if s.name.endswith(" mediation")}
    assert answered
    beside = re.findall(r'route="/cases",.*# \{trace_id="(\w+)"\}', measured)
    assert beside and set(beside) <= answered
