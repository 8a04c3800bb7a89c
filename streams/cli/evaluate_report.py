"""What ``wasl evaluate`` shows to people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams.cli.render import isolated
from streams.cli.terminal import format_table
from streams.evaluate.errors import ERRORS
from streams.evaluate.score import Score

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.evaluate.compare import Change, Comparison
    from streams.evaluate.report import SetReport
    from streams.evaluate.score import Counts

__all__ = ["as_text", "change_text"]

_SHARES: Final = ("precision", "recall", "F1")
_NUMBERS: Final = ("right", "wrong", "missed")


def as_text(reports: Sequence[SetReport], document: dict[str, Any], *, errors: int) -> str:
    """Lay out figures, then the costliest errors.

    Args:
        reports: The sets.
        document: The same as JSON.
        errors: At most so many errors of each set.
    """
    parts = [f"{document['linker']}; strict span and id, over names\n\n", _sets(reports)]
    parts.append(_calibration(document))
    for report in reports:
        heading = f"\n{report.name}: " if len(reports) > 1 else "\n"
        parts.extend(_parts(report, heading))
        if errors > 0 and len(report.confusions) > 0:
            parts.append(_errors(report, heading, errors))
    return "".join(parts)


def change_text(comparison: Comparison, *, shown: int) -> str:
    """Lay out what changed: figures by set, then at most ``shown`` mentions of each kind of change."""
    rows = [
        (
            each.name,
            *(
                f"{new:.3f} ({new - old:+.3f})" if round(new - old, 3) != 0 else f"{new:.3f}"
                for old, new in zip(each.before, each.after, strict=True)
            ),
        )
        for each in comparison.sets
    ]
    title = f"\nFrom {comparison.before} to {comparison.after}"
    parts = [format_table(("set", *_SHARES), rows, title=title, right=_SHARES)]
    if len(comparison.only) > 0:
        parts.append(f"in one of the two only: {', '.join(map(isolated, comparison.only))}\n")
    for name, changes in (
        ("better", comparison.better),
        ("worse", comparison.worse),
        ("wrong in another way", comparison.other),
    ):
        parts.append(f"\n{len(changes)} {name}\n")
        if min(len(changes), shown) > 0:
            parts.append(_changes(changes[:shown]))
    return "".join(parts)


def _sets(reports: Sequence[SetReport]) -> str:
    rows = [_row(report.name, len(report.documents), report.score) for report in reports]
    if len(reports) > 1:
        documents = sum(len(report.documents) for report in reports)
        rows.append(_row("all", documents, sum((report.score for report in reports), Score())))
    columns = ("set", "texts", *_SHARES, *_NUMBERS, "F1 of all", "found")
    return format_table(columns, rows, right=columns[1:])


def _row(name: str, documents: int, result: Score) -> tuple[str, ...]:
    found = f"{result.found} of {result.marked}"
    return name, str(documents), *_cells(result.named), f"{result.all.f1:.3f}", found


def _cells(counts: Counts) -> tuple[str, ...]:
    shares = (counts.precision, counts.recall, counts.f1)
    # Where nothing is to be found, as with traps, only the wrong links say something.
    none = counts.right + counts.missed == 0
    return (
        *("–" if none else f"{share:.3f}" for share in shares),
        str(counts.right),
        str(counts.wrong),
        str(counts.missed),
    )


def _calibration(document: dict[str, Any]) -> str:
    measured = document["calibration"]
    if measured is None:
        return "\nno confidences\n"
    width, mass = (measured[kind]["expected_calibration_error"] for kind in ("equal_width", "equal_mass"))
    return (
        f"\nexpected calibration error of {measured['links']} links, {measured['bins']} bins: "
        f"{width:.3f} (equal width), {mass:.3f} (equal mass)\n"
    )


def _parts(report: SetReport, heading: str) -> Iterable[str]:
    for name, parts in (("language", report.languages), ("type", report.types)):
        if len(parts) > 1:
            rows = [(part.name, *_cells(part.counts)) for part in parts]
            columns = (name, *_SHARES, *_NUMBERS)
            yield format_table(columns, rows, title=f"{heading}by {name}", right=columns[1:])
    if len(report.phenomena) > 0:
        wide = ("phenomenon", "treated right", *_SHARES, *_NUMBERS)
        phenomena = [
            (name, f"{handled.right} of {handled.marked}", *_cells(handled.counts))
            for name, handled in report.phenomena.items()
        ]
        yield format_table(wide, phenomena, title=f"{heading}by phenomenon", right=wide[1:])


def _errors(report: SetReport, heading: str, shown: int) -> str:
    totals = {kind: sum(each.count for each in report.confusions if each.kind == kind) for kind in ERRORS}
    rows = [
        (
            str(each.count),
            each.kind,
            each.surface,
            each.gold or "–",
            each.found or "–",
            f"…{each.examples[0].before}[{each.examples[0].surface}]{each.examples[0].after}…",
        )
        for each in report.confusions[:shown]
    ]
    table = format_table(
        ("times", "kind", "text", "means", "linked to", "first"),
        rows,
        title=f"{heading}the costliest errors",
        right=("times",),
    )
    return f"{table}\n{', '.join(f'{count} {kind}' for kind, count in totals.items() if count > 0)}\n"


def _changes(changes: Sequence[Change]) -> str:
    rows = [
        (
            each.set,
            each.document,
            each.surface,
            each.gold or "–",
            f"{each.before} {each.found_before or ''}".strip(),
            f"{each.after} {each.found_after or ''}".strip(),
        )
        for each in changes
    ]
    return format_table(("set", "document", "text", "means", "before", "after"), rows)
