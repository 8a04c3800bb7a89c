"""The page of a soak and its plot, made of the figures alone."""

from __future__ import annotations

from html import escape
from statistics import median
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Panel", "page", "panels", "plot"]

_WIDTH: Final = 860
_HIGH: Final = 130
_LEFT: Final = 70
_RIGHT: Final = 840
_INK: Final = "#222222"
_LINE: Final = "#1f6f8b"
_FAINT: Final = "#c8553d"
_GRID: Final = "#dddddd"
_SHADE: Final = "#f3e3c3"

Panel = tuple[str, "Sequence[tuple[float, float]]", "Sequence[tuple[float, float]]"]
"""A title, points that are joined, and points that stand alone."""


def page(document: Mapping[str, Any], *, command: str, plot_name: str, notes: Sequence[str] = ()) -> str:
    """Return the page in Markdown.

    Args:
        document: The figures, as the JSON file has them.
        command: What measured them.
        plot_name: File of the plot, beside the page.
        notes: Sentences about this run, one a line.
    """
    plan, capacity, check = document["plan"], document["capacity"], document["check"]
    machine, sender = document["machine"], document["sender"]
    quiet = [minute for minute in document["minutes"] if minute["is_quiet"] and minute["number"] >= plan["warm_up"]]
    lines = [
        f"# A soak of {plan['minutes']:g} minutes, {document['date']}",
        "",
        (
            f"One worker, Apache Kafka {machine['kafka']} and Redis at {plan['share']:.0%} of what the worker can do, "
            "with ten stalls in between."
        ),
        "[Run a soak](../how-to/soak.md) tells how it is done and judged.",
        "",
        "```console",
        f"$ {command}",
        "```",
        "",
        f"The machine has {machine['cores']} cores, on which broker, Redis, worker, sender and checker ran together.",
        *notes,
        (
            "The worker worked off a backlog of articles of mixed length and language at "
            f"{capacity['per_second']:,.0f} a second over {capacity['seconds']:g} s; "
            f"{document['rate']:,.0f} a second were sent after that."
        ),
        "",
        "| bar | | figure | asked for |",
        "|---|---|---|---|",
    ]
    for verdict in document["verdicts"]:
        met = "met" if verdict["is_met"] else "missed"
        lines.append(f"| {verdict['name']} | {met} | {verdict['figure']} | {verdict['bar']} |")
    lines += ["", f"![memory, latency and lag]({plot_name})", "", "## Delivery", ""]
    lines += [
        (
            f"{check['acknowledged']:,} records were acknowledged to the sender, and {check['seen']:,} have an "
            f"outcome: {check['enriched']:,} enriched articles and {check['dead']:,} dead letters, among them "
            f"{check['duplicates']:,} twice under one id and {check['relinked']:,} anew with another version of the "
            "catalogue."
        ),
        f"Problems: {sum(check['problems'].values())}.",
        *(f"- {words}" for words in check["words"]),
        f"The catalogue was changed {document['edits']} times meanwhile, and {check['versions']} versions were used.",
        _ends(document["ends"]),
        f"The sender fell behind by {sender['late_s']:g} s at most, while the broker was paused.",
        "",
        "## Stalls",
        "",
        "| stall | began, min | held, s | lag before, at most | most lag | back after, s |",
        "|---|---|---|---|---|---|",
    ]
    for stall in document["stalls"]:
        took = "never" if stall["back"] is None else f"{stall['back'] - stall['until']:.0f}"
        lines.append(
            f"| {stall['kind']} | {stall['at'] / 60:.1f} | {stall['until'] - stall['at']:.0f} | {stall['level']:,} | "
            f"{stall['most']:,} | {took} |"
        )
    lines += ["", "## Latency", "", "From the moment when a record was due to its outcome's arrival at the broker.", ""]
    lines += ["| quiet minutes | p50, ms | p95, ms | p99, ms | most, ms |", "|---|---|---|---|---|"]
    third = max(1, len(quiet) // 3)
    for name, some in (("all", quiet), ("first third", quiet[:third]), ("last third", quiet[-third:])):
        if len(some) > 0:
            figures = " | ".join(
                f"{median(minute[each] for minute in some):g}" for each in ("p50", "p95", "p99", "most")
            )
            lines.append(f"| {name}, {len(some)}, medians | {figures} |")
    return "\n".join([*lines, ""])


def _ends(ends: Sequence[Sequence[Any]]) -> str:
    if len(ends) == 0:
        return "The worker never ended in between."
    said = ", ".join(f"with {code} after {at / 60:.1f} minutes" for code, at in ends)
    return f"The worker ended and was started again {len(ends)} times: {said}."


def plot(document: Mapping[str, Any]) -> str:
    """Return memory, latency and lag over time as SVG, stalls and catching up shaded."""
    samples, minutes = document["samples"], document["minutes"]
    end = document["plan"]["minutes"]
    shades = [
        (stall["at"] / 60, (end * 60 if stall["back"] is None else stall["back"]) / 60) for stall in document["stalls"]
    ]
    lag = [(each["at"] / 60, float(each["lag"])) for each in samples if each["lag"] is not None]
    middles = [(minute["number"] + 0.5, float(minute["p99"]), minute["is_quiet"]) for minute in minutes]
    return panels(
        "Memory, latency and lag of one worker; stalls and catching up are shaded",
        [
            ("memory of the worker, MB (PSS)", [(each["at"] / 60, each["pss"]) for each in samples], []),
            (
                "p99 of quiet minutes, ms",
                [(at, p99) for at, p99, is_quiet in middles if is_quiet],
                [(at, p99) for at, p99, is_quiet in middles if is_quiet],
            ),
            ("lag, records", lag, []),
        ],
        shades,
        end=end,
    )


def panels(title: str, drawn: Sequence[Panel], shades: Sequence[tuple[float, float]], *, end: float) -> str:
    """Return panels above one another with one axis of minutes, each from nothing to its most.

    Args:
        title: Of the whole.
        drawn: The panels.
        shades: Stretches of time that stand out.
        end: Minutes of the axis.
    """
    height = 60 + len(drawn) * (_HIGH + 50)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" '
            f'font-size="13"><rect width="100%" height="100%" fill="#ffffff"/>'
            f'<text x="16" y="24" font-size="15" font-weight="bold" fill="{_INK}">{escape(title)}</text>'
        )
    ]
    for number, panel in enumerate(drawn):
        parts += _panel(panel, 60 + number * (_HIGH + 50), shades, end)
    return "".join([*parts, "</svg>\n"])


