"""Tokens as issuers write them: types, claims in other places, groups, several offices, several issuers."""

import asyncio
import base64
import codecs
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from joserfc.jwk import KeySet

from chassis.identity import Unauthenticated
from chassis.issuer import Issuer
from chassis.jwks import Fetched, Keys, source_of
from chassis.kernel.errors import NotAllowed
from chassis.settings import Misconfigured, Settings
from chassis.tokens import TrustedIssuer, Verifier
from tests.support.tokens import KEY, OTHER, Fixed, claims, signed, trusting

SSO = "https://sso.example/realms/guandu"
KEYCLOAK = Issuer(
    issuer=SSO,
    types=("JWT",),
    acts_as="groups",
    offices={"/街道/关上": "street:guanshang", "/中心": "command_centre"},
    scope="resource_access.gongzhi.roles",
    scopes={"clerk": ("whistle:read", "whistle:write"), "reader": ("whistle:read",)},
)


def of_keycloak(**more: Any) -> str:
    """As its realms write them, other groups and roles included."""
    said = {
        "iss": SSO,
        "aud": ["gongzhi", "account"],
        "typ": "Bearer",
        "azp": "front-end",
        "acts_as": None,
        "groups": ["/街道/关上", "/食堂"],
        "scope": "openid profile",
        "resource_access": {"gongzhi": {"roles": ["clerk", "offline"]}},
    }
    return "Bearer " + signed(claims(**{**said, **more}), typ="JWT")


async def test_a_token_of_keycloak_is_taken_as_it_comes() -> None:
    subject = await trusting(Fixed(KEY), KEYCLOAK).subject(of_keycloak())
    assert subject.acts_as == "street:guanshang"
    assert subject.scopes == {"whistle:read", "whistle:write"}


@pytest.mark.parametrize("kind", ["ID", "Refresh", "Logout"])
async def test_what_is_no_access_token_of_keycloak_is_no_entry(kind: str) -> None:
    with pytest.raises(Unauthenticated):
        await trusting(Fixed(KEY), KEYCLOAK).subject(of_keycloak(typ=kind))


@pytest.mark.parametrize(
    "wrong", [{"groups": ["/食堂"]}, {"groups": None}, {"groups": [7]}, {"groups": {"a": 1}}]
)
async def test_who_is_in_no_group_that_stands_for_an_office_is_nobody(wrong: Any) -> None:
    with pytest.raises(Unauthenticated):
        await trusting(Fixed(KEY), KEYCLOAK).subject(of_keycloak(**wrong))


async def test_roles_that_stand_for_nothing_give_no_scope() -> None:
    roles = {"gongzhi": {"roles": ["offline"]}}
    subject = await trusting(Fixed(KEY), KEYCLOAK).subject(of_keycloak(resource_access=roles))
    assert subject.scopes == frozenset()


async def test_a_person_with_several_offices_says_which() -> None:
    checks = trusting(Fixed(KEY), KEYCLOAK)
    token = of_keycloak(groups=["/街道/关上", "/中心", "/中心"])
    assert (await checks.subject(token, "command_centre")).acts_as == "command_centre"
    assert (await checks.subject(token, "street:guanshang")).acts_as == "street:guanshang"
    with pytest.raises(NotAllowed) as unsaid:
        await checks.subject(token)
    assert unsaid.value.field == "X-Act-As"
    with pytest.raises(NotAllowed):
        await checks.subject(token, "finance")


async def test_who_has_one_office_may_name_it_and_no_other() -> None:
    checks, token = trusting(Fixed(KEY)), "Bearer " + signed(claims())
    assert (await checks.subject(token, "street:guanshang")).kind == "street"
    with pytest.raises(NotAllowed):
        await checks.subject(token, "street:wuhua")


async def test_a_claim_whose_name_has_dots_is_found_by_it() -> None:
    issuer = Issuer(issuer="gongzhi", acts_as="https://gongzhi.example/acts_as")
    token = signed(claims(acts_as=None, **{"https://gongzhi.example/acts_as": ["finance"]}))
    assert (await trusting(Fixed(KEY), issuer).subject("Bearer " + token)).kind == "finance"


