"""Marking mentions in a text, in a form that right-to-left text survives.

A mark such as ``[إنفيديا → Q182477]`` puts Latin letters into Arabic text, and the bidirectional algorithm
would let them pull their neighbours out of place. So every mark stands in a Unicode isolate (FSI … PDI,
UAX #9): inside, the first letter of the surface decides the direction, and outside, the mark counts as one
neutral object.

Texts come from strangers. Control characters, which a terminal would obey, are shown as pictures, and
directional controls, which could unbalance our isolates, are left out. What the isolates enclose can
therefore only be a mark, which is why `without_marks` can take them out again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FSI", "PDI", "Markable", "Style", "isolated", "mark", "printable", "without_marks"]

FSI: Final = "\u2068"
PDI: Final = "\u2069"
_ARROW: Final = " → "
_UNLINKED: Final = "?"

# Pictures for C0 controls; no picture exists for C1 and for the halves of surrogate pairs. Dropped are the
# explicit directional controls of UAX #9, and the carriage return, which belongs to many a line's end.
_PICTURES: Final = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n\r"} | {0x7F: "\u2421"}
_REPLACED: Final = dict.fromkeys((*range(0x80, 0xA0), *range(0xD800, 0xE000)), "\ufffd")
_DROPPED: Final = dict.fromkeys((0x0D, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "")
_SAFE: Final[dict[int, str]] = _PICTURES | _REPLACED | _DROPPED

_SGR: Final = re.compile(r"\x1b\[[0-9;]*m")
_MARK: Final = re.compile(f"{FSI}\\[([^{PDI}]*){_ARROW}[^{PDI}]*?\\]{PDI}")

_COLOURS: Final = {
    "person": "36",
    "organization": "33",
    "place": "32",
    "product": "35",
    "work": "34",
    "event": "31",
    "other": "37",
}


class Markable(Protocol):
    """What `mark` asks of a mention."""

    @property
    def start(self) -> int:
        """First code point."""
        ...

    @property
    def end(self) -> int:
        """One past the last code point."""
        ...

    @property
    def type(self) -> str:
        """One of `streams.events.types.ENTITY_TYPES`."""
        ...

    @property
    def entity_id(self) -> str | None:
        """What it links to, or None."""
        ...


@dataclass(frozen=True, slots=True)
class Style:
    """How marks look.

    Attributes:
        colour: Whether to colour them by type, for terminals.
    """

    colour: bool = False


def printable(text: str) -> str:
    """Return ``text`` without anything that a terminal would obey rather than show; newlines and tabs stay."""
    return text.translate(_SAFE)


def isolated(text: str) -> str:
    """Return ``text`` for a table cell or a line of its own: printable, and isolated if it needs to be."""
    shown = printable(text)
    return shown if shown.isascii() else f"{FSI}{shown}{PDI}"


def mark(text: str, mentions: Iterable[Markable], style: Style | None = None) -> str:
    """Return ``text`` with its mentions marked in place.

    Args:
        text: The field in which the mentions are.
        mentions: In order, without overlaps; offsets are code points of ``text``.
        style: How marks look; without colour by default.
    """
    chosen = Style() if style is None else style
    parts: list[str] = []
    done = 0
    for mention in mentions:
        parts.append(printable(text[done : mention.start]))
        parts.append(_marked(printable(text[mention.start : mention.end]), mention, chosen))
        done = mention.end
    parts.append(printable(text[done:]))
    return "".join(parts)


def without_marks(marked: str) -> str:
    """Return what `mark` was given, in its `printable` form."""
    return _MARK.sub(r"\1", _SGR.sub("", marked))


def _marked(surface: str, mention: Markable, style: Style) -> str:
    target = _UNLINKED if mention.entity_id is None else mention.entity_id
    if not style.colour:
        return f"{FSI}[{surface}{_ARROW}{target}]{PDI}"
    colour = _COLOURS.get(mention.type, _COLOURS["other"])
    weight = "2" if mention.entity_id is None else "1"
    return f"{FSI}\x1b[2m[\x1b[0;{weight};{colour}m{surface}\x1b[0;2m{_ARROW}{target}]\x1b[0m{PDI}"
