"""Writes the Grafana dashboards in ``ops/grafana/dashboards``: ``make dashboards``.

A dashboard is a table here: rows of panels, each with its queries. Grafana's JSON is what comes of it, so that a panel
is one line to review, and a test can run every query against a real Prometheus.

Length: it is one table of panels from top to bottom, and the few functions that lay it out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

__all__ = ["DASHBOARDS", "Dashboard", "Panel", "dashboard_json", "main"]

_FOLDER: Final = Path(__file__).resolve().parent / "grafana" / "dashboards"
_SOURCE: Final = {"type": "prometheus", "uid": "wasl-prometheus"}
_WIDTH: Final = 24
_HEIGHT: Final = 8


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel.

    Attributes:
        title: What it shows.
        queries: PromQL and the legend of each of its series.
        unit: Grafana's name of the unit.
        kind: Grafana's name of the kind of panel.
        note: What a look at it should know.
        is_signed: Whether it may be below 0.
        red_from: From which value on it is red; None where no value is too high.
        red_below: Below which value it is red; None where no value is too low.
    """

    title: str
    queries: tuple[tuple[str, str], ...]
    unit: str = "short"
    kind: str = "timeseries"
    note: str = ""
    is_signed: bool = False
    red_from: float | None = None
    red_below: float | None = None


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One dashboard.

    Attributes:
        uid: Its permanent id.
        title: Its title.
        rows: Panels that stand side by side.
        variables: Name of a variable and the query of its values.
    """

    uid: str
    title: str
    rows: tuple[tuple[Panel, ...], ...]
    variables: tuple[tuple[str, str], ...] = ()


def _quantiles(metric: str, by: str = "") -> tuple[tuple[str, str], ...]:
    labels = "le" if by == "" else f"le, {by}"
    legend = "" if by == "" else f"{{{{{by}}}}} "
    return tuple(
        (f"histogram_quantile({share}, sum by ({labels}) (rate({metric}_bucket[$__rate_interval])))", f"{legend}{name}")
        for share, name in ((0.5, "median"), (0.99, "p99"))
    )


_LETTERS_HOUR: Final = "increase(wasl_dead_letters_total[1h])"
_ARTICLES_HOUR: Final = "increase(wasl_articles_total[1h])"
_LINKED: Final = 'rate(wasl_mentions_total{outcome="linked"}[$__rate_interval])'
_NIL: Final = 'rate(wasl_mentions_total{outcome="nil"}[$__rate_interval])'
_MENTIONS: Final = "rate(wasl_mentions_total[$__rate_interval])"
_LINKING: Final = 'sum by (le) (rate(wasl_stage_seconds_bucket{stage="link"}[$__rate_interval]))'
_CONFIDENCE: Final = "sum by (le) (rate(wasl_link_confidence_ratio_bucket[$__rate_interval]))"
_CPU: Final = 'rate(process_cpu_seconds_total{job="wasl-worker"}[$__rate_interval])'
_MEMORY: Final = 'process_resident_memory_bytes{job="wasl-worker"}'
_GROUPS: Final = '{group=~"$group"}'
# What is red counts no replay, which begins with what is old; the alerts leave them out alike.
_NO_REPLAY: Final = 'group!~".+[.]replay[.].+"'
_OTHERS: Final = f'group=~"$group", {_NO_REPLAY}'
_STATES: Final = (
    ('max by (group, state) (wasl_lag_group_state{group=~"$group", state!="ok"})', "{{group}} {{state}}"),
)

DASHBOARDS: Final = (
    Dashboard(
        "wasl-overview",
        "Wasl overview",
        (
            (
                Panel("Articles a second", (("sum(rate(wasl_articles_total[$__rate_interval]))", ""),), "ops", "stat"),
                Panel("Oldest article that waits", ((f"max(wasl_lag_seconds{{{_NO_REPLAY}}})", ""),), "s", "stat",
                      red_from=300),
                Panel("Workers", (('sum(up{job="wasl-worker"})', ""),), kind="stat", red_below=1),
                Panel("Dead letters in the last hour", ((f"sum({_LETTERS_HOUR}) or vector(0)", ""),), kind="stat",
                      red_from=1),
            ),
            (
                Panel(
                    "Throughput",
                    (
                        ("sum(rate(wasl_articles_total[$__rate_interval]))", "taken"),
                        ("sum(rate(wasl_enriched_total[$__rate_interval]))", "enriched"),
                    ),
                    "ops",
                ),
                Panel("Time of an article or a batch, p99, by stage", (
                    ("histogram_quantile(0.99, sum by (le, stage) (rate(wasl_stage_seconds_bucket[$__rate_interval])))",
                     "{{stage}}"),
                ), "s", note="decode, link and encode are per article, receive and deliver per batch."),
            ),
            (
                Panel("From the article's timestamp until it was taken", _quantiles("wasl_event_delay_seconds"), "s"),
                Panel("Time of a batch", _quantiles("wasl_batch_seconds"), "s"),
                Panel("Articles in a batch", _quantiles("wasl_batch_articles")),
                Panel("Wait for Kafka's acknowledgement", (("wasl_delivery_waits_seconds", "{{instance}}"),), "s",
                      note="Of the batch under way; 0 while none is. A broker that hangs shows here first."),
            ),
            (
                Panel("Processor time", ((_CPU, "{{instance}}"),), "percentunit"),
                Panel("Memory", ((_MEMORY, "{{instance}}"),), "bytes"),
                Panel("Articles in hand", (("wasl_in_hand_articles", "{{instance}}"),),
                      note="Taken from Kafka, output not yet acknowledged."),
                Panel("Partitions", (("wasl_assigned_partitions", "{{instance}}"),)),
            ),
        ),
    ),
    Dashboard(
        "wasl-lag",
        "Wasl lag",
        (
            (
                Panel("Lag", ((f"sum(wasl_lag_records{_GROUPS})", ""),), kind="stat"),
                Panel("Oldest record that waits", ((f"max(wasl_lag_seconds{{{_OTHERS}}})", ""),), "s", "stat",
                      red_from=300),
                Panel("Groups that are not well", (
                    (f'count(wasl_lag_group_state{{{_OTHERS}, state!="ok"}} == 1) or vector(0)', ""),), kind="stat",
                    red_from=1),
                Panel("Records lost in the last day", (
                    (f"sum(increase(wasl_lag_lost_records_total{_GROUPS}[1d])) or vector(0)", ""),), kind="stat",
                    red_from=1),
            ),
            (
                Panel("Lag by group", ((f"sum by (group) (wasl_lag_records{_GROUPS})", "{{group}}"),)),
                Panel("Lag in seconds by group", ((f"max by (group) (wasl_lag_seconds{_GROUPS})", "{{group}}"),), "s"),
            ),
            (
                Panel("Lag by partition", ((f"wasl_lag_records{_GROUPS}", "{{group}} {{topic}} {{partition}}"),)),
                Panel(
                    "Consumed and arrived",
                    (
                        (f"sum by (group) (wasl_lag_consumed_per_second{_GROUPS})", "{{group}} consumed"),
                        (f"sum by (group) (wasl_lag_arrived_per_second{_GROUPS})", "{{group}} arrived"),
                    ),
                    "ops",
                ),
            ),
            (
                Panel("States", _STATES, kind="state-timeline", note="1 where a group is in a state other than ok.",
                      red_from=1),
                Panel("Members", ((f"wasl_lag_group_members{_GROUPS}", "{{group}}"),),
                      note="Kafka does not tell it of every kind of group."),
                Panel("Time of a look at Kafka", _quantiles("wasl_lag_look_seconds"), "s"),
            ),
        ),
        (("group", "label_values(wasl_lag_records, group)"),),
    ),
    Dashboard(
        "wasl-linking",
        "Wasl linking quality",
        (
            (
                Panel("Links a minute, by type", ((f"60 * sum by (type) ({_LINKED})", "{{type}}"),)),
                Panel("Mentions a minute, by language", ((f"60 * sum by (language) ({_MENTIONS})", "{{language}}"),)),
            ),
            (
                Panel("Share of mentions without an entity", ((f"sum({_NIL}) / sum({_MENTIONS})", "NIL"),),
                      "percentunit"),
                Panel("Links of an article", (
                    (f"sum({_LINKED}) / sum(rate(wasl_enriched_total[$__rate_interval]))", "links"),)),
                Panel("Confidence of links", (
                    (f"histogram_quantile(0.5, {_CONFIDENCE})", "median"),
                    (f"histogram_quantile(0.1, {_CONFIDENCE})", "lowest tenth"),
                ), "percentunit"),
            ),
            (
                Panel("Drift", (("max by (signal) (wasl_drift_ratio)", "{{signal}}"),), "percentunit",
                      note="The last five minutes against the hour before: 0 is no change.",
                      is_signed=True, red_from=0.3),
                Panel("Unlinked names a minute", (
                    ("60 * sum(rate(wasl_unlinked_names_total[$__rate_interval]))", "names"),),
                    note="`wasl unlinked top` ranks them."),
                Panel("Time to link an article", (
                    (f"histogram_quantile(0.5, {_LINKING})", "median"),
                    (f"histogram_quantile(0.99, {_LINKING})", "p99"),
                ), "s"),
            ),
        ),
    ),
    Dashboard(
        "wasl-catalogue",
        "Wasl catalogue",
        (
            (
                Panel("Versions in use", (("count by (version) (wasl_catalog_info)", "{{version}}"),), kind="stat",
                      note="More than one for some minutes means that a worker does not follow."),
                Panel("Entities", (("max(wasl_catalog_entities)", ""),), kind="stat"),
                Panel("Forms", (("max(wasl_catalog_forms)", ""),), kind="stat",
                      note="Names and spelling variants that texts are searched for."),
            ),
            (
                Panel("Changes since the snapshot", (("wasl_catalog_overlay_records", "{{instance}}"),)),
                Panel("Age", (("wasl_catalog_age_seconds", "{{instance}}"),), "s", note="0 while changes arrive."),
                Panel("Changes arrive", (("wasl_redis_connected", "{{instance}}"),), kind="state-timeline",
                      red_below=1),
            ),
            (
                Panel("Seconds since this version came into use", (
                    ("time() - max by (instance) (wasl_catalog_loaded_timestamp_seconds)", "{{instance}}"),), "s"),
                Panel("Memory of workers", ((_MEMORY, "{{instance}}"),), "bytes"),
            ),
            (
                Panel("Snapshots in use, by where they came from", (
                    ("count by (source) (wasl_snapshot_info)", "{{source}}"),), kind="stat",
                    note="copy: the local disk; redis: published there; records: compiled by the worker itself."),
                Panel("Size of the snapshot", (("wasl_snapshot_bytes", "{{instance}}"),), "bytes"),
                Panel("Kept on the local disk", (("wasl_snapshot_kept", "{{instance}}"),), kind="state-timeline",
                      red_below=1,
                      note="0: a worker that is started while Redis is away would not find this catalogue."),
                Panel("Damaged local copies", (("wasl_snapshot_damaged_copies", "{{instance}}"),)),
            ),
        ),
    ),
    Dashboard(
        "wasl-dead-letters",
        "Wasl dead letters",
        (
            (
                Panel("Dead letters in the last hour, by cause", (
                    (f"sum by (code) ({_LETTERS_HOUR})", "{{code}}"),), kind="bargauge",
                    note="`wasl dlq list` shows them."),
                Panel("Share of records in the last hour", (
                    (f"sum({_LETTERS_HOUR}) / sum({_ARTICLES_HOUR})", ""),),
                    "percentunit", "stat", red_from=0.05),
            ),
            (
                Panel("Dead letters a minute, by cause", (
                    ("60 * sum by (code) (rate(wasl_dead_letters_total[$__rate_interval]))", "{{code}}"),)),
                Panel("Records sent again, a minute", (
                    ("60 * sum by (code) (rate(wasl_delivery_retries_total[$__rate_interval])) or vector(0)",
                     "{{code}}"),),
                    note="Kafka took them only at a later try."),
            ),
        ),
    ),
)  # fmt: skip


def dashboard_json(dashboard: Dashboard) -> dict[str, Any]:
    """Return a dashboard as Grafana reads it."""
    panels = []
    for row, members in enumerate(dashboard.rows):
        width = _WIDTH // len(members)
        panels += [
            _panel(panel, number=10 * row + at + 1, x=at * width, y=row * _HEIGHT, width=width)
            for at, panel in enumerate(members)
        ]
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "tags": ["wasl"],
        "schemaVersion": 39,
        "editable": False,
        "refresh": "10s",
        "time": {"from": "now-1h", "to": "now"},
        "templating": {"list": [_variable(name, query) for name, query in dashboard.variables]},
        "links": [{"type": "dashboards", "tags": ["wasl"], "title": "Wasl", "asDropdown": True, "keepTime": True}],
        "panels": panels,
    }


def _panel(panel: Panel, *, number: int, x: int, y: int, width: int) -> dict[str, Any]:
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.note,
        "datasource": _SOURCE,
        "gridPos": {"x": x, "y": y, "w": width, "h": _HEIGHT},
        "fieldConfig": {
            "defaults": {
                "unit": panel.unit,
                **({} if panel.is_signed else {"min": 0}),
                # Without thresholds of its own, Grafana shows whatever is above 80 in red.
                "thresholds": {"mode": "absolute", "steps": _steps(panel)},
            },
            "overrides": [],
        },
        "targets": [
            {"refId": chr(ord("A") + at), "expr": query, "legendFormat": legend or "__auto", "datasource": _SOURCE}
            for at, (query, legend) in enumerate(panel.queries)
        ],
    }


def _steps(panel: Panel) -> list[dict[str, Any]]:
    if panel.red_from is not None:
        return [{"color": "green", "value": None}, {"color": "red", "value": panel.red_from}]
    if panel.red_below is not None:
        return [{"color": "red", "value": None}, {"color": "green", "value": panel.red_below}]
    return [{"color": "text", "value": None}]


def _variable(name: str, query: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "query",
        "datasource": _SOURCE,
        "query": query,
        "refresh": 2,
        "includeAll": True,
        "multi": True,
        "allValue": ".*",
        "current": {"text": "All", "value": "$__all"},
    }


def main() -> None:
    """Write the files."""
    for dashboard in DASHBOARDS:
        text = json.dumps(dashboard_json(dashboard), ensure_ascii=False, indent=1) + "\n"
        (_FOLDER / f"{dashboard.uid.removeprefix('wasl-')}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
