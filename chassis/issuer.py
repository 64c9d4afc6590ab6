"""Whose access tokens are accepted, and how to read them: an issuer as an operator describes it."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from contracts.text import Unfit

from .identity import office

WEB = ("http://", "https://")
GAP = re.compile(r"\s")
Named = Annotated[str, Field(min_length=1, max_length=300)]


def reached(url: str) -> str:
    """Unfit where no host, or no port, can be read from it: it would be tried for ever."""
    try:
        parts = urlsplit(url)
        good = bool(parts.hostname) and parts.port != 0 and not GAP.search(url)
    except ValueError:
        good = False
    if not good:
        raise Unfit(
            "地址中的主机或端口有误：应为 主机:端口，不含空格，密码中的特殊字符写成 %40 这样",
            "has no host or port that can be read; in a password, @ is %40",
        )
    return url


def _keys(where: str) -> str:
    if where.startswith(WEB):
        return reached(where)
    if not Path(where).is_file():
        raise Unfit(
            f"没有这个文件：{where}；应为签发方公钥（JWKS）的文件或 https 地址",
            f"no such file: {where}; a JWKS file or an https address",
        )
    return where


def _office(acts_as: str) -> str:
    if office(acts_as) is None:
        raise Unfit(f"没有这种身份：{acts_as}", f"nobody acts as {acts_as}")
    return acts_as


Jwks = Annotated[str, AfterValidator(_keys)]
"""Where an issuer's keys are: a file, or an address."""


class Issuer(BaseModel):
    """One issuer (令牌签发方). A claim is named by its path, with dots: `resource_access.gongzhi.roles`.

    `acts_as` leads to the office, or to several; with `offices`, to groups or roles that stand for one,
    and those that aren't listed stand for none. `scope` leads to the scopes, a text with spaces or a list;
    with `scopes`, to groups or roles that each stand for several.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: Named
    audience: Named = "gongzhi"
    jwks: Jwks | None = None
    """Without it: where the issuer's discovery document says."""
    types: Annotated[tuple[Named, ...], Field(min_length=1)] = ("at+jwt",)
    """`typ` of the header. `JWT` is what Keycloak writes, on every kind of token of its own."""
    subject: Named = "sub"
    acts_as: Named = "acts_as"
    offices: dict[str, Annotated[str, AfterValidator(_office)]] = {}
    scope: Named = "scope"
    scopes: dict[str, tuple[str, ...]] = {}

    def offices_of(self, claims: Mapping[str, Any]) -> tuple[str, ...]:
        """What its bearer may act as, each once; ValueError where that isn't text."""
        found = _texts(_at(claims, self.acts_as))
        if self.offices:
            found = [self.offices[one] for one in found if one in self.offices]
        return tuple(dict.fromkeys(found))

    def scopes_of(self, claims: Mapping[str, Any]) -> frozenset[str]:
        found = _at(claims, self.scope)
        listed = found.split() if isinstance(found, str) else _texts(found)
        if self.scopes:
            return frozenset(scope for one in listed for scope in self.scopes.get(one, ()))
        return frozenset(listed)

    def subject_of(self, claims: Mapping[str, Any]) -> str:
        """Who bears it, for as long as the issuer knows them; ValueError where it says nobody."""
        found = _at(claims, self.subject)
        if not isinstance(found, str) or not found:
            raise ValueError(self.subject)
        return found


ISSUERS: TypeAdapter[tuple[Issuer, ...]] = TypeAdapter(
    Annotated[tuple[Issuer, ...], Field(min_length=1)]
)
"""The file that names several."""


def _at(claims: Mapping[str, Any], path: str) -> Any:
    """What stands there, None for nothing; a name that has dots of its own is found first."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _texts(found: Any) -> list[str]:
    listed = [found] if isinstance(found, str) else [] if found is None else found
    if not isinstance(listed, Iterable) or isinstance(listed, Mapping):
        raise ValueError("not a list of texts")
    if strange := [one for one in listed if not isinstance(one, str)]:
        raise ValueError(type(strange[0]).__name__)
    return list(listed)
