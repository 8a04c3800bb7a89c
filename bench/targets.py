"""The targets: what was asked for, what was measured, met or missed. People judge the figures; nothing fails here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bench.inputs import LANGUAGES
from bench.peers import LINKING_PEERS
from bench.pipeline import HALF_LOAD
from bench.programs import LINKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bench.rows import Row

__all__ = ["Target", "judge"]

_HOSTILE_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Target:
    """One target and what became of it.

    Attributes:
        name: Its name.
        figure: What was measured, or None where it was not.
        bar: What was asked for.
        at_least: Whether the figure is to be at least the bar, else at most.
        unit: Of both.
        is_asked: Whether the run was to measure it.
    """

    name: str
    figure: float | None
    bar: float
    at_least: bool
    unit: str
    is_asked: bool = True

    @property
    def is_met(self) -> bool:
        """Whether the figure reaches the bar; one that was not measured does not."""
        if self.figure is None:
            return False
        return self.figure >= self.bar if self.at_least else self.figure <= self.bar

    @property
    def verdict(self) -> str:
        """``met`` or ``missed``, also by a figure that did not come; ``not-measured`` where nobody asked for it."""
        if self.figure is None and not self.is_asked:
            return "not-measured"
        return "met" if self.is_met else "missed"

    @property
    def shown(self) -> str:
        """The figure with its unit."""
        return "no figure" if self.figure is None else f"{self.figure:,.6g} {self.unit}".strip()

    @property
    def shown_bar(self) -> str:
        """What was asked for, with its unit."""
        return f"{'≥' if self.at_least else '≤'} {self.bar:,g} {self.unit}".strip()

    def __str__(self) -> str:
        figure = "" if self.verdict == "not-measured" else f" {self.shown}"
        return f"target {self.name} {self.verdict}{figure} ({self.shown_bar})"


class _Rows:
    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def get(self, level: str, matches: Callable[[str], bool], figure: str) -> float | None:
        """Return the figure of the first row whose case ``matches``, or None."""
        for row in self._rows:
            if row.level == level and matches(row.case):
                value = row.figures.get(figure)
                return float(value) if isinstance(value, (int, float)) else None
        return None


def judge(rows: Sequence[Row], *, full: bool = True, quick: bool = False) -> list[Target]:
    """Return every target with what ``rows`` say about it.

    Args:
        rows: What was measured.
        full: Whether the catalogue of five million aliases was to be measured too.
        quick: Whether the catalogue of a million entities, and a minute of edits, were not.
    """
    found = _Rows(rows)
    million = _ending(", 1,000,000 aliases")
    speed = found.get("link", million, "per_second")
    worker = found.get("pipeline", _is("worker"), "per_second")
    return [
        Target("link-1m", speed, 5_000, True, "articles/s/core"),
        Target("link-1m-interim", speed, 3_000, True, "articles/s/core"),
        Target(
            "link-5m",
            found.get("link", _ending(", 5,000,000 aliases"), "per_second"),
            4_000,
            True,
            "articles/s/core",
            is_asked=full,
        ),
        Target("link-to-scan", found.get("link", million, "times_scan"), 5, False, "×"),
        *(Target(f"link-to-{peer}", _peer(found, peer), 10, True, "×") for peer in LINKING_PEERS),
        Target(
            "worker-to-aiokafka",
            _percent(worker, found.get("pipeline", _is("aiokafka, passing on"), "per_second")),
            60,
            True,
            "%",
        ),
        *(
            Target(
                f"worker-to-{peer.partition(',')[0].replace(' ', '-')}",
                _ratio(worker, found.get("pipeline", _is(peer), "per_second")),
                1,
                True,
                "×",
            )
            for peer in LINKING
        ),
        Target("latency-p99", found.get("latency", _is(HALF_LOAD), "p99_ms"), 100, False, "ms"),
        Target("two-workers", _scaling(found), 1.8, True, "× per CPU second"),
        Target("p99-to-median", _tail(found), 4, False, "×"),
        *(Target(f"long-to-short-{language}", _length(found, language), 1, False, "×") for language in LANGUAGES),
        *(
            Target(
                f"hostile-{case.replace(' ', '-')}",
                found.get("hostile", _is(case), "seconds"),
                _HOSTILE_SECONDS,
                False,
                "s",
            )
            for case in ("spaceless", "words", "one name")
        ),
        Target(
            "import-speed",
            found.get("import", _is("real lines, all, every line read whole"), "mb_per_second_core")
            or found.get("import", _is("generated lines, every line read whole"), "mb_per_second_core"),
            100,
            True,
            "MB/s/core",
        ),
        *(replace(target, is_asked=not quick) for target in (*_sizes(found), *_edits(found))),
        Target("import-memory", _import_memory(found), 1.1, False, "×"),
        Target(
            "start-to-first",
            found.get("start", _is("1,000,000 aliases, local copy"), "first_enriched_s"),
            4,
            False,
            "s",
        ),
    ]


def _is(case: str) -> Callable[[str], bool]:
    return lambda found: found == case


def _both(start: str, end: str) -> Callable[[str], bool]:
    return lambda found: found.startswith(start) and found.endswith(end)


def _ending(end: str) -> Callable[[str], bool]:
    return lambda found: found.endswith(end)


def _ratio(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None or second <= 0 else round(first / second, 2)


def _percent(first: float | None, second: float | None) -> float | None:
    return _ratio(None if first is None else 100 * first, second)


def _peer(found: _Rows, peer: str) -> float | None:
    return _ratio(found.get("peers", _is(peer), "median_us"), found.get("peers", _is("wasl"), "median_us"))


def _scaling(found: _Rows) -> float | None:
    """Return twice what a processor second does with two workers, in units of what it does with one."""
    two = found.get("pipeline", _is("two workers"), "per_cpu_second")
    return _ratio(None if two is None else 2 * two, found.get("pipeline", _is("worker"), "per_cpu_second"))


def _import_memory(found: _Rows) -> float | None:
    """Return the peak of memory with a dump ten times as large, in units of the smaller one's."""
    for small in ("10,000", "100,000"):
        large = "100,000" if small == "10,000" else "1,000,000"
        pair = [
            found.get("import", _is(f"a dump of {count} items, two workers"), "peak_mb") for count in (large, small)
        ]
        if None not in pair:
            return _ratio(*pair)
    return None


