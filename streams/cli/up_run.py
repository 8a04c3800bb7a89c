"""What ``wasl up`` does, step by step."""

from __future__ import annotations

import time
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING, Final

import click

from streams.cli.local import local_settings
from streams.cli.steps import Steps, end_on_sigterm
from streams.cli.terminal import note
from streams.cli.up_mend import broker_kind, mend, refuse_other
from streams.cli.up_parts import MONITOR, fill, make, page_address, recorded, say_waiting, serve_page, work
from streams.embedded.options import EmbeddedOptions
from streams.embedded.stack import EmbeddedStack, StackConfig
from streams.embedded.state import (
    StackState,
    add_process,
    alone,
    is_running,
    read_state,
    state_path,
    stop_all,
    write_state,
)
from streams.errors import EmbeddedServerError
from streams.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.cli.local import LocalWorker
    from streams.cli.up_mend import Asked
    from streams.embedded.server import Server

__all__ = ["run_up"]

_POLL: Final = 0.2
_DOWN_TAKES: Final = 60.0
_END_TAKES: Final = 5.0  # seconds until a process that is seen to end has ended


def run_up(asked: Asked, *, detach: bool, sleep: Callable[[float], None] = time.sleep) -> None:
    """Start everything, and stay with it unless it is to be left running.

    What runs already stays; where a part of it has ended, that part is started again.

    Args:
        asked: Which broker, on which ports, and whether with the monitor page.
        detach: Whether to leave it running.
        sleep: Waits for so many seconds.

    Raises:
        EmbeddedServerError: A server or the worker did not start, or ended while we stayed with it.
        InputError: Something else runs already than was asked for.
    """
    options = EmbeddedOptions.from_env()
    waiting = partial(say_waiting, options.home)
    with end_on_sigterm(), ExitStack() as staying:
        with alone(options.home, waiting=waiting):
            before = read_state(options.home)
            if before is not None and any(is_running(process) for process in before.processes):
                refuse_other(before, asked, options.home)
                running = mend(options, before)
                click.echo(f"It runs {'already' if running is before else 'again'}; `wasl down` stops it.")
                _print_addresses(running)
                return
            stack, worker, state = _begin(options, asked, before, detach=detach, staying=staying)
        if detach:
            staying.pop_all()
            _print_addresses(state)
            return
        # All of it: another `wasl up` may have started the page again, which is no child of ours.
        staying.callback(stop_all, stack.home, waiting=waiting)
        _print_addresses(state)
        note("Ctrl-C stops it.")
        # A page that cannot be opened any more is no reason to stop linking.
        while all(is_running(process) for process in state.processes if process.name != MONITOR):
            sleep(_POLL)
        _explain_end(stack, worker, sleep=sleep)


def _begin(
    options: EmbeddedOptions, asked: Asked, before: StackState | None, *, detach: bool, staying: ExitStack
) -> tuple[EmbeddedStack, LocalWorker, StackState]:
    """Start every part and write down what runs, or leave nothing; what stops it all goes to ``staying``."""
    last = "tansu" if before is None else broker_kind(before)
    broker = last if asked.broker is None else asked.broker
    monitor = asked.monitor is not False
    config = StackConfig(broker, kafka_port=asked.kafka_port, redis_port=asked.redis_port, persistent=True)
    stack = EmbeddedStack(options, config=config, die_with_parent=not detach)
    steps = Steps(5 if monitor else 4)
    with ExitStack() as started:
        started.callback(stack.close)
        settings, worker = _start(stack, detach=detach, steps=steps)
        started.callback(worker.close)
        children = [worker]
        if monitor:
            children.append(_start_monitor(stack, settings, worker, detach=detach, steps=steps))
            started.callback(children[-1].close)
        if detach:
            stack.leave_running()
            state = [add_process(stack.home, recorded(child)) for child in children][-1]
            for child in children:
                child.port.release()
        else:
            parts: tuple[Server | LocalWorker, ...] = (stack.redis, stack.broker, *children)
            state = StackState(broker, stack.bootstrap_servers, stack.redis_url, tuple(map(recorded, parts)))
            write_state(stack.home, state)
        staying.push(started.pop_all())
    return stack, worker, state


def _start(stack: EmbeddedStack, *, detach: bool, steps: Steps) -> tuple[Settings, LocalWorker]:
    with steps.step("broker and Redis") as say:
        stack.start()
        say(", ".join(f"{name} {version}" for name, version in stack.versions.items()))
    settings = local_settings(Settings.from_env(), bootstrap_servers=stack.bootstrap_servers, redis_url=stack.redis_url)
    with steps.step("catalogue") as say:
        fill(settings, say)
    with steps.step("topics") as say:
        make(settings, say)
    with steps.step("worker") as say:
        worker = work(settings, stack.home, die_with_parent=not detach)
        say("ready")
    return settings, worker


def _start_monitor(
    stack: EmbeddedStack, settings: Settings, worker: LocalWorker, *, detach: bool, steps: Steps
) -> LocalWorker:
    with steps.step("monitor page") as say:
        child = serve_page(settings, stack.home, worker_port=worker.port.port, die_with_parent=not detach)
        say(page_address(child.port.port))
    return child


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
    page = next((process.port for process in state.processes if process.name == MONITOR), None)
    if page is not None:
        click.echo(f"\nThe monitor page: {page_address(page)}")
    variables = f"WASL_KAFKA_BOOTSTRAP={state.bootstrap_servers} WASL_REDIS_URL={state.redis_url}"
    click.echo(f"\nFor other programs: export {variables}")
