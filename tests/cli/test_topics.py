from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result


def test_create_makes_what_is_missing_and_check_is_content(
    wasl: Callable[..., Result], bootstrap_servers: str, unique: str
) -> None:
    env = {"WASL_KAFKA_BOOTSTRAP": bootstrap_servers} | {
        f"WASL_TOPIC_{name}": f"{unique}-{name}" for name in ("RAW", "ENRICHED", "DEAD", "UNLINKED")
    }
    missing = wasl("topics", "check", env=env)
    assert missing.exit_code == 1
    assert f"error: Topic {unique}-RAW does not exist.\n  Create it with `wasl topics create`." in missing.stderr

    created = wasl("topics", "create", "--partitions", "3", "--replication", "1", "-v", env=env)
    assert created.exit_code == 0, created.output
    assert f"{unique}-RAW: created, 3 partitions\n" in created.stdout
    assert f"{unique}-DEAD: created, 1 partition\n" in created.stdout
    assert "(WASL_KAFKA_BOOTSTRAP)" in created.stderr
    assert f"{unique}-RAW: exists, 3 partitions\n" in wasl("topics", "create", env=env).stdout

    checked = wasl("topics", "check", env=env)
    assert checked.exit_code == 0, checked.output
    assert f"{unique}-ENRICHED: 3 partitions\n" in checked.stdout


def test_more_copies_than_brokers_are_told_with_the_option(
    apache: Any, wasl: Callable[..., Result], unique: str
) -> None:
    env = {"WASL_KAFKA_BOOTSTRAP": apache.address, "WASL_TOPIC_RAW": unique}
    refused = wasl("topics", "create", "--replication", "3", env=env)
    assert refused.exit_code == 1
    assert "cannot have 3 copies of each partition: 1 broker is there" in refused.stderr
    assert "\n  Give --replication 1.\n" in refused.stderr


def test_a_broker_that_is_not_there_is_an_error(sandbox: Any) -> None:
    # As a process of its own: kafka-python leaves the sockets of its attempts to the garbage collector.
    run = subprocess.run(
        sandbox.command("topics", "check"),
        env=sandbox.env | {"WASL_KAFKA_BOOTSTRAP": "127.0.0.1:1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 1
    assert run.stderr.startswith("error: ")
    assert "WASL_KAFKA_BOOTSTRAP" in run.stderr
    assert "Traceback" not in run.stderr
