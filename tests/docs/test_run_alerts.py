"""The page of every alert, followed while the alert has its reason: its commands are run and show the symptom.

A real Prometheus, which scrapes the workers and the exporter, says that the alert has its reason; how long it has to
last before somebody is told is tried by promtool in tests/ops. So are the states that the runbook shows.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
import yaml

from tests.docs.console import Page, replaced, run_steps, shown_pattern, steps
from tests.docs.pages import NAMES
from tests.docs.troubles import BREAKS, EXPRESSIONS, GROUP, RAW, Bench, ask, eventually, lag_env, program

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.docs.console import Sandbox

_FOLDER: Final = "docs/operations/alerts/"
# It compares five minutes with the hour before them; tests/test_drift.py gives it a clock of its own.
TAKES_AN_HOUR: Final = {"WaslLinkingDrift"}


class Case(NamedTuple):
    """How the commands of an alert's page show its reason.

    Attributes:
        said: A pattern for each command, in the order of the page.
        codes: Exit codes other than 0, by how a command begins.
        until: Commands that go on until Ctrl-C.
    """

    said: tuple[str, ...]
    codes: dict[str, int] = {}  # noqa: RUF012 - never changed
    until: tuple[str, ...] = ()


def _is(state: str) -> str:
    return rf'"state": ?"{state}"'


_NO_ANSWER: Final = {"curl": 7}

# By the state in which they are followed, in this order.
CASES: Final[dict[str, dict[str, Case]]] = {
    "exporter_down": {"WaslLagUnknown": Case((r"^$", GROUP), _NO_ANSWER)},
    "dead_letters": {
        "WaslDeadLetters": Case(("event.undecodable", "not json")),
        "WaslDeadLetterFlood": Case(("event.invalid",)),
    },
    "redis_away": {
        "WaslCatalogueStale": Case(("Timeout", r'"is_live": false'), {"wasl catalog stats": 1}),
    },
    "redis_emptied": {},
    "drift": {"WaslLinkingDrift": Case(("Qalamoun Robotics", "retire.*Amal|Amal.*retire"))},
    "worker_down": {
        "WaslWorkerDown": Case((_is("stopped"), r"^$"), _NO_ANSWER),
        "WaslGroupStopped": Case((_is("stopped"),)),
        "WaslLagging": Case((r'"lag_seconds": ?[3-9][0-9][0-9]',), until=("wasl lag",)),
        "WaslPartitionsUnread": Case((r'"lag": ?[1-9]', r"^$"), _NO_ANSWER),
    },
    "records_lost": {"WaslRecordsLost": Case((r'"lost": ?[1-9]',))},
    "stalled": {"WaslGroupStalled": Case((_is("stalled"), "^$"), {"curl": 1})},
    "rewound": {"WaslGroupRewound": Case((_is("rewound"), RAW))},
    "split": {"WaslCatalogueSplit": Case((r"version +sha-", r'"version": "sha-'))},
    "restarts": {"WaslWorkerRestarts": Case((r"wasl_restarts_total\{.*\} 3\.0", GROUP, "articles.enriched"))},
    "broker_hangs": {
        "WaslDeliveryRetries": Case((r"waits_seconds [1-9]", "refused a connection"), {"wasl topics check": 1})
    },
}
# What the runbook shows of a state, by its number on the page.
STATES: Final = {"redis_away": (0, 1), "redis_emptied": (2,), "dead_letters": (3,)}


@pytest.fixture(scope="module")
def bench(sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    prometheus = shutil.which("prometheus")
    if sandbox.state.broker != "apache" or prometheus is None:
        pytest.skip("Apache Kafka or Prometheus is not there: the embedded broker describes no groups")
    folder = tmp_path_factory.mktemp("alerts")
    made = Bench(sandbox, folder)
    config = {
        "global": {"scrape_interval": "500ms"},
        "scrape_configs": [
            {"job_name": "wasl-worker", "file_sd_configs": [{"files": [str(folder / "workers.json")]}]},
            {"job_name": "wasl-lag", "static_configs": [{"targets": [f"127.0.0.1:{sandbox.lag_port}"]}]},
        ],
    }
    (folder / "prometheus.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    command = [prometheus, f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/tsdb"]
    command.append(f"--web.listen-address=127.0.0.1:{made.prometheus}")
    with program(command, env=dict(os.environ), log=folder / "prometheus.log"):
        eventually(lambda: len(made.ask('up{job="wasl-worker"} == 1')) > 0, "Prometheus has asked a worker")
        yield made


@pytest.fixture(scope="module")
def exporter(bench: Bench) -> Iterator[None]:
    """The exporter, once the page that misses it was followed."""
    command = [sys.executable, "-m", "streams", "lag", "export", "--listen", f"127.0.0.1:{bench.sandbox.lag_port}"]
    with program(command, env={**bench.sandbox.env, **lag_env(bench)}, log=bench.folder / "lag.log"):
        eventually(lambda: "wasl_lag_looks_total" in ask(bench.sandbox.lag_port, "metrics"), "it looks at lag")
        yield


def test_every_alert_has_a_state_in_which_its_page_is_followed() -> None:
    followed = [name for cases in CASES.values() for name in cases]
    pages = {name.removeprefix(_FOLDER).removesuffix(".md") for name in NAMES if name.startswith(_FOLDER)} - {"README"}
    assert len(followed) == len(set(followed))
    assert set(followed) == pages == set(EXPRESSIONS)
    assert set(BREAKS) == set(CASES)


def test_every_state_of_the_runbook_is_made() -> None:
    shown = range(len(steps("docs/operations/runbook.md", language="text")))
    assert sorted(number for numbers in STATES.values() for number in numbers) == list(shown)


# In this order: from *worker_down* on, the worker of the sandbox is gone.
@pytest.mark.parametrize("state", list(CASES))
def test_pages_show_what_is_wrong_while_it_is(
    bench: Bench, state: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if state != "exporter_down":
        request.getfixturevalue("exporter")
    with BREAKS[state](bench) as given:
        for name in CASES[state].keys() - TAKES_AN_HOUR:
            eventually(partial(bench.fires, name), f"{name} has its reason")
        for name, case in CASES[state].items():
            folder = tmp_path / name
            folder.mkdir()
            _follow(bench, name, case, given, folder)
        _compare(bench, STATES.get(state, ()), tmp_path)


def _follow(bench: Bench, name: str, case: Case, given: dict[str, str], folder: Path) -> None:
    asked = steps(f"{_FOLDER}{name}.md")
    assert len(asked) == len(case.said), name
    codes = {
        step.command: code for step in asked for begin, code in case.codes.items() if step.command.startswith(begin)
    }
    until = {step.command: case.said[at] for at, step in enumerate(asked) if step.command in case.until}
    page = Page(env=lag_env(bench), codes=codes, until=until)
    # Addresses first: what is given names those of the sandbox.
    done = run_steps(bench.sandbox, page, asked, folder, replace={**bench.sandbox.addresses, **given})
    for each, pattern in zip(done, case.said, strict=False):
        assert each.code == codes.get(each.step.command, 0), f"{name}: {each.step.command}: {each.code}\n{each.said}"
        assert re.search(pattern, each.said), f"{name}: {each.step.command}\n{each.said}"
    assert len(done) == len(asked)


def _compare(bench: Bench, numbers: tuple[int, ...], folder: Path) -> None:
    """What the runbook shows of a state is what is seen in it, in any order of its lines."""
    shown = steps("docs/operations/runbook.md", language="text")
    for number in numbers:
        step = shown[number]
        said = bench.sandbox.run(replaced(step.command, bench.sandbox.addresses), folder=folder)
        for line in step.shown:
            assert shown_pattern(line).search(said), f"{step.command} should print\n{line}\nand printed\n{said}"
