from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from streams.cli import cli
from streams.cli.connect import find_settings, running_stack
from streams.embedded.state import StackState, read_state, record_process, write_state
from streams.errors import BrokerUnavailableError, InputError, SettingsError, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from streams.errors import WaslError


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A stack that runs: this very process stands for it."""
    record = record_process("Redis", os.getpid(), log=tmp_path / "log")
    write_state(tmp_path, StackState("tansu", "127.0.0.1:1", "redis://127.0.0.1:2/0", (record,)))
    return tmp_path


def servers(env: dict[str, str]) -> tuple[str, str]:
    settings = find_settings(env=env)
    return settings.kafka.bootstrap_servers, settings.redis.url


def test_a_running_stack_is_used(home: Path) -> None:
    assert servers({"WASL_HOME": str(home)}) == ("127.0.0.1:1", "redis://127.0.0.1:2/0")


def test_variables_win_one_by_one(home: Path) -> None:
    env = {"WASL_HOME": str(home), "WASL_KAFKA_BOOTSTRAP": "k:9"}
    assert servers(env) == ("k:9", "redis://127.0.0.1:2/0")
    assert servers({**env, "WASL_REDIS_URL": "redis://r"}) == ("k:9", "redis://r")


def test_a_stack_that_has_ended_is_not_used(home: Path) -> None:
    gone = record_process("Redis", os.getpid(), log=home / "log")
    write_state(home, StackState("tansu", "k:1", "redis://r", (type(gone)("Redis", gone.pid, "?", 0.0, 1, "", ""),)))
    assert running_stack({"WASL_HOME": str(home)}) is None
    assert servers({"WASL_HOME": str(home)}) == ("localhost:9092", "redis://localhost:6379/0")


def test_verbose_says_what_is_used_and_why(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    find_settings(verbose=True, env={"WASL_HOME": str(home), "WASL_REDIS_URL": "redis://u:secret@r/0"})
    shown = capsys.readouterr().err
    assert shown == "Kafka: 127.0.0.1:1 (from `wasl up`)\nRedis: redis://u:***@r/0 (WASL_REDIS_URL)\n"


@pytest.fixture
def unanswered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., str]:
    """What is said where a command finds its settings, and then neither Kafka nor Redis at their addresses."""

    def run(error: WaslError, **env: str) -> str:
        @click.command("fail")
        def fail() -> None:
            find_settings(env={"WASL_HOME": str(tmp_path), **env})
            raise error

        monkeypatch.setattr(cli, "get_command", lambda _context, _name: fail)
        return CliRunner().invoke(cli, ["fail"]).stderr

    return run


def test_where_nothing_answers_at_a_default_it_is_said_that_no_stack_was_found(
    unanswered: Callable[..., str], tmp_path: Path
) -> None:
    hint = f"No stack of `wasl up` was found in {tmp_path}: go to the folder where it was started, or set WASL_HOME."
    assert unanswered(BrokerUnavailableError("No.", remedy="Look.")) == f"error: No.\n  Look. {hint}\n"
    assert unanswered(StoreUnavailableError("No.")) == f"error: No.\n  {hint}\n"
    assert hint not in unanswered(BrokerUnavailableError("No."), WASL_KAFKA_BOOTSTRAP="k:9")
    assert hint in unanswered(StoreUnavailableError("No."), WASL_KAFKA_BOOTSTRAP="k:9")
    assert hint not in unanswered(InputError("No."))


def test_where_a_part_of_a_stack_does_not_answer_it_is_said_how_it_starts_again(
    unanswered: Callable[..., str], home: Path
) -> None:
    hint = f"The stack of `wasl up` in {home} has ended, or a part of it: `wasl up --detach` starts it again."
    assert unanswered(BrokerUnavailableError("No."), WASL_HOME=str(home)) == f"error: No.\n  {hint}\n"
    state = read_state(home)
    assert state is not None
    write_state(home, replace(state, processes=(replace(state.processes[0], identity="?"),)))
    assert unanswered(StoreUnavailableError("No."), WASL_HOME=str(home)) == f"error: No.\n  {hint}\n"
    assert hint not in unanswered(StoreUnavailableError("No."), WASL_HOME=str(home), WASL_REDIS_URL="redis://r")


def test_an_unknown_variable_is_refused() -> None:
    with pytest.raises(SettingsError, match="WASL_NONSENSE is not a setting"):
        find_settings(env={"WASL_NONSENSE": "1"})
