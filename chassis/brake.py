"""Back-pressure: new commands are refused while the outbox has reached its bound."""

from dataclasses import dataclass

from .kernel.errors import Unavailable


@dataclass(slots=True)
class Brake:
    """Why callers' commands are refused just now, or None; timers and reactions go on."""

    reason: str | None = None

    def check(self) -> None:
        if self.reason is not None:
            raise Unavailable(self.reason)
