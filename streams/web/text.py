"""Texts of strangers as a page can show them: safe to lay out, and cut where their mentions begin and end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.events.enriched import Mention

__all__ = ["segments", "shown"]

# Controls as their pictures. The explicit directional controls of UAX #9 go: they would reorder what stands around
# them, and every piece of text on the page is isolated by its element already.
_SHOWN: Final[dict[int, str]] = (
    {code: chr(0x2400 + code) for code in range(0x20) if code not in {9, 10, 13}}
    | {0x7F: "\u2421"}
    | dict.fromkeys((*range(0x80, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "\ufffd")
    | dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), "")
)


def shown(text: str) -> str:
    """Return ``text`` as a page shows it: controls as pictures, without characters that reorder their surroundings."""
    return text.translate(_SHOWN)


def segments(text: str, mentions: Sequence[tuple[int, Mention]], *, most: int | None = None) -> list[Any]:
    """Cut a text where its mentions begin and end.

    Offsets count code points, which is not what a browser counts; so the text is cut here.

    Args:
        text: The field in which the mentions are.
        mentions: Number and value of each, by their start.
        most: Most code points; a mention that would be cut is left out. None for all.

    Returns:
        Strings, and for each mention a list of its surface and its number. What is left out of ``text`` is not
        among them; the page compares nothing with the original.
    """
    end = len(text) if most is None else min(most, len(text))
    parts: list[Any] = []
    done = 0
    for number, mention in mentions:
        # An event of another writer may hold what overlaps; the first one counts.
        if mention.start < done or mention.end > end or mention.end <= mention.start:
            continue
        if mention.start > done:
            parts.append(shown(text[done : mention.start]))
        parts.append([shown(text[mention.start : mention.end]), number])
        done = mention.end
    if done < end:
        parts.append(shown(text[done:end]))
    return parts
