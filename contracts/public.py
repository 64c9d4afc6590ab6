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


def is_public(service: str, path: str) -> bool:
    """`path` is what follows the service's name."""
    return any(
        path.startswith(one) if one.endswith("/") else path == one
        for one in (*EVERYWHERE, *PUBLIC.get(service, ()))
    )
