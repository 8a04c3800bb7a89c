"""Which Kafka and which Redis a command talks to."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import click

from streams.cli.root import HINTS
from streams.cli.terminal import note
from streams.errors import BrokerUnavailableError, InputError, StoreUnavailableError
from streams.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from streams.embedded.state import StackState
    from streams.errors import WaslError
    from streams.settings import TopicSettings

__all__ = ["find_settings", "refuse_taken", "running_stack", "verbose_option", "with_stack"]


_UNAVAILABLE: Final[Mapping[str, type[WaslError]]] = {
    "WASL_KAFKA_BOOTSTRAP": BrokerUnavailableError,
    "WASL_REDIS_URL": StoreUnavailableError,
}


def verbose_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``-v`` to a command that talks to Kafka or Redis."""
    return click.option("-v", "--verbose", is_flag=True, help="Say which Kafka and which Redis are used, and why.")(
        function
    )


def find_settings(*, verbose: bool = False, env: Mapping[str, str] | None = None) -> Settings:
    """Return the settings from the environment, completed from the stack that `wasl up` started.

    Args:
        verbose: Whether to say on standard error what is used.
        env: Variables by name; the process environment when None.

    Raises:
        SettingsError: A variable breaks its rule.
        EmbeddedServerError: The state file is broken.
    """
    given = os.environ if env is None else env
    settings = Settings.from_env(given)
    own = [name for name in _UNAVAILABLE if name not in given]
    stack = running_stack(given) if len(own) > 0 else None
    if stack is not None:
        settings = with_stack(
            settings,
            bootstrap_servers=stack.bootstrap_servers if "WASL_KAFKA_BOOTSTRAP" in own else None,
            redis_url=stack.redis_url if "WASL_REDIS_URL" in own else None,
        )
    if len(own) > 0:
        _note_hints(own, given)
    if verbose:
        origin = "default" if stack is None else "from `wasl up`"
        for what, name in (("Kafka", "WASL_KAFKA_BOOTSTRAP"), ("Redis", "WASL_REDIS_URL")):
            value = next(value for variable, value, _ in settings.describe() if variable == name)
            note(f"{what}: {value} ({origin if name in own else name})")
    return settings


def _note_hints(own: Sequence[str], env: Mapping[str, str]) -> None:
    """Note what is to be said where nothing answers in the place of these variables."""
    from streams.embedded.options import EmbeddedOptions  # noqa: PLC0415 - not needed where variables are set
    from streams.embedded.state import state_path  # noqa: PLC0415

    context = click.get_current_context(silent=True)
    if context is not None:
        home = EmbeddedOptions.from_env(env).home
        if state_path(home).exists():
            hint = f"The stack of `wasl up` in {home} has ended, or a part of it: `wasl up --detach` starts it again."
        else:
            hint = (
                f"No stack of `wasl up` was found in {home}: go to the folder where it was started, or set WASL_HOME."
            )
        context.meta[HINTS] = {_UNAVAILABLE[name].code: hint for name in own}


def running_stack(env: Mapping[str, str] | None = None) -> StackState | None:
    """Return the stack that `wasl up` started, or None where it does not run any more.

    Raises:
        EmbeddedServerError: The state file is broken.
    """
    from streams.embedded.options import EmbeddedOptions  # noqa: PLC0415 - not needed where variables are set
    from streams.embedded.state import is_running, read_state  # noqa: PLC0415

    state = read_state(EmbeddedOptions.from_env(env).home)
    if state is None or not any(is_running(process) for process in state.processes):
        return None
    return state


def with_stack(settings: Settings, *, bootstrap_servers: str | None, redis_url: str | None) -> Settings:
    """Return the settings with other servers; None leaves what is there."""
    kafka, redis = settings.kafka, settings.redis
    if bootstrap_servers is not None:
        kafka = replace(kafka, bootstrap_servers=bootstrap_servers)
    if redis_url is not None:
        redis = replace(redis, url=redis_url)
    return replace(settings, kafka=kafka, redis=redis)


def refuse_taken(topics: TopicSettings, name: str, *, option: str, own: str) -> None:
    """Do nothing where an option names a topic that may hold what the command means.

    Args:
        topics: The topics of the settings, each of which holds one kind of record.
        name: The topic that was named.
        option: The option that named it.
        own: The topic of the settings in whose place it was named.

    Raises:
        InputError: It is another topic of the settings.
    """
    if name != own and name in topics.variables:
        raise InputError(
            f"{option} {name} is not allowed: it is the topic of {topics.variables[name]}, which holds other records"
            f" than that of {topics.variables[own]}.",
            remedy="Name a topic that no setting names.",
        )
