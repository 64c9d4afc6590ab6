"""The services' names, without importing the services: issuing a token shouldn't wait for that."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chassis.service import Runtime, Service

SERVICES = (
    "housing",
    "procurement",
    "consultation",
    "whistle",
    "index",
    "organisations",
    "mediation",
    "affairs",
)
GATEWAY = "gateway"
CONSOLE = "console"
"""The front-end: it only calls the gateway."""


def build(name: str, runtime: "Runtime") -> "Service":
    """The service on what its process shares; only now is it loaded, and no other is."""
    service: Service = import_module(f"services.{name}.main").build(runtime)
    return service
