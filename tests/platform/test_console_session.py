"""The console's sessions by attack: whose answer it is, where one is led, what a cookie gives away, who signs in."""

import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send

import console.oidc
from chassis.problems import plain_problem
from chassis.sealing import Seal
from chassis.settings import Misconfigured
from chassis.telemetry import Telemetry
from console.desk import inside
from console.limits import Limits
from console.main import build
from console.oidc import Begun, Client, Granted, NotEntered
from console.settings import ConsoleSettings, SignIn
from console.visitors import BEGUN, COOKIE, PIECE, Visitor, Visitors
from gongzhi import consoles, keys
from tests.support.provider import key, packages, provider, walked

from .test_http_door import ask

VISITORS = Visitors(Seal.derived(bytes(32), "tests"))


SHUT = Visitors(Seal.derived(bytes(32), "tests"), shut=True)


def request(cookies: dict[str, str], scheme: str = "http") -> Request:
    said = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return Request(
        {
            "type": "http",
            "method": "GET",
            "scheme": scheme,
            "path": "/",
            "query_string": b"",
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 1),
            "headers": [(b"cookie", said.encode())] if said else [],
        }
    )


def set_by(response: Response) -> dict[str, str]:
    said = [value.decode() for name, value in response.raw_headers if name == b"set-cookie"]
    return {one.partition("=")[0]: one.partition("=")[2] for one in said}


def kept(visitor: Visitor, before: dict[str, str], scheme: str = "http") -> dict[str, str]:
    """The browser's cookies after the answer."""
    response = Response()
    VISITORS.keep(request(before, scheme), response, visitor)
    after = before | {name: said.split(";")[0] for name, said in set_by(response).items()}
    return {name: value for name, value in after.items() if value.strip('"')}


def granted(**more: Any) -> Granted:
    said = {"token": "t", "until": int(time.time()) + 300, "sub": "zhang"}
    return Granted(**{**said, **more})


@pytest.mark.parametrize(
    "there",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example",
        "/console/\\..\\elsewhere",
        "/console//elsewhere.example",
        "/console/../..//elsewhere.example",
        "javascript:alert(1)",
        "/console/\r\nLocation: https://elsewhere.example",
        "/\t/elsewhere.example",
        "/api/v1/events",
        "console/",
        "",
    ],
)
def test_nobody_is_led_elsewhere(there: str) -> None:
    assert inside(there) == "/"


def test_one_is_led_back_with_all_that_was_asked_for() -> None:
    for there in ("/", "/console/whistle/whistles?q=a//b&sort=due", "/?all=1"):
        assert inside(there) == there


def test_a_session_s_cookie_is_sealed_shut_to_scripts_and_to_plain_http() -> None:
    visitor = Visitor(forgery="f", over=int(time.time()) + 600).granted(granted(token="eyJ.a.b"))
    for scheme, secure in (("https", True), ("http", False)):
        response = Response()
        VISITORS.keep(request({}, scheme), response, visitor)
        VISITORS.begin(request({}, scheme), response, Begun(), "/")
        cookies = set_by(response)
        assert set(cookies) == {COOKIE, BEGUN}
        for said in cookies.values():
            assert "HttpOnly" in said and "SameSite=lax" in said and "Path=/" in said
            assert ("Secure" in said) is secure
            assert "eyJ.a.b" not in said and "zhang" not in said


def test_where_the_console_is_at_home_over_tls_no_cookie_goes_without_it_or_is_anothers() -> None:
    visitor, asked = (
        Visitor(forgery="f", token="t" * PIECE, over=int(time.time()) + 60),
        request({}),
    )
    response = Response()
    SHUT.keep(asked, response, visitor)
    SHUT.begin(asked, response, Begun("state", "nonce", "verifier"), "/")
    cookies = set_by(response)
    assert set(cookies) == {f"__Host-{name}" for name in (COOKIE, f"{COOKIE}-1", BEGUN)}
    for said in cookies.values():
        assert {"secure", "httponly", "path=/"} < set(said.lower().split("; "))
        assert "domain" not in said.lower()
    brought = {name: said.split(";")[0] for name, said in cookies.items()}
    assert SHUT.of(request(brought)).forgery == "f" and SHUT.begun(request(brought)) is not None
    planted = {name.removeprefix("__Host-"): said for name, said in brought.items()}
    found = SHUT.of(request(planted))
    assert found.token is None and found.forgery != "f" and SHUT.begun(request(planted)) is None
    shorter, answer = replace(visitor, token="t"), Response()
    SHUT.keep(request(brought), answer, shorter)
    assert set_by(answer)[f"__Host-{COOKIE}-1"].startswith('"";')


def test_who_was_here_before_it_was_so_is_known_and_the_cookie_of_then_ends() -> None:
    """What they had typed can be shown again; nothing is opened by it."""
    before = kept(Visitor(forgery="f", over=int(time.time()) + 60).granted(granted()), {}, "https")
    found = SHUT.of(request(before, "https"))
    assert (found.known, found.token, found.meant("f")) == (True, None, False)
    assert not SHUT.of(request({COOKIE: "x"}, "https")).known
    ended, gone = Response(), Response()
    SHUT.keep(request(before), ended, found)
    SHUT.forget(request(before), gone)
    for answer in (ended, gone):
        assert "Max-Age=0" in set_by(answer)[COOKIE]


