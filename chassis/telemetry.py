"""Traces and metrics of a process, at the three edges only: HTTP, consume, relay. Names and ids, never a payload."""

import asyncio
import logging
import random
import sys
import warnings
from collections.abc import Callable, Mapping, MutableMapping
from contextlib import AbstractContextManager
from functools import cache
from typing import Any, TypeVar

import structlog
from fastapi.telemetry import TelemetryConfig
from opentelemetry import trace
from opentelemetry.context import Context, attach, detach
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.metrics import MetricWrapperBase

from .tracebacks import without_words

log = structlog.get_logger()

M = TypeVar("M", bound=MetricWrapperBase)
LATE = (0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200)
"""Seconds: events and deadlines are late by minutes before anybody is paged, not by milliseconds."""
WATCHED = frozenset(("/livez", "/startupz", "/readyz", "/metrics"))
"""What watches us asks here, as often as it likes. It isn't measured with what users ask: at a quiet hour it asks so
much more that none of their failures would show, and a service that isn't ready would pass for one that fails them.
"""
W3C = TraceContextTextMapPropagator()
NOT_ITS_OWN: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
"""What the framework would tell by itself of each request: the edge does."""


def _series(measure: M) -> Callable[..., M]:
    """Each by its labels, found once: the library makes texts of them and takes a lock each time it is asked."""
    return cache(measure.labels)


