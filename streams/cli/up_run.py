"""What ``wasl up`` does, step by step."""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

import click

from streams import __version__
from streams.cli.local import fill_catalog, local_settings, make_topics, start_monitor, start_worker
from streams.cli.steps import Steps, end_on_sigterm
from streams.cli.terminal import counted, note
from streams.embedded.options import EmbeddedOptions
from streams.embedded.ports import LOOPBACK
from streams.embedded.stack import EmbeddedStack, StackConfig
from streams.embedded.state import (
    StackState,
    add_process,
    is_running,
    read_state,
    record_process,
    state_path,
    stop_all,
    write_state,
)
from streams.errors import EmbeddedServerError
from streams.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.cli.local import LocalWorker
    from streams.embedded.server import Server
    from streams.embedded.stack import BrokerKind
    from streams.embedded.state import ProcessRecord

__all__ = ["run_up"]

_PARTITIONS: Final = 8
_SESSION_TIMEOUT: Final = 6.0  # the shortest that Apache Kafka allows
_MONITOR: Final = "monitor"
_POLL: Final = 0.2
_DOWN_TAKES: Final = 60.0
_END_TAKES: Final = 5.0  # seconds until a process that is seen to end has ended


def run_up(
    *,
    detach: bool,
    broker: BrokerKind,
    kafka_port: int | None,
    redis_port: int | None,
    monitor: bool = True,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Start everything, and stay with it unless it is to be left running.

    Args:
        detach: Whether to leave it running.
        broker: Which broker.
        kafka_port: Port of the broker; None chooses a free one.
        redis_port: Port of Redis; None chooses a free one.
        monitor: Whether the monitor page is served too.
        sleep: Waits for so many seconds.

    Raises:
        EmbeddedServerError: A server or the worker did not start, or ended while we stayed with it.
    """
    options = EmbeddedOptions.from_env()
    running = _left_running(options)
    if running is not None:
        click.echo("It runs already; `wasl down` stops it.")
        _print_addresses(running)
        return
    config = StackConfig(broker=broker, kafka_port=kafka_port, redis_port=redis_port, persistent=True)
    stack = EmbeddedStack(options, config=config, die_with_parent=not detach)
    steps = Steps(5 if monitor else 4)
    with end_on_sigterm(), ExitStack() as started:
        started.callback(stack.close)
        settings, worker = _start(stack, detach=detach, steps=steps)
        started.callback(worker.close)
        children = [worker]
        if monitor:
            children.append(_start_monitor(stack, settings, worker, detach=detach, steps=steps))
            started.callback(children[-1].close)
        if detach:
            stack.leave_running()
            state = [add_process(stack.home, _record_child(child)) for child in children][-1]
            _print_addresses(state)
            for child in children:
                child.port.release()
            started.pop_all()
            return
        servers = (stack.redis, stack.broker)
        state = StackState(
            broker,
            stack.bootstrap_servers,
            stack.redis_url,
            (*map(_record_server, servers), *map(_record_child, children)),
        )
        write_state(stack.home, state)
        started.callback(state_path(stack.home).unlink, missing_ok=True)
        _print_addresses(state)
        note("Ctrl-C stops it.")
        # A page that cannot be opened any more is no reason to stop linking.
        while all(is_running(process) for process in state.processes if process.name != _MONITOR):
            sleep(_POLL)
        _explain_end(stack, worker, sleep=sleep)


def _left_running(options: EmbeddedOptions) -> StackState | None:
    """Return what runs already; what is left of a stack of which a part has ended is stopped."""
    state = read_state(options.home)
    if state is None:
        return None
    if all(is_running(process) for process in state.processes):
        return state
    gone = [process.name for process in state.processes if not is_running(process)]
    note(f"Of the last start, {', '.join(gone)} no longer runs; stopping the rest.")
    stop_all(options.home)
    return None


def _start(stack: EmbeddedStack, *, detach: bool, steps: Steps) -> tuple[Settings, LocalWorker]:
    with steps.step("broker and Redis") as say:
        stack.start()
        say(", ".join(f"{name} {version}" for name, version in stack.versions.items()))
    settings = local_settings(Settings.from_env(), bootstrap_servers=stack.bootstrap_servers, redis_url=stack.redis_url)
    with steps.step("catalogue") as say:
        stats, imported = fill_catalog(settings)
        say(
            counted(stats.entities, "entity", "entities")
            + (", the starter catalogue" if imported else ", kept from the last time")
        )
    with steps.step("topics") as say:
        created = make_topics(settings, partitions=_PARTITIONS)
        say(", ".join(created) if len(created) > 0 else "kept from the last time")
    with steps.step("worker") as say:
        worker = start_worker(
            settings, folder=stack.home / "worker", session_timeout=_SESSION_TIMEOUT, die_with_parent=not detach
        )
        say("ready")
    return settings, worker


def _start_monitor(
    stack: EmbeddedStack, settings: Settings, worker: LocalWorker, *, detach: bool, steps: Steps
) -> LocalWorker:
    with steps.step("monitor page") as say:
        child = start_monitor(settings, folder=stack.home / "monitor", worker=worker, die_with_parent=not detach)
        say(_page(child.port.port))
    return child


def _record_server(server: Server) -> ProcessRecord:
    return record_process(server.name, server.pid or 0, log=server.log_path, port=server.port, version=server.version)


def _record_child(child: LocalWorker) -> ProcessRecord:
    process = child.process
    name = process.name.removeprefix("The ")
    return record_process(name, process.pid or 0, log=process.log_path, port=child.port.port, version=__version__)


def _page(port: int) -> str:
    return f"http://{LOOPBACK}:{port}/"


def _explain_end(stack: EmbeddedStack, worker: LocalWorker, *, sleep: Callable[[float], None]) -> None:
    """Say why what we stayed with has ended.

    Raises:
        EmbeddedServerError: Not because `wasl down` was called.
    """
    if worker.process.returncode == 0:
        # It was asked to end, as `wasl down` does first of all; what is being stopped there is not ours to touch.
        for _ in range(round(_DOWN_TAKES / _POLL)):
            if not state_path(stack.home).exists():
                note("Stopped by `wasl down`.")
                return
            sleep(_POLL)
    # A process of several threads is seen to end a moment before its parent is told so.
    for _ in range(round(_END_TAKES / _POLL)):
        for server in (stack.redis, stack.broker):
            if not server.running:
                raise EmbeddedServerError(f"{server.name} has ended.", remedy=f"Its log is {server.log_path}.")
        worker.check()
        sleep(_POLL)
    raise EmbeddedServerError("A part of the stack has ended.", remedy=f"The logs are in {stack.home}.")


def _print_addresses(state: StackState) -> None:
    for process in state.processes:
        at = "" if process.port is None else f"  127.0.0.1:{process.port}"
        click.echo(f"{process.name} {process.version}{at}  log {process.log}")
    page = next((process.port for process in state.processes if process.name == _MONITOR), None)
    if page is not None:
        click.echo(f"\nThe monitor page: {_page(page)}")
    variables = f"WASL_KAFKA_BOOTSTRAP={state.bootstrap_servers} WASL_REDIS_URL={state.redis_url}"
    click.echo(f"\nFor other programs: export {variables}")
