"""``wasl lag export`` as a process: it answers Prometheus, and ends when it is asked to."""

from __future__ import annotations

import re
import signal
import subprocess
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.test_lag import env

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from click.testing import Result

__all__ = ["env"]


def get(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            text: str = answer.read().decode()
    except urllib.error.HTTPError as exc:
        with exc:
            return ""
    return text


@contextmanager
def ending(process: subprocess.Popen[str]) -> Iterator[None]:
    """Kill what a failed test leaves running."""
    try:
        yield
    finally:
        process.kill()


def test_it_answers_prometheus_until_it_is_asked_to_end(
    sandbox: Any, env: dict[str, str], unique: str, eventually: Callable[..., None]
) -> None:
    process = subprocess.Popen(
        sandbox.command("lag", "export", "--listen", "127.0.0.1:0", "--interval", "0.2"),
        env=sandbox.env | env | {"WASL_LAG_CLUSTER": "news"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process, ending(process):
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert url.endswith("/metrics")
        eventually(lambda: re.search(r"^wasl_lag_looks_total ([3-9]|\d\d)", get(url), re.MULTILINE), within=20.0)
        text = get(url)
        labels = f'partition="0",topic="{env["WASL_TOPIC_RAW"]}"'
        assert f'kafka_consumergroup_lag{{consumergroup="{unique}-g",{labels}}} 3.0' in text
        assert f'kafka_consumergroup_group_lag_seconds{{cluster_name="news",group="{unique}-g",{labels}}}' in text
        assert 'partition="1"' not in "".join(
            line for line in text.splitlines() if line.startswith(("wasl_lag_", "kafka_consumergroup_"))
        )
        assert '"status": "ok"' in get(url.replace("/metrics", "/readyz"))
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


@pytest.mark.parametrize("listen", ["9308", ":9308", "localhost", "localhost:http", "localhost:65536"])
def test_an_address_that_is_none_is_refused(wasl: Callable[..., Result], listen: str) -> None:
    run = wasl("lag", "export", "--listen", listen)
    assert run.exit_code == 2
    assert "is not HOST:PORT" in run.stderr
