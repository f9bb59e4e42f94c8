"""Traces by OpenTelemetry, sent by OTLP over HTTP from a thread of each process."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from shared.tracing.port import Attributes

_W3C: Final = TraceContextTextMapPropagator()


class OpenTelemetry:
    """A process's traces.

    Args:
        url: of the collector; `/v1/traces` is put behind it.
        service: what the process is.
    """

    def __init__(self, url: str, service: str) -> None:
        self._provider = TracerProvider(resource=Resource.create({"service.name": f"pagemill-{service}"}))
        exporter = OTLPSpanExporter(endpoint=f"{url.rstrip('/')}/v1/traces", timeout=5)
        self._provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=2000))
        self._tracer = self._provider.get_tracer("pagemill")

    @contextmanager
    def request(self, name: str, parent: str | None) -> Iterator[str | None]:
        """A request that is answered in the block; what is raised in it is noted."""
        with self._tracer.start_as_current_span(name, context=_context(parent), kind=SpanKind.SERVER) as span:
            carried: dict[str, str] = {}
            _W3C.inject(carried, set_span_in_context(span))
            yield carried.get("traceparent")

    def worked(self, name: str, parent: str | None, ms: float, attributes: Attributes) -> None:
        """Work that was just done; one that ended badly has `reason` among its attributes."""
        if parent is None:
            return
        now = time.time_ns()
        span = self._tracer.start_span(
            name,
            context=_context(parent),
            kind=SpanKind.CONSUMER,
            attributes=attributes,
            start_time=now - int(ms * 1e6),
        )
        if "reason" in attributes:
            span.set_status(Status(StatusCode.ERROR, str(attributes["reason"])))
        span.end(now)

    def close(self) -> None:
        """Sends what was not sent yet; at most some seconds."""
        self._provider.shutdown()


def _context(parent: str | None) -> Context:
    """An empty one where the parent is none, or is not as the W3C has it."""
    return _W3C.extract({"traceparent": parent} if parent else {}, Context())
