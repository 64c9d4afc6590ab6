"""Who calls without a token: an address, for counting in memory; it is logged and stored nowhere (W-16)."""

from fastapi import Request


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""
