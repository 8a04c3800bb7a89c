"""The page of results: ``python -m chaos.report RESULTS.jsonl PAGE.md``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from chaos.faults import FAULTS
from chaos.run import UNFINISHED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["is_finished", "page"]

_HEAD: Final = (
    "Articles flow through two workers, Apache Kafka and Redis while something goes wrong; afterwards a checker that "
    "shares no state with the workers reads every topic from the start."
)
_UNCOMMITTED: Final = (
    "Where workers did not catch up within two minutes, what was not committed by then counts as lost; it is there "
    "still, and the next worker reads it."
)
_BAR: Final = 200
_COUNTS: Final = ("lost", "altered", "reordered", "version", "unexplained")


def is_finished(row: dict[str, Any]) -> bool:
    """Say whether a run came to its end; one that did not proves nothing, and is run again."""
    return not any(problem.startswith(UNFINISHED) for problem in row["problems"])


def page(rows: Sequence[dict[str, Any]], *, date: str, source: str) -> str:
    """Return the page as Markdown.

    Args:
        rows: Results of runs; of several with one seed or one single fault, the last counts.
        date: Of the page.
        source: Name of the file with all results.
    """
    finished = [row for row in rows if is_finished(row)]
    drawn = {row["seed"]: row for row in finished if row["drawn"]}
    singles = {row["faults"][0]: row for row in finished if not row["drawn"] and len(row["faults"]) == 1}
    kept = [*drawn.values(), *singles.values()]
    broken = [row for row in kept if len(row["problems"]) > 0]
    missing = [name for name in FAULTS if name not in singles]
    seeds = sorted(drawn)
    lines = [
        f"# Faults, {date}",
        "",
        _HEAD,
        "[Make things fail](../how-to/chaos.md) tells how to run it, and what each column means.",
        "",
        "```console",
        *(['$ make chaos CHAOS="--singles"'] if len(singles) > 0 else []),
        f'$ make chaos CHAOS="--seed {seeds[0] if len(seeds) > 0 else 1} --runs {_BAR} --forked"',
        "```",
        "",
        f"{len(singles)} of {len(FAULTS)} faults alone and {len(drawn)} random runs of the {_BAR} that are the bar: "
        f"{sum(row['inputs'] for row in kept):,} inputs, {sum(row['enriched'] for row in kept):,} enriched articles, "
        f"{sum(row['dead'] for row in kept):,} dead letters, {sum(row['duplicates'] for row in kept):,} duplicates; "
        + ", ".join(f"{sum(row[kind] for row in kept)} {_WORDS[kind]}" for kind in _COUNTS)
        + f"; {len(broken)} runs with a problem.",
        "The machine has two cores and did other work meanwhile, so that times are longer than on one of its own.",
        "",
    ]
    if 0 < len(missing) < len(FAULTS):
        lines += ["Not injected alone: " + ", ".join(f"`{name}`" for name in missing) + ".", ""]
    if len(singles) > 0:
        lines += ["## Each fault alone", "", *_single_table(singles), ""]
    lines += ["## What broke", "", *_broken(broken), ""]
    again = [row for row in finished if len(row["problems"]) > 0 and row not in broken]
    if len(again) > 0:
        lines += ["## What broke, and kept its promises when run again", "", *_broken(again), "", _UNCOMMITTED, ""]
    given_up = [row for row in rows if not is_finished(row)]
    if len(given_up) > 0:
        lines += ["## What proved nothing", "", *_given_up(given_up, drawn), ""]
    missed = [f"- seed {row['seed']}: {each}" for row in kept for each in row["missed"]]
    lines += ["## What could not be injected", "", *(missed or ["Nothing."]), ""]
    lines += ["## Random runs", "", *_drawn_table(drawn.values()), "", f"All of it, as JSON: [{source}]({source}).", ""]
    return "\n".join(lines)


_WORDS: Final = {
    "lost": "lost",
    "altered": "altered",
    "reordered": "reordered",
    "version": "with a wrong version",
    "unexplained": "unexplained",
}


def _single_table(singles: dict[str, dict[str, Any]]) -> Iterable[str]:
    yield (
        "| fault | what happens | inputs | enriched | dead | twice | anew | dropped | lost | held, s | first, s |"
        " all, s |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|---|---|"
    for name, fault in FAULTS.items():
        if name in singles:
            row = singles[name]
            timing = row["timings"].get(name, {})
            yield (
                f"| `{name}` | {fault.about} | {row['inputs']} | {row['enriched']} | {row['dead']} | "
                f"{row['duplicates']} | {row['relinked']} | {row['dropped']} | {row['lost']} | "
                f"{_seconds(timing.get('held'))} | {_seconds(timing.get('first'))} | {_seconds(timing.get('all'))} |"
            )


def _drawn_table(rows: Iterable[dict[str, Any]]) -> Iterable[str]:
    yield (
        "| seed | faults | inputs | enriched | dead | twice | anew | dropped | lost | altered | reordered | version |"
        " unexplained | all, s |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"
    for row in sorted(rows, key=lambda row: row["seed"]):
        slowest = [each["all"] for each in row["timings"].values() if each["all"] is not None]
        yield (
            f"| {row['seed']} | {', '.join(row['faults'])} | {row['inputs']} | {row['enriched']} | {row['dead']} | "
            f"{row['duplicates']} | {row['relinked']} | {row['dropped']} | "
            + " | ".join(str(row[kind]) for kind in _COUNTS)
            + f" | {_seconds(max(slowest, default=None))} |"
        )


def _broken(rows: Sequence[dict[str, Any]]) -> Iterable[str]:
    if len(rows) == 0:
        yield "Nothing."
    for row in rows:
        said = "; ".join(row["problems"][:3]).replace("|", "/")
        yield f"- seed {row['seed']}, {', '.join(row['faults'])}: {said}"


def _given_up(rows: Sequence[dict[str, Any]], drawn: Mapping[int, dict[str, Any]]) -> Iterable[str]:
    for row in rows:
        then = "run again since" if row["seed"] in drawn else "not run again yet"
        yield f"- seed {row['seed']}, {', '.join(row['faults'])}: {row['problems'][0]}; {then}"


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def main(arguments: Sequence[str]) -> int:
    """Write the page; return the exit code."""
    source, target = (Path(argument) for argument in arguments)
    rows = [orjson.loads(line) for line in source.read_bytes().splitlines()]
    date = target.name[:10]
    target.write_text(page(rows, date=date, source=source.name), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
