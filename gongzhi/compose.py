"""Builds a process from settings: the parts that its services share, and the services themselves."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace.export import SpanExporter
from starlette.types import ASGIApp

from chassis.bus import Bus
from chassis.bus_local import LocalBus
from chassis.bus_rabbit import RabbitBus
from chassis.calendar import CalendarFault, NationalCalendar, read_notices
from chassis.edge import Room
from chassis.issuer import Issuer
from chassis.kernel.clock import local_date
from chassis.service import Process, Runtime, utc_now
from chassis.settings import Misconfigured, Settings, path_of
from chassis.telemetry import Telemetry
from chassis.tokens import Verifier
from contracts.heard import topology
from gateway import main as gateway
from gateway.forward import Direct, OverHttp

from .keys import SCOPES
from .offices import APART
from .roster import GATEWAY, SERVICES, build


def open_bus(url: str) -> Bus:
    if url.startswith("local:"):
        return LocalBus(path_of(url), topology())
    return RabbitBus(url, topology())


def working_days(settings: Settings) -> NationalCalendar:
    """What ships, and the district's year files over it; Misconfigured where one can't be taken."""
    if settings.calendar is None:
        return NationalCalendar()
    try:
        return NationalCalendar(notices=read_notices(settings.calendar))
    except CalendarFault as fault:
        raise Misconfigured(f"GONGZHI_CALENDAR 有误：{fault}") from None


def runtime(
    settings: Settings,
    process: str,
    *,
    exporter: SpanExporter | None = None,
    clock: Callable[[], datetime] = utc_now,
    bus: Bus | None = None,
) -> Runtime:
    if exporter is None and settings.otlp_endpoint:
        exporter = OTLPSpanExporter(endpoint=settings.otlp_endpoint)
    telemetry, calendar = Telemetry(process, exporter), working_days(settings)
    telemetry.calendar_known(lambda: (calendar.certain_through - local_date(clock())).days)
    trusted = settings.trusted()
    _scopes_known(trusted)
    return Runtime(
        settings=settings,
        bus=bus or open_bus(settings.bus_url),
        telemetry=telemetry,
        verifier=Verifier.of(trusted),
        calendar=calendar,
        clock=clock,
        room=Room(settings.bodies_bound),
    )


def _scopes_known(trusted: Iterable[Issuer]) -> None:
    """Misconfigured where roles are to stand for a scope that opens nothing."""
    said = {scope for one in trusted for scopes in one.scopes.values() for scope in scopes}
    if strange := sorted(said - APART - set(SCOPES.split())):
        raise Misconfigured(
            f"GONGZHI_ISSUERS 有误：scopes 中没有这种权限范围：{strange[0]}；"
            f"可用的有 {SCOPES} {' '.join(sorted(APART))}"
        )


def all_in_one(built: Runtime) -> tuple[Process, ASGIApp]:
    """Every service and the gateway in one process; the gateway calls the services directly."""
    services = {name: build(name, built) for name in SERVICES}
    door, app = gateway.build(built, Direct({name: one.app() for name, one in services.items()}))
    return Process(built, [*services.values(), door]), app


def one_service(built: Runtime, name: str) -> tuple[Process, ASGIApp]:
    """One service alone, or the gateway, which finds the others at their addresses."""
    if name == GATEWAY:
        _all_known(built.settings.services)
        door, app = gateway.build(built, OverHttp(built.settings.services))
        return Process(built, [door]), app
    service = build(name, built)
    return Process(built, [service]), service.app()


def _all_known(addresses: Mapping[str, str]) -> None:
    """Misconfigured where the gateway isn't told of a service, or of one that there isn't."""
    if strange := sorted(set(addresses) - set(SERVICES)):
        raise Misconfigured(
            f"GONGZHI_SERVICES 有误：没有服务 {'、'.join(strange)}；服务有 {'、'.join(SERVICES)}"
        )
    if missing := [name for name in SERVICES if name not in addresses]:
        raise Misconfigured(f"GONGZHI_SERVICES 缺少 {'、'.join(missing)} 的地址")
