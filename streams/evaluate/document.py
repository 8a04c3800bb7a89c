"""A measurement as JSON, which programs read, and `streams.evaluate.compare`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams.evaluate.calibration import BINS
from streams.evaluate.errors import ERRORS
from streams.evaluate.report import confidence_bins
from streams.evaluate.score import Score

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.evaluate.calibration import Bin, Graded
    from streams.evaluate.report import SetReport
    from streams.evaluate.score import Counts

__all__ = ["FORMAT", "as_document", "calibration_document", "score_document"]

FORMAT: Final = "wasl-evaluation/1"
"""Says what the JSON is; changes when a program that read the old one would misread the new."""
_DIGITS: Final = 4
_ERRORS_KEPT: Final = 200


def as_document(reports: Sequence[SetReport], *, name: str, linker: str, catalog: str | None) -> dict[str, Any]:
    """Return everything as JSON.

    Args:
        reports: The sets.
        name: Name of the run.
        linker: Who made the links.
        catalog: Version of the catalogue; None without one.
    """
    return {
        "format": FORMAT,
        "name": name,
        "linker": linker,
        "catalog": catalog,
        "total": score_document(sum((report.score for report in reports), Score())),
        "calibration": calibration_document([link for report in reports for link in report.graded]),
        "sets": {report.name: _set(report) for report in reports},
    }


def _set(report: SetReport) -> dict[str, Any]:
    return {
        "documents": len(report.documents),
        **score_document(report.score),
        "languages": {part.name: _counts(part.counts) for part in report.languages},
        "types": {part.name: _counts(part.counts) for part in report.types},
        "phenomena": {
            name: {"marked": handled.marked, "treated_right": handled.right, **_counts(handled.counts)}
            for name, handled in report.phenomena.items()
        },
        "calibration": calibration_document(report.graded),
        "errors": {
            kind: count
            for kind in ERRORS
            if (count := sum(each.kind == kind for each in report.outcomes if each.is_named)) > 0
        },
        "costliest": [
            {
                "kind": each.kind,
                "surface": each.surface,
                "gold": each.gold,
                "found": each.found,
                "count": each.count,
                "example": f"{each.examples[0].before}[{each.examples[0].surface}]{each.examples[0].after}",
            }
            for each in report.confusions[:_ERRORS_KEPT]
        ],
        "mentions": [
            {
                "document": each.document,
                "start": each.start,
                "end": each.end,
                "surface": each.surface,
                "kind": each.kind,
                "gold": each.gold,
                "found": each.found,
                "confidence": each.confidence,
            }
            for each in report.outcomes
            if each.is_named
        ],
    }


def score_document(result: Score) -> dict[str, Any]:
    """Return a score as JSON; shares have four digits."""
    return {
        "named": _counts(result.named),
        "all": _counts(result.all),
        "found": result.found,
        "marked": result.marked,
        "found_share": round(result.found / result.marked, _DIGITS) if result.marked > 0 else None,
    }


def _counts(counts: Counts) -> dict[str, Any]:
    return {
        "precision": round(counts.precision, _DIGITS),
        "recall": round(counts.recall, _DIGITS),
        "f1": round(counts.f1, _DIGITS),
        "right": counts.right,
        "wrong": counts.wrong,
        "missed": counts.missed,
    }


def calibration_document(graded: Sequence[Graded]) -> dict[str, Any] | None:
    """Return bins and expected calibration errors as JSON; None without links that have a confidence."""
    if len(graded) == 0:
        return None
    return {
        "bins": BINS,
        "links": len(graded),
        **{
            kind: {
                "expected_calibration_error": round(ece, _DIGITS),
                "points": [
                    {
                        "confidence": round(each.confidence, _DIGITS),
                        "right": round(each.right, _DIGITS),
                        "links": each.count,
                    }
                    for each in bins
                ],
            }
            for kind, (bins, ece) in confidence_bins(graded).items()
        },
    }


def _point(each: Bin) -> dict[str, Any]:
    return {"confidence": round(each.confidence, _DIGITS), "right": round(each.right, _DIGITS), "links": each.count}
