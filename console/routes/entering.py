"""The district's sign-in: to the issuer, back from it, and as which office."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.desk import OFFICE, SEE_OTHER, SIGN_IN, Desk, Look, inside
from console.forms_in import sent
from console.oidc import Away, Begun, NotEntered, Provider
from console.visitors import Visitor


def routes(desk: Desk, provider: Provider) -> list[Route]:
    async def done(request: Request) -> Response:
        return told(desk, request, "已登录", said="请关闭本窗口，回到原来的页面继续。")

    return [
        *_by(desk, provider),
        Route(SIGN_IN + "/done", done, methods=["GET"]),
        Route(OFFICE, _choosing(desk), methods=["GET", "POST"]),
    ]


def _by(desk: Desk, provider: Provider) -> list[Route]:
    """To the issuer, and back from it."""

    async def go(request: Request) -> Response:
        begun = Begun()
        try:
            response = RedirectResponse(await provider.address(begun), SEE_OTHER)
        except Away as away:
            return _not_entered(desk, request, away, 503)
        then = inside(request.query_params.get("then", "/"))
        desk.visitors.begin(request, response, begun, then)
        return response

    async def back(request: Request) -> Response:
        begun, then = desk.visitors.begun(request) or (Begun(), "/")
        visitor = desk.visitors.of(request)
        try:
            granted = await provider.entered(begun, dict(request.query_params))
            entered = await _acting(desk, visitor.entered(granted))
        except NotEntered as error:
            response = _not_entered(desk, request, error, 503 if isinstance(error, Away) else 403)
        else:
            response = RedirectResponse(then, SEE_OTHER)
            desk.kept(request, response, entered)
        desk.visitors.over(request, response)
        return response

    return [
        Route(SIGN_IN + "/go", go, methods=["GET"]),
        Route(SIGN_IN + "/back", back, methods=["GET"]),
    ]


def _choosing(desk: Desk) -> Callable[[Request], Awaitable[Response]]:
    """As which office, where the token has several."""

    async def office(request: Request) -> Response:
        visitor = desk.visitors.of(request)
        if visitor.token is None:
            return RedirectResponse(SIGN_IN, SEE_OTHER)
        form = await sent(request, visitor) if request.method == "POST" else None
        offices = await _offices(desk, visitor)
        names = await desk.registers(replace(visitor, acts_as=next(iter(offices), None)).caller)
        if form is None:
            look = Look(request, visitor, await desk.describing(), names, desk.gateway)
            context = {
                "title": "选择身份",
                "offices": [(one, names.office(one)) for one in offices],
                "then": request.query_params.get("then", "/"),
            }
            return desk.page(look, "office.html", context)
        if (wanted := form.one("acts_as")) not in offices:
            raise HTTPException(422)
        response = RedirectResponse(inside(form.one("then")), SEE_OTHER)
        acting = visitor.acting(wanted, names.office(wanted), several=len(offices) > 1)
        desk.kept(request, response, acting)
        return response

    return office


async def _offices(desk: Desk, visitor: Visitor) -> list[str]:
    """As the gateway reads the token; NotEntered where it doesn't take it."""
    answer = await desk.gateway.ask(replace(visitor, acts_as=None).caller, "/api/v1/me")
    if answer.status == 401:
        raise NotEntered("平台不接受统一身份认证的令牌，请联系区管理员。")
    if not answer.good:
        raise Away
    return list(answer.json()["offices"])


async def _acting(desk: Desk, visitor: Visitor) -> Visitor:
    """As the only office, or as the previous one if the user still has it; otherwise the user is asked."""
    offices = await _offices(desk, visitor)
    several = len(offices) > 1
    if not several and offices:
        wanted: str | None = offices[0]
    else:
        wanted = visitor.acts_as if visitor.acts_as in offices else None
    if wanted is None:
        return replace(visitor, acts_as=None, name="", several=several)
    names = await desk.registers(replace(visitor, acts_as=wanted).caller)
    return visitor.acting(wanted, names.office(wanted), several=several)


def told(desk: Desk, request: Request, title: str, *, said: str = "", to: str = "") -> Response:
    context = desk.bare(request, title)
    return desk.pages("signed_out.html", {**context, "said": said, "to": to})


def _not_entered(desk: Desk, request: Request, why: NotEntered, status: int) -> Response:
    then = inside(request.query_params.get("then", "/"))
    own = {"demo": False, "oidc": True, "problem": str(why), "then": then}
    return desk.pages("sign_in.html", {**desk.bare(request, "登录"), **own}, status)
