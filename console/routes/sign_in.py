"""Signing in and out. In the all-in-one one picks a demo role, and its built-in issuer gives the token."""

from collections.abc import Callable
from dataclasses import replace

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from console.desk import SEE_OTHER, SIGN_IN, Desk, Look, inside
from console.forms_in import sent
from console.oidc import Granted
from console.registers import Names
from console.routes import entering
from console.visitors import expiry

Tokens = Callable[[str], str]
"""A token for an office; ValueError for one that there isn't."""
ALONE = ("command_centre", "finance", "discipline", "district_admin", "party_committee")
BOUND = (
    ("community", "community"),
    ("street", "street"),
    ("department", "unit"),
    ("supplier", "supplier"),
    ("expert", "expert"),
)
TITLES = {
    "community": "社区书记",
    "street": "街道",
    "department": "部门",
    "supplier": "承接方",
    "expert": "专家",
}


def routes(desk: Desk, tokens: Tokens | None) -> list[Route]:
    async def ask(look: Look) -> Response:
        names = await _names(desk, look, tokens)
        return _page(desk, look, names, tokens)

    async def leave(request: Request) -> Response:
        visitor = desk.visitors.of(request)
        await sent(request, visitor)
        to = None
        if desk.provider is not None and visitor.sub:
            to = await desk.provider.ended(visitor.refresh, visitor.proof)
        if to is None:
            response: Response = RedirectResponse(SIGN_IN, SEE_OTHER)
        else:
            response = entering.told(desk, request, "已退出", to=to)
        desk.visitors.forget(request, response)
        return response

    own = [] if tokens is None else [Route(SIGN_IN, _picking(desk, tokens), methods=["POST"])]
    other = [] if desk.provider is None else entering.routes(desk, desk.provider)
    return [
        Route(SIGN_IN, desk.public(ask), methods=["GET"]),
        *own,
        *other,
        Route("/console/sign-out", leave, methods=["POST"]),
    ]


def _picking(desk: Desk, tokens: Tokens) -> Callable[[Request], object]:
    async def enter(request: Request) -> Response:
        visitor = desk.visitors.of(request)
        form = await sent(request, visitor)
        acts_as = form.one("acts_as")
        try:
            token = tokens(acts_as)
        except ValueError:
            raise HTTPException(422) from None
        named = await desk.registers(replace(visitor, token=token).caller)
        granted = Granted(token=token, until=expiry(token), sub=acts_as)
        entered = visitor.entered(granted).acting(acts_as, named.office(acts_as), several=False)
        response = RedirectResponse(inside(form.one("then")), SEE_OTHER)
        desk.kept(request, response, entered)
        return response

    return enter


async def _names(desk: Desk, look: Look, tokens: Tokens | None) -> Names:
    if tokens is None:
        return Names({})
    centre = replace(look.visitor, token=tokens("command_centre"), acts_as=None)
    return await desk.registers(centre.caller)


def _page(desk: Desk, look: Look, names: Names, tokens: Tokens | None) -> Response:
    bound = [
        (TITLES[kind], [(f"{kind}:{code}", name) for code, name in names.of.get(of, {}).items()])
        for kind, of in BOUND
    ]
    context = {
        "title": "登录",
        "demo": tokens is not None,
        "oidc": desk.provider is not None,
        "problem": "",
        "alone": [(kind, names.office(kind)) for kind in ALONE],
        "bound": [(title, options) for title, options in bound if options],
        "then": look.request.query_params.get("then", "/"),
    }
    return desk.page(look, "sign_in.html", context)
