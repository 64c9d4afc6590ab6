"""What happens here besides the steps: news of others, what comes due, what ships; one file per thing."""

from .agreements import AgreementDesk
from .bookings import BookingDesk
from .declarations import DeclarationDesk
from .evidence import EvidenceDesk
from .premises import PremisesDesk
from .register import RegisterDesk
from .registers import agreement_resource, community_resource, place_of

__all__ = ["HousingDesk", "agreement_resource", "community_resource", "place_of"]


class HousingDesk(
    RegisterDesk, AgreementDesk, EvidenceDesk, PremisesDesk, BookingDesk, DeclarationDesk
):
    __slots__ = ()
