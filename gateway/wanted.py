"""A reader's filter on the feed, besides the access policy: the same for the pages, the stream and webhooks."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.kernel.errors import Malformed
from chassis.store import Has, In, Where
from contracts.event import Code
from contracts.published import EVENTS

Text = Annotated[str, StringConstraints(min_length=1, max_length=150)]
Types = Annotated[tuple[Text, ...], Field(max_length=20)]


class Wanted(BaseModel):
    """All that is said must hold; of `type` one of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    type: Types = ()
    subject: Text | None = None
    correlation: Text | None = None
    reference: Text | None = None
    street: Code | None = None
    community: Code | None = None
    unit: Code | None = None

    def where(self, visible: Mapping[str, Any]) -> Where | None:
        """The journal's filter; None where nothing can be both visible and wanted.

        `visible`: what the reader may see, by the fields that an event concerns.
        """
        if self.beyond(visible):
            return None
        concerned = {**visible, **self._place}
        if self.unit:
            own = visible["units"].values if "units" in visible else ()
            concerned["units"] = Has(sorted({*own, self.unit}))
        said = {"subject": self.subject, "correlation": self.correlation}
        said["reference"] = self.reference
        return {
            **{f"keys.{name}": value for name, value in concerned.items()},
            **{name: value for name, value in said.items() if value is not None},
            **({"type": In(self.type)} if self.type else {}),
        }

    @property
    def _place(self) -> dict[str, str]:
        said = {"street": self.street, "community": self.community}
        return {name: asked for name, asked in said.items() if asked}

    def beyond(self, visible: Mapping[str, Any]) -> str | None:
        """The field that asks for what is another's alone."""
        asked = self._place.items()
        return next((name for name, code in asked if visible.get(name, code) != code), None)


def wanted(
    type: Annotated[list[Text], Query(max_length=20)] = [],  # noqa: B006 - read by the framework
    subject: Text | None = None,
    correlation: Text | None = None,
    reference: Text | None = None,
    street: Code | None = None,
    community: Code | None = None,
    unit: Code | None = None,
) -> Wanted:
    """As a query says it: `type` as often as there are types."""
    must_be_told(type)
    return Wanted(
        type=tuple(type),
        subject=subject,
        correlation=correlation,
        reference=reference,
        street=street,
        community=community,
        unit=unit,
    )


def must_be_told(types: Iterable[str]) -> None:
    """Malformed for a type that nobody publishes: a reader would wait for it for ever."""
    for type in types:
        if type not in EVENTS:
            raise Malformed(f"没有这种事件：{type}", field="type")
