"""Broker and Redis start together, stop together, and can be left to another shell."""

from __future__ import annotations

import subprocess
import sys

import pytest

from streams.embedded import stack as module
from streams.embedded.apache import locked_version
from streams.embedded.options import EmbeddedOptions
from streams.embedded.probe import accepts_connections, answers_kafka, answers_redis
from streams.embedded.stack import EmbeddedStack, StackConfig
from streams.embedded.state import is_running, read_state, stop_all
from streams.errors import EmbeddedServerError

pytestmark = [pytest.mark.kafka, pytest.mark.redis]

_UP = """\
import sys
from pathlib import Path
from streams.embedded.options import EmbeddedOptions
from streams.embedded.stack import EmbeddedStack

stack = EmbeddedStack(EmbeddedOptions(home=Path(sys.argv[1])), die_with_parent=False)
stack.start()
stack.leave_running()
"""


@pytest.fixture
def options(tmp_path):
    return EmbeddedOptions(home=tmp_path / "home")


def _port(address):
    return int(address.rpartition(":")[2].partition("/")[0])


def test_both_answer_inside_the_block_and_neither_after_it(options):
    with EmbeddedStack(options) as stack:
        kafka, redis = _port(stack.bootstrap_servers), _port(stack.redis_url)
        assert answers_kafka(kafka)
        assert answers_redis(redis)
        assert list(stack.versions) == ["Tansu", "Redis"]
    assert not accepts_connections(kafka)
    assert not accepts_connections(redis)


def test_apache_kafka_takes_the_brokers_place(apache_or_reason, embedded_options, tmp_path):
    if apache_or_reason is not None:
        pytest.skip(f"Apache Kafka cannot run here: {apache_or_reason}")
    with EmbeddedStack(embedded_options, home=tmp_path, config=StackConfig(broker="apache")) as stack:
        assert answers_kafka(_port(stack.bootstrap_servers))
        assert list(stack.versions) == ["Apache Kafka", "Java", "Redis"]
        assert stack.versions["Apache Kafka"] == locked_version()


def test_when_the_broker_does_not_start_redis_does_not_stay(options, monkeypatch):
    started = []

    def start_redis(*args, **kwargs):
        started.append(module_start_redis(*args, **kwargs))
        return started[0]

    module_start_redis = module.start_redis
    monkeypatch.setattr(module, "start_redis", start_redis)
    with EmbeddedStack(options) as running:
        config = StackConfig(kafka_port=_port(running.bootstrap_servers))
        started.clear()
        with pytest.raises(EmbeddedServerError, match="is not free"):
            EmbeddedStack(options, config=config).start()
    assert len(started) == 1
    assert not started[0].running


def test_a_stack_that_does_not_run_has_no_address(options):
    stack = EmbeddedStack(options)
    with pytest.raises(EmbeddedServerError, match="not running"):
        _ = stack.bootstrap_servers


def test_a_stack_left_running_is_stopped_by_another_process(options):
    subprocess.run([sys.executable, "-c", _UP, str(options.home)], check=True)
    state = read_state(options.home)
    assert [record.name for record in state.processes] == ["Redis", "Tansu"]
    assert all(is_running(record) for record in state.processes)
    assert answers_kafka(_port(state.bootstrap_servers))
    assert answers_redis(_port(state.redis_url))
    assert [outcome for _, outcome in stop_all(options.home)] == ["stopped", "stopped"]
    assert not any(is_running(record) for record in state.processes)


def test_what_ends_with_this_process_cannot_be_left_running(options):
    with EmbeddedStack(options) as stack, pytest.raises(EmbeddedServerError, match="end with this process"):
        stack.leave_running()
