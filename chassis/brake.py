"""Back-pressure: new commands wait while the outbox is longer than it can be emptied."""

from dataclasses import dataclass

from .kernel.errors import Unavailable


@dataclass(slots=True)
class Brake:
    """Why no caller's command is taken just now, or None; timers and reactions go on."""

    reason: str | None = None

    def check(self) -> None:
        if self.reason is not None:
            raise Unavailable(self.reason)
