"""The registers of codes: the streets, communities and units, and their names."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

from .asking import Caller, Gateway

FRESH, SOON = 60.0, 5.0
"""Seconds until a register is read again; sooner where one has told nothing, as when a service has just begun."""
PAGES = 10
"""Of a register, each of a hundred: a district's streets, communities and units are fewer."""
SOURCES = {
    "street": "/api/v1/housing/streets",
    "community": "/api/v1/housing/communities",
    "unit": "/api/v1/whistle/units",
    "supplier": "/api/v1/procurement/suppliers",
    "expert": "/api/v1/procurement/experts",
    "category": "/api/v1/whistle/open311/v2/services.json",
    "head": "/api/v1/consultation/policy",
    "organisation": "/api/v1/organisations/public/organisations",
    "system": "/api/v1/index/systems",
}
WRITTEN = {"office": "unit", "organisation": "organisation"}
"""The same of what is only shown: where it is asked for it isn't chosen from there."""
MAY_BE_NONE = frozenset(("organisation",))
"""A district may have registered none yet."""
FIELDS = {
    "street": "street",
    "streets": "street",
    "community": "community",
    "communities": "community",
    "serves": "place",
    "unit": "unit",
    "units": "unit",
    "lead": "unit",
    "whose": "unit",
    "summoned": "unit",
    "competent": "unit",
    "supplier": "supplier",
    "suppliers": "supplier",
    "expert": "expert",
    "category": "category",
    "head": "head",
    "departments": "unit",
    "supervising": "unit",
    "system": "system",
}
"""Which register the code in a field of that name stands in."""
OFFICES = {
    "command_centre": "指挥中心",
    "finance": "财政部门",
    "discipline": "纪检监察",
    "district_admin": "区管理员",
    "party_committee": "党组织",
    "expert": "专家",
    "partner": "合作方",
    "resident": "居民",
    "street": "街道",
    "community": "社区",
    "department": "部门",
    "supplier": "承接方",
    "platform": "平台",
}
"""Kinds of office, as people call them."""
ITSELF = {
    "system:clock": "到时自动",
    "system:calendar": "工作日历更新",
    "system:imports": "表格导入",
    "system:keys": "密钥更换",
    "system:webhooks": "自动推送",
}
"""What the platform does by itself; if another service's event caused it, the story shows which."""
BROUGHT = {
    "open311": "网上反映",
    "matter": "议事协商转来",
    "agreement": "两房协议逾期未移交",
}
"""What a case comes of that no office brought; of what, its story tells."""
PARTNER = "/partners/"
"""How a partner's source begins."""
REGISTER_OF = {"street": "street", "community": "community", "department": "unit"}
BESIDE = {
    "department:stability": "区维稳办",
    "department:court": "区法院",
    "department:supervision_office": "区目督办",
    "department:statistics_survey": "国家统计局官渡调查队",
    "department:civility_office": "区文明办",
    "department:fire_rescue": "区消防救援大队",
}
"""Departments that stand in no register of units."""
PLACE = "place"
"""Streets and communities in one register; a code that both have by both its names."""
SERVED = "served"
"""By a unit that a community may call for itself, the places that it serves."""
BEYOND = ("river_chief", "linked_leader")
"""Kinds of unit that no community calls for itself, wherever they serve."""
STREET_OF = "street_of"
"""The street of each community, as the register of communities has it."""


