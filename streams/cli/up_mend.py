"""`wasl up` where a stack runs already: what was asked for is compared with it, and parts that ended start again.

Every part comes back on its port and on its data, so that the others, and programs that know the addresses, find it
again. The worker and the page outlive Redis, but not the broker: Tansu comes back with nothing in it.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.cli.local import local_settings
from streams.cli.steps import Steps
from streams.cli.terminal import note
from streams.cli.up_parts import MONITOR, WORKER, fill, make, page_address, recorded, serve_page, work
from streams.embedded.ports import take_back
from streams.embedded.stack import StackConfig, start_server
from streams.embedded.state import add_process, is_running, stop_process
from streams.errors import EmbeddedServerError, InputError
from streams.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from streams.cli.local import LocalWorker
    from streams.embedded.options import EmbeddedOptions
    from streams.embedded.ports import PortReservation
    from streams.embedded.server import Server
    from streams.embedded.stack import BrokerKind
    from streams.embedded.state import ProcessRecord, StackState

__all__ = ["Asked", "broker_kind", "mend", "refuse_other"]

_REDIS: Final = "Redis"
_BROKER: Final = "broker"
_ORDER: Final = (_REDIS, _BROKER, WORKER, MONITOR)


@dataclass(frozen=True, slots=True)
class Asked:
    """What `wasl up` was asked for; None is what was not said.

    Attributes:
        broker: Which broker.
        kafka_port: Port of the broker.
        redis_port: Port of Redis.
        monitor: Whether the monitor page is served too.
    """

    broker: BrokerKind | None = None
    kafka_port: int | None = None
    redis_port: int | None = None
    monitor: bool | None = None


def broker_kind(state: StackState) -> BrokerKind:
    """Return which broker a stack has."""
    return "apache" if state.broker == "apache" else "tansu"


def refuse_other(state: StackState, asked: Asked, home: Path) -> None:
    """Do nothing where what runs is what was asked for.

    Args:
        state: What runs.
        asked: What was asked for.
        home: Folder of the stack.

    Raises:
        InputError: It differs; the message names the option.
    """
    kind, parts = broker_kind(state), _parts(state)
    kafka_port, redis_port, has_page = _port(parts, _BROKER), _port(parts, _REDIS), MONITOR in parts
    for wanted, found, option, has in (
        (asked.broker, kind, f"--broker {asked.broker}", f"its broker is {kind}"),
        (asked.kafka_port, kafka_port, f"--kafka-port {asked.kafka_port}", f"its broker is at port {kafka_port}"),
        (asked.redis_port, redis_port, f"--redis-port {asked.redis_port}", f"its Redis is at port {redis_port}"),
        (
            asked.monitor,
            has_page,
            "--monitor" if asked.monitor is True else "--no-monitor",
            "it has the monitor page" if has_page else "it has no monitor page",
        ),
    ):
        if wanted not in {None, found}:
            kept = "the catalogue stays" + (", and what is in the topics goes" if kind == "tansu" else "")
            raise InputError(
                f"A stack runs already in {home}, and {has}: {option} cannot change that.",
                remedy=f"Stop it first with `wasl down`; {kept}.",
            )


def mend(options: EmbeddedOptions, state: StackState) -> StackState:
    """Start again what has ended of a stack, to stay when this process ends, and leave the rest alone.

    Args:
        options: Where jars and Java are, and the folder of the stack.
        state: The stack; at least one part runs.

    Returns:
        The stack as it is now; ``state`` itself where nothing had ended.

    Raises:
        EmbeddedServerError: A part did not start again.
    """
    parts = _parts(state)
    ended = [part for part in _ORDER if part in parts and not is_running(parts[part])]
    if WORKER not in parts:
        ended.append(WORKER)  # the start before was ended before it had recorded one
    if len(ended) == 0:
        return state
    again = [
        part for part in _ORDER if part in ended or (_BROKER in ended and part in {WORKER, MONITOR} and part in parts)
    ]
    names = [parts[part].name if part in parts else part for part in ended]
    note(f"Of the last start, {' and '.join(names)} no longer {'runs' if len(names) == 1 else 'run'}.")
    if _BROKER in ended and broker_kind(state) == "tansu":
        note("Tansu kept its records in memory: they are gone, and the topics are made anew.")
    settings = local_settings(Settings.from_env(), bootstrap_servers=state.bootstrap_servers, redis_url=state.redis_url)
    steps = Steps(len(again))
    with ExitStack() as held:
        # First of all: where one of these is taken, what runs still goes on.
        ports = _take_back(ended, parts, held)
        for part in reversed(again):
            if part in parts:
                stop_process(parts[part])
        ports |= _take_back([part for part in again if part not in ended], parts, held)
        for part in again:
            try:
                state = _start_again(part, options, settings, state, steps, port=ports.get(part))
            except EmbeddedServerError as exc:
                remedy = f"{exc.remedy} `wasl down` and `wasl up` begin anew.".lstrip()
                raise EmbeddedServerError(exc.message, remedy=remedy) from exc
    return state


def _take_back(names: Sequence[str], parts: dict[str, ProcessRecord], held: ExitStack) -> dict[str, PortReservation]:
    """Reserve the ports that parts had, by part; ``held`` gives them back."""
    ports = {}
    for name in names:
        port = _port(parts, name)
        if port is not None:
            try:
                ports[name] = take_back(port)
            except EmbeddedServerError as exc:
                remedy = "Stop what listens there, or `wasl down` and `wasl up` on other ports."
                raise EmbeddedServerError(exc.message, remedy=remedy) from exc
            held.callback(ports[name].release)
    return ports


def _start_again(
    part: str,
    options: EmbeddedOptions,
    settings: Settings,
    state: StackState,
    steps: Steps,
    *,
    port: PortReservation | None,
) -> StackState:
    home, parts = options.home, _parts(state)
    with steps.step(parts[part].name if part in parts else part) as say:
        if part in {_REDIS, _BROKER}:
            server = start_server(
                "redis" if part == _REDIS else "broker",
                options,
                home=home,
                config=StackConfig(broker_kind(state), persistent=True),
                port=port,
                die_with_parent=False,
            )
            state = _record(home, server)
            server.leave_running()
            (fill if part == _REDIS else make)(settings, say)
            return state
        if part == WORKER:
            # A start that was interrupted may have left servers with nothing in them.
            fill(settings, say)
            make(settings, say)
            child = work(settings, home, port=port, die_with_parent=False)
        else:
            worker_port = _port(parts, WORKER) or 0
            child = serve_page(settings, home, worker_port=worker_port, port=port, die_with_parent=False)
        state = _record(home, child)
        child.port.release()
        say("ready" if part == WORKER else page_address(child.port.port))
        return state


def _record(home: Path, part: Server | LocalWorker) -> StackState:
    """Write down a part that was started, or stop it: what is not written down, `wasl down` does not find."""
    try:
        return add_process(home, recorded(part))
    except BaseException:
        part.close()
        raise


def _parts(state: StackState) -> dict[str, ProcessRecord]:
    """Return the processes by what they are for: whatever is none of the others is the broker."""
    return {
        process.name if process.name in {_REDIS, WORKER, MONITOR} else _BROKER: process for process in state.processes
    }


def _port(parts: dict[str, ProcessRecord], part: str) -> int | None:
    return parts[part].port if part in parts else None
