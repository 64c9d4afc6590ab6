"""P-17: what is public is published in OCDS 1.1, in the order it happened, and nothing else is."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from chassis.kernel.clock import end_of
from services.procurement.domain.contract import Contract
from services.procurement.domain.events import CorrectionAnswered, CorrectionAsked
from services.procurement.domain.evolution import evolve
from services.procurement.domain.item import Method
from services.procurement.ocds import model
from services.procurement.ocds.compiled import compiled
from services.procurement.ocds.releases import METHODS, Process, releases
from tests.support.purchases import SECRETS, processes

YEAR: list[Process] = processes(seed=1, count=500)
ALL = [releases(one) for one in YEAR]


def dumped(release: model.Release) -> dict[str, Any]:
    return release.model_dump(mode="json", by_alias=True, exclude_none=True)


def test_P_17_a_generated_year_has_every_outcome() -> None:
    tags = {tag for one in ALL for release in one for tag in release.tag}
    assert tags == set(get_args(model.Tag))
    assert sum(len(one) for one in ALL) > 1500


def test_P_17_releases_of_a_process_are_in_the_order_of_their_dates_under_one_ocid() -> None:
    for process, found in zip(YEAR, ALL, strict=True):
        assert {one.ocid for one in found} == {process.ocid}
        dates = [one.date for one in found]
        assert dates == sorted(dates)
        assert len({one.id for one in found}) == len(found)
        assert [dumped(one) for one in releases(process)] == [dumped(one) for one in found]
    assert len({process.ocid for process in YEAR}) == 500


def references(shown: Any) -> Iterator[str]:
    """The ids of all organisations that a release names outside its parties."""
    if isinstance(shown, dict):
        for name, held in shown.items():
            if name in ("buyer", "procuringEntity", "payer", "payee"):
                yield held["id"]
            elif name in ("suppliers", "tenderers"):
                yield from (one["id"] for one in held)
            elif name != "parties":
                yield from references(held)
    elif isinstance(shown, list):
        for held in shown:
            yield from references(held)


def test_P_17_whoever_is_named_stands_among_the_parties_with_its_roles() -> None:
    for found in ALL:
        for release in map(dumped, found):
            parties = {one["id"]: one["roles"] for one in release["parties"]}
            assert set(references(release)) == set(parties)
            assert "buyer" in parties[release["buyer"]["id"]]
            assert all(roles for roles in parties.values())


def test_P_17_a_contract_names_an_award_of_its_process_that_came_no_later() -> None:
    for found in ALL:
        awards: set[str] = set()
        for release in found:
            awards |= {one.id for one in release.awards or ()}
            assert all(one.award_id in awards for one in release.contracts or ())


def test_P_17_what_is_said_later_is_a_release_of_its_own() -> None:
    filed = [one for of in YEAR for one in of.contracts if one.filed_at is not None]
    told = {
        (one.contracts[0].id, one.date): one.contracts[0].period is not None
        for found in ALL
        for one in found
        if one.contracts and {"contract", "contractUpdate"} & set(one.tag)
    }
    for contract in filed:
        assert contract.filed_at is not None
        assert told[contract.id, contract.signed_at] is False
        assert told[contract.id, contract.filed_at] is True


def test_P_17_a_correction_is_a_release_of_its_own_and_changes_none_before_it() -> None:
    filed = (one for one in YEAR if one.contracts and one.contracts[0].filed_at)
    of = next(one for one in filed if not one.contracts[0].payments)
    [contract] = of.contracts
    assert contract.filed_at and contract.terms
    early, late = (contract.signed_at + timedelta(minutes=1), contract.filed_at + timedelta(days=1))
    terms = replace(contract.terms, until=contract.terms.until - timedelta(days=9))
    corrected = contract
    for asked, at in (
        (CorrectionAsked(amount=contract.amount - 100, reason="写错", at=early), early),
        (CorrectionAsked(terms=terms, amount=contract.amount - 200, reason="写错", at=late), late),
    ):
        corrected = evolve(evolve(corrected, asked), CorrectionAnswered(agreed=True, at=at))

    def told(one: Contract) -> dict[datetime, tuple[Any, Any]]:
        shown = (
            (release.date, release.contracts[0])
            for release in releases(replace(of, contracts=[one]))
            if release.contracts
        )
        return {at: (found.value.amount, found.period) for at, found in shown}

    before, after = told(contract), told(corrected)
    yuan, until = before[contract.filed_at]
    assert after[contract.signed_at] == before[contract.signed_at]
    assert after[early] == (yuan - 1, None), "not filed yet"
    assert after[contract.filed_at] == (yuan - 1, until)
    assert after[late][0] == yuan - 2 and after[late][1].end_date == end_of(terms.until)


def test_P_17_an_item_called_for_again_keeps_what_was_told_of_it_before() -> None:
    again = [
        (of.call, found)
        for of, found in zip(YEAR, ALL, strict=True)
        if of.call is not None and of.call.earlier
    ]
    assert any(one.earlier[0].winner for one, _ in again)
    for call, found in again:
        told = [(one.tag[0], one.tender.status) for one in found if one.tender]
        [first] = call.earlier
        awarded = [("award", "complete")] if first.winner else []
        ended = ("tenderCancellation", "cancelled")
        assert told == [("tender", "active"), *awarded, ended, ("tender", "active")]
        if first.winner:
            [_, off] = [one for one in found if one.awards and one.tender]
            assert "awardCancellation" in off.tag
            assert off.awards and off.awards[0].status == "cancelled"
            assert off.awards[0].id == f"{call.id}-1"


def test_P_17_payments_are_published_one_by_one_to_the_fen() -> None:
    for process, found in zip(YEAR, ALL, strict=True):
        for contract in process.contracts:
            told = [
                one.contracts[0].implementation.transactions or ()
                for one in found
                if one.contracts
                and one.contracts[0].id == contract.id
                and "implementation" in one.tag
                and one.contracts[0].implementation
                and one.contracts[0].status == "active"
            ]
            assert [len(one) for one in told] == list(range(1, len(contract.payments) + 1))
            if told:
                fen = [round(one.value.amount * 100) for one in told[-1]]
                assert fen == [one.amount for one in contract.payments]


def test_P_17_nothing_sealed_or_personal_is_in_it() -> None:
    text = json.dumps([dumped(one) for found in ALL for one in found], ensure_ascii=False)
    for secret in (*SECRETS, "precedence", "workers", "summary", "points"):
        assert secret not in text


def test_P_17_what_isnt_public_has_no_release() -> None:
    [process] = processes(seed=3, count=1)
    hidden = Process(
        plan=replace(process.plan, published_at=None, settled=()),
        item=process.item,
        call=None,
        contracts=(),
        buyer="甲",
        named=str,
    )
    assert releases(hidden) == ()


def test_P_17_every_way_of_buying_has_its_method() -> None:
    assert set(METHODS) == set(Method)


@pytest.mark.parametrize("field", ["ocid", "id", "date", "tag", "initiationType", "buyer"])
def test_P_17_a_release_has_what_the_standard_requires(field: str) -> None:
    assert all(field in dumped(one) for found in ALL for one in found)


def test_P_17_a_package_says_its_version_publisher_and_day() -> None:
    package = model.ReleasePackage(
        uri="urn:gongzhi:procurement:releases:2026",
        published_date=datetime(2026, 12, 1, tzinfo=UTC),
        publisher=model.Publisher(name="官渡区"),
        releases=ALL[0],
    )
    shown = package.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert (shown["version"], shown["publishedDate"]) == ("1.1", "2026-12-01T00:00:00Z")
    assert set(shown) == {"uri", "version", "publishedDate", "publisher", "releases"}


def test_P_17_a_compiled_release_is_where_the_releases_lead_to() -> None:
    for process, found in zip(YEAR, ALL, strict=True):
        if not found:
            continue
        one = compiled(found)
        shown = one.model_dump(mode="json", by_alias=True, exclude_none=True)
        assert (one.ocid, one.tag, one.date) == (process.ocid, ("compiled",), found[-1].date)
        contracts = {
            held["id"]: held for release in found for held in dumped(release).get("contracts", ())
        }
        merged = {held["id"]: held for held in shown.get("contracts", ())}
        assert set(merged) == set(contracts)
        for id, last in contracts.items():
            assert last.items() <= merged[id].items()
        latest = next((one.tender for one in reversed(found) if one.tender), None)
        assert (one.tender and one.tender.status) == (latest and latest.status)
        assert set(references(shown)) == {held["id"] for held in shown["parties"]}
        assert not any(secret in json.dumps(shown, ensure_ascii=False) for secret in SECRETS)