async def test_an_issuer_s_key_proves_only_its_own_tokens() -> None:
    checks = Verifier(
        [TrustedIssuer(Issuer(issuer="gongzhi"), Fixed(KEY)), TrustedIssuer(KEYCLOAK, Fixed(OTHER))]
    )
    assert (await checks.subject("Bearer " + signed(claims()))).kind == "street"
    for stolen in (signed(claims(), OTHER), signed(claims(iss="https://strange.example"))):
        with pytest.raises(Unauthenticated):
            await checks.subject("Bearer " + stolen)
    with pytest.raises(Unauthenticated):
        await checks.subject(of_keycloak())  # signed with the other issuer's key


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b'{"iss": {}}', b'{"iss": 1}', b"[" * 9000])
async def test_a_payload_that_names_no_issuer_is_no_entry_and_no_fault(payload: bytes) -> None:
    token = "e30." + base64.urlsafe_b64encode(payload).rstrip(b"=").decode() + ".x"
    with pytest.raises(Unauthenticated):
        await trusting(Fixed(KEY)).subject("Bearer " + token)


async def test_a_token_too_long_to_be_one_is_not_looked_at() -> None:
    with pytest.raises(Unauthenticated):
        await trusting(Fixed(KEY)).subject("Bearer " + signed(claims(more="x" * 20_000)))


# Where keys are found, and how long they are good


class Provider:
    """An issuer on loopback: its discovery document and its keys, as a test wants them."""

    def __init__(self) -> None:
        self.url = ""
        self.keys: list[Any] = [KEY]
        self.says: dict[str, Any] = {}
        self.good: str | None = None

    async def configuration(self, _: web.Request) -> web.Response:
        said = {"issuer": self.url, "jwks_uri": f"{self.url}/certs", **self.says}
        return web.json_response(said)

    async def certs(self, _: web.Request) -> web.Response:
        headers = {"Cache-Control": self.good} if self.good else {}
        text = json.dumps(KeySet(self.keys).as_dict(private=False))
        return web.Response(text=text, headers=headers, content_type="application/jwk-set+json")


@asynccontextmanager
async def provider() -> AsyncIterator[Provider]:
    one, app = Provider(), web.Application()
    app.router.add_get("/realms/guandu/.well-known/openid-configuration", one.configuration)
    app.router.add_get("/realms/guandu/certs", one.certs)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    one.url = f"http://127.0.0.1:{port}/realms/guandu"
    yield one
    await runner.cleanup()


async def test_keys_are_found_by_the_issuer_s_discovery_document() -> None:
    async with provider() as one:
        issuer = Issuer(issuer=one.url)
        checks = trusting(Keys(source_of(issuer)), issuer)
        assert (await checks.subject("Bearer " + signed(claims(iss=one.url)))).sub == "s1"


@pytest.mark.parametrize(
    "says",
    [{"issuer": "https://else.example"}, {"jwks_uri": "file:///etc/passwd"}, {"jwks_uri": 1}],
)
async def test_a_discovery_document_that_is_another_s_or_leads_elsewhere_gives_no_keys(
    says: dict[str, Any],
) -> None:
    async with provider() as one:
        one.says = says
        with pytest.raises(ValueError):
            await Fetched(issuer=one.url).fetch()


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (None, 900.0),
        ("no-store", 900.0),
        ("public, max-age=60", 60.0),
        ("max-age=86400", 900.0),
        ("s-max-age=5", 900.0),
    ],
)
async def test_keys_are_good_as_long_as_the_issuer_says_and_a_quarter_of_an_hour_at_most(
    said: str | None, seconds: float
) -> None:
    async with provider() as one:
        one.good = said
        assert (await Fetched(issuer=one.url).fetch())[1] == seconds


