"""How a notice is shown: also whether it still stands, and on which rung."""

from dataclasses import dataclass, fields

from services.mediation.domain.notice import Notice, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeOut(Notice):
    status: Standing


def shown(kept: Notice) -> NoticeOut:
    said = {one.name: getattr(kept, one.name) for one in fields(kept)}
    return NoticeOut(**said, status=kept.standing)
