"""The way to a reporter: the district's own message gateway (短信或微信网关), which is told whom, and what.

The address leaves the reporters' store in this one request, and stands in no log and no answer of ours.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from chassis.outbound import OutboundClient, Outcome
from chassis.settings import Settings
from chassis.signing import signature


@dataclass(slots=True)
class Messenger:
    """`url` takes `{"to", "text"}`, signed under `secret` as Standard Webhooks has it; the same `webhook-id`
    is the same message.
    """

    url: str
    secret: str
    client: OutboundClient

    @classmethod
    def of(cls, settings: Settings) -> "Messenger | None":
        """None where the district has none; Misconfigured where it has half of one."""
        found = settings.messenger()
        if found is None:
            return None
        url, secret = found
        return cls(url, secret, OutboundClient(settings.may_be_told))

    async def start(self) -> None:
        return None

    def leave(self) -> None:
        return None

    async def stop(self) -> None:
        await self.client.close()

    async def send(self, id: str, to: str, text: str, now: datetime) -> Outcome:
        body = json.dumps({"to": to, "text": text}, ensure_ascii=False).encode()
        at = int(now.timestamp())
        headers = {
            "Content-Type": "application/json",
            "webhook-id": id,
            "webhook-timestamp": str(at),
            "webhook-signature": signature([self.secret], id, at, body),
        }
        return await self.client.post(self.url, body, headers)
