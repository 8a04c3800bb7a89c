"""Learning the weights of `streams.linking`: ``python -m streams.evaluate.train --date 2026-11-23``, or ``make train``.

It reads the sets of `streams.evaluate.sets` that are there, learns, cross-validates, learns a map of confidence from
the links of the cross-validation if one helps, and writes ``streams/linking/weights.json``.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streams.errors import InputError
from streams.evaluate.calibration import crossed, equal_mass, error, learn_table
from streams.evaluate.learn import Options, cross_validate, graded_links, learn
from streams.evaluate.link import link_documents
from streams.evaluate.score import score
from streams.evaluate.sets import OWN, SHARED, load_sets
from streams.evaluate.signs import LINK_SIGNS, RANK_SIGNS
from streams.evaluate.weights_file import format_weights, weights_document
from streams.linking.weights import CANDIDATE_FEATURES, LINK_FEATURES, parse_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.evaluate.calibration import Graded
    from streams.evaluate.learn import Validation
    from streams.evaluate.sets import TextSet
    from streams.linking.weights import Weights

__all__ = ["ROOT", "SHARED_FOLDER", "load_training_sets", "main", "train"]

ROOT: Final = Path(__file__).resolve().parents[2]
"""The repository: learning is done in a checkout, for its result is a source file."""
SHARED_FOLDER: Final = Path("..", "shared", "data", "linking")
"""Where the optional data folder has its sets, from the repository."""


def load_training_sets(root: Path) -> list[TextSet]:
    """Load the sets that are there: our own, and those of the optional data folder beside the repository.

    Raises:
        InputError: There is none, or a file breaks a rule.
    """
    sets = load_sets(
        [(plan, root / SHARED_FOLDER) for plan in SHARED] + [(plan, root / "tests" / "gold") for plan in OWN]
    )
    if len(sets) == 0:
        raise InputError(
            f"There is nothing to learn from: {root} has no tests/gold, and no {SHARED_FOLDER}.",
            remedy="Run it in a checkout of the repository.",
        )
    return sets


def train(
    sets: Sequence[TextSet],
    target: Path,
    *,
    date: str,
    note: Callable[[str], None],
    options: Options | None = None,
    validate: bool = True,
) -> Weights:
    """Learn weights, and write them to ``target``.

    Args:
        sets: What to learn from.
        target: The file of weights.
        date: Day, ``YYYY-MM-DD``, that the file says.
        note: Is told about progress and results, line by line.
        options: How to learn.
        validate: Whether to cross-validate; without it the file's map of confidence stays as it is.
    """
    chosen = Options() if options is None else options
    before = json.loads(target.read_bytes()) if target.is_file() else None
    learnt = learn(sets, chosen, note=note)
    table = tuple(tuple(point) for point in before.get("calibration", ())) if before is not None else ()
    validation = None
    if validate:
        validation = cross_validate(sets, chosen, note=note)
        table = _helpful_table(list(graded_links(sets, validation.links).values()), note)
    document = weights_document(learnt, table, trained_on=sets, date=date, before=before)
    target.write_text(format_weights(document), encoding="utf-8")
    weights = parse_weights(document)
    for line in (*_results(sets, weights, validation), *_free()):
        note(line)
    note(f"{target.name}: version {document['version']}, threshold {weights.threshold:g}")
    return weights


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m streams.evaluate.train", description=train.__doc__)
    parser.add_argument("--date", required=True, help="day that the file of weights says: YYYY-MM-DD")
    parser.add_argument("--weights", type=Path, default=ROOT / "streams" / "linking" / "weights.json")
    parser.add_argument("--fast", action="store_true", help="do not cross-validate")
    given = parser.parse_args()
    train(load_training_sets(ROOT), given.weights, date=given.date, note=_tell, validate=not given.fast)


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _helpful_table(sets: Sequence[Sequence[Graded]], note: Callable[[str], None]) -> tuple[tuple[float, float], ...]:
    """Return a map of confidence if it lowers the error on sets that it was not learnt from, else none."""
    links = [link for each in sets for link in each]
    raw, mapped = error(equal_mass(links)), error(equal_mass(crossed(sets)))
    note(f"calibration error of links not learnt from: raw {raw:.4f}, by a map of the other sets {mapped:.4f}")
    return learn_table(links) if mapped < raw else ()


def _results(sets: Sequence[TextSet], weights: Weights, validation: Validation | None) -> list[str]:
    lines = [f"{'F1 of names':16} {'development':>12} {'cross-validated':>16}"]
    for each in sets:
        found = score(each.documents, link_documents(each.documents, each.view, weights=weights))
        crossed_f1 = "" if validation is None else f"{validation.scores[each.plan.name].named.f1:.3f}"
        lines.append(f"{each.plan.name:16} {found.named.f1:12.3f} {crossed_f1:>16}")
    return lines


def _free() -> list[str]:
    """Name what has no rule of sign, and rules of features that are gone: both want a look."""
    lines = []
    for kind, features, signs in (("ranking", CANDIDATE_FEATURES, RANK_SIGNS), ("linking", LINK_FEATURES, LINK_SIGNS)):
        lines.append(f"free in {kind}: {' '.join(name for name in features if name not in signs)}")
        gone = [name for name in signs if name not in features]
        if len(gone) > 0:
            lines.append(f"rules of sign without a feature: {' '.join(gone)}")
    return lines


if __name__ == "__main__":
    main()
