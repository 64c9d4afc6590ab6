"""What anybody may call without a token, below `/api/v1/<service>/`.

A path that ends in a slash stands for all below it.
"""

from collections.abc import Mapping

EVERYWHERE = ("rules", "steps", "words")

PUBLIC: Mapping[str, tuple[str, ...]] = {
    "housing": ("public/",),
    "whistle": ("receipts", "receipts/rating", "receipts/reopen", "receipts/photos", "open311/"),
    "consultation": ("public/",),
    "organisations": ("public/",),
    "affairs": ("public/",),
}

EXACTLY = {
    service: frozenset(one for one in below if not one.endswith("/"))
    for service, below in PUBLIC.items()
}
ALL_BELOW = {
    service: tuple(one for one in below if one.endswith("/")) for service, below in PUBLIC.items()
}


def is_public(service: str, path: str) -> bool:
    """`path` is what follows the service's name."""
    return (
        path in EVERYWHERE
        or path in EXACTLY.get(service, ())
        or path.startswith(ALL_BELOW.get(service, ()))
    )
