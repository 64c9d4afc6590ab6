"""A platform for testing against: a partner with its secret, an office with a webhook, and a few invented cases."""

import asyncio
import json
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import aiohttp

from chassis.pacing import ended
from chassis.settings import Settings
from chassis.signing import secret_of
from gateway.partnership.domain import secret_name

from . import keys
from .office import Office, Refused

PARTNER = "sandbox"
NEARBY = "127.0.0.0/8,::1/128"
"""Where its receivers run: on the same machine."""
EVENTS = "/api/v1/partners/events"
PARTNERS = "/api/v1/gateway/partners"
CASES = (
    ("sandbox-1", "parking", "演练：消防通道被占用"),
    ("sandbox-2", "environment", "演练：垃圾清运不及时"),
)
COMMUNITY = "guanshangzhongxinqu"
LOOK = 0.2


def settings_for(data: Path) -> Settings:
    """As of any platform, and webhooks may go to this machine."""
    known = keys.settings_for(data)
    return known.model_copy(update={"webhook_networks": known.webhook_networks or NEARBY})


async def beside(serving: Coroutine[Any, Any, None], url: str, data: Path) -> None:
    """Serves, and prepares itself as soon as it is ready."""
    preparing = asyncio.create_task(_prepared(url, data))
    try:
        await serving
    finally:
        await ended(preparing)


async def _prepared(url: str, data: Path) -> None:
    async with aiohttp.ClientSession() as session:
        await _ready(session, url)
        admin = Office(session, url, keys.token(data, "district_admin"))
        secret = await _partner(admin, data)
        file = data / "sandbox.json"
        said = {"url": url, "partner": PARTNER, "secret": secret}
        with open(
            os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as opened:
            json.dump(said, opened)
        partner = Office(session, url, keys.token(data, f"partner:{PARTNER}"))
        for number, category, title in CASES:
            await partner.post(EVENTS, _news(number, category, title))
        print(
            f"  沙箱 sandbox    合作方 {PARTNER}，签名密钥在 {file}；虚构案例 "
            f"{'、'.join(number for number, *_ in CASES)}",
            flush=True,
        )


async def _ready(session: aiohttp.ClientSession, url: str) -> None:
    while True:
        try:
            async with session.get(f"{url}/readyz") as answer:
                if answer.status == 200:
                    return
        except aiohttp.ClientConnectionError:
            pass  # the port is about to answer
        await asyncio.sleep(LOOK)


async def _partner(admin: Office, data: Path) -> str:
    """Its secret: admitted at the first start, found again at the next with the one that it has since."""
    try:
        known = await admin.get(f"{PARTNERS}/{PARTNER}")
    except Refused as refused:
        if refused.status != 404:
            raise
        made = await admin.post(PARTNERS, {"code": PARTNER})
        return str(made["secret"])
    key = keys.settings_for(data).trail_secret
    return secret_of(key, secret_name(PARTNER), known["state"]["generation"])


def _news(number: str, category: str, title: str) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"{PARTNER}-{number}",
        "source": f"/partners/{PARTNER}",
        "type": "partner.problem_reported.v1",
        "data": {
            "community": COMMUNITY,
            "category": category,
            "title": title,
            "reported_at": "2026-01-05T01:00:00Z",
            "reference": number,
        },
    }