def _panel(panel: Panel, top: float, shades: Sequence[tuple[float, float]], end: float) -> list[str]:
    title, joined, single = panel
    most = max([value for _, value in [*joined, *single]], default=0.0) * 1.05 or 1.0

    def across(at: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * min(at, end) / end

    def up(value: float) -> float:
        return top + _HIGH * (1 - value / most)

    parts = [f'<text x="{_LEFT}" y="{top - 8:g}" fill="{_INK}">{escape(title)}</text>']
    for began, ended in shades:
        wide = max(1.0, across(ended) - across(began))
        parts.append(f'<rect x="{across(began):.1f}" y="{top:g}" width="{wide:.1f}" height="{_HIGH}" fill="{_SHADE}"/>')
    for share in (0.0, 0.5, 1.0):
        level = up(most * share)
        parts.append(f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{level:.1f}" y2="{level:.1f}" stroke="{_GRID}"/>')
        parts.append(
            f'<text x="{_LEFT - 6}" y="{level + 4:.1f}" text-anchor="end" fill="{_INK}">{most * share:,.4g}</text>'
        )
    for tenth in range(11):
        at = end * tenth / 10
        parts.append(
            f'<text x="{across(at):.1f}" y="{top + _HIGH + 16:g}" text-anchor="middle" fill="{_INK}">{at:g}</text>'
        )
    if len(joined) > 0:
        path = " ".join(f"{across(at):.1f},{up(value):.1f}" for at, value in joined)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{_LINE}" stroke-width="1.5"/>')
    parts += [f'<circle cx="{across(at):.1f}" cy="{up(value):.1f}" r="3" fill="{_FAINT}"/>' for at, value in single]
    return parts
