"""Spans, exported to memory."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from streams.errors import SettingsError
from streams.workers import traces as module
from streams.workers.article import process_record
from streams.workers.traces import Traces
from tests.support.records import NOW, POSITION, VIEW, InputRecord, record, rules

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
CONTEXT = (("traceparent", f"00-{TRACE}-{PARENT}-01".encode()), ("tracestate", b"a=1"))


@pytest.fixture
def exported():
    return InMemorySpanExporter()


@pytest.fixture
def traces(exported):
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exported))
    made = Traces(provider, now=lambda: 10_000_000_000)
    yield made
    made.close()


def outcome(value=None, headers=CONTEXT):
    source = record(value)
    return process_record(InputRecord(POSITION, source.key, source.value, headers), rules(), VIEW, now=NOW)


def test_a_record_with_a_context_has_a_span_that_is_its_child(traces, exported):
    traces.record([outcome(), outcome(headers=())], deliver_seconds=2.0)
    [span] = exported.get_finished_spans()
    assert (format(span.context.trace_id, "032x"), format(span.parent.span_id, "016x")) == (TRACE, PARENT)
    assert (span.name, span.kind) == ("wasl.link", SpanKind.CONSUMER)
    assert (span.start_time, span.end_time) == (5_000_000_000, 10_000_000_000)
    assert span.attributes["messaging.destination.name"] == POSITION.topic
    assert span.attributes["messaging.kafka.offset"] == POSITION.offset
    assert span.attributes["wasl.mentions"] == 2
    assert span.status.status_code is StatusCode.UNSET


def test_a_dead_letters_span_is_an_error_with_its_code(traces, exported):
    traces.record([outcome(b"nothing")], deliver_seconds=0.0)
    [span] = exported.get_finished_spans()
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, "event.undecodable")
    assert span.attributes["wasl.outcome"] == "dead"


def test_what_its_producer_does_not_sample_is_not_recorded(traces, exported):
    traces.record([outcome(headers=(("traceparent", f"00-{TRACE}-{PARENT}-00".encode()),))], deliver_seconds=0.0)
    assert exported.get_finished_spans() == ()


def test_a_context_that_is_none_harms_nobody(traces, exported):
    traces.record([outcome(headers=(("traceparent", b"\xff not one"),))], deliver_seconds=0.0)
    [span] = exported.get_finished_spans()
    assert span.parent is None


def test_missing_packages_are_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(SettingsError, match=r"wasl\[tracing\]"):
        module.open_traces("g")