@pytest.mark.parametrize(
    ("home", "name"),
    [("https://front.example", f"__Host-{COOKIE}"), ("http://127.0.0.1:8391", COOKIE)],
)
async def test_the_console_s_address_says_whether_people_come_over_tls(
    home: str, name: str
) -> None:
    client = Client(issuer="https://issuer.example", client="console", home=home)
    gateway, app = build("http://127.0.0.1:9", bytes(32), Telemetry("t"), Limits(), client=client)
    set_cookies = list[bytes]()

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        set_cookies.extend(v for n, v in message.get("headers", ()) if n == b"set-cookie")

    await app({**request({}).scope, "path": "/console/sign-in"}, receive, send)
    await gateway.close()
    assert [one.decode().partition("=")[0] for one in set_cookies] == [name]


def test_a_long_token_is_kept_in_pieces_and_a_shorter_one_leaves_none_behind() -> None:
    long = Visitor(forgery="f", over=int(time.time()) + 600).granted(granted(token="x" * 6000))
    cookies = kept(long, {})
    assert len(cookies) > 1 and all(len(value) <= PIECE + 2 for value in cookies.values())
    assert VISITORS.of(request(cookies)).token == "x" * 6000
    cookies = kept(long.granted(granted(token="short")), cookies)
    assert set(cookies) == {COOKIE}
    assert VISITORS.of(request(cookies)).token == "short"
    proven = kept(long.granted(granted(token="x" * 3000, proof="y" * 3000)), {})
    assert VISITORS.of(request(proven)).proof is None


def test_a_cookie_that_was_cut_altered_or_is_for_something_else_opens_nothing() -> None:
    cookies = kept(
        Visitor(forgery="f", over=int(time.time()) + 600).granted(granted(token="x" * 6000)), {}
    )
    assert VISITORS.of(request({COOKIE: cookies[COOKIE]})).token is None
    response = Response()
    VISITORS.begin(request({}), response, Begun(), "/")
    begun = set_by(response)[BEGUN].split(";")[0]
    assert VISITORS.begun(request({BEGUN: begun})) is not None
    assert VISITORS.of(request({COOKIE: begun})).token is None
    assert VISITORS.begun(request({BEGUN: cookies[COOKIE]})) is None


def test_a_session_ends_with_its_token_and_after_twelve_hours_whatever_is_renewed() -> None:
    now = int(time.time())
    ended = kept(Visitor(forgery="f", over=now + 600).granted(granted(until=now - 1)), {})
    found = VISITORS.of(request(ended))
    assert (found.token, found.sub, found.forgery) == (None, "zhang", "f")
    over = kept(Visitor(forgery="f", over=now - 1).granted(granted()), {})
    found = VISITORS.of(request(over))
    assert (found.token, found.sub) == (None, "") and found.forgery != "f"


def test_signing_in_makes_another_session_but_for_who_was_there_before() -> None:
    """A cookie that somebody planted is his own: it never opens the one who signs in over it."""
    planted = Visitor(forgery="known", acts_as="finance").granted(granted(sub="mallory"))
    assert planted.entered(granted()).forgery != "known"
    assert planted.entered(granted()).acts_as is None
    assert Visitor(forgery="known").entered(granted(sub="")).forgery != "known"
    assert planted.ended().entered(granted(sub="mallory")).forgery == "known"


# With a real provider


async def test_an_answer_is_taken_only_by_who_asked_for_it_and_once(tmp_path: Path) -> None:
    async with provider(tmp_path) as one:
        by, begun, other = console.oidc.Provider(one.client), Begun(), Begun()
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            asked = await by.address(begun)
            said = dict(parse_qsl(urlsplit(asked).query))
            assert said["code_challenge_method"] == "S256" and begun.verifier not in asked
            back = await walked(session, asked, "zhang", one.home)
            answer = dict(parse_qsl(urlsplit(back).query))
            wrong = [
                (replace(begun, state=other.state), answer),  # not what this browser asked
                (other, answer),  # another browser's: a sign-in that was pushed on somebody
                (begun, {**answer, "iss": "https://mixed-up.example"}),
                (begun, {name: said for name, said in answer.items() if name != "iss"}),
                (begun, {**answer, "error": "access_denied"}),
                (replace(begun, verifier=other.verifier), answer),  # a code that was caught
            ]
            for whose, brought in wrong:
                with pytest.raises(NotEntered):
                    await by.entered(whose, brought)
            with pytest.raises(NotEntered):  # an ID token of another sign-in
                await by.entered(replace(begun, nonce=other.nonce), answer)
            back = await walked(session, await by.address(begun), "zhang", one.home)
            answer = dict(parse_qsl(urlsplit(back).query))
            assert (await by.entered(begun, answer)).sub == "zhang"
            with pytest.raises(NotEntered):
                await by.entered(begun, answer)


