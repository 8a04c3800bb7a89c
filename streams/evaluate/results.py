"""A dated result: ``python -m streams.evaluate.results --date 2026-11-23``, or ``make evaluate``.

It measures the shipped weights on every set that is there, cross-validates the way in which they are learnt, and
writes ``docs/results/DATE-linking.md`` with the same as JSON and a reliability diagram beside it.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from streams.evaluate.calibration import equal_mass, equal_width, error
from streams.evaluate.diagram import reliability_svg
from streams.evaluate.document import as_document, calibration_document, score_document
from streams.evaluate.learn import FOLDS, Options, cross_validate, graded_links
from streams.evaluate.link import link_documents
from streams.evaluate.report import report_on
from streams.evaluate.results_page import index_page, results_page
from streams.evaluate.sets import HELD_OUT, SHARED, load_sets
from streams.evaluate.train import ROOT, SHARED_FOLDER, load_training_sets
from streams.linking.enrich import LINKER
from streams.linking.weights import default_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.evaluate.calibration import Graded
    from streams.evaluate.learn import Validation
    from streams.evaluate.report import SetReport
    from streams.evaluate.sets import TextSet

__all__ = ["Measured", "main", "measure", "write_results"]


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything that a dated result says.

    Attributes:
        development: The shipped weights on the sets that they were learnt from, and on what is held out.
        recall: On partial sets in full: marks found with their entity, and marks.
        validation: The cross-validation.
        graded: Links of the cross-validation, by fully marked set.
    """

    development: tuple[SetReport, ...]
    recall: dict[str, tuple[int, int]]
    validation: Validation
    graded: dict[str, list[Graded]]


def measure(root: Path, *, note: Callable[[str], None], options: Options | None = None) -> Measured:
    """Measure the shipped weights on everything that is there.

    Args:
        root: The repository.
        note: Is told about progress.
        options: How the cross-validation learns.
    """
    sets = load_training_sets(root)
    held_out = load_sets([(plan, root / "tests" / "gold") for plan in HELD_OUT])
    reports = [_report(each) for each in [*sets, *held_out] if not each.plan.is_partial]
    partial = [(replace(plan, sample=None), root / SHARED_FOLDER) for plan in SHARED if plan.is_partial]
    recall = {}
    for each in load_sets(partial):
        score = _report(each).score
        recall[each.plan.name] = (score.found, score.marked)
    note("the shipped weights are measured")
    validation = cross_validate(sets, Options() if options is None else options, note=note)
    return Measured(tuple(reports), recall, validation, graded_links(sets, validation.links))


def write_results(measured: Measured, folder: Path, *, date: str) -> Path:
    """Write the page, the JSON and the diagram into ``folder``, and the list of all results there.

    Returns:
        The page.
    """
    folder.mkdir(parents=True, exist_ok=True)
    page, data, svg = (folder / f"{date}-linking.{kind}" for kind in ("md", "json", "svg"))
    links = [link for each in measured.graded.values() for link in each]
    svg.write_text(reliability_svg(links, title="Reliability on texts not learnt from"), encoding="utf-8")
    document = _document(measured, date)
    data.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    page.write_text(results_page(document, diagram=svg.name, data=data.name), encoding="utf-8")
    dated = [(each.name, each.read_text(encoding="utf-8").partition("\n")[0]) for each in folder.glob("2*.md")]
    folder.joinpath("README.md").write_text(index_page(dated), encoding="utf-8")
    return page


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m streams.evaluate.results", description="Write a dated result.")
    parser.add_argument("--date", required=True, help="day of the result: YYYY-MM-DD")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "results")
    given = parser.parse_args()
    page = write_results(measure(ROOT, note=_tell), given.folder, date=given.date)
    _tell(f"{page} is written")


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _report(each: TextSet) -> SetReport:
    links = link_documents(each.documents, each.view)
    return report_on(each.plan.name, each.documents, links, view=each.view, explain=False)


def _document(measured: Measured, date: str) -> dict[str, Any]:
    links = [link for each in measured.graded.values() for link in each]
    whole = as_document(measured.development, name="development", linker=LINKER.version, catalog=None)
    for each in whole["sets"].values():
        # Texts of the sets are others' and are not copied here.
        del each["mentions"], each["costliest"]
    return {
        "date": date,
        "linker": f"{LINKER.name} {LINKER.version}",
        "threshold": default_weights().threshold,
        "development": whole["sets"],
        "recall": {name: {"found": found, "marked": marked} for name, (found, marked) in measured.recall.items()},
        "cross_validated": {
            "folds": FOLDS,
            "thresholds": list(measured.validation.thresholds),
            "sets": {name: score_document(score) for name, score in measured.validation.scores.items()},
            "calibration": calibration_document(links),
            "calibration_by_set": {name: _errors(each) for name, each in measured.graded.items()},
        },
    }


def _errors(graded: Sequence[Graded]) -> dict[str, Any]:
    return {
        "links": len(graded),
        "equal_width": round(error(equal_width(graded)), 4),
        "equal_mass": round(error(equal_mass(graded)), 4) if len(graded) > 0 else 0.0,
    }


if __name__ == "__main__":
    main()