def _sizes(found: _Rows) -> Iterator[Target]:
    """Yield what a million entities may cost."""
    for name, kind, figure, bar, unit in (
        ("load-million", "loading", "cpu_s", 2, "s of processor"),
        ("memory-million", "memory", "mb_per_million_names", 250, "MB a million names"),
        ("two-workers-memory", "memory", "two_to_one", 1.3, "×"),
        ("two-workers-apart-memory", "memory", "two_apart_to_one", 1.3, "×"),
        ("two-whole-workers-memory", "whole", "two_to_one", 1.3, "×"),
        ("link-million", "linking", "to_100_000_names", 1.25, "×"),
    ):
        yield Target(name, found.get(f"sizes-{kind}", _is("a million entities"), figure), bar, False, unit)


def _edits(found: _Rows) -> Iterator[Target]:
    """Yield what a thousand edits a second for a minute may cost, by the worse of two workers and of one."""
    for name, figure, bar, unit in (
        ("edit-to-link-p99", "edit_to_link_p99_ms", 1_000, "ms"),
        ("edit-stall", "largest_stall_ms", 50, "ms"),
        ("edits-lost", "lost", 0, "edits"),
    ):
        figures = [
            found.get("edits", _both("1,000 edits a second for 60 s", f"workers: {workers}"), figure)
            for workers in (1, 2)
        ]
        known = [value for value in figures if value is not None]
        yield Target(name, max(known, default=None), bar, False, unit)


def _tail(found: _Rows) -> float | None:
    return found.get("tails", _is("a stream of different articles, processor time"), "p99_to_median")


def _length(found: _Rows, language: str) -> float | None:
    return _ratio(
        found.get("length", _is(f"{language}, 200,000 B"), "ns_per_char"),
        found.get("length", _is(f"{language}, 2,000 B"), "ns_per_char"),
    )