@dataclass(frozen=True, slots=True)
class Names:
    """What codes are called, by register."""

    of: Mapping[str, Mapping[str, str]]

    def register(self, field: str) -> Mapping[str, str]:
        return self.of.get(FIELDS.get(field, ""), {})

    def named(self, field: str, code: str) -> str:
        """`street:jinma` is an office, wherever it stands."""
        if code in (known := self.register(field)):
            return known[code]
        if code in (written := self.of.get(WRITTEN.get(field, ""), {})):
            return written[code]
        beside = BESIDE.get(f"department:{code}") if FIELDS.get(field) == "unit" else None
        return beside or self.office(code)

    def offices(self) -> tuple[tuple[str, str], ...]:
        """Streets, communities and departments as they are written, and what each is called among the others."""
        found = {
            f"{kind}:{code}": f"{OFFICES[kind]} · {name}"
            for kind, register in REGISTER_OF.items()
            for code, name in self.of.get(register, {}).items()
        }
        return (*found.items(), *BESIDE.items()) if found else ()

    def own(self, kind: str, code: str) -> Mapping[str, frozenset[str]]:
        """By register, the places that an office may act for; a register that isn't named has no bounds for it.

        A grant to streets or communities is to each for its own: so the platform reads every step's.
        """
        street_of = self.of.get(STREET_OF, {})
        match kind:
            case "street":
                within = frozenset(one for one, street in street_of.items() if street == code)
                return {"street": frozenset((code,)), "community": within}
            case "community":
                street = frozenset((street_of[code],)) if code in street_of else frozenset()
                here = {code, *street}
                forces = frozenset(
                    unit
                    for unit, serves in self.of.get(SERVED, {}).items()
                    if here & set(serves.split())
                )
                return {"street": street, "community": frozenset((code,)), "forces": forces}
            case "department":
                return {"self": frozenset((code,))}
            case _:
                return {}

    def office(self, text: str) -> str:
        kind, _, code = text.partition(":")
        if kind in ("event", "system"):
            return ITSELF.get(text, "平台自动")
        if kind in BROUGHT:
            return BROUGHT[kind]
        if kind not in OFFICES:
            return text
        if text in BESIDE:
            return BESIDE[text]
        found = self.of.get(REGISTER_OF.get(kind, kind), {}).get(code)
        found = found or (self.of.get("organisation", {}).get(code) if kind == "supplier" else None)
        return found or f"{OFFICES[kind]} {code.removeprefix(PARTNER)}".strip()


class Registers:
    """Read again after a while. They aren't confidential: anybody signed in may read them."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._known: dict[str, dict[str, str]] = {}
        self._until = 0.0

    async def __call__(self, caller: Caller) -> Names:
        if time.monotonic() > self._until:
            self._until = time.monotonic() + FRESH
            read = await asyncio.gather(*(self._read(caller, path) for path in SOURCES.values()))
            found = dict(zip(SOURCES, read, strict=True))
            if not all(found[name] for name in SOURCES if name not in MAY_BE_NONE):
                self._until = time.monotonic() + SOON
            self._known |= {name: dict(map(_pair, items)) for name, items in found.items() if items}
            if communities := found["community"]:
                placed = {one["code"]: one["street"] for one in communities if one["street"]}
                self._known[STREET_OF] = placed
            self._known[PLACE] = self._places()
            if units := found["unit"]:
                self._known[SERVED] = {
                    one["code"]: " ".join(one.get("serves") or ())
                    for one in units
                    if one["kind"] not in BEYOND
                }
        return Names(self._known)

    def _places(self) -> dict[str, str]:
        places = dict(self._known.get("street", {}))
        for code, name in self._known.get("community", {}).items():
            places[code] = f"{places[code]}／{name}" if code in places else name
        return places

    async def _read(self, caller: Caller, path: str) -> list[Mapping[str, str]]:
        found: list[Mapping[str, str]] = []
        cursor: str | None = None
        for _ in range(PAGES):
            paged = {"limit": "100", **({"cursor": cursor} if cursor else {})}
            whole = path.endswith(("/streets", "/policy", "/public/organisations", "/systems"))
            answer = await self._gateway.ask(caller, path, () if whole else paged)
            if not answer.good and "open311" in path:
                answer = await self._gateway.ask(caller, path)
            said = answer.json() if answer.good else []
            if "editions" in (state := said.get("state", {}) if isinstance(said, dict) else {}):
                return _heads(state["editions"][-1]["values"])
            items = said if isinstance(said, list) else said.get("items", [])
            found += [one.get("state", one) for one in items]
            cursor = said.get("next") if isinstance(said, dict) else None
            if not cursor:
                break
        return found


def _heads(values: Mapping[str, Mapping[str, Mapping[str, str]]]) -> list[Mapping[str, str]]:
    """Of both catalogues; a code that both have by both its names."""
    found: dict[str, str] = {}
    for catalogue in ("community_heads", "street_heads"):
        for code, said in values[catalogue].items():
            found[code] = f"{found[code]}／{said['name']}" if code in found else said["name"]
    return [{"code": code, "name": name} for code, name in found.items()]


def _pair(one: Mapping[str, str]) -> tuple[str, str]:
    """An expert is called by profession, and distinguished by the number in the bank; a system of indicators by the
    document that it is of.
    """
    if "profile" in one:
        return one["code"], f"专家 {one['code']}（{one['profile']}）"
    if "document" in one:
        return one["version"], one["document"]
    if "service_code" in one:
        return one["service_code"], one["service_name"]
    return one["code"], one.get("name") or one["code"]
