"""The page of a run: the machine, the targets, the plots and every figure; and the same as JSON."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from bench.catalogues import ROOT
from bench.plot import bars, lines
from streams.embedded.java import find_java
from streams.errors import EmbeddedServerError
from streams.native import form

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.rows import Figure, Row
    from bench.targets import Target

__all__ = ["RESULTS", "host_class", "machine", "page", "plots", "write"]

RESULTS: Final = Path(__file__).resolve().parent / "results"
"""Where records are kept."""

_TITLES: Final = {
    "fold": "Folding a body",
    "scan": "The bare matcher's own scan of the folded article",
    "link": "The whole linking step, by the size of the catalogue",
    "length": "The whole linking step with one million aliases, by language and length",
    "stages": "Stages of the linking step, one after the other",
    "tails": "Single calls of the linking step with one million aliases",
    "hostile": "Articles that match everywhere",
    "instructions": "Instructions an article",
    "decode": "Decoding raw articles",
    "encode": "Encoding enriched articles",
    "load": "Opening a compiled catalogue",
    "sizes-content": "What catalogues of two sizes hold, in megabytes",
    "sizes-building": "Building their snapshots",
    "sizes-loading": "Loading their snapshots",
    "sizes-memory": "Memory of processes that hold them and link",
    "sizes-linking": "Linking with them, against 100,000 names",
    "sizes-redis": "The same in Redis",
    "sizes-whole": "Memory of whole workers with them",
    "edits": "Live edits",
    "import": "Importing a Wikidata dump",
    "peers": "Other taggers on the same articles with the same catalogue",
    "pipeline": "Through Apache Kafka, the same records for every program",
    "latency": "From broker through program to broker, at a share of what the program can do",
    "start": "From the start of a worker to its first enriched article",
}


_NOTES: Final[dict[str, str]] = {
    "sizes-content": """Names are the different spellings of each entity.
Forms are what texts are searched for: folded names and variant keys, those of names heard in Arabic among them.
""",
    "sizes-memory": """Memory is the proportional set size, in which pages that several processes share count once.
Each process has the modules of a worker and has linked 300 articles; it has no client of Kafka.
A snapshot stays in the pages of its file, which all processes of a host share, however they were started.
Those of one `wasl worker --processes N` share their modules as well.
""",
    "sizes-whole": """Whole workers: Kafka's clients with what they have in hand, metrics, the parent and the front.
They have worked off 3,000 articles that waited.
What each has for itself weighs more than the smaller catalogue, so that it decides there what a second one costs.
""",
    "sizes-redis": """Redis keeps the two newest snapshots; the figure is of one.
""",
    "edits": """Single changes and the seed-sized article stand beside a snapshot of one million aliases.
The rate of edits stands beside one of 80,000 aliases, in a real Redis.
Edits add names, block and boost them, and make new entities.
An edit is linked when a batch of articles has been linked with it; articles are of 400 bytes, and there is no Kafka.
A stall is how much later than asked for the loop of a worker gave a turn, by the wall.
Of the largest stands how much processor time the worker itself used meanwhile; the rest is its neighbours'.
An edit is lost if a worker does not come to the version of the store, which is a function of all records.
""",
    "pipeline": """Every program reads the same records: three hundred articles of 4.8 kB, in turn.
Each is run three times; they take turns, and the run of the median rate is shown.
They name something every few words, which is far denser than news.
Those that link do so with a million aliases and the same functions; what they write is six times what they read.
`worker, finding nothing` is all of a worker but linking: what it lacks to the bare pass-through is not linking's.
`two workers` are two processes of one command.
""",
    "latency": """Counted from when an article was due to be sent until its outcome has come back to the sender.
""",
    "start": """Times are of the wall: the start of Python, imports and joining the consumer group are in them.
Memory is of the whole worker, Kafka's clients included, four seconds after the first article.
""",
}
"""What a reader of a level's table must know, a sentence each."""


def machine(*, load_before: tuple[float, ...], load_after: tuple[float, ...]) -> dict[str, Any]:
    """Describe the machine and what else it did; loads are the averages of one, five and fifteen minutes."""
    try:
        java = find_java(None).version
    except EmbeddedServerError:
        java = None
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "host_class": host_class(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "linking": str(form()),
        "java": java,
        "commit": commit.stdout.strip() or None,
        "load_before": [round(each, 2) for each in load_before],
        "load_after": [round(each, 2) for each in load_after],
    }


def host_class() -> str:
    """Return a short name of machines like this one: ``linux-x86_64-2cpu-24gb``."""
    memory = round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
    return f"{platform.system().lower()}-{platform.machine()}-{os.cpu_count()}cpu-{memory}gb"


