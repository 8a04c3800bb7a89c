"""Labels: how a form relates to the preferred name of an entity.

A surname is the end of one (``Neruda`` of Pablo Neruda), an acronym is made of its initials, a nickname shares no word
with it; and the words of the label that the form leaves out are looked for in the article (``Industries`` beside
Burlington).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.linking.fold import fold_text
from streams.linking.words import STOP_FORMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.catalog.view import EntityCard

__all__ = ["UNRELATED", "is_initialled", "label_words", "left_out", "relation", "words_of"]

_AROUND: Final = ".,;:()'\"!?"
_MAX_INITIALS: Final = 6
_MIN_WORD: Final = 3
UNRELATED: Final[tuple[float, ...]] = (0.0, 0.0, 0.0, 0.0, 0.0)
"""Nothing is told: the form is the label, or there is no label in its script."""
_END: Final[tuple[float, ...]] = (1.0, 0.0, 0.0, 0.0, 0.0)
_START: Final[tuple[float, ...]] = (0.0, 1.0, 0.0, 0.0, 0.0)
_INSIDE: Final[tuple[float, ...]] = (0.0, 0.0, 1.0, 0.0, 0.0)
_INITIALS: Final[tuple[float, ...]] = (0.0, 0.0, 0.0, 1.0, 0.0)
_NONE: Final[tuple[float, ...]] = (0.0, 0.0, 0.0, 0.0, 1.0)


def words_of(folded: str) -> list[str]:
    """Return the words of a folded name, bare of punctuation."""
    return [word for raw in folded.replace("-", " ").split() if (word := raw.strip(_AROUND)) != ""]


def label_words(card: EntityCard, form: str, language: str) -> list[str]:
    """Return the folded words of the label in ``language``, else in English; none in other letters than the form."""
    label = card.labels.get(language) or card.labels.get("en")
    if label is None:
        return []
    folded = fold_text(label)
    return words_of(folded) if folded.isascii() == form.isascii() else []


def relation(form: Sequence[str], label: Sequence[str]) -> tuple[float, ...]:
    """Return which it is: the form is the label's end, its start, shares a word, is its initials, or shares none.

    Args:
        form: Words of the form.
        label: Words of the label; none where there is no label to compare with.
    """
    size = len(form)
    if len(label) == 0 or size == 0 or form == label:
        return UNRELATED
    if len(label) > size:
        if label[-size:] == form:
            return _END
        if label[:size] == form:
            return _START
    for word in form:
        if word in label and word not in STOP_FORMS:
            return _INSIDE
    bare = form[0].replace(".", "")
    if size == 1 and 1 < len(bare) <= _MAX_INITIALS and bare in {_initials(label, False), _initials(label, True)}:
        return _INITIALS
    return _NONE


def left_out(form: Sequence[str], label: Sequence[str]) -> tuple[str, ...]:
    """Return the words of ``label`` that tell something and that ``form`` does not have."""
    return tuple(word for word in label if len(word) >= _MIN_WORD and word not in form and word not in STOP_FORMS)


def _initials(label: Sequence[str], whole: bool) -> str:
    return "".join(word[0] for word in label if whole or word not in STOP_FORMS)


def is_initialled(form: str, label: Sequence[str]) -> bool:
    """Whether a folded form is a label with initials between its first word and its last: Gerald R. Ford."""
    if ". " not in form or len(label) < 2:
        return False
    words = form.split()
    return words_of(" ".join([word for word in words if not _is_initial(word)])) == list(label) and not (
        _is_initial(words[0]) or _is_initial(words[-1])
    )


def _is_initial(word: str) -> bool:
    return len(word) == 2 and word[1] == "." and word[0].isalpha()
