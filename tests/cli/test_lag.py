"""``wasl lag`` on a real broker: lines of JSON, a table, a table that follows."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
from kafka import KafkaConsumer, TopicPartition
from kafka.structs import OffsetAndMetadata

from streams.kafka.client import connect
from streams.kafka.producer import open_producer
from streams.settings import KafkaSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result


@pytest.fixture
def env(topics_env: dict[str, str], bootstrap_servers: str, unique: str, tmp_path: Any) -> dict[str, str]:
    """A group that has committed 2 of 5 records on the first of two partitions of the raw topic."""
    kafka = KafkaSettings(bootstrap_servers=bootstrap_servers)
    topic = topics_env["WASL_TOPIC_RAW"]
    with open_producer(kafka) as producer:
        for _ in range(5):
            producer.send(topic, b"x", partition=0, timestamp_ms=1_600_000_000_000)
    consumer = connect(KafkaConsumer, kafka, group_id=f"{unique}-g", enable_auto_commit=False)
    at = TopicPartition(topic, 0)
    consumer.assign([at])
    consumer.commit({at: OffsetAndMetadata(2, "", -1)})
    consumer.close()
    return topics_env | {"WASL_DATA_DIR": str(tmp_path / "data"), "WASL_LAG_GROUPS": f"{unique}-g"}


def test_in_a_pipe_there_is_a_line_of_json_for_each_partition(
    wasl: Callable[..., Result], env: dict[str, str], tmp_path: Any
) -> None:
    run = wasl("lag", "--once", env=env)
    assert run.exit_code == 0, run.output
    first, second = (json.loads(line) for line in run.stdout.splitlines())
    assert (first["committed"], first["end"], first["lag"], first["lost"]) == (2, 5, 3, 0)
    assert abs(first["at"] - first["lag_seconds"] - 1_600_000_000) < 0.01
    assert (first["state"], first["members"], first["rate"]) == ("warning", 0, None)
    assert (second["partition"], second["committed"], second["lag"], second["lag_seconds"]) == (1, None, None, None)
    assert (tmp_path / "data" / "lag.sqlite3").exists()
    # What was seen is remembered.
    again = json.loads(wasl("lag", "--once", env=env).stdout.splitlines()[0])
    assert (again["rate"], again["arrival_rate"]) == (0.0, 0.0)


def test_patterns_choose_and_nothing_is_said_to_be_nothing(
    wasl: Callable[..., Result], env: dict[str, str], tmp_path: Any
) -> None:
    chosen = wasl("lag", "--once", "--no-history", "--topic", f"{env['WASL_TOPIC_RAW'][:-2]}*", env=env)
    assert len(chosen.stdout.splitlines()) == 2
    assert not (tmp_path / "data").exists()
    for options in (("--topic", f"!{env['WASL_TOPIC_RAW']}"), ("--group", "nobody-*")):
        run = wasl("lag", "--once", *options, env=env)
        assert (run.exit_code, run.stdout) == (0, "")
        assert "No group has committed" in run.stderr
    refused = wasl("lag", "--once", "--group", "a,,b", env=env)
    assert refused.exit_code == 1
    assert "empty part" in refused.stderr


def on_terminal(command: list[str], env: dict[str, str], *, until: Callable[[str], bool]) -> tuple[str, int]:
    """Run a command on a terminal of 200 columns, press Ctrl-C when enough is there, and return what it showed."""
    parent, child = pty.openpty()
    env = env | {"COLUMNS": "200", "LINES": "40", "TERM": "xterm-256color"}
    process = subprocess.Popen(
        command, stdin=child, stdout=child, stderr=child, env=env, start_new_session=True, close_fds=True
    )
    os.close(child)
    shown = ""
    interrupted = False
    while True:
        try:
            read = os.read(parent, 65_536)
        except OSError:  # the terminal is gone with the process
            break
        if len(read) == 0:
            break
        shown += read.decode(errors="replace")
        if not interrupted and until(shown):
            process.send_signal(2)
            interrupted = True
    os.close(parent)
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown), process.wait(20)


def test_on_a_terminal_a_table_follows_until_ctrl_c(sandbox: Any, env: dict[str, str], unique: str) -> None:
    shown, code = on_terminal(
        sandbox.command("lag", "--interval", "0.2"),
        sandbox.env | env,
        until=lambda text: text.count("Ctrl-C ends it.") >= 3,
    )
    assert code == 130
    row = next(line for line in shown.splitlines() if line.startswith(f"{unique}-g"))
    assert row.split()[:6] == [f"{unique}-g", env["WASL_TOPIC_RAW"], "0", "2", "5", "3"]
    assert row.split()[-1] == "warning"
    assert "Traceback" not in shown


def test_once_on_a_terminal_is_one_table(sandbox: Any, env: dict[str, str], unique: str) -> None:
    shown, code = on_terminal(sandbox.command("lag", "--once"), sandbox.env | env, until=lambda _: False)
    assert code == 0
    header, _, *rows = (line for line in shown.splitlines() if line.strip() != "")
    assert re.split(r"\s{2,}", header.strip()) == [
        "group",
        "topic",
        "partition",
        "committed",
        "end",
        "lag",
        "lag seconds",
        "rate",
        "time to zero",
        "state",
    ]
    assert len(rows) == 3
    assert rows[1].split()[2:6] == ["1", "-", "0", "-"]
    assert rows[2].split()[1] == "all"
