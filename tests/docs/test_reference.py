"""The reference pages hold everything that the code has, and nothing else."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any, NamedTuple

import pytest
from prometheus_client import Counter, Gauge, Histogram

from streams import errors
from streams.errors import WaslError
from streams.events import article, change, dead, edit, enriched, entity, unlinked
from streams.histograms import BulkHistogram
from streams.metrics import WorkerMetrics
from streams.metrics_lag import LagMetrics
from streams.settings import VARIABLES, Settings
from tests.docs.pages import blocks, prose, read, rows, section
from tests.test_architecture import _TABLE

_SETTINGS = read("docs/reference/settings.md")
_METRICS = read("docs/reference/metrics.md")
_ERRORS = read("docs/reference/errors.md")
_EVENTS = read("docs/reference/events.md")
_LAG = read("docs/reference/lag.md")


# --- Settings ---------------------------------------------------------------------------------------------


def test_the_settings_are_those_of_the_code_with_their_defaults() -> None:
    expected = [
        [f"`{variable}`", "(empty)" if value == "" else f"`{value}`", meaning]
        for variable, value, meaning in Settings().describe()
    ]
    shown = "\n".join(f"| {' | '.join(row)} |" for row in expected)
    assert rows(section(_SETTINGS, "## Settings of commands and workers")) == expected, f"the table should be\n{shown}"


def test_no_page_names_a_variable_that_is_none() -> None:
    known = {variable for variable, *_ in VARIABLES}
    elsewhere = {row[0].strip("`") for row in rows(section(_SETTINGS, "## Variables of the embedded servers"))}
    named = set(re.findall(r"WASL_[A-Z_]*[A-Z](?![A-Z_*])", "".join(read(name) for name in _PAGES)))
    # The runbook shows what a misspelt one looks like.
    assert named - known - elsewhere == {"WASL_BATCHSIZE"}
    Settings.from_env(dict.fromkeys(elsewhere, ""))


_PAGES = (
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "docs/reference/cli.md",
    "docs/reference/errors.md",
    "docs/reference/events.md",
    "docs/reference/lag.md",
    "docs/reference/metrics.md",
    "docs/reference/settings.md",
    "docs/how-to/catalogue.md",
    "docs/how-to/dead-letters.md",
    "docs/how-to/deploy.md",
    "docs/how-to/lag.md",
    "docs/how-to/own-servers.md",
    "docs/operations/runbook.md",
)


# --- Metrics ----------------------------------------------------------------------------------------------


class _Metric(NamedTuple):
    kind: str
    labels: frozenset[str]


def _metrics() -> dict[str, _Metric]:
    """Every metric by the name under which it is exposed."""
    found = {}
    for value in vars(WorkerMetrics()).values():
        if isinstance(value, (Counter, Gauge, BulkHistogram)):
            [family] = value.describe()
            name = f"{family.name}_total" if family.type == "counter" else family.name
            labels = value.label_names if isinstance(value, BulkHistogram) else value._labelnames
            found[name] = _Metric(family.type, frozenset(labels))
    return found


def test_the_metrics_are_those_of_the_code() -> None:
    table = [row for row in rows(_METRICS) if len(row) == 4]
    shown = {row[0].strip("`"): _Metric(row[1], frozenset(re.findall(r"`(\w+)`", row[2]))) for row in table}
    assert shown == _metrics()
    assert len(table) == len(shown)
    assert all(row[3] != "" for row in table)


def _lag_metrics() -> dict[str, _Metric]:
    """Every metric of the lag exporter by the name under which it is exposed."""
    found = {}
    for value in LagMetrics().registry._collector_to_names:
        if isinstance(value, (Counter, Gauge, Histogram)):
            [family] = value.describe()
            name = f"{family.name}_total" if family.type == "counter" else family.name
            found[name] = _Metric(family.type, frozenset(value._labelnames))
    return found


def test_the_metrics_of_lag_are_those_of_the_code() -> None:
    table = [row for row in rows(section(_LAG, "## Metrics")) if len(row) == 4]
    shown = {row[0].strip("`"): _Metric(row[1], frozenset(re.findall(r"`(\w+)`", row[2]))) for row in table}
    assert shown == _lag_metrics()
    assert len(table) == len(shown)
    assert all(row[3] != "" for row in table)


@pytest.mark.parametrize("name", _PAGES)
def test_no_page_names_a_metric_that_is_none(name: str) -> None:
    named = set(re.findall(r"\bwasl_[a-z_]+[a-z]", read(name)))
    assert named - set(_metrics()) - set(_lag_metrics()) == set()


def test_a_catalogue_that_is_not_followed_is_what_to_alert_on() -> None:
    """Not the version of an empty one: no worker ever takes an emptied Redis for a catalogue."""
    from streams.catalog.records import EMPTY_VERSION

    for name in ("docs/reference/metrics.md", "docs/operations/runbook.md"):
        assert "`wasl_redis_connected == 0`" in read(name)
        assert EMPTY_VERSION not in read(name)


# --- Errors -----------------------------------------------------------------------------------------------

_CLASSES = [value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, WaslError)]
_LEAVES = {kind.code: kind for kind in _CLASSES if len(kind.__subclasses__()) == 0}
_GROUPS = {kind.code for kind in _CLASSES} - set(_LEAVES)


def test_the_errors_are_those_of_the_code() -> None:
    shown = {row[0].partition("`")[2].partition("`")[0]: (row[1], row[2]) for row in rows(_ERRORS)}
    assert shown == {code: (kind.stage, "yes" if kind.retriable else "no") for code, kind in _LEAVES.items()}
    assert all(row[3] != "" for row in rows(_ERRORS))


def test_the_codes_of_groups_are_named() -> None:
    [line] = [line for line in _ERRORS.splitlines() if "stand for their whole group" in line]
    assert set(re.findall(r"`([a-z]+)`", line)) == _GROUPS


@pytest.mark.parametrize("code", _LEAVES)
def test_every_error_has_a_cause_and_a_remedy(code: str) -> None:
    text = section(_ERRORS, f"## {code}").strip()
    assert "\nRemedy: " in text
    assert not text.startswith("Remedy")


def test_the_page_has_no_error_that_is_gone() -> None:
    headings = re.findall(r"^## (\S+)$", prose(_ERRORS), re.MULTILINE)
    assert sorted(headings) == sorted(_LEAVES)


def test_exit_codes_of_workers_are_those_of_the_code() -> None:
    from streams.workers.main import EXIT_FAILED, EXIT_STALLED

    said = f"1 when it could not start, {EXIT_FAILED} when it could not go on, and {EXIT_STALLED} when the watchdog"
    assert said in _ERRORS
    table = section(read("docs/operations/runbook.md"), "## Where to look first")
    assert [row[0] for row in rows(table)] == ["0", "1", str(EXIT_FAILED), str(EXIT_STALLED)]


# --- Events -----------------------------------------------------------------------------------------------

_DECODERS: dict[str, tuple[Any, str | None]] = {
    "Raw article": (article.decode_raw_article, article.CE_TYPE),
    "Enriched article": (enriched.decode_enriched_article, enriched.CE_TYPE),
    "Dead letter": (dead.decode_dead_letter, dead.CE_TYPE),
    "Unlinked name": (unlinked.decode_unlinked_name, unlinked.CE_TYPE),
    "Catalogue entity": (entity.decode_entity, entity.CE_TYPE),
    "Catalogue change": (change.decode_change, change.CE_TYPE),
    "Catalogue edit": (edit.decode_edit, edit.CE_TYPE),
}


def _example(name: str) -> bytes:
    return next(block.text.encode() for block in blocks(section(_EVENTS, f"## {name}")) if block.language == "json")


@pytest.mark.parametrize("name", _DECODERS)
def test_the_example_of_an_event_is_one(name: str) -> None:
    decode, _ = _DECODERS[name]
    assert decode(_example(name)) is not None


def test_the_table_of_events_has_their_types() -> None:
    shown = {row[0].partition("](")[0].strip("["): row[3].strip("`") for row in rows(_EVENTS) if len(row) == 4}
    assert shown == {name.lower(): kind for name, (_, kind) in _DECODERS.items()}


def test_the_fields_of_a_raw_article_are_all_there() -> None:
    table = rows(section(_EVENTS, "## Raw article"))
    named = {name for row in table for name in re.findall(r"`(\w+)`", row[0])}
    assert named == set(article.RawArticle.__dataclass_fields__)
    limits = {name: row[2] for row in table for name in re.findall(r"`(\w+)`", row[0])}
    assert f"{article.MAX_ID} characters" in limits["article_id"]
    assert limits["title"] == f"{article.MAX_TITLE:,} and {article.MAX_BODY:,} characters"


def test_the_fields_of_an_enriched_article_are_all_in_its_example() -> None:
    document = json.loads(_example("Enriched article"))
    own = set(enriched.EnrichedArticle.__dataclass_fields__) - {"article"}
    assert own <= set(document)
    assert {mention["field"] for mention in document["mentions"]} == set(enriched.FIELDS)


# --- Architecture -----------------------------------------------------------------------------------------


def test_the_table_of_rooms_is_the_one_that_is_enforced() -> None:
    page = section(read("ARCHITECTURE.md"), "## Rooms")
    unshown = {"streams", "streams.__main__", "streams.catalog.__init__", "streams.lag.compute"}
    table = {row[0].strip("`"): row for row in rows(page)}
    assert set(table) == set(_TABLE) - unshown
    for name, room in _TABLE.items():
        if name in unshown:
            continue
        _, _, own, third_party = table[name]
        allowed = {f"streams.{found}" for found in re.findall(r"`([\w.]+)`", own)}
        if "*" in room.own:
            assert own.startswith("everything")
            assert allowed == room.never
            assert third_party == "anything"
        else:
            assert allowed == room.own, name
            assert set(re.findall(r"`(\w+)`", third_party)) == room.third_party, name


def test_the_limits_in_the_readme_are_those_of_the_code() -> None:
    limits = section(read("README.md"), "## Limits, and what is not there yet")
    worker = Settings().worker
    assert f"at most {worker.max_record_bytes:,} bytes" in limits
    assert f"a title {article.MAX_TITLE:,} and a body {article.MAX_BODY:,} characters" in limits
