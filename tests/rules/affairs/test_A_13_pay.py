"""A-12 … A-19: levels by the printed table, and pay by a calculation of its own."""

import csv
import random
from calendar import monthrange
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from services.affairs import shipped
from services.affairs.domain import levels, worker, year
from services.affairs.domain.levels import Bases, Pay
from services.affairs.domain.lines import lines_of
from services.affairs.domain.scale import FIRST, LEVELLESS, Post
from services.affairs.domain.sheet import (
    SheetReturned,
)
from services.affairs.domain.worker import (
    Awarded,
    Certificate,
    Certified,
    Holding,
    Honour,
    Moved,
    PostLeft,
    PostTaken,
    Served,
    Service,
    Trained,
    Worker,
    WorkerTaken,
)
from services.affairs.domain.year import (
    ExcellentNamed,
    LevelsReviewed,
    StreetYear,
    TrainingHeld,
    YearClosed,
    YearOpened,
)
from services.affairs.steps.pay import Staff
from tests.support.specification import Given, past

from .cases import LATER, MARCH, TODAY, WHEN, broken, but, malformed

REFERENCE = Path(shipped.__file__).parent / "reference"
BASES = Bases(scale=shipped.shipped_scale(), levelless=100_000)
COLUMNS = {
    Post.STAFF: "staff",
    Post.DEPUTY: "deputy",
    Post.CHIEF: "chief",
    Post.COMBINED: "combined",
}
PRINTED_BASE = {Post.COMBINED: 3100, Post.CHIEF: 3000, Post.DEPUTY: 2900, Post.STAFF: 2800}


def table() -> list[dict[str, str]]:
    with (REFERENCE / "worker_allowance_2018.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


TABLE = table()


@pytest.mark.parametrize("post", COLUMNS)
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["level"])
def test_A_13_every_cell_of_the_table_is_what_the_rule_gives(
    row: dict[str, str], post: Post
) -> None:
    """17 rows, 4 posts: the years it prints lead to its level, and no others do."""
    low, high = row[f"{COLUMNS[post]}_years_min"], row[f"{COLUMNS[post]}_years_max"]
    printed = set(range(int(low), int(high or 60) + 1)) if low else set[int]()
    its = int(row["level"])
    assert {n for n in range(61) if levels.level_by_years(post, n) == its} == printed
    assert BASES.scale.allowance[its] == int(row["monthly_allowance_yuan"]) * 100


def without_gaps(one: Worker, seen: date) -> list[tuple[date, date]]:
    """First days, and the days after the last ones."""
    spells = [
        (max(each.since, date(2001, 1, 1)), min(each.until or seen, seen) + timedelta(days=1))
        for each in one.services
    ]
    begun = {since for since, end in spells if since < end}
    ended = {end for since, end in spells if since < end}
    return list(zip(sorted(begun - ended), sorted(ended - begun), strict=True))


