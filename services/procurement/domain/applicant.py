"""A supplier that applies, and what of it decides between equals."""

from dataclasses import dataclass

from .application import Precedence
from .eligibility import Eligibility
from .integrity import counting
from .standing import Standing, rated
from .supplier import Fact, FactKind, Supplier, SupplierKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """A supplier, and what it may bid for."""

    standing: Standing
    supplier: Supplier
    heard: Eligibility | None = None

    def precedence(self, workers: int, staff: int) -> Precedence:
        """P-09: what would put it before an equal one."""
        told = self.heard.organisation if self.heard else None
        return Precedence(
            social=self.supplier.kind is SupplierKind.SOCIAL_ORGANISATION,
            workers_share=(workers, staff),
            outstanding=any(one.points is not None for one in self.standing.preferring),
            clean=self.clean,
            grade=rated(self.supplier, told, self.standing.on).grade,
            welfare=self._holding(FactKind.WELFARE) is not None,
            party=self._holding(FactKind.PARTY) is not None,
            transparent=self._holding(FactKind.TRANSPARENCY) is not None,
        )

    @property
    def clean(self) -> bool:
        """P-09: no bar on record that held, nothing passed on, and nothing against it in any register."""
        heard = self.heard
        against = heard and (heard.breaches or counting(heard.integrity, self.standing.on))
        return all(one.lifted for one in self.supplier.bars) and not against

    def _holding(self, kind: FactKind) -> Fact | None:
        """Its last paper of a kind, if it holds."""
        fact = self.supplier.shown(kind)
        return fact if fact is not None and fact.holds(self.standing.on) else None
