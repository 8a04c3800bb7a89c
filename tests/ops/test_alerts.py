"""Alert rules, by promtool: each fires where it should, and stays silent where it should."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.ops.deployment import OPS, ROOT

if TYPE_CHECKING:
    from pathlib import Path

RULES = OPS / "prometheus" / "alerts.yml"
ALERTS = {rule["alert"]: rule for rule in yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"][0]["rules"]}
WORKER = 'job="wasl-worker", instance="w:6066"'

# Series a minute apart, that make the alert fire after so many minutes, and series that come near and must not.
CASES: dict[str, tuple[int, dict[str, str], dict[str, str]]] = {
    "WaslWorkerDown": (4, {f"up{{{WORKER}}}": "0x9"}, {f"up{{{WORKER}}}": "0 0 1x9"}),
    "WaslWorkerRestarts": (
        9,
        {f"process_start_time_seconds{{{WORKER}}}": "1 2 3 4 4 4 4 4 4 4"},
        {f"process_start_time_seconds{{{WORKER}}}": "1 1 1 2 3 3 3 3 3 3"},
    ),
    "WaslPartitionsUnread": (
        7,
        {'wasl_assigned_partitions{instance="a"}': "4x9", 'kafka_topic_partitions{topic="articles.raw"}': "8x9"},
        {
            'wasl_assigned_partitions{instance="a"}': "4x9",
            'wasl_assigned_partitions{instance="b"}': "0 0 0 4x9",
            'kafka_topic_partitions{topic="articles.raw"}': "8x9",
        },
    ),
    "WaslLagging": (
        7,
        {'wasl_lag_seconds{group="g", topic="t", partition="0"}': "400x9"},
        {
            'wasl_lag_seconds{group="g", topic="t", partition="0"}': "400 400 400 100 400 400 400 400",
            # A replay that is under way: one of its partitions stands, another does not.
            **{f'wasl_lag_seconds{{group="g.replay.1f", topic="t", partition="{each}"}}': "9000x9" for each in "01"},
            'wasl_lag_consumed_per_second{group="g.replay.1f", topic="t", partition="0"}': "0x9",
            'wasl_lag_consumed_per_second{group="g.replay.1f", topic="t", partition="1"}': "50x9",
        },
    ),
    **{
        f"WaslGroup{state.title()}": (
            4,
            {f'wasl_lag_group_state{{group="g", state="{state}"}}': "1x9"},
            {
                f'wasl_lag_group_state{{group="g", state="{state}"}}': "0x9",
                'wasl_lag_group_state{group="g", state="ok"}': "1x9",
                **(
                    {}
                    if state == "stalled"
                    else {f'wasl_lag_group_state{{group="g.replay.1f", state="{state}"}}': "1x9"}
                ),
            },
        )
        for state in ("stalled", "stopped", "rewound")
    },
    "WaslRecordsLost": (
        5,
        {'wasl_lag_lost_records_total{group="g", topic="t", partition="0"}': "0 0 50 50 50 50"},
        {'wasl_lag_lost_records_total{group="g", topic="t", partition="0"}': "50x9"},
    ),
    "WaslLagUnknown": (
        8,
        {'up{job="wasl-lag"}': "1x9", "wasl_lag_looked_timestamp_seconds": "0x9"},
        {'up{job="wasl-lag"}': "1x9", "wasl_lag_looked_timestamp_seconds": "0+60x9"},
    ),
    "WaslDeadLetters": (
        12,
        {'wasl_dead_letters_total{code="event.invalid"}': "0+1x20"},
        {'wasl_dead_letters_total{code="event.invalid"}': "0 0 1x20"},
    ),
    "WaslDeadLetterFlood": (
        12,
        {'wasl_dead_letters_total{code="event.invalid"}': "0+6x20", "wasl_articles_total": "0+100x20"},
        {'wasl_dead_letters_total{code="event.invalid"}': "0+4x20", "wasl_articles_total": "0+100x20"},
    ),
    "WaslDeliveryRetries": (
        17,
        {'wasl_delivery_retries_total{code="broker.unavailable"}': "0+1x20"},
        {
            'wasl_delivery_retries_total{code="broker.unavailable"}': "0 3x20",
            f"wasl_delivery_waits_seconds{{{WORKER}}}": "0 40 100 0 0.1 60 3x20",
        },
    ),
    "WaslCatalogueStale": (
        12,
        {f"wasl_redis_connected{{{WORKER}}}": "0x20"},
        {f"wasl_redis_connected{{{WORKER}}}": "0x5 1 0x8"},
    ),
    "WaslCatalogueSplit": (
        12,
        {f'wasl_catalog_info{{version="{each}", instance="{each}"}}': "1x20" for each in "ab"},
        {f'wasl_catalog_info{{version="a", instance="{each}"}}': "1x20" for each in "ab"},
    ),
    "WaslLinkingDrift": (
        35,
        {'wasl_drift_ratio{signal="link_rate"}': "-0.5x40"},
        {'wasl_drift_ratio{signal="link_rate"}': "-0.2x40"},
    ),
}


@pytest.fixture(scope="session")
def promtool() -> str:
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("promtool is not there: apt-get install prometheus")
    return found


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return f"exit {done.returncode}\n{done.stdout}{done.stderr}"


def unit_test(folder: Path, name: str, series: dict[str, str], *, minutes: int, fires: bool) -> Path:
    """A file of promtool that says whether the alert fires."""
    document: dict[str, Any] = {
        "rule_files": [str(RULES)],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": each, "values": values} for each, values in series.items()],
                # Which alerts there are is all that is asked: their texts hold labels and values.
                "promql_expr_test": [
                    {
                        "expr": f'count(ALERTS{{alertname="{name}", alertstate="firing"}}) or vector(0)',
                        "eval_time": f"{minutes}m",
                        "exp_samples": [{"labels": "{}", "value": 1 if fires else 0}],
                    }
                ],
            }
        ],
    }
    path = folder / "test.yml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return path


def test_prometheus_takes_the_rules_and_its_configuration(promtool: str) -> None:
    assert run(promtool, "check", "rules", str(RULES)).startswith("exit 0")
    assert run(promtool, "check", "config", str(OPS / "prometheus" / "prometheus.yml")).startswith("exit 0")


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_fires_where_it_should(promtool: str, name: str, tmp_path: Path) -> None:
    minutes, series, _ = CASES[name]
    said = run(promtool, "test", "rules", str(unit_test(tmp_path, name, series, minutes=minutes, fires=True)))
    assert said.startswith("exit 0"), said


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_is_silent_where_it_should_be(promtool: str, name: str, tmp_path: Path) -> None:
    minutes, _, series = CASES[name]
    said = run(promtool, "test", "rules", str(unit_test(tmp_path, name, series, minutes=minutes, fires=False)))
    assert said.startswith("exit 0"), said


def test_a_replay_that_was_interrupted_lags(promtool: str, tmp_path: Path) -> None:
    group = 'group="g.replay.1f", topic="t", partition="0"'
    series = {f"wasl_lag_seconds{{{group}}}": "9000x9", f"wasl_lag_consumed_per_second{{{group}}}": "0x9"}
    said = run(promtool, "test", "rules", str(unit_test(tmp_path, "WaslLagging", series, minutes=7, fires=True)))
    assert said.startswith("exit 0"), said


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_says_how_bad_what_and_where_to_read_on(name: str) -> None:
    rule = ALERTS[name]
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert re.fullmatch(r"[1-9]\d*m", rule["for"])
    assert rule["annotations"]["summary"].endswith(".")
    page = (ROOT / rule["annotations"]["runbook_url"]).read_text(encoding="utf-8")
    assert page.startswith(f"# {name}\n")
    assert all(f"\n## {part}\n" in page for part in ("What it means", "What to look at", "What to do"))


def test_every_alert_has_a_case_and_every_page_an_alert() -> None:
    assert set(CASES) == set(ALERTS)
    pages = {path.stem for path in (ROOT / "docs" / "operations" / "alerts").glob("*.md")} - {"README"}
    assert pages == set(ALERTS)
