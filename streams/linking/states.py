"""States and provinces behind a comma: *Franklin, Tenn.*, *Salem, Ore.*, *Columbus, GA*.

English news gives the state of a town so, in the abbreviations of the Associated Press or in those of the post. Most of
them are words, names and initials of other things too; behind a comma they tell that both are places.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mypy_extensions import i64

    from streams.linking.span import Span

__all__ = ["is_state", "precedes_state"]

_NEWS: Final = (
    "Ala Alaska Ariz Ark Calif Colo Conn Del Fla Ga Hawaii Idaho Ill Ind Iowa Kan Ky La Maine Md Mass Mich Minn Miss "
    "Mo Mont Neb Nev N.H N.J N.M N.Y N.C N.D Ohio Okla Ore Pa R.I S.C S.D Tenn Tex Texas Utah Vt Va Wash W.Va Wis Wyo "
    "D.C Ont Que B.C Alta Sask Man N.S N.B"
)
_POST: Final = (
    "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA "
    "RI SC SD TN TX UT VT VA WA WV WI WY DC ON QC BC AB SK MB"
)
_ENGLISH: Final = "en"
_LONGEST: Final = 7
# What stands behind an abbreviation of the news, and behind one of the post.
_NEWS_END: Final = r"(?=[.,;:)]|\s*$)"
_POST_END: Final = r"(?=[,;:)]|\s+\d|\s*$)"
_COMMA: Final = 0x2C
_SPACE: Final = 0x20


def _alternatives(states: str) -> str:
    return "|".join(re.escape(state) for state in sorted(states.split(), key=len, reverse=True))


_STATE: Final = re.compile(f"(?:{_alternatives(_NEWS)}){_NEWS_END}|(?:{_alternatives(_POST)}){_POST_END}", re.MULTILINE)


def is_state(span: Span) -> bool:
    """Whether a span in an English text is the abbreviation of a state, behind a word and a comma."""
    source = span.text.source
    start: i64 = span.start
    at = start - 1
    if at > 0 and ord(source[at]) == _SPACE:
        at -= 1
    if at < 1 or ord(source[at]) != _COMMA or len(span.surface) > _LONGEST:
        return False
    found = _match(span, start, at)
    return found is not None and found.end() == start + len(span.surface.rstrip("."))


def precedes_state(span: Span) -> bool:
    """Whether a comma and the abbreviation of a state stand behind a span in an English text."""
    source = span.text.source
    end: i64 = span.end
    if end >= len(source) or ord(source[end]) != _COMMA:
        return False
    at = end + 1
    if at < len(source) and ord(source[at]) == _SPACE:
        at += 1
    return _match(span, at, end) is not None


def _match(span: Span, at: i64, comma: i64) -> re.Match[str] | None:
    """Return the abbreviation that stands at a place behind a comma; among capitals alone, two letters tell nothing."""
    text = span.text
    source = text.source
    if text.language != _ENGLISH or not source[comma - 1].isalpha():
        return None
    found = _STATE.match(source, at)
    if found is not None and found[0].isalpha() and found[0].isupper() and source[comma - 1].isupper():
        return None
    return found