class Telemetry:
    """One per process; each metric is labelled with its service."""

    def __init__(self, process: str, exporter: SpanExporter | None = None) -> None:
        self._told = exporter is not None
        self._provider = provider = TracerProvider(
            resource=Resource.create({"service.name": process})
        )
        if exporter is not None:
            provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = provider.get_tracer("gongzhi")
        self.registry = at = CollectorRegistry()
        self._published = _series(
            Counter(
                "gongzhi_events_published", "Confirmed by the bus", ["service", "type"], registry=at
            )
        )
        self._consumed = _series(
            Counter(
                "gongzhi_events_consumed",
                "Settled deliveries",
                ["service", "type", "outcome"],
                registry=at,
            )
        )
        self._quarantined = Counter(
            "gongzhi_outbox_quarantined", "Events that can never travel", ["service"], registry=at
        )
        self._posted = Counter(
            "gongzhi_webhooks_posted", "Tries to tell an address", ["outcome"], registry=at
        )
        for outcome in ("had", "away", "declined"):
            self._posted.labels(outcome)
        self._fired = Counter(
            "gongzhi_timers_fired", "What was due", ["service", "outcome"], registry=at
        )
        self._lag = Histogram(
            "gongzhi_timer_lag_seconds", "From due to fired", ["service"], buckets=LATE, registry=at
        )
        self._oldest_due = Gauge(
            "gongzhi_timers_oldest_due_seconds",
            "How long the oldest deadline that is due has waited to fire",
            ["service"],
            registry=at,
        )
        self._done_at = Gauge(
            "gongzhi_job_done_timestamp_seconds",
            "When this process last got a background job done",
            ["service", "task"],  # `job` is the scraper's own
            registry=at,
        )
        self._requests = _series(
            Histogram(
                "gongzhi_http_request_seconds",
                "Requests answered",
                ["service", "method", "route", "status"],
                registry=at,
            )
        )
        self._outbox_pending = Gauge(
            "gongzhi_outbox_pending", "Documents with unpublished events", ["service"], registry=at
        )
        self._outbox_oldest = Gauge(
            "gongzhi_outbox_oldest_seconds",
            "How long the oldest unpublished event has waited",
            ["service"],
            registry=at,
        )
        self._heard = _series(
            Histogram(
                "gongzhi_event_age_seconds",
                "From when it happened to when its effect on this consumer was stored",
                ["queue"],
                buckets=LATE,
                registry=at,
            )
        )
        self._settled_at = _series(
            Gauge(
                "gongzhi_queue_settled_timestamp_seconds",
                "When this process last settled a delivery for good",
                ["queue"],
                registry=at,
            )
        )
        self._queue = Gauge(
            "gongzhi_queue_messages",
            "What lies for a consumer: waiting or in work, delayed (to be tried again), parked",
            ["queue", "state"],
            registry=at,
        )
        ProcessCollector(registry=at)
        self.ready = Gauge("gongzhi_ready", "Can do its work", ["service"], registry=at)
        self.degraded = Gauge(
            "gongzhi_degraded", "Works, but not as it should", ["service"], registry=at
        )

    def calendar_known(self, days: Callable[[], int]) -> None:
        """Asked at each scrape: a process outlives many a day. A measure without labels is given from when it is made
        on, so it is made here: of a process that counts no working days it would be nought.
        """
        Gauge(
            "gongzhi_calendar_days_known",
            "Days from today for which it is certain whether they are worked",
            registry=self.registry,
        ).set_function(days)

    def expects(self, service: str) -> None:
        """Not ready until it says so: it may never come so far. And counted from nought: a first one that makes its
        series isn't seen as more.
        """
        self.ready.labels(service).set(0)
        self._quarantined.labels(service)
        self._lag.labels(service)
        for outcome in ("fired", "failed"):
            self._fired.labels(service, outcome)

    def heard(self, queue: str, age: float) -> None:
        """News of this age had its effect; of the journal, that it was kept."""
        self._heard(queue).observe(age)
        self._settled_at(queue).set_to_current_time()

    def queue(self, name: str, lies: Mapping[str, int | None]) -> None:
        """What isn't known has no figure: an old one would pass for a new one."""
        for state, count in lies.items():
            if count is None:
                self._queue.remove(name, state)
            else:
                self._queue.labels(name, state).set(count)

    def queues_unknown(self) -> None:
        self._queue.clear()

    def outbox(self, service: str, waiting: int, oldest: float) -> None:
        self._outbox_pending.labels(service).set(waiting)
        self._outbox_oldest.labels(service).set(oldest)

    def published(self, service: str, type: str) -> None:
        self._published(service, type).inc()

    def consumed(self, service: str, type: str, outcome: str) -> None:
        self._consumed(service, type, outcome).inc()

    def quarantined(self, service: str) -> None:
        self._quarantined.labels(service).inc()

    def posted(self, outcome: str) -> None:
        """`had`, `away` or `declined`; whose it was is no label."""
        self._posted.labels(outcome).inc()

    def fired(self, service: str, lag: float | None) -> None:
        """`lag`: None of a job."""
        self._fired.labels(service, "fired").inc()
        if lag is not None:
            self._lag.labels(service).observe(lag)

    def due(self, service: str, oldest: float) -> None:
        self._oldest_due.labels(service).set(oldest)

    def done(self, service: str, job: str) -> None:
        self._done_at.labels(service, job).set_to_current_time()

    def not_fired(self, service: str) -> None:
        """Without its lag: a single one that fails for days would pass for all of them coming late."""
        self._fired.labels(service, "failed").inc()

    def answered(self, service: str, method: str, route: str, status: int, seconds: float) -> None:
        """With the trace of one such request beside it, where traces are kept."""
        if route in WATCHED:
            return
        found = trace_id() if self._told else None
        measure = self._requests(service, method, route, status)
        measure.observe(seconds, {"trace_id": found} if found else None)

    def span(
        self,
        name: str,
        kind: SpanKind = SpanKind.INTERNAL,
        *,
        parent: str | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> AbstractContextManager[Span]:
        """A span under `parent` (a traceparent) or, without one, under the current span."""
        context = W3C.extract({"traceparent": parent}) if parent else None
        if not self._told:
            return _Unwritten(context)
        return self._tracer.start_as_current_span(
            name,
            context=context,
            kind=kind,
            attributes=dict(attributes or {}),
            # An exception's text may hold what was sent.
            record_exception=False,
            set_status_on_exception=False,
        )

    def flush(self) -> None:
        self._provider.force_flush()

    def close(self) -> None:
        self._provider.shutdown()


class _Unwritten(AbstractContextManager[Span]):
    """A span that isn't exported: only its ids, which the spans and events it leads to carry on.

    A class, because each request and each delivery goes through several.
    """

    __slots__ = ("_above", "_token")

    def __init__(self, above: Context | None) -> None:
        self._above = above

    def __enter__(self) -> Span:
        parent = trace.get_current_span(self._above).get_span_context()
        trace_id = parent.trace_id if parent.is_valid else random.getrandbits(128)
        own = SpanContext(trace_id, random.getrandbits(64), is_remote=False)
        span = NonRecordingSpan(own)
        self._token = attach(trace.set_span_in_context(span, self._above))
        return span

    def __exit__(self, *_: object) -> None:
        detach(self._token)


def traceparent() -> str | None:
    """The current span in W3C form, to go on with elsewhere."""
    at = trace.get_current_span().get_span_context()
    if not at.is_valid:
        return None
    return f"00-{at.trace_id:032x}-{at.span_id:016x}-{at.trace_flags:02x}"


def trace_id() -> str | None:
    context = trace.get_current_span().get_span_context()
    return f"{context.trace_id:032x}" if context.is_valid else None


def _with_trace(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    found = trace_id()
    return {**event, "trace": found} if found else event


def _log_unattended(_: object, context: Mapping[str, Any]) -> None:
    """What nobody awaited: the loop itself would write out whose it was, with its arguments."""
    error = context.get("exception")
    log.error("unattended", what="fault" if error else context["message"], exc_info=error)


def _warned(
    message: object, category: type[Warning], filename: str, lineno: int, *_: object, **__: object
) -> None:
    """Of what kind and where: as of an exception, its text may hold what was sent."""
    log.warning("warned", kind=category.__qualname__, at=f"{filename}:{lineno}")


def log_as_json(level: str) -> None:
    """One line of JSON per entry, what the running loop itself has to say included; only the fields that the call
    names.
    """
    asyncio.get_running_loop().set_exception_handler(_log_unattended)
    readable = (sys.stdout.encoding or "").lower() in ("utf-8", "utf8")
    ours: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_trace,
        structlog.processors.ExceptionRenderer(without_words),
    ]
    written = structlog.processors.JSONRenderer(ensure_ascii=not readable)
    structlog.configure(
        processors=[*ours, written],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
    )
    # What libraries say goes the same way, a line each; below a warning it is theirs to know.
    theirs = logging.StreamHandler(sys.stdout)
    theirs.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *ours],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, written],
        )
    )
    logging.basicConfig(handlers=[theirs], level=logging.WARNING, force=True)
    warnings.showwarning = _warned