async def test_an_id_token_under_a_key_that_the_issuer_does_not_name_signs_nobody_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with provider(tmp_path) as one:
        by, begun = console.oidc.Provider(one.client), Begun()
        assert by._keys is not None
        await by._keys.current()
        await one.turned(packages(), key())
        monkeypatch.setattr(by._keys, "_again_from", time.monotonic() + 60)
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            back = await walked(session, await by.address(begun), "zhang", one.home)
        with pytest.raises(NotEntered):
            await by.entered(begun, dict(parse_qsl(urlsplit(back).query)))


async def test_one_refresh_serves_all_who_come_with_the_same_and_ends_with_the_session(
    tmp_path: Path,
) -> None:
    async with provider(tmp_path, refresh=True) as one:
        by, begun = console.oidc.Provider(one.client), Begun()
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            back = await walked(session, await by.address(begun), "zhang", one.home)
        first = await by.entered(begun, dict(parse_qsl(urlsplit(back).query)))
        assert first.refresh is not None
        renewed = [await by.renewed(first.refresh, "zhang") for _ in range(3)]
        assert len({one.token for one in renewed}) == 1 and renewed[0].token != first.token
        last = renewed[0].refresh
        assert last is not None and last != first.refresh
        to = await by.ended(last, first.proof)
        assert to is not None and to.startswith(one.url) and "post_logout_redirect_uri" in to
        with pytest.raises(NotEntered):
            await by.renewed(last, "zhang")


async def test_an_issuer_that_is_away_is_said_and_no_fault() -> None:
    away = Client(issuer="http://127.0.0.1:9", client="console", home="http://127.0.0.1:8")
    with pytest.raises(NotEntered, match="没有应答"):
        await console.oidc.Provider(away).address(Begun())
    assert await console.oidc.Provider(away).ended("r", None) is None


# As an operator says it

TOLD = {
    "GONGZHI_GATEWAY_URL": "http://gateway:8000",
    "GONGZHI_CONSOLE_KEY": "0" * 64,
    "GONGZHI_OIDC_ISSUER": "https://sso.example/realms/guandu",
    "GONGZHI_OIDC_CLIENT": "console",
    "GONGZHI_CONSOLE_URL": "https://gongzhi.example",
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GONGZHI_GATEWAY_URL", None),
        ("GONGZHI_CONSOLE_KEY", None),
        ("GONGZHI_CONSOLE_KEY", "short"),
        ("GONGZHI_OIDC_CLIENT", None),
        ("GONGZHI_CONSOLE_URL", None),
        ("GONGZHI_CONSOLE_URL", "https://gongzhi.example/console"),
        ("GONGZHI_CONSOLE_URL", "http://gongzhi.example"),
        ("GONGZHI_CONSOLE_URL", "https://gongzhi.example:port"),
        ("GONGZHI_GATEWAY_URL", "http:// gateway"),
        ("GONGZHI_GATEWAY_URL", "http://gateway:port"),
        ("GONGZHI_FORWARDED_BY", "10.0.0.0/99"),
        ("GONGZHI_OTLP_ENDPOINT", "http://collector:port"),
        ("GONGZHI_OIDC_ISSUER", "http://sso.example"),
        ("GONGZHI_OIDC_SCOPE", "email"),
        ("GONGZHI_LIMIT_SESSION", "often"),
        ("GONGZHI_LIMIT_VISITORS", "0/minute"),
    ],
)
def test_what_is_missing_or_wrong_is_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str | None
) -> None:
    for one, said in TOLD.items():
        monkeypatch.setenv(one, said)
    assert consoles.told(ConsoleSettings).client() is not None
    monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured) as wrong:
        consoles.told(ConsoleSettings).client()
    assert name in str(wrong.value) and "\n" not in str(wrong.value)
    assert value is None or name == "GONGZHI_FORWARDED_BY" or value not in str(wrong.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("GONGZHI_ISSUER", "https://sso.example"), ("GONGZHI_JWKS", "https://sso.example/keys")],
)
def test_where_another_issuer_is_trusted_nobody_picks_a_role(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    assert consoles.tokens(tmp_path) is not None
    assert consoles.told(SignIn).client() is None
    monkeypatch.setenv(name, value)
    assert consoles.tokens(tmp_path) is None
    assert keys.settings_for(tmp_path).trusted()[0].jwks in (None, value)


async def test_who_comes_with_a_browser_to_where_nothing_is_has_a_page() -> None:
    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        there = scope["path"] == "/docs"
        answer = JSONResponse("docs") if there else plain_problem(HTTPException(404))
        await answer(scope, receive, send)

    app = consoles.read_by_people(door, JSONResponse("没有这一页", 404))
    browser, program = {"accept": "text/html,*/*"}, {"accept": "application/json"}
    assert (await ask(app, "/docs", **browser)).body == "docs"
    page = await ask(app, "/nope", **browser)
    assert (page.status, page.body) == (404, "没有这一页")
    for path, headers in (("/nope", program), ("/api/v1/nope", browser)):
        said = await ask(app, path, **headers)
        assert (said.status, said.body["status"]) == (404, 404)