def by_hand(one: Worker, day: date) -> int:
    """In yuan, from the printed table alone: the higher of what is held, raised and bounded row by row."""
    best = 0
    for held in one.posts:
        if held.since > day or (held.until and held.until < day):
            continue
        if held.post in (Post.BRANCH_SECRETARY, Post.GROUP_LEADER):
            continue
        if held.post is Post.SUPERVISION_MEMBER:
            best = max(best, 1000)
            continue
        before = held.since - timedelta(days=1)
        since = min(
            one.since
            for one in one.posts
            if one is held or (one.post is held.post and one.held_on(before))
        )
        seen = max(date(day.year - 1, 12, 31), since)
        total = 0
        for month, end in without_gaps(one, seen):
            whole = 0
            while True:
                following = date(month.year + month.month // 12, month.month % 12 + 1, month.day)
                if following > end:
                    break
                month, whole = following, whole + 1
            total += whole
        years, column = total // 12, COLUMNS[held.post]
        rows = [row for row in TABLE if row[f"{column}_years_min"]]
        [index] = [
            n
            for n, row in enumerate(rows)
            if int(row[f"{column}_years_min"]) <= years
            and (not row[f"{column}_years_max"] or years <= int(row[f"{column}_years_max"]))
        ]
        names = {each.kind.value for each in one.certificates if each.on <= seen}
        for name, up in (("doctor", 3), ("master", 2), ("bachelor", 1)):
            if name in names:
                index += up
                break
        for name, up in (("senior", 6), ("intermediate", 4), ("junior", 2)):
            if name in names:
                index += up
                break
        row = rows[min(index, len(rows) - 1)]
        best = max(best, PRINTED_BASE[held.post] + int(row["monthly_allowance_yuan"]))
    return best


def somebody(chance: random.Random) -> Worker:
    def day(first: int, last: int) -> date:
        chosen, month = chance.randint(first, last), chance.randint(1, 12)
        return date(chosen, month, chance.randint(1, min(28, monthrange(chosen, month)[1])))

    posts = []
    for _ in range(chance.choice([1, 1, 1, 2])):
        since = day(2018, 2022)
        left = since + timedelta(days=chance.randint(0, 2500)) if chance.random() < 0.2 else None
        posts.append(Holding(post=chance.choice(list(Post)), since=since, until=left))
    services, at = [], day(1985, 2020)
    for _ in range(chance.randint(0, 3)):
        until = at + timedelta(days=chance.randint(0, 4500)) if chance.random() < 0.6 else None
        services.append(Service(since=at, until=until, where="某街道", proof="证明"))
        if until is None:
            break
        after = until + timedelta(days=chance.randint(1, 400))
        at = after.replace(day=min(after.day, 28))
    kinds = chance.sample(list(Certificate), k=chance.randint(0, 4))
    certificates = tuple(Certified(kind=kind, on=day(2000, 2026)) for kind in kinds)
    return Worker(
        street="guanshang",
        community="haihua",
        taken_at=MARCH,
        posts=tuple(posts),
        services=tuple(services),
        certificates=certificates,
    )


def test_A_15_ten_thousand_random_workers_are_paid_what_a_calculation_by_hand_gives() -> None:
    chance, paid, unpaid = random.Random(20180701), 0, 0
    for _ in range(10_000):
        one, day = somebody(chance), date(chance.randint(2021, 2027), chance.randint(1, 12), 1)
        pay = levels.paid(one, day, BASES)
        assert (pay.total if pay else 0) == by_hand(one, day) * 100, (one, day)
        paid, unpaid = paid + (pay is not None), unpaid + (pay is None)
    assert paid > 5000 and unpaid > 1000


def held(post: Post, since: date = date(2020, 1, 1), **other: Any) -> Worker:
    said: dict[str, Any] = {
        "street": "guanshang",
        "community": "haihua",
        "taken_at": MARCH,
        "posts": (Holding(post=post, since=since),),
        **other,
    }
    return Worker(**said)


def paid_on(one: Worker, day: date = TODAY) -> Pay:
    pay = levels.paid(one, day, BASES)
    assert pay is not None
    return pay


def test_A_15_members_have_1000_as_shipped_and_no_level_both_figures_are_kept() -> None:
    assert paid_on(held(Post.SUPERVISION_MEMBER)) == Pay(
        post=Post.SUPERVISION_MEMBER, level=0, base=100_000, allowance=0
    )
    assert BASES.scale.printed == 280_000
    for post, yuan in PRINTED_BASE.items():
        assert paid_on(held(post)).base == yuan * 100
    assert paid_on(held(Post.STAFF)).total == (2800 + 600) * 100


def test_A_14_education_and_certificate_add_up_within_the_range() -> None:
    def its(*kinds: Certificate, post: Post = Post.STAFF, years: int = 0) -> int:
        return levels.level(post, years, kinds)

    assert [its(one) for one in Certificate] == [16, 15, 14, 15, 13, 11]
    assert its(Certificate.DOCTOR, Certificate.SENIOR) == 8
    assert its(Certificate.BACHELOR, Certificate.MASTER) == 15
    assert its(Certificate.JUNIOR, Certificate.SENIOR) == 11
    for post in FIRST:
        assert its(Certificate.DOCTOR, Certificate.SENIOR, post=post, years=31) == FIRST[post] - 10
        assert its(post=post, years=0) == FIRST[post]
    one = worker.certify(held(Post.STAFF), Certificate.MASTER, TODAY, "（虚构）", MARCH)
    known = held(Post.STAFF, certificates=(one,))
    broken("A-14", "kind", worker.certify, known, Certificate.MASTER, TODAY, "（虚构）", MARCH)
    broken("A-14", "number", worker.certify, known, Certificate.JUNIOR, TODAY, " ", MARCH)
    malformed("on", worker.certify, known, Certificate.JUNIOR, WHEN, "（虚构）", MARCH)


def test_A_13_years_count_from_2001_full_and_proven() -> None:
    def years(*spells: tuple[date, date | None], on: date = date(2026, 12, 31)) -> int:
        services = [Service(since=a, until=b, where="x", proof="y") for a, b in spells]
        return levels.full_years(services, on)

    assert years((date(1990, 1, 1), None)) == 26
    assert years((date(1990, 1, 1), None), on=date(2026, 12, 30)) == 25
    assert years((date(2024, 1, 1), date(2026, 12, 31))) == years((date(2024, 1, 1), None)) == 3
    assert years((date(2024, 1, 2), None)) == 2
    assert years((date(2020, 1, 1), date(2022, 12, 31))) == 3
    assert years((date(2020, 1, 1), date(2022, 12, 30))) == 2
    assert years((date(2020, 1, 1), date(2020, 6, 30)), (date(2021, 1, 1), date(2021, 6, 30))) == 1
    assert years((date(2020, 1, 1), None), (date(2021, 1, 1), None)) == 7
    assert years((date(2027, 1, 1), None)) == 0
    fine = Service(since=date(2020, 1, 1), where="太和", proof="聘书")
    assert worker.serve(fine, MARCH) == Served(service=fine)
    broken("A-13", "proof", worker.serve, but(fine, proof=" "), MARCH)
    broken("A-13", "where", worker.serve, but(fine, where=" "), MARCH)
    malformed("since", worker.serve, but(fine, since=WHEN), MARCH)
    malformed("until", worker.serve, but(fine, until=date(2019, 1, 1)), MARCH)


taken = WorkerTaken(street="guanshang", community="haihua", post=Post.STAFF, since=TODAY, at=MARCH)
second = PostTaken(post=Post.CHIEF, since=WHEN)
left = PostLeft(post=Post.STAFF, until=WHEN)


def given(*happened: Any) -> Given[Worker]:
    return past(None, worker.evolve, (taken, *happened))


def test_A_12_two_posts_pay_the_higher_and_none_pays_nothing() -> None:
    both = given(second).state
    assert paid_on(both, WHEN).post is Post.CHIEF
    assert paid_on(both, TODAY).post is Post.STAFF
    assert levels.paid(both, date(2026, 3, 1), BASES) is None
    gone = given(left).state
    assert levels.paid(gone, WHEN + timedelta(days=1), BASES) is None
    for post in (Post.BRANCH_SECRETARY, Post.GROUP_LEADER):
        assert levels.paid(held(post), TODAY, BASES) is None
    broken("A-12", "post", worker.take_post, given().state, Post.STAFF, WHEN)
    broken("A-12", "since", worker.take_post, gone, Post.STAFF, WHEN)
    assert worker.take_post(given().state, Post.CHIEF, WHEN) == second
    broken("A-12", None, worker.leave_post, given(left).state, Post.STAFF, WHEN)
    broken("A-12", "post", worker.leave_post, given().state, Post.CHIEF, WHEN)
    malformed("until", worker.leave_post, given().state, Post.STAFF, date(2026, 3, 1))
    given().when(lambda one: worker.leave_post(one, Post.STAFF, WHEN)).then(left)


def test_A_12_names_are_read_with_a_reason() -> None:
    assert worker.read(given().state, "street:guanshang", "核对", MARCH).reason == "核对"
    broken("A-12", "reason", worker.read, given().state, "street:guanshang", " ", MARCH)


def test_A_16_levels_hold_from_year_to_year() -> None:
    long = held(Post.STAFF, services=(Service(since=date(2022, 7, 1), where="x", proof="y"),))
    assert paid_on(long, date(2026, 7, 1)).level == 17
    assert paid_on(long, date(2026, 12, 31)).level == 17
    assert paid_on(long, date(2027, 1, 1)).level == 16


def test_A_16_a_move_within_a_post_is_no_review_and_a_new_post_is_one() -> None:
    proven = Service(since=date(2022, 7, 1), where="x", proof="y")
    senior = Certified(kind=Certificate.SENIOR, on=date(2026, 5, 1))
    long = held(Post.STAFF, services=(proven,), certificates=(senior,))

    def at(*moved: Any, day: date = date(2026, 9, 1)) -> int:
        one = reduce(worker.evolve, moved, long)
        return paid_on(one, day).level

    there = Moved(community="wula", post=Post.STAFF, since=date(2026, 7, 1))
    back = Moved(community="haihua", post=Post.STAFF, since=date(2026, 8, 1))
    assert at() == at(there) == at(there, back) == 17
    assert at(there, back, day=date(2027, 1, 1)) == 10
    again = PostTaken(post=Post.STAFF, since=date(2026, 7, 1))
    gone = PostLeft(post=Post.STAFF, until=date(2026, 6, 30))
    assert at(gone, again) == 17
    assert at(but(gone, until=date(2026, 6, 29)), again) == 10
    assert at(but(there, post=Post.DEPUTY)) == 8


opened = YearOpened(street="guanshang", year=2026, at=MARCH)
DECEMBER = datetime(2026, 12, 10, 2, 0, tzinfo=UTC)


def running(*happened: Any) -> Given[StreetYear]:
    return past(None, year.evolve, (opened, *happened))


def test_A_16_a_year_is_reviewed_once_at_its_end() -> None:
    staff = [held(Post.STAFF), held(Post.CHIEF), held(Post.SUPERVISION_MEMBER)]
    gone = held(Post.CHIEF, posts=(Holding(post=Post.CHIEF, since=TODAY, until=WHEN),))

    def reviewing(one: StreetYear, now: datetime = DECEMBER, proofs: str = "证书复印件") -> Any:
        return year.review(one, [*staff, gone], BASES, proofs, now)

    counted = LevelsReviewed(
        by_level={"0": 1, "13": 1, "17": 1},
        sum=(2800 + 600 + 3000 + 1300 + 1000) * 100,
        proofs="证书复印件",
        at=DECEMBER,
    )
    running().when(reviewing).then(counted)
    early = datetime(2026, 11, 30, 2, 0, tzinfo=UTC)
    running().when(lambda one: reviewing(one, early)).breaks("A-16", says="2026 年自 12 月 1 日起")
    running().when(lambda one: reviewing(one, proofs=" ")).breaks("A-16", field="proofs")
    running(counted).when(reviewing).breaks("A-16")


def test_A_18_at_most_fifteen_of_a_hundred_are_excellent_rounded_down() -> None:
    there = frozenset(f"w{n}" for n in range(19))

    def naming(one: StreetYear, *who: str) -> Any:
        return year.name_excellent(one, who, there, DECEMBER)

    named = ExcellentNamed(workers=("w0", "w1"), of=19, on=date(2026, 12, 10), at=DECEMBER)
    running().when(lambda one: naming(one, "w0", "w1")).then(named)
    running().when(lambda one: naming(one, "w0", "w1", "w2")).breaks("A-18", field="workers")
    for wrong in ((), ("w0", "w0"), ("stranger",)):
        broken("A-18", "workers", naming, running().state, *wrong)
    running(named).when(lambda one: naming(one, "w3")).breaks("A-18")


def test_A_18_awards_add_months_of_base_pay_on_the_next_form() -> None:
    one = held(Post.STAFF)
    on, papers = date(2026, 2, 20), date(2026, 2, 28)
    city = worker.award(one, Honour.CITY, on, papers, MARCH)
    assert city == Awarded(honour=Honour.CITY, on=on, papers_on=papers)
    broken("A-18", "papers_on", worker.award, one, Honour.CITY, on, date(2026, 3, 1), MARCH)
    malformed("papers_on", worker.award, one, Honour.CITY, on, date(2026, 2, 19), MARCH)
    twice = replace(one, awards=(city,))
    broken("A-18", "on", worker.award, twice, Honour.CITY, on, papers, MARCH)
    for honour, months in ((Honour.CITY, 2), (Honour.PROVINCE, 3), (Honour.MINISTRY, 3)):
        known = replace(one, awards=(replace(city, honour=honour),))
        first, *rest = lines_of([("w", known)], "2026-Q2", BASES)
        assert (first.extra, [line.extra for line in rest]) == (months * 280_000, [0, 0])
        for quarter in ("2026-Q1", "2026-Q3"):
            assert not any(line.extra for line in lines_of([("w", known)], quarter, BASES))
    excellent = lines_of(
        [("w", one), ("v", one)], "2026-Q2", BASES, excellent=frozenset({"w"}), bonus=120_000
    )
    assert [line.extra for line in excellent] == [120_000, 0, 0, 0, 0, 0]


def test_A_18_who_is_paid_elsewhere_is_no_worker_of_whom_fifteen_of_a_hundred_are_excellent() -> (
    None
):
    """And no more is one who isn't in post any longer, though he leads a group."""
    leads = (Holding(post=Post.GROUP_LEADER, since=date(2020, 1, 1)),)
    left = held(Post.STAFF).posts[0]
    others = {
        "secretary": held(Post.BRANCH_SECRETARY),
        "leader": held(Post.GROUP_LEADER),
        "both": held(Post.STAFF, posts=(left, *leads)),
        "left": held(Post.STAFF, posts=(replace(left, until=date(2026, 2, 28)), *leads)),
        "member": held(Post.SUPERVISION_MEMBER),
    }
    staff = Staff(workers=tuple(others.items()), bases=BASES)
    assert staff.here(TODAY) == {"both", "member"}


def test_A_18_the_month_of_its_papers_is_said_beside_the_awards_and_that_none_comes_twice_by_us() -> (
    None
):
    one, on = held(Post.STAFF), date(2026, 2, 20)
    late = broken("A-18", "papers_on", worker.award, one, Honour.CITY, on, date(2026, 3, 1), MARCH)
    assert late.clause == "官政发〔2018〕20号 五.4–5"
    twice = replace(one, awards=(Awarded(honour=Honour.CITY, on=on, papers_on=on),))
    again = broken("A-18", "on", worker.award, twice, Honour.CITY, on, on, MARCH)
    assert (again.clause, again.source) == (None, "platform")


def test_A_18_what_was_earned_stands_on_the_next_form_though_he_is_in_post_no_more() -> None:
    left = Holding(post=Post.STAFF, since=date(2020, 1, 1), until=date(2025, 12, 31))
    award = Awarded(honour=Honour.CITY, on=date(2025, 12, 5), papers_on=date(2025, 12, 6))
    chief = Holding(post=Post.CHIEF, since=date(2026, 4, 1))
    leads = Holding(post=Post.GROUP_LEADER, since=date(2025, 12, 1))
    gone = held(Post.STAFF, posts=(left, leads, chief), awards=(award,))

    def on_form(one: Worker) -> Any:
        excellent = frozenset({"w"})
        return lines_of([("w", one)], "2026-Q1", BASES, excellent=excellent, bonus=120_000)

    [line] = on_form(gone)
    assert (line.post, line.base, line.allowance) == (Post.STAFF, 0, 0)
    assert (line.extra, line.month, line.paid_with) == (680_000, "2026-01", "2026-01")
    assert on_form(replace(gone, posts=(leads,), awards=())) == ()
    assert lines_of([("w", replace(gone, awards=()))], "2026-Q1", BASES) == ()


def test_A_19_the_insured_wage_lies_between_60_and_300_percent() -> None:
    low, high = (Pay(post=Post.STAFF, level=1, base=base, allowance=0) for base in (1, 10**9))
    assert levels.insurance_base(low, 700_000) == 420_000
    assert levels.insurance_base(high, 700_000) == 2_100_000
    assert levels.insurance_base(paid_on(held(Post.CHIEF)), 500_000) == 430_000
    assert levels.insurance_base(low, None) is None
    member = paid_on(held(Post.SUPERVISION_MEMBER))
    assert levels.insurance_base(member, 700_000) is None
    [line, *_] = lines_of([("w", held(Post.STAFF))], "2026-Q1", BASES, average=700_000)
    assert line.insured == 420_000


def test_A_19_what_60_percent_is_in_fen_is_a_least_and_300_a_most() -> None:
    low, high = (Pay(post=Post.STAFF, level=1, base=base, allowance=0) for base in (1, 10**9))
    for average, least in ((700_001, 420_001), (700_003, 420_002), (700_005, 420_003)):
        assert levels.insurance_base(low, average) == least
        assert 100 * least >= 60 * average
        assert levels.insurance_base(high, average) == 3 * average


trained = Trained(on=TODAY, hours=8, subject="社会工作实务", certificate="证 1")
general = TrainingHeld(on=TODAY, subject="社会工作普及", hours=6)


def test_A_24_training_a_year_for_street_and_worker() -> None:
    assert worker.train(trained, MARCH) == trained
    broken("A-24", "subject", worker.train, but(trained, subject=" "), MARCH)
    broken("A-24", "hours", worker.train, but(trained, hours=0), MARCH)
    malformed("on", worker.train, but(trained, on=WHEN), MARCH)
    running().when(lambda one: year.hold(one, general, MARCH)).then(general)
    for wrong, field in (
        (but(general, subject=""), "subject"),
        (but(general, hours=0), "hours"),
        (but(general, on=date(2025, 12, 31)), "on"),
        (but(general, on=WHEN), "on"),
    ):
        broken("A-24", field, year.hold, running().state, wrong, MARCH)


def test_A_24_who_took_part_in_none_is_named_at_the_years_end_once() -> None:
    over = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    staff = [
        ("w", held(Post.STAFF)),
        ("v", held(Post.STAFF, training=(trained,))),
        ("u", held(Post.STAFF, posts=(Holding(post=Post.STAFF, since=TODAY, until=WHEN),))),
        ("t", held(Post.GROUP_LEADER)),
        ("s", held(Post.BRANCH_SECRETARY)),
    ]
    closed = YearClosed(untrained=("w",), held=False, at=over)
    running().when(lambda one: year.close(one, staff, over - timedelta(seconds=1))).then()
    after = running().when(lambda one: year.close(one, staff, over)).then(closed)
    after.when(lambda one: year.close(one, staff, over)).then()
    [fine] = running(general).when(lambda one: year.close(one, staff, over)).happened
    assert fine.held


def test_A_15_posts_without_a_level_are_three() -> None:
    assert {Post.SUPERVISION_MEMBER, Post.BRANCH_SECRETARY, Post.GROUP_LEADER} == LEVELLESS
    assert SheetReturned(office="finance", reason="x", at=LATER).office == "finance"


def test_A_13_service_that_goes_on_without_a_gap_is_one_spell_on_however_many_papers() -> None:
    def spell(since: date, until: date) -> Service:
        return Service(since=since, until=until, where="关上街道", proof="任职文件（虚构）")

    whole = (spell(date(2022, 1, 16), date(2026, 1, 15)),)
    seams = (date(2023, 12, 31), date(2024, 6, 10), date(2026, 1, 15))
    parts, since = [], date(2022, 1, 16)
    for until in seams:
        parts.append(spell(since, until))
        since = until + timedelta(days=1)
    on = date(2026, 12, 31)
    assert levels.full_years(whole, on) == levels.full_years(reversed(parts), on) == 4
    apart = (parts[0], replace(parts[1], since=date(2024, 1, 2)), parts[2])
    assert levels.full_years(apart, on) == 3