async def test_a_withdrawn_key_ends_the_tokens_it_proved_without_anybody_asking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("COOLDOWN", "WITHOUT_KEYS", "LONGEST"):
        monkeypatch.setattr(f"chassis.jwks.{name}", 0.05)
    async with provider() as one:
        issuer = Issuer(issuer=one.url)
        checks = Verifier.of([issuer])
        token = "Bearer " + signed(claims(iss=one.url))
        keeping = asyncio.create_task(checks.keep())
        assert (await checks.subject(token)).sub == "s1"
        one.keys = [OTHER]
        async with asyncio.timeout(60):
            with pytest.raises(Unauthenticated):
                while True:
                    await checks.subject(token)
                    await asyncio.sleep(0.02)
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


async def test_a_key_that_was_withdrawn_ends_its_tokens_also_where_a_new_one_made_us_ask(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("chassis.jwks.COOLDOWN", 0.0)
    async with provider() as one:
        issuer = Issuer(issuer=one.url)
        checks = Verifier.of([issuer])
        old = "Bearer " + signed(claims(iss=one.url))
        assert (await checks.subject(old)).sub == "s1"
        one.keys = [OTHER]
        new = "Bearer " + signed(claims(iss=one.url, sub="s2"), OTHER)
        assert (await checks.subject(new)).sub == "s2"
        with pytest.raises(Unauthenticated):
            await checks.subject(old)


# As an operator says it


def told(**given: Any) -> Settings:
    needed = {"store_url": "sqlite:///x", "bus_url": "local:///x", "trail_key": "0" * 64}
    return Settings(**{**needed, **given})


def written(folder: Path, content: Any) -> Path:
    file = folder / "issuers.json"
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


def test_one_issuer_is_three_settings_or_two_with_its_discovery() -> None:
    assert told(jwks="https://a.example/k").trusted() == (
        Issuer(issuer="gongzhi", jwks="https://a.example/k"),
    )
    assert told(issuer=SSO).trusted() == (Issuer(issuer=SSO),)
    with pytest.raises(Misconfigured, match="GONGZHI_JWKS"):
        told().trusted()


def test_several_issuers_stand_in_a_file(tmp_path: Path) -> None:
    file = written(tmp_path, [{"issuer": SSO, "types": ["JWT"]}, {"issuer": "https://b.example"}])
    first, second = told(issuers=file).trusted()
    assert (first.types, second.types) == (("JWT",), ("at+jwt",))


def test_a_file_of_issuers_may_come_from_an_editor_of_windows(tmp_path: Path) -> None:
    file = tmp_path / "issuers.json"
    said = json.dumps(
        [{"issuer": SSO, "offices": {"街道": "street:guanshang"}}], ensure_ascii=False
    )
    file.write_bytes(codecs.BOM_UTF8 + said.encode())
    assert [one.issuer for one in told(issuers=file).trusted()] == [SSO]
    file.write_bytes(said.encode("gb18030"))
    with pytest.raises(Misconfigured, match="UTF-8"):
        told(issuers=file).trusted()


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("[", "JSON"),
        ([], "GONGZHI_ISSUERS"),
        ([{"issuer": SSO, "typ": ["JWT"]}], "0.typ"),
        ([{"issuer": SSO, "offices": {"/a": "mayor"}}], "没有这种身份：mayor"),
        ([{"issuer": SSO, "jwks": "/nowhere/jwks.json"}], "没有这个文件"),
        ([{"issuer": SSO}, {"issuer": SSO}], "写了两次"),
        ([{"issuer": "gongzhi"}], "须以 jwks 写明"),
        ([{"issuer": "https://sso:port"}], "主机或端口"),
    ],
)
def test_a_file_of_issuers_that_is_wrong_is_one_line(
    tmp_path: Path, content: Any, named: str
) -> None:
    with pytest.raises(Misconfigured) as wrong:
        told(issuers=written(tmp_path, content)).trusted()
    assert named in str(wrong.value) and "\n" not in str(wrong.value)


def test_a_file_of_issuers_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="读不到"):
        told(issuers=tmp_path / "none.json").trusted()