def write(
    date: str, about: Mapping[str, Any], rows: Sequence[Row], targets: Sequence[Target], *, folder: Path = RESULTS
) -> tuple[Path, Path]:
    """Write the record of a run into ``folder``; return the paths of its JSON and of its page."""
    folder.mkdir(parents=True, exist_ok=True)
    record = {
        "date": date,
        **about,
        "targets": [{**asdict(target), "met": target.is_met} for target in targets],
        "rows": [asdict(row) for row in rows],
    }
    json_path = folder / f"{date}-{about['host_class']}.json"
    json_path.write_bytes(orjson.dumps(record, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    drawn = plots(rows)
    for name, plot in drawn.items():
        (folder / f"{date}-{name}.svg").write_text(plot, encoding="utf-8")
    page_path = folder / f"{date}.md"
    page_path.write_text(page(date, about, rows, targets, images=tuple(drawn)), encoding="utf-8")
    return json_path, page_path


def page(
    date: str, about: Mapping[str, Any], rows: Sequence[Row], targets: Sequence[Target], *, images: Sequence[str] = ()
) -> str:
    """Return the page as Markdown."""
    parts = [f"# Measurements of {date}", "", "Generated by `make bench`; times are of the processor unless said.", ""]
    parts += _table([{"": name.replace("_", " "), "value": _shown(value)} for name, value in about.items()])
    parts += ["", "## Targets", ""]
    parts += _table(
        [
            {
                "target": target.name,
                "": target.verdict,
                "figure": target.shown,
                "bar": target.shown_bar,
            }
            for target in targets
        ]
    )
    for name in images:
        parts += ["", f"![{name.replace('-', ' ')}]({date}-{name}.svg)"]
    for level in dict.fromkeys(row.level for row in rows):
        parts += ["", f"## {_TITLES.get(level, level)}", ""]
        if level in _NOTES:
            parts += [*_NOTES[level].splitlines(), ""]
        names = dict.fromkeys(name for row in rows if row.level == level for name in row.figures)
        parts += _table(
            [
                {"": row.case, **{_heading(name): _shown(row.figures.get(name)) for name in names}}
                for row in rows
                if row.level == level
            ]
        )
    return "\n".join(parts) + "\n"


def plots(rows: Sequence[Row]) -> dict[str, str]:
    """Return the plots that ``rows`` are enough for, as SVG by name."""
    drawn = {}
    scale = {
        name: [(aliases, figure) for row in rows if row.level == level for aliases, figure in _point(row, "median_us")]
        for name, level in (("linking step", "link"), ("bare scan", "scan"))
    }
    if any(len(points) > 1 for points in scale.values()):
        drawn["aliases"] = lines("Time of an article by aliases", scale, x="aliases", y="µs an article")
    length: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        if row.level == "length":
            for size, figure in _point(row, "ns_per_char"):
                length.setdefault(row.case.partition(",")[0], []).append((size, figure))
    if len(length) > 0:
        drawn["length"] = lines("Time of a character by length", length, x="bytes of the body", y="ns a character")
    for level, figure, title, unit in (
        ("stages", "mean_us", "Where the time of an article goes", "µs"),
        ("peers", "median_us", "The seed-sized article, beside other taggers", "µs"),
        ("peers", "memory_mb", "Memory for the catalogue", "MB"),
        ("pipeline", "per_second", "Articles a second through Apache Kafka", "/s"),
        ("latency", "p99_ms", "99th percentile of latency", "ms"),
    ):
        values = {
            row.case: float(value)
            for row in rows
            if row.level == level and isinstance(value := row.figures.get(figure), (int, float))
        }
        if len(values) > 0:
            drawn[f"{level}-{figure.replace('_', '-')}"] = bars(title, values, unit=unit)
    return drawn


def _point(row: Row, figure: str) -> list[tuple[float, float]]:
    """Return the number that the row's case names, such as its aliases or bytes, with its figure."""
    number = re.search(r"([\d,]+) (?:aliases|B)$", row.case)
    value = row.figures.get(figure)
    if number is None or not isinstance(value, (int, float)) or value <= 0:
        return []
    return [(float(number[1].replace(",", "")), float(value))]


def _table(lines_: Sequence[Mapping[str, str]]) -> list[str]:
    if len(lines_) == 0:
        return []
    names = list(lines_[0])
    return [
        f"| {' | '.join(names)} |",
        f"|{'---|' * len(names)}",
        *(f"| {' | '.join(line.get(name, '').replace('|', chr(92) + '|') for name in names)} |" for line in lines_),
    ]


def _heading(name: str) -> str:
    return name.replace("_", " ").replace(" us", " µs").replace(" to ", " : ")


def _shown(value: Figure | Any) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, (int, float)) else str(value)


def _processor() -> str | None:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or None
    found = re.search(r"model name\s*:\s*(.+)", text)
    return None if found is None else found[1]
