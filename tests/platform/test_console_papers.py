"""What is printed, kept as a book or read of one record is reached from its page."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from chassis.kernel.clock import local_date
from tests.support.consoles import console_on, hand
from tests.support.consultation import COMMUNITY, committee, seats, settled, topic
from tests.support.inside import Inside, inside

PATH, PAGE = "/api/v1/consultation", "/console/consultation"
SERVICES = ("housing", "whistle", "consultation")


async def held(platform: Inside) -> dict[str, str]:
    """A session that ended with an outcome: the ids of its committee, its matter and itself."""
    office, now = platform(COMMUNITY), datetime.now(UTC)
    seated = await office.post(f"{PATH}/committees", committee())
    about = topic(seated, by_seat="s1")
    matter = (await office.post(f"{PATH}/matters", about))["id"]
    for step, said in (("accept", settled(COMMUNITY)), ("research", {"findings": "走访。"})):
        await office.step(f"{PATH}/matters", matter, step, said)
    called = {
        "committee": seated["id"],
        "kind": "topical",
        "called_by": "party_committee",
        "matter": matter,
        "place": "居民议事厅",
        "held_at": (now + timedelta(minutes=10)).isoformat(),
    }
    session = (await office.post(f"{PATH}/sessions", called))["id"]
    for step, body in (
        ("urgent", {"reason": "汛期。"}),
        ("arrive", {"seats": seats(12)}),
        ("open", {"chair": "secretary"}),
        ("record", {"outcome": "usable_here", "unit": "water"}),
        ("close", {"summary": "划线。"}),
    ):
        await office.step(f"{PATH}/sessions", session, step, body)
    return {"committees": str(seated["id"]), "matters": str(matter), "sessions": str(session)}


async def test_C_14_C_17_C_30_forms_books_and_a_member_s_record_are_on_the_record_s_pages(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with inside(tmp_path / "data", only=SERVICES) as platform:
        of, year = await held(platform), datetime.now(UTC).year
        async with console_on(platform) as url, hand(url, COMMUNITY) as office:
            pages = {name: f"{PAGE}/{name}/{id}" for name, id in of.items()}
            for page in pages.values():
                assert f'href="{page}/papers"' in await office.read(page)
            asked = await office.read(f"{pages['matters']}/papers")
            assert ">意见交办单<" in asked
            form = re.search(r'action="([^"]+)"', asked.partition("事项的表单")[2])
            assert form is not None
            sheet = await office.read(f"{form[1]}?form=assignment")
            assert "意见交办单" in sheet and "小区停车秩序" in sheet
            committee_page = f"{pages['committees']}/papers"
            assert 'name="seat"' in (asked := await office.read(committee_page))
            assert '<option value="s19">' in asked
            book = f"{committee_page}/consultation.committees.record_book?year={year}&format="
            assert "居民议事厅" in await office.read(f"{book}html")
            assert "居民议事厅" in await office.read(f"{book}page")
            member = f"{committee_page}/consultation.committees.members.record?seat=s1&year={year}"
            shown = await office.read(member)
            assert "应到会议（次）" in shown and "已交办" in shown and "handed" not in shown
            sign_in = f"{pages['sessions']}/papers/consultation.sessions.forms.one?form=sign_in"
            assert "签到" in await office.read(sign_in)
            minutes = f"{pages['sessions']}/papers/consultation.sessions.minutes"
            assert '"kind":"minutes"' in await office.read(minutes)
            await office.read(f"{pages['sessions']}/papers/consultation.sessions.roll", 404)


async def test_C_14_sealed_lines_are_shown_to_nobody_and_an_annex_in_its_words(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with inside(tmp_path / "data", only=SERVICES) as platform:
        of = await held(platform)
        session = of["sessions"]
        await platform(COMMUNITY).step(
            f"{PATH}/sessions", session, "annex", {"text": "第三条改为五日。"}
        )
        async with console_on(platform) as url, hand(url, COMMUNITY) as office:
            shown = await office.read(f"{PAGE}/sessions/{session}")
            assert "第三条改为五日。" in shown and "prev" not in shown.partition("<main")[2]
            for called in ("开会时的固定委员", "到场和离场", "召集时间", "紧急开会的理由"):
                assert f"<dt>{called}</dt>" in shown or f">{called}</h" in shown, called
            matter = await office.read(f"{PAGE}/matters/{of['matters']}")
    assert "<dt>议定时间</dt>" in matter and "<dt>固定委员（人）</dt>" in matter


async def test_C_29_coverage_is_on_the_service_s_page_and_of_another_year_among_its_reports(
    tmp_path: Path, sqlite_url: str
) -> None:
    async with inside(tmp_path / "data", only=SERVICES) as platform:
        async with console_on(platform) as url, hand(url, "street:guanshang") as street:
            first = await street.read(PAGE)
            assert "已协商的社区" in first and f'href="{PAGE}/reports"' in first
            assert "consultation.coverage" in await street.read(f"{PAGE}/reports")
            report, year = (
                "/console/report/consultation.coverage?year=",
                local_date(datetime.now(UTC)).year,
            )
            shown, before = await street.read(f"{report}{year}"), await street.read(f"{report}2018")
            # To a community no street's is shown: its page has no heading over nothing.
            async with hand(url, COMMUNITY) as community:
                assert "覆盖率" not in await community.read(PAGE)
            assert "没有由您查看的部门" in await street.read("/console/whistle/ranks")
    assert '<td data-title="覆盖率（%）">0</td>' in shown
    assert "覆盖率（%）" not in before, "no community was in the register yet"
