"""Two measurements of the same texts: what got better and what got worse, by set and by mention."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from streams.errors import InputError
from streams.evaluate.document import FORMAT
from streams.evaluate.errors import RIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Change", "Comparison", "SetChange", "compare", "read_measurement"]

_FIGURES: Final = ("precision", "recall", "f1")
_ABSENT: Final = "not linked, and rightly so"


@dataclass(frozen=True, slots=True)
class SetChange:
    """Figures of a set, over names.

    Attributes:
        name: The set.
        before: Precision, recall and F1 before.
        after: The same after.
    """

    name: str
    before: tuple[float, float, float]
    after: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Change:
    """A mention that is treated in another way than before.

    Attributes:
        set: Its set.
        document: Its document.
        start: First code point.
        surface: Its text.
        before: Kind of outcome before, or that there was none.
        after: The same after.
        found_before: What it was linked to before, or None.
        found_after: The same after.
        gold: What it means, or None.
    """

    set: str
    document: str
    start: int
    surface: str
    before: str
    after: str
    found_before: str | None
    found_after: str | None
    gold: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two measurements.

    Attributes:
        before: Name of the old one.
        after: Name of the new one.
        sets: Sets that both have.
        only: Sets that one of them has, of which nothing can be said.
        better: Mentions that were treated wrong and are treated right.
        worse: Mentions that were treated right and are treated wrong.
        other: Mentions that are wrong in another way.
    """

    before: str
    after: str
    sets: tuple[SetChange, ...]
    only: tuple[str, ...]
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    other: tuple[Change, ...]


def read_measurement(path: Path) -> dict[str, Any]:
    """Read what ``wasl evaluate --json`` wrote.

    Raises:
        InputError: The file cannot be read, or is something else.
    """
    remedy = "Name a file that `wasl evaluate --json FILE` wrote."
    try:
        value = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as exc:
        raise InputError(f"{path} cannot be read: {exc}.", remedy=remedy) from exc
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise InputError(f"{path} is no measurement of the format {FORMAT}.", remedy=remedy)
    return value


def compare(before: dict[str, Any], after: dict[str, Any]) -> Comparison:
    """Compare two measurements, as `streams.evaluate.document.as_document` gives them."""
    old, new = before["sets"], after["sets"]
    both = [name for name in new if name in old]
    changes = [change for name in both for change in _changes(name, old[name], new[name])]
    return Comparison(
        before=before["name"],
        after=after["name"],
        sets=tuple(SetChange(name, _figures(old[name]), _figures(new[name])) for name in both),
        only=tuple(sorted(old.keys() ^ new.keys())),
        better=tuple(change for change in changes if _is_right(change.after)),
        worse=tuple(change for change in changes if _is_right(change.before)),
        other=tuple(change for change in changes if not _is_right(change.before) and not _is_right(change.after)),
    )


def _figures(source: dict[str, Any]) -> tuple[float, float, float]:
    precision, recall, f1 = (float(source["named"][figure]) for figure in _FIGURES)
    return precision, recall, f1


def _changes(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Change]:
    before, after = _by_place(old), _by_place(new)
    for place in sorted(before.keys() | after.keys()):
        was, now = before.get(place), after.get(place)
        either: dict[str, Any] = now if now is not None else before[place]
        change = Change(
            set=name,
            document=place[0],
            start=place[1],
            surface=either["surface"],
            before=_ABSENT if was is None else was["kind"],
            after=_ABSENT if now is None else now["kind"],
            found_before=None if was is None else was["found"],
            found_after=None if now is None else now["found"],
            gold=either["gold"],
        )
        is_same_error = change.before == change.after and change.found_before == change.found_after
        if not is_same_error and _is_right(change.before) + _is_right(change.after) < 2:
            yield change


def _by_place(source: dict[str, Any]) -> dict[tuple[str, int, int], dict[str, Any]]:
    return {(each["document"], each["start"], each["end"]): each for each in source["mentions"]}


def _is_right(kind: str) -> bool:
    return kind in {RIGHT, _ABSENT}
