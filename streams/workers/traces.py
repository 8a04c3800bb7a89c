"""Spans of OpenTelemetry: one for each record that came with a ``traceparent``, off unless asked for.

The trace context itself is always carried from input to output, whether anybody traces or not, and unchanged: what a
worker writes must be the same bytes when a record is processed again. So the span of a record is a child of the one
that sent it, and whoever reads the output is its sibling. A record without a context has no span; who traces decides
at the producer which articles are worth it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from streams import __version__
from streams.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.workers.records import Outcome

__all__ = ["Traces", "open_traces"]

_NAME: Final = "wasl.link"
_SECOND: Final = 1_000_000_000


class Traces:
    """Makes spans of what was delivered.

    Args:
        provider: OpenTelemetry's provider of tracers; it exports in a thread of its own.
        now: Nanoseconds since 1970-01-01 UTC.
    """

    def __init__(self, provider: Any, *, now: Callable[[], int] = time.time_ns) -> None:
        from opentelemetry.trace import SpanKind, Status, StatusCode  # noqa: PLC0415 - an optional extra
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415

        self._provider = provider
        self._tracer = provider.get_tracer("wasl", __version__)
        propagator: Any = TraceContextTextMapPropagator()
        self._extract = propagator.extract
        self._kind = SpanKind.CONSUMER
        self._error: Callable[[str], Any] = lambda code: Status(StatusCode.ERROR, code)
        self._now = now

    def record(self, outcomes: Sequence[Outcome], *, deliver_seconds: float) -> None:
        """Make the spans of a batch that was acknowledged just now.

        Args:
            outcomes: What became of its records.
            deliver_seconds: How long Kafka took to acknowledge them.
        """
        ended = self._now()
        for outcome in outcomes:
            context = _context(outcome)
            if "traceparent" in context:
                self._span(outcome, context, ended, deliver_seconds)

    def close(self) -> None:
        """Export what is left."""
        self._provider.shutdown()

    def _span(self, outcome: Outcome, context: dict[str, str], ended: int, deliver_seconds: float) -> None:
        worked = outcome.decode_seconds + outcome.link_seconds + outcome.encode_seconds
        position = outcome.source.position
        attributes: dict[str, str | int | float] = {
            "messaging.system": "kafka",
            "messaging.destination.name": position.topic,
            "messaging.destination.partition.id": str(position.partition),
            "messaging.kafka.offset": position.offset,
            "wasl.outcome": outcome.kind,
            "wasl.mentions": 0 if outcome.found is None else sum(outcome.found.types.values()),
            "wasl.decode_seconds": outcome.decode_seconds,
            "wasl.link_seconds": outcome.link_seconds,
            "wasl.encode_seconds": outcome.encode_seconds,
            "wasl.deliver_seconds": deliver_seconds,
        }
        span = self._tracer.start_span(
            _NAME,
            context=self._extract(context),
            kind=self._kind,
            attributes=attributes,
            start_time=ended - round((worked + deliver_seconds) * _SECOND),
        )
        if outcome.code is not None:
            span.set_status(self._error(outcome.code))
        span.end(ended)


def open_traces(group: str) -> Traces:
    """Return traces that go to the collector which ``OTEL_EXPORTER_OTLP_ENDPOINT`` names.

    Args:
        group: Consumer group, which names the service unless ``OTEL_SERVICE_NAME`` does.

    Raises:
        SettingsError: The packages are not installed.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
        from opentelemetry.sdk.resources import SERVICE_NAME, OTELResourceDetector, Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as exc:
        raise SettingsError(
            f"WASL_TRACING='otlp' needs packages that are not installed: {exc.name}.",
            remedy="Install them with `pip install 'wasl[tracing]'`, or unset WASL_TRACING.",
        ) from exc
    resource = Resource({SERVICE_NAME: group}).merge(OTELResourceDetector().detect())
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Traces(provider)


def _context(outcome: Outcome) -> dict[str, str]:
    return {
        name: value.decode("ascii", "replace")
        for name, value in outcome.source.headers
        if name in {"traceparent", "tracestate"} and value is not None
    }
